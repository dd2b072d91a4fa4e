/// Everything beside the bytes that decides how a CDR stream is read or written: byte order, GIOP version, transmission code sets.
public struct WireFormat: Sendable, Hashable {
  /// The code set in which `char` and `string` travel (OSF registry numbers as raw values).
  public enum CharacterCodeSet: UInt32, Sendable, Hashable {
    /// ISO 8859-1, the fallback of peers that negotiate nothing.
    case latin1 = 0x0001_0001
    /// UTF-8.
    case utf8 = 0x0501_0001
  }

  /// The GIOP minor version, which decides the form of `wchar` and `wstring` (CORBA 3.3, part 2, 9.3.1.6 and 9.3.2.7).
  public enum Version: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case giop10 = 0
    case giop11 = 1
    case giop12 = 2

    @inlinable public static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
  }

  public var byteOrder: ByteOrder
  public var version: Version
  public var characterCodeSet: CharacterCodeSet
  /// True if `wchar` and `wstring` may travel: the peers agreed on UTF-16 for them (CORBA 3.3, part 2, 7.10.2.6).
  public var hasWideCharacters: Bool

  /// GIOP 1.2, UTF-8 and UTF-16, in the given byte order: what this broker writes unless a peer asked for something else.
  @inlinable public init(
    byteOrder: ByteOrder = .native, version: Version = .giop12, characterCodeSet: CharacterCodeSet = .utf8,
    hasWideCharacters: Bool = true
  ) {
    self.byteOrder = byteOrder
    self.version = version
    self.characterCodeSet = characterCodeSet
    self.hasWideCharacters = hasWideCharacters
  }
}
