import CDR

/// Why a stringified reference cannot be read.
public struct ReferenceTextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which minor code of BAD_PARAM reports the error (CORBA 3.3, part 1, 8.2.2).
  public let minor: MinorCode
  /// The number of the character, from 1, where the error was found.
  public let position: Int
  /// What was expected and what was found.
  public let message: String

  init(_ minor: MinorCode, at position: Int, _ message: String) {
    self.minor = minor
    self.position = position
    self.message = message
  }

  public var description: String { "character \(position): \(message)" }
}

/// What a stringified object reference says: `IOR:`, `corbaloc:`.
public enum StringifiedReference: Sendable, Hashable {
  case reference(IOR)
  /// `corbaloc:rir:`: an initial reference that the ORB has by this name, for example `NameService`.
  case initialReference(String)

  /// Longest text in octets.
  public static var maximumLength: Int { 1 << 20 }
  /// The port of a `corbaloc:` that names none (CORBA 3.3, part 2, 7.6.10.3).
  public static var defaultPort: UInt16 { 2809 }

  /// Reads a stringified reference; blanks and line ends around it are allowed.
  public init(_ text: String) throws(ReferenceTextError) {
    if text.utf8.count > Self.maximumLength {
      throw ReferenceTextError(
        .badSchemeSpecificPart, at: 1, "the text has \(text.utf8.count) octets, more than the \(Self.maximumLength) allowed")
    }
    var octets = Array(text.utf8)
    while let last = octets.last, last <= 0x20 { octets.removeLast() }
    let start = octets.firstIndex { $0 > 0x20 } ?? octets.endIndex
    let scheme = octets[start...].prefix { $0 != UInt8(ascii: ":") }
    var parser = ReferenceTextParser(octets: octets, index: min(scheme.endIndex + 1, octets.endIndex))
    // Schemes are compared without regard to case (CORBA 3.3, part 2, 7.6.9 and 7.6.10).
    switch String(decoding: scheme, as: UTF8.self).lowercased() {
    case "ior" where scheme.endIndex < octets.endIndex: self = .reference(try parser.parseHexadecimal())
    case "corbaloc" where scheme.endIndex < octets.endIndex: self = try parser.parseLocation()
    default:
      let shown = String(decoding: octets[start...].prefix(20), as: UTF8.self)
      throw ReferenceTextError(.badSchemeName, at: start + 1, "expected IOR: or corbaloc:, found \"\(shown)\"")
    }
  }
}

extension IOR {
  /// The reference as `IOR:` and hexadecimal digits (CORBA 3.3, part 2, 7.6.9).
  ///
  /// Profiles keep the byte order of their maker; the text around them is little-endian on every machine.
  public var stringified: String {
    let octets = encapsulation(byteOrder: .littleEndian) { encode(into: &$0) }
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("IOR:".utf8)
    text.reserveCapacity(4 + 2 * octets.count)
    for octet in octets {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Reads the inside of a stringified reference octet by octet; positions in errors count from 1.
struct ReferenceTextParser {
  let octets: [UInt8]
  var index: Int

  mutating func parseHexadecimal() throws(ReferenceTextError) -> IOR {
    let first = index
    var bytes: [UInt8] = []
    bytes.reserveCapacity((octets.count - index) / 2)
    while index < octets.count {
      let high = try digit()
      let low = try digit()
      bytes.append(high << 4 | low)
    }
    do {
      return try CDRDecoder.decodeEncapsulation(unsafe bytes.span.bytes) { (decoder) throws(CDRError) in try IOR(from: &decoder) }
    } catch {
      throw ReferenceTextError(.badSchemeSpecificPart, at: first + 1, "the digits are no object reference: \(error)")
    }
  }

  private mutating func digit() throws(ReferenceTextError) -> UInt8 {
    guard index < octets.count else { throw ReferenceTextError(.badSchemeSpecificPart, at: index + 1, "the number of digits is odd") }
    guard let value = hexadecimalValue(octets[index]) else {
      throw ReferenceTextError(.badSchemeSpecificPart, at: index + 1, "expected a hexadecimal digit, found \(shown(at: index))")
    }
    index += 1
    return value
  }

  func shown(at index: Int) -> String {
    guard index < octets.count else { return "the end" }
    let octet = octets[index]
    return octet > 0x20 && octet < 0x7F ? "\"\(Character(Unicode.Scalar(octet)))\"" : "the octet 0x\(hexadecimal(octet))"
  }
}

func hexadecimalValue(_ octet: UInt8) -> UInt8? {
  switch octet {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
  default: nil
  }
}
