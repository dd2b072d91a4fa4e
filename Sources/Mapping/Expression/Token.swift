import CDR

/// What is wrong with an expression, and where in its text.
struct ExpressionFault: Error, Sendable, Hashable {
  var code: MappingDiagnostic.Code
  var message: String
  /// Octets of the expression's UTF-8 before the place.
  var offset: Int
  var hint: String = ""
}

/// A word of an expression.
struct Token: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case text(String)
    case number(DecimalNumber)
    /// Also the operators that are words: what a name is, its position says.
    case name(String)
    /// `( ) [ ] , / . .. @ = != < <= > >= + - *`
    case symbol(String)
    case end
  }

  let kind: Kind
  /// Octets in the expression's UTF-8.
  let range: Range<Int>

  /// The token as a message quotes it.
  var quoted: String {
    switch kind {
    case .text(let text): "the text '\(text)'"
    case .number(let number): "the number \(number)"
    case .name(let name): "'\(name)'"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end of the expression"
    }
  }
}

/// Cuts an expression into tokens (XPath 1.0, 3.7, without variables, axes, node types and unions).
struct Lexer {
  static let greatestLength = 8_192

  private let octets: [UInt8]
  private var position = 0

  init(_ text: String) { octets = Array(text.utf8) }

  /// All tokens, the end included.
  static func tokens(of text: String) throws(ExpressionFault) -> [Token] {
    guard text.utf8.count <= greatestLength else {
      throw ExpressionFault(
        code: .tooLarge, message: "the expression has \(text.utf8.count) octets; at most \(greatestLength) are allowed", offset: 0)
    }
    var lexer = Lexer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private mutating func next() throws(ExpressionFault) -> Token {
    while position < octets.count, [0x20, 0x09, 0x0A, 0x0D].contains(octets[position]) { position += 1 }
    let start = position
    guard position < octets.count else { return Token(kind: .end, range: start..<start) }
    let octet = octets[position]
    if octet == UInt8(ascii: "'") || octet == UInt8(ascii: "\"") { return try literal(closedBy: octet) }
    if Self.isDigit(octet) || (octet == UInt8(ascii: ".") && position + 1 < octets.count && Self.isDigit(octets[position + 1])) {
      return try number()
    }
    if Self.startsName(octet) {
      while position < octets.count, Self.continuesName(octets[position]) { position += 1 }
      return Token(kind: .name(slice(start..<position)), range: start..<position)
    }
    for symbol in ["..", "!=", "<=", ">=", "(", ")", "[", "]", ",", "/", ".", "@", "=", "<", ">", "+", "-", "*"]
    where octets[position...].starts(with: symbol.utf8) {
      position += symbol.utf8.count
      return Token(kind: .symbol(symbol), range: start..<position)
    }
    throw strange(octet)
  }

  private func strange(_ octet: UInt8) -> ExpressionFault {
    let hint =
      switch octet {
      case UInt8(ascii: ":"): "a path names fields, without prefixes and axes"
      case UInt8(ascii: "|"): "there are no unions; use coalesce() for the first value that is there"
      case UInt8(ascii: "$"): "there are no variables"
      case UInt8(ascii: "&"): "use 'and' and concat()"
      default: ""
      }
    return ExpressionFault(
      code: .syntax, message: "'\(Unicode.Scalar(octet))' has no meaning here", offset: position, hint: hint)
  }

  private mutating func literal(closedBy quote: UInt8) throws(ExpressionFault) -> Token {
    let start = position
    guard let end = octets[(start + 1)...].firstIndex(of: quote) else {
      throw ExpressionFault(code: .syntax, message: "the text that begins here is not closed with \(Unicode.Scalar(quote))", offset: start)
    }
    position = end + 1
    return Token(kind: .text(slice((start + 1)..<end)), range: start..<position)
  }

  private mutating func number() throws(ExpressionFault) -> Token {
    let start = position
    while position < octets.count, Self.isDigit(octets[position]) || octets[position] == UInt8(ascii: ".") { position += 1 }
    let text = slice(start..<position)
    guard let number = DecimalNumber(text) else {
      throw ExpressionFault(code: .syntax, message: "'\(text)' is no decimal number of at most 37 digits", offset: start)
    }
    return Token(kind: .number(number), range: start..<position)
  }

  private func slice(_ range: Range<Int>) -> String { String(decoding: octets[range], as: UTF8.self) }

  private static func isDigit(_ octet: UInt8) -> Bool { octet >= UInt8(ascii: "0") && octet <= UInt8(ascii: "9") }

  private static func startsName(_ octet: UInt8) -> Bool {
    (octet | 0x20 >= UInt8(ascii: "a") && octet | 0x20 <= UInt8(ascii: "z")) || octet == UInt8(ascii: "_") || octet >= 0x80
  }

  private static func continuesName(_ octet: UInt8) -> Bool {
    startsName(octet) || isDigit(octet) || octet == UInt8(ascii: "-") || octet == UInt8(ascii: ".")
  }
}
