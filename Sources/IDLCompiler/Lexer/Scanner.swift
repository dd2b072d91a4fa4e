/// Cuts one file into tokens, before preprocessing (OMG CORBA 3.0, 3.2).
struct Scanner {
  let path: String
  let diagnostics: DiagnosticCollector
  let limits: CompilerLimits

  private let bytes: [UInt8]
  private let splices: [Int]
  private var index = 0
  private var line = 1
  private var column = 1
  private var nextSplice = 0

  init(_ source: CleanSource, path: String, diagnostics: DiagnosticCollector, limits: CompilerLimits) {
    self.path = path
    self.diagnostics = diagnostics
    self.limits = limits
    bytes = source.bytes
    splices = source.splices
    passSplices()
  }

  /// Where the next byte stands.
  var location: SourceLocation { SourceLocation(file: path, line: line, column: column) }

  /// Whether everything was read.
  var isAtEnd: Bool { index >= bytes.count }

  /// The byte `ahead` places further; zero behind the end, so ask ``isAtEnd`` where a zero byte matters.
  func peek(_ ahead: Int = 0) -> UInt8 { index + ahead < bytes.count ? bytes[index + ahead] : 0 }

  /// Whether the next byte is the given character.
  func sees(_ character: Unicode.Scalar, ahead: Int = 0) -> Bool { peek(ahead) == UInt8(ascii: character) }

  /// Moves over one byte.
  @discardableResult mutating func advance() -> UInt8 {
    let byte = bytes[index]
    index += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
    passSplices()
    return byte
  }

  private mutating func passSplices() {
    while nextSplice < splices.count, splices[nextSplice] == index {
      nextSplice += 1
      line += 1
      column = 1
    }
  }

  /// The next token; at the end of the file `end`, again and again.
  mutating func next() -> Token {
    while true {
      while sees(" ") || sees("\t") || sees("\u{B}") || sees("\u{C}") { advance() }
      let start = location
      guard !isAtEnd else { return Token(kind: .end, text: "", location: start, end: start) }
      if sees("\n") {
        advance()
        return Token(kind: .newline, text: "\n", location: start, end: start)
      }
      if sees("/"), sees("/", ahead: 1) || sees("*", ahead: 1) {
        if let documentation = comment(at: start) { return token(documentation, "", start) }
        continue
      }
      if let token = word(at: start) { return token }
    }
  }

  /// Reads what is neither space nor comment; nil when it was a character that IDL does not know.
  private mutating func word(at start: SourceLocation) -> Token? {
    let byte = peek()
    if sees("L"), sees("\"", ahead: 1) || sees("'", ahead: 1) {
      advance()
      return sees("\"") ? wideStringLiteral(at: start) : wideCharacterLiteral(at: start)
    }
    if Self.isLetter(byte) { return identifier(at: start) }
    if Self.isDigit(byte) || (sees(".") && Self.isDigit(peek(1))) { return number(at: start) }
    if sees("\"") { return stringLiteral(at: start) }
    if sees("'") { return characterLiteral(at: start) }
    for length in [2, 1] where index + length <= bytes.count {
      let text = String(decoding: bytes[index..<index + length], as: UTF8.self)
      guard let punctuation = Punctuation(rawValue: text) else { continue }
      for _ in 0..<length { advance() }
      return token(.punctuation(punctuation), text, start)
    }
    unexpectedCharacter(at: start)
    return nil
  }

  private mutating func identifier(at start: SourceLocation) -> Token {
    let first = index
    while Self.isLetter(peek()) || Self.isDigit(peek()) { advance() }
    var text = String(decoding: bytes[first..<index], as: UTF8.self)
    if index - first > limits.identifierBytes {
      let shown = String(text.prefix(20))
      diagnostics.error(
        .identifierTooLong, "identifier '\(shown)...' of \(index - first) bytes is longer than \(limits.identifierBytes)", at: start)
      text = String(text.prefix(limits.identifierBytes))
    }
    return token(.identifier(text), text, start)
  }

  private mutating func unexpectedCharacter(at start: SourceLocation) {
    guard let scalar = scalar() else {
      return diagnostics.error(.malformedUTF8, "byte outside of UTF-8", at: start, hint: "save the file in UTF-8")
    }
    let isControl = scalar.value < 0x20 || scalar.value == 0x7F
    let shown = isControl ? "U+00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true) : "'\(scalar)'"
    let notes: [Diagnostic.Note] = scalar == "@" ? [.init("annotations of IDL 4 are not supported yet")] : []
    diagnostics.error(.unexpectedCharacter, "unexpected character \(shown)", at: start, notes: notes)
  }

  /// Reads one scalar of UTF-8; nil, after one byte, when the bytes are none.
  mutating func scalar() -> Unicode.Scalar? {
    let first = peek()
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    let end = min(index + length, bytes.count)
    guard let text = String(validating: bytes[index..<end], as: UTF8.self), let scalar = text.unicodeScalars.first,
      text.unicodeScalars.count == 1
    else {
      advance()
      return nil
    }
    for _ in index..<end { advance() }
    return scalar
  }

  /// Makes a token that ends here.
  func token(_ kind: Token.Kind, _ text: String, _ start: SourceLocation) -> Token {
    Token(kind: kind, text: text, location: start, end: location)
  }

  /// The text from a byte position to here.
  func text(from first: Int) -> String { String(decoding: bytes[first..<index], as: UTF8.self) }

  /// The position of the next byte, for ``text(from:)``.
  var position: Int { index }

  static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
