extension JSON {
  /// Reads one JSON text (RFC 8259) that a person wrote.
  ///
  /// - Throws: ``JSONFault`` at the first character that does not belong.
  init(reading octets: [UInt8]) throws(JSONFault) {
    guard String(validating: octets, as: UTF8.self) != nil else {
      throw JSONFault(line: 1, column: 1, message: "the file is not UTF-8")
    }
    var reader = JSONReader(octets: octets)
    self = try reader.readText()
  }
}

/// What is wrong with a JSON text, and where.
struct JSONFault: Error, Hashable {
  /// From 1.
  var line: Int
  /// In octets, from 1.
  var column: Int
  var message: String
}

/// Reads JSON within bounds; names of an object may not repeat.
private struct JSONReader {
  static let greatestDepth = 64

  let octets: [UInt8]
  var offset = 0

  init(octets: [UInt8]) {
    self.octets = octets
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  mutating func readText() throws(JSONFault) -> JSON {
    let value = try readValue(depth: 0)
    skipBlanks()
    if offset < octets.count { throw fault("there is more text behind the value") }
    return value
  }

  private func fault(_ message: String, at place: Int? = nil) -> JSONFault {
    let before = octets[..<(place ?? offset)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return JSONFault(line: line, column: column, message: message)
  }

  private func peek() -> UInt8? { offset < octets.count ? octets[offset] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlanks() {
    while let octet = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(octet) { offset += 1 }
  }

  private mutating func readValue(depth: Int) throws(JSONFault) -> JSON {
    if depth > Self.greatestDepth { throw fault("values are nested deeper than \(Self.greatestDepth) levels") }
    skipBlanks()
    switch peek() {
    case UInt8(ascii: "{"): return try readObject(depth)
    case UInt8(ascii: "["): return try readArray(depth)
    case UInt8(ascii: "\""): return .string(try readString())
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try readNumber()
    default:
      for (word, value) in [("true", JSON.bool(true)), ("false", .bool(false)), ("null", .null)]
      where octets[offset...].starts(with: word.utf8) {
        offset += word.utf8.count
        return value
      }
      throw fault(peek() == nil ? "the text ends where a value should stand" : "no value begins here")
    }
  }

  private mutating func readNumber() throws(JSONFault) -> JSON {
    let start = offset
    while let octet = peek(), "+-.eE0123456789".utf8.contains(octet) { offset += 1 }
    let text = String(decoding: octets[start..<offset], as: UTF8.self)
    guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
      throw fault("'\(text)' is no number", at: start)
    }
    return .number(text)
  }

  private mutating func readArray(_ depth: Int) throws(JSONFault) -> JSON {
    offset += 1
    var elements: [JSON] = []
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      elements.append(try readValue(depth: depth + 1))
      skipBlanks()
    } while take(",")
    if !take("]") { throw fault("',' or ']' should stand here") }
    return .array(elements)
  }

  private mutating func readObject(_ depth: Int) throws(JSONFault) -> JSON {
    offset += 1
    var members: [Member] = []
    var names: Set<String> = []
    skipBlanks()
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      let start = offset
      if peek() != UInt8(ascii: "\"") { throw fault("the name of a member should stand here") }
      let name = try readString()
      if !names.insert(name).inserted { throw fault("\"\(name)\" stands here twice", at: start) }
      skipBlanks()
      if !take(":") { throw fault("':' should stand here") }
      members.append(Member(name: name, value: try readValue(depth: depth + 1)))
      skipBlanks()
    } while take(",")
    if !take("}") { throw fault("',' or '}' should stand here") }
    return .object(members)
  }

  private typealias Member = JSON.Member

  private mutating func readString() throws(JSONFault) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while let octet = peek() {
      switch octet {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        offset += 1
        text += Array(String(Character(try readEscape())).utf8)
      case 0..<0x20: throw fault("a control character must be written as \\u and four digits")
      default:
        text.append(octet)
        offset += 1
      }
    }
    throw fault("the string that begins here has no end", at: start)
  }

  private mutating func readEscape() throws(JSONFault) -> Unicode.Scalar {
    guard let octet = peek() else { throw fault("the text ends inside of a string") }
    offset += 1
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      let high = try readUnit()
      // Neither XML nor CORBA could carry it on.
      if high == 0 { throw fault("\\u0000 is no character of a text") }
      if let scalar = Unicode.Scalar(high) { return scalar }
      guard high < 0xDC00, take("\\"), take("u") else { throw fault("half of a surrogate pair") }
      let low = try readUnit()
      guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) else {
        throw fault("half of a surrogate pair")
      }
      return scalar
    default: throw fault("'\\\(Character(Unicode.Scalar(octet)))' is no escape", at: offset - 2)
    }
  }

  private mutating func readUnit() throws(JSONFault) -> UInt32 {
    let digits = String(decoding: octets[offset...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let unit = UInt32(digits, radix: 16)
    else { throw fault("\\u needs four hexadecimal digits") }
    offset += 4
    return unit
  }
}
