/// How one system writes its ids of one entity; applied before ids are compared, octet by octet.
///
/// The default changes nothing: a system that pads with zeros or blanks, or that ignores case, declares it.
public struct CanonicalForm: Hashable, Sendable {
  /// Blanks at the end do not count.
  public var dropsTrailingBlanks: Bool
  /// Zeros at the start of an id of digits alone do not count: `000123` is `123`. One digit always stays.
  public var dropsLeadingZeros: Bool
  /// ASCII letters count as upper case.
  public var ignoresCase: Bool

  public init(dropsTrailingBlanks: Bool = false, dropsLeadingZeros: Bool = false, ignoresCase: Bool = false) {
    self.dropsTrailingBlanks = dropsTrailingBlanks
    self.dropsLeadingZeros = dropsLeadingZeros
    self.ignoresCase = ignoresCase
  }

  /// Why a text is no id.
  public enum Fault: Error, Hashable, Sendable {
    case empty
    case tooLong(octets: Int)
    /// A control character, which no system shows and no person can type.
    case controlCharacter(Unicode.Scalar)

    /// A stable code for item results.
    public var code: String {
      switch self {
      case .empty: "ID_EMPTY"
      case .tooLong: "ID_TOO_LONG"
      case .controlCharacter: "ID_CONTROL_CHARACTER"
      }
    }

    public var explanation: String {
      switch self {
      case .empty: "the id is empty; every item needs the id by which its own system knows it"
      case .tooLong(let octets): "the id has \(octets) octets; ids have at most \(ForeignID.maximumOctets)"
      case .controlCharacter(let scalar):
        "the id contains the control character U+\(String(scalar.value, radix: 16, uppercase: true)); send the id without it"
      }
    }
  }

  /// The id in canonical form.
  ///
  /// - Throws: ``Fault`` where the text, as it came or in canonical form, is no id.
  public func canonical(_ text: String) throws(Fault) -> ForeignID {
    if text.utf8.count > ForeignID.maximumOctets { throw .tooLong(octets: text.utf8.count) }
    if let scalar = text.unicodeScalars.first(where: { $0.value < 32 || $0.value == 127 }) { throw .controlCharacter(scalar) }
    guard self != CanonicalForm() else {
      if text.isEmpty { throw .empty }
      return ForeignID(text)
    }
    var octets = Array(text.utf8)
    if dropsTrailingBlanks { while octets.last == UInt8(ascii: " ") { octets.removeLast() } }
    if dropsLeadingZeros, octets.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      octets = Array(octets.drop { $0 == UInt8(ascii: "0") }.isEmpty ? octets.suffix(1) : octets.drop { $0 == UInt8(ascii: "0") })
    }
    if ignoresCase { octets = octets.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 } }
    if octets.isEmpty { throw .empty }
    return ForeignID(String(decoding: octets, as: UTF8.self))
  }
}
