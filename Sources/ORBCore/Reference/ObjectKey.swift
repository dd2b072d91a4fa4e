/// The octets by which a server knows one of its objects; opaque to everybody else.
public struct ObjectKey: Sendable, Hashable {
  public let octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }

  /// A key that is readable text, as `corbaloc:` names it.
  public init(_ text: String) { octets = Array(text.utf8) }

  /// A key of 16 octets from the system's random source, which nobody can guess.
  public static func random() -> ObjectKey {
    var generator = SystemRandomNumberGenerator()
    let words = [generator.next(), generator.next()]
    return ObjectKey(octets: words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } })
  }
}

extension ObjectKey: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}

extension ObjectKey: CustomStringConvertible {
  /// The text of the key, with octets that are not printable as `%xx`.
  public var description: String {
    octets.map { (0x21...0x7E).contains($0) && $0 != 0x25 ? String(UnicodeScalar($0)) : "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined()
  }
}
