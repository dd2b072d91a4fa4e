/// Turns IDL identifiers, which are ASCII, into Swift ones.
enum SwiftIdentifier {
  /// `UpperCamel`: `order_line`, `ORDER_LINE` → `OrderLine`; `HTTPRequest` and `SKU` stay.
  static func type(_ name: String) -> String {
    let words = words(of: name)
    guard !words.isEmpty else { return name }
    let shouts = words.count > 1 && isShouted(name)
    return join(words.map { capitalized($0, lowercasingRest: shouts) })
  }

  /// `lowerCamel`: `import_all`, `IMPORT_ALL`, `ImportAll` → `importAll`; `URLPath` → `urlPath`, `ID` → `id`.
  static func value(_ name: String) -> String {
    let words = words(of: name)
    guard let first = words.first else { return name }
    let shouts = isShouted(name)
    return join([lowercasedStart(first)] + words.dropFirst().map { capitalized($0, lowercasingRest: shouts) })
  }

  /// The same name with its first letter upper case, for names that are put behind `set` or `as`.
  static func capitalized(_ word: some StringProtocol) -> String { word.prefix(1).uppercased() + word.dropFirst() }

  /// How many letters at the start of every enumerator say nothing: a shared prefix up to an underscore, or the name of the enum.
  static func commonPrefix(of enumerators: [String], enumName: String) -> Int {
    guard let first = enumerators.first else { return 0 }
    let letters = first.utf8.map { $0 }
    var candidates: [Int] = []
    if enumerators.count > 1 { candidates = letters.indices.filter { letters[$0] == UInt8(ascii: "_") }.map { $0 + 1 }.reversed() }
    let plain = words(of: enumName).joined().lowercased()
    candidates += letters.indices.filter { $0 > 0 && words(of: String(first.prefix($0))).joined().lowercased() == plain }.reversed()
    return candidates.first { length in
      enumerators.allSatisfy { enumerator in
        guard enumerator.prefix(length) == first.prefix(length) else { return false }
        guard let next = enumerator.dropFirst(length).first(where: { $0 != "_" }) else { return false }
        // `StateDraft` may lose `State`, `Stately` may not.
        return next.isLetter && (first.prefix(length).last == "_" || next.isUppercase || enumerator.dropFirst(length).first == "_")
      }
    } ?? 0
  }

  private static func words(of name: String) -> [Substring] { name.split(separator: "_") }

  private static func isShouted(_ name: String) -> Bool { !name.contains { $0.isLowercase } }

  private static func capitalized(_ word: Substring, lowercasingRest: Bool) -> String {
    word.prefix(1).uppercased() + (lowercasingRest ? word.dropFirst().lowercased() : String(word.dropFirst()))
  }

  /// Lowers the capitals at the start, but for the one that begins the next word: `URLPath` → `urlPath`.
  private static func lowercasedStart(_ word: Substring) -> String {
    let capitals = word.prefix { $0.isUppercase || $0.isNumber }.count
    if capitals == word.count || capitals == 1 { return word.prefix(capitals).lowercased() + word.dropFirst(capitals) }
    if capitals == 0 { return String(word) }
    return word.prefix(capitals - 1).lowercased() + word.dropFirst(capitals - 1)
  }

  /// Puts words together; two numbers stay apart.
  private static func join(_ words: [String]) -> String {
    words.reduce(into: "") { name, word in
      if let last = name.last, last.isNumber, word.first?.isNumber == true { name += "_" }
      name += word
    }
  }
}

/// Words that Swift keeps for itself, or that the generated code does.
enum ReservedWords {
  /// Must stand in backticks as an identifier.
  static let keywords: Set<String> = [
    "Any", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum",
    "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is",
    "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "Self", "static",
    "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]

  /// Of types: backticks do not help, or the runtime has the name.
  static let types: Set<String> = [
    "Any", "Self", "Type", "Protocol", "CDR", "ORBCore", "Swift", "CDREncoder", "CDRDecoder", "CDRError",
  ]
  /// Of types inside an interface.
  static let interfaceTypes: Set<String> = ["Stub", "Servant"]
  /// Of members, constants, cases and operations.
  static let members: Set<String> = [
    "self", "init", "Type", "Protocol", "hashValue", "CDR", "ORBCore", "Swift", "CDREncoder", "CDRDecoder", "CDRError",
  ]
  /// Of enum cases, beside those of members.
  static let cases: Set<String> = ["allCases", "rawValue", "enumerationType", "typeCode", "minimumWireSize"]
  /// Of operations and attributes, beside those of members.
  static let operations: Set<String> = ["objectRef", "repositoryID", "interfaceDescription", "dispatch", "repositoryIDs"]
  /// Of parameters.
  static let parameters: Set<String> = ["self", "context", "returnValue"]

  /// The name as Swift text takes it.
  static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }
}
