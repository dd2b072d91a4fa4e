/// Character and string literals (OMG CORBA 3.0, 3.2.5.2 and 3.2.5.4).
extension Scanner {
  mutating func stringLiteral(at start: SourceLocation) -> Token {
    let first = position
    let value = quoted(until: "\"", isWide: false, at: start)
    return token(.string(string(value)), text(from: first), start)
  }

  mutating func wideStringLiteral(at start: SourceLocation) -> Token {
    let first = position
    let value = quoted(until: "\"", isWide: true, at: start)
    let units = value.flatMap(\.units)
    if let text = String(validating: units, as: UTF16.self) { return token(.wideString(text), "L" + self.text(from: first), start) }
    diagnostics.error(.malformedEscape, "half of a surrogate pair in a wide string literal", at: start)
    return token(.wideString(""), "L" + text(from: first), start)
  }

  mutating func characterLiteral(at start: SourceLocation) -> Token {
    let first = position
    let value = quoted(until: "'", isWide: false, at: start)
    let text = text(from: first)
    guard value.count == 1 else { return notOneCharacter(value.count, .character(0x20), text, start) }
    guard let code = UInt8(exactly: value[0].value) else {
      diagnostics.error(
        .characterOutOfRange, "character \(text) is not in ISO 8859-1", at: start, hint: "use a wide character literal: L\(text)")
      return token(.character(0x20), text, start)
    }
    return token(.character(code), text, start)
  }

  mutating func wideCharacterLiteral(at start: SourceLocation) -> Token {
    let first = position
    let value = quoted(until: "'", isWide: true, at: start)
    let text = "L" + text(from: first)
    guard value.count == 1 else { return notOneCharacter(value.count, .wideCharacter(0x20), text, start) }
    guard let unit = UInt16(exactly: value[0].value) else {
      diagnostics.error(.characterOutOfRange, "character \(text) does not fit in one UTF-16 unit", at: start)
      return token(.wideCharacter(0x20), text, start)
    }
    return token(.wideCharacter(unit), text, start)
  }

  private func notOneCharacter(_ count: Int, _ kind: Token.Kind, _ text: String, _ start: SourceLocation) -> Token {
    // An unterminated literal was reported already.
    if count >= 0, text.count > 1, text.hasSuffix("'") {
      diagnostics.error(.notOneCharacter, "character literal \(text) holds \(count) characters instead of one", at: start)
    }
    return token(kind, text, start)
  }

  /// A character inside quotes: a scalar, or the number that an escape names.
  private struct Element {
    let value: UInt32
    var units: [UInt16] {
      Unicode.Scalar(value).map { Array(String(Character($0)).utf16) } ?? [UInt16(truncatingIfNeeded: value)]
    }
  }

  private func string(_ elements: [Element]) -> String {
    var text = String.UnicodeScalarView()
    for element in elements { text.append(Unicode.Scalar(element.value) ?? "\u{FFFD}") }
    return String(text)
  }

  private mutating func quoted(until quote: Unicode.Scalar, isWide: Bool, at start: SourceLocation) -> [Element] {
    advance()
    var elements: [Element] = []
    while true {
      guard !isAtEnd, !sees("\n") else {
        let what = quote == "\"" ? "string" : "character"
        diagnostics.error(.unterminatedLiteral, "\(what) literal without closing \(quote)", at: start)
        return elements
      }
      if sees(quote) {
        advance()
        return elements
      }
      let place = location
      var value: UInt32?
      if sees("\\") {
        // A damaged escape still counts as a character, so that it causes one error and not two.
        value = escape(isWide: isWide, at: place) ?? 0x20
      } else if let scalar = scalar() {
        value = scalar.value
      } else {
        diagnostics.error(.malformedUTF8, "byte outside of UTF-8 in a literal", at: place, hint: "save the file in UTF-8 or write '\\x..'")
      }
      guard let value else { continue }
      if value == 0, quote == "\"" {
        diagnostics.error(.zeroInString, "a string literal cannot hold the character zero", at: place)
      } else {
        elements.append(Element(value: value))
      }
    }
  }

  private mutating func escape(isWide: Bool, at place: SourceLocation) -> UInt32? {
    advance()
    let simple: [Unicode.Scalar: UInt32] = [
      "n": 10, "t": 9, "v": 11, "b": 8, "r": 13, "f": 12, "a": 7, "\\": 92, "?": 63, "'": 39, "\"": 34,
    ]
    let scalar = Unicode.Scalar(peek())
    if let value = simple[scalar] {
      advance()
      return value
    }
    switch scalar {
    case "0"..."7":
      let value = digits(radix: 8, limit: 3) ?? 0
      if value <= 0xFF { return value }
      diagnostics.error(.malformedEscape, "octal escape '\\\(String(value, radix: 8))' is above '\\377'", at: place)
      return nil
    case "x":
      advance()
      if let value = digits(radix: 16, limit: 2) { return value }
      diagnostics.error(.malformedEscape, "'\\x' without hexadecimal digits", at: place)
    case "u":
      advance()
      guard let value = digits(radix: 16, limit: 4) else {
        diagnostics.error(.malformedEscape, "'\\u' without hexadecimal digits", at: place)
        return nil
      }
      if isWide { return value }
      diagnostics.error(.malformedEscape, "'\\u' stands only in wide literals", at: place, hint: "write the literal with a leading L")
    default:
      let unknown = isAtEnd || sees("\n") ? nil : self.scalar()
      diagnostics.error(.malformedEscape, "unknown escape '\\\(unknown.map { String(Character($0)) } ?? "")'", at: place)
    }
    return nil
  }

  private mutating func digits(radix: UInt32, limit: Int) -> UInt32? {
    var value: UInt32?
    for _ in 0..<limit {
      guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue, digit < Int(radix) else { break }
      value = (value ?? 0) * radix + UInt32(digit)
      advance()
    }
    return value
  }
}
