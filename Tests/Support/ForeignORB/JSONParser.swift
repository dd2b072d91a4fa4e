extension JSON {
  /// Reads one JSON text (RFC 8259).
  ///
  /// - Throws: ``ForeignORBError/unexpectedAnswer(_:)`` with the offset of the first wrong byte.
  public init(parsing text: String) throws {
    var parser = JSONParser(bytes: Array(text.utf8))
    self = try parser.parseText()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func parseText() throws -> JSON {
    let value = try parseValue(depth: 0)
    skipBlanks()
    guard offset == bytes.count else { throw wrong("more text after the value") }
    return value
  }

  private func wrong(_ what: String) -> ForeignORBError {
    .unexpectedAnswer("\(what) at byte \(offset) of JSON text: \(String(decoding: bytes.prefix(400), as: UTF8.self))")
  }

  private mutating func skipBlanks() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
  }

  private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func parseValue(depth: Int) throws -> JSON {
    guard depth < 200 else { throw wrong("too deep nesting") }
    skipBlanks()
    switch peek() {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: return try parseNumber()
    }
  }

  private mutating func parseWord(_ word: String, _ value: JSON) throws -> JSON {
    guard bytes[offset...].starts(with: word.utf8) else { throw wrong("no value") }
    offset += word.utf8.count
    return value
  }

  private mutating func parseNumber() throws -> JSON {
    let start = offset
    while let byte = peek(), "+-.eE0123456789".utf8.contains(byte) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if let integer = Int(text) { return .integer(integer) }
    guard let double = Double(text) else { throw wrong("no value") }
    return .double(double)
  }

  private mutating func parseArray(depth: Int) throws -> JSON {
    offset += 1
    var elements: [JSON] = []
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      elements.append(try parseValue(depth: depth + 1))
      skipBlanks()
    } while take(",")
    guard take("]") else { throw wrong("no ',' or ']'") }
    return .array(elements)
  }

  private mutating func parseObject(depth: Int) throws -> JSON {
    offset += 1
    var members: [String: JSON] = [:]
    skipBlanks()
    if take("}") { return .object([:]) }
    repeat {
      skipBlanks()
      guard peek() == UInt8(ascii: "\"") else { throw wrong("no member name") }
      let name = try parseString()
      skipBlanks()
      guard take(":") else { throw wrong("no ':'") }
      members[name] = try parseValue(depth: depth + 1)
      skipBlanks()
    } while take(",")
    guard take("}") else { throw wrong("no ',' or '}'") }
    return .object(members)
  }

  private mutating func parseString() throws -> String {
    offset += 1
    var units: [UInt8] = []
    while let byte = peek() {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else { throw wrong("invalid UTF-8") }
        return text
      case UInt8(ascii: "\\"): units += Array(String(try parseEscape()).utf8)
      default: units.append(byte)
      }
    }
    throw wrong("no end of the string")
  }

  private mutating func parseEscape() throws -> Unicode.Scalar {
    guard let byte = peek() else { throw wrong("no end of the string") }
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      let high = try parseHex()
      if let scalar = Unicode.Scalar(high) { return scalar }
      guard high < 0xDC00, take("\\"), take("u") else { throw wrong("half of a surrogate pair") }
      let low = try parseHex()
      guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) else {
        throw wrong("half of a surrogate pair")
      }
      return scalar
    default: return Unicode.Scalar(byte)
    }
  }

  private mutating func parseHex() throws -> UInt32 {
    let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, let value = UInt32(digits, radix: 16) else { throw wrong("no four hexadecimal digits") }
    offset += 4
    return value
  }
}
