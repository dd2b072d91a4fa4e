public import CDR

/// The kinds of GIOP messages (CORBA 3.3, part 2, 9.4.1).
public enum MessageType: UInt8, Sendable, Hashable, CaseIterable {
  case request = 0
  case reply = 1
  case cancelRequest = 2
  case locateRequest = 3
  case locateReply = 4
  case closeConnection = 5
  case messageError = 6
  /// The continuation of a message; GIOP 1.1 and later.
  case fragment = 7
}

/// The 12 octets that every GIOP message starts with (CORBA 3.3, part 2, 9.4.1).
public struct GIOPHeader: Sendable, Hashable {
  /// Octets of the header itself.
  @inlinable public static var size: Int { 12 }

  public var type: MessageType
  public var version: WireFormat.Version
  public var byteOrder: ByteOrder
  /// True if Fragment messages follow.
  public var hasMoreFragments: Bool
  /// Octets that follow the header.
  public var bodySize: Int

  /// Octets of the whole message.
  @inlinable public var messageSize: Int { Self.size + bodySize }

  @inlinable public init(
    type: MessageType, version: WireFormat.Version, byteOrder: ByteOrder, hasMoreFragments: Bool = false, bodySize: Int = 0
  ) {
    self.type = type
    self.version = version
    self.byteOrder = byteOrder
    self.hasMoreFragments = hasMoreFragments
    self.bodySize = bodySize
  }

  /// How the fields behind the header are written: identifiers in them are ASCII, whatever code set the call negotiated.
  ///
  /// Where a peer does not keep to that, its octets are read as ISO 8859-1, so that an odd operation name is an unknown operation and no
  /// broken message.
  @inlinable public var headerFormat: WireFormat {
    WireFormat(byteOrder: byteOrder, version: version, characterCodeSet: .latin1, hasWideCharacters: false)
  }

  /// Reads the header at the start of `octets`.
  ///
  /// - Parameter limit: the largest size that a message may state.
  /// - Returns: nil if fewer than 12 octets are there and these may be the start of a header.
  /// - Throws: `badMagic`, `unsupportedVersion`, `badFlags`, `unknownMessageType`, `messageTooLarge`: answer MessageError and close.
  public static func parse(_ octets: RawSpan, limit: Int) throws(GIOPError) -> GIOPHeader? {
    guard octets.byteCount >= size else {
      for (index, expected) in [0x47, 0x49, 0x4F, 0x50].enumerated() where index < octets.byteCount {
        if octets.octet(at: index) != UInt8(expected) { throw wrongMagic(octets) }
      }
      return nil
    }
    let first = UInt64(bigEndian: unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: UInt64.self))
    guard first >> 32 == 0x4749_4F50 else { throw wrongMagic(octets) }
    let minor = UInt8(truncatingIfNeeded: first >> 16)
    guard UInt8(truncatingIfNeeded: first >> 24) == 1, let version = WireFormat.Version(rawValue: minor) else {
      throw GIOPError(.unsupportedVersion, "GIOP \(UInt8(truncatingIfNeeded: first >> 24)).\(minor) is not one of 1.0, 1.1, 1.2")
    }
    let flags = UInt8(truncatingIfNeeded: first >> 8)
    // In GIOP 1.0 the octet is a boolean. Later versions want the bits above the second to be zero; who sets them is still understood.
    if version == .giop10 && flags > 1 { throw GIOPError(.badFlags, "the byte order of GIOP 1.0 is \(flags), neither 0 nor 1") }
    let number = UInt8(truncatingIfNeeded: first)
    guard let type = MessageType(rawValue: number), !(type == .fragment && version == .giop10) else {
      throw GIOPError(.unknownMessageType, "message type \(number) does not exist in GIOP 1.\(minor)")
    }
    let order: ByteOrder = flags & 1 == 1 ? .littleEndian : .bigEndian
    let raw = unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: 8, as: UInt32.self)
    let bodySize = Int(order == .littleEndian ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw))
    if bodySize > limit { throw GIOPError(.messageTooLarge, "a \(type) of \(bodySize) octets exceeds the limit of \(limit)") }
    return GIOPHeader(type: type, version: version, byteOrder: order, hasMoreFragments: flags & 2 != 0, bodySize: bodySize)
  }

  /// The version in which to answer what cannot be read: that of the message where we have it, else the highest one that we have (CORBA
  /// 3.3, part 2, 9.4.1).
  static func versionToReject(_ octets: RawSpan) -> WireFormat.Version {
    guard octets.byteCount > 5, octets.octet(at: 0) == 0x47, octets.octet(at: 4) == 1 else { return .giop12 }
    return WireFormat.Version(rawValue: octets.octet(at: 5)) ?? .giop12
  }

  private static func wrongMagic(_ octets: RawSpan) -> GIOPError {
    let start = (0..<min(4, octets.byteCount)).map { hexadecimal(octets.octet(at: $0)) }
    return GIOPError(.badMagic, "the message starts with \(start.joined(separator: " ")), not with 47 49 4f 50 (GIOP)")
  }
}

extension RawSpan {
  /// The octet at `index`, bounds checked.
  func octet(at index: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self) }
}

/// Two lower-case digits.
func hexadecimal(_ octet: UInt8) -> String {
  let digits = String(octet, radix: 16)
  return octet < 16 ? "0" + digits : digits
}
