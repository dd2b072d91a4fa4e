/// A JSON value with its place, as far as configuration files need it.
struct JSONValue {
  enum Content {
    case object([(key: String, location: SourceLocation, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    /// A number, `true`, `false` or `null`, as it is written.
    case other(String)
  }

  let content: Content
  let location: SourceLocation
}

/// Reads JSON (RFC 8259); the first error ends it.
struct JSONReader {
  /// What is wrong, and where.
  struct Failure: Error {
    let message: String
    let location: SourceLocation
  }

  private let scalars: [Unicode.Scalar]
  private let file: String
  private var index = 0
  private var line = 1
  private var column = 1

  /// How deep objects and arrays may nest.
  private static let maximumDepth = 16

  static func read(_ text: String, file: String) throws(Failure) -> JSONValue {
    var reader = JSONReader(text, file: file)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    if let extra = reader.peek { throw reader.failure("unexpected '\(extra)' behind the value") }
    return value
  }

  private init(_ text: String, file: String) {
    scalars = Array(text.unicodeScalars)
    self.file = file
  }

  private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
  private var location: SourceLocation { SourceLocation(file: file, line: line, column: column) }
  private func failure(_ message: String) -> Failure { Failure(message: message, location: location) }

  private mutating func advance() -> Unicode.Scalar? {
    guard let scalar = peek else { return nil }
    index += 1
    if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
    return scalar
  }

  private mutating func skipSpace() {
    while let next = peek, next == " " || next == "\n" || next == "\r" || next == "\t" { _ = advance() }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == scalar else { return false }
    _ = advance()
    return true
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(Failure) {
    guard take(scalar) else { throw failure("expected '\(scalar)', found \(peek.map { "'\($0)'" } ?? "the end of the file")") }
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    skipSpace()
    let start = location
    guard depth < Self.maximumDepth else { throw failure("nested deeper than \(Self.maximumDepth) levels") }
    switch peek {
    case "{": return JSONValue(content: .object(try object(depth: depth)), location: start)
    case "[": return JSONValue(content: .array(try array(depth: depth)), location: start)
    case "\"": return JSONValue(content: .string(try string()), location: start)
    default:
      var word = ""
      while let next = peek, next.properties.isAlphabetic || "+-.0123456789".unicodeScalars.contains(next) {
        word.unicodeScalars.append(next)
        _ = advance()
      }
      guard !word.isEmpty else { throw failure("expected a value, found \(peek.map { "'\($0)'" } ?? "the end of the file")") }
      return JSONValue(content: .other(word), location: start)
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> [(key: String, location: SourceLocation, value: JSONValue)] {
    try expect("{")
    var members: [(key: String, location: SourceLocation, value: JSONValue)] = []
    if take("}") { return members }
    repeat {
      skipSpace()
      let start = location
      let key = try string()
      try expect(":")
      members.append((key: key, location: start, value: try value(depth: depth + 1)))
    } while take(",")
    try expect("}")
    return members
  }

  private mutating func array(depth: Int) throws(Failure) -> [JSONValue] {
    try expect("[")
    var elements: [JSONValue] = []
    if take("]") { return elements }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    try expect("]")
    return elements
  }

  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    var text = ""
    while let next = advance() {
      switch next {
      case "\"": return text
      case "\\": text.unicodeScalars.append(try escaped())
      case "\n": throw failure("a string does not end on its line")
      default: text.unicodeScalars.append(next)
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    switch advance() {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case let other? where other == "\"" || other == "\\" || other == "/": return other
    case "u":
      var digits = ""
      for _ in 0..<4 { if let digit = advance() { digits.unicodeScalars.append(digit) } }
      guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else { throw failure("'\\u\(digits)' is no character") }
      return scalar
    case let other: throw failure("'\\\(other.map(String.init) ?? "")' is no escape")
    }
  }
}
