public import CDR

/// When a server answers a request (CORBA 3.3, part 2, 9.4.2.1); before GIOP 1.2 a boolean.
public struct ResponseFlags: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No reply: a oneway call.
  @inlinable public static var none: ResponseFlags { ResponseFlags(rawValue: 0) }
  /// A reply as soon as the server has the request.
  @inlinable public static var syncWithServer: ResponseFlags { ResponseFlags(rawValue: 1) }
  /// A reply with the result: every ordinary call.
  @inlinable public static var syncWithTarget: ResponseFlags { ResponseFlags(rawValue: 3) }

  /// True if the client waits for a reply.
  @inlinable public var expectsReply: Bool { rawValue & 1 != 0 }
}

/// The fields of a Request before its body (CORBA 3.3, part 2, 9.4.2), as a server reads them.
///
/// The object key is not copied: it is a range of the message's octets.
public struct RequestHeader: Sendable, Hashable {
  public var requestID: UInt32
  public var responseFlags: ResponseFlags
  public var addressing: AddressingDisposition
  /// Where the object key stands in the message; nil if the request names a profile that is not IIOP.
  public var objectKey: Range<Int>?
  public var operation: String
  public var serviceContexts: [ServiceContext]
  /// Where the arguments start in the message; its end if there are none.
  public var bodyOffset: Int

  /// Longest operation name in octets.
  static var maximumOperationLength: Int { 4096 }

  /// Reads the header fields of a whole message.
  ///
  /// - Parameter message: all octets of the message, from its GIOP header on.
  public static func decode(_ message: RawSpan, _ header: GIOPHeader, limits: GIOPLimits) throws(CDRError) -> RequestHeader {
    var decoder = CDRDecoder(message, format: header.headerFormat)
    _ = try decoder.take(GIOPHeader.size)
    if header.version >= .giop12 {
      let id = try decoder.decode(UInt32.self)
      let flags = ResponseFlags(rawValue: try decoder.decode(UInt8.self))
      _ = try decoder.take(3)
      let target = try LocatedTarget.decode(&decoder)
      let operation = try decoder.decode(String.self, bound: maximumOperationLength)
      let contexts = try ServiceContext.decodeList(&decoder, limits: limits)
      return RequestHeader(
        requestID: id, responseFlags: flags, addressing: target.addressing, objectKey: target.objectKey, operation: operation,
        serviceContexts: contexts, bodyOffset: offsetOfBody(decoder, header))
    }
    let contexts = try ServiceContext.decodeList(&decoder, limits: limits)
    let id = try decoder.decode(UInt32.self)
    let expectsReply = try decoder.decode(Bool.self)
    if header.version == .giop11 { _ = try decoder.take(3) }
    let target = try LocatedTarget.decode(&decoder)
    let operation = try decoder.decode(String.self, bound: maximumOperationLength)
    _ = try skipOctets(&decoder)  // requesting_principal, which no ORB fills in any more
    return RequestHeader(
      requestID: id, responseFlags: expectsReply ? .syncWithTarget : .none, addressing: .key, objectKey: target.objectKey,
      operation: operation, serviceContexts: contexts, bodyOffset: offsetOfBody(decoder, header))
  }
}

/// Where the body of a Request or Reply starts: aligned to 8 in GIOP 1.2 if there is one.
func offsetOfBody(_ decoder: borrowing CDRDecoder, _ header: GIOPHeader) -> Int {
  let end = decoder.consumed
  guard header.version >= .giop12 else { return end }
  return min((end + 7) & ~7, end + decoder.remaining)
}

extension CDREncoder {
  /// Writes the header of a Request; the arguments follow, then ``endMessage(_:)``.
  ///
  /// - Parameter format: byte order, GIOP version and character code set of the call.
  @inlinable public mutating func beginRequest(
    _ requestID: UInt32, _ target: TargetAddress, operation: String, responseFlags: ResponseFlags = .syncWithTarget,
    serviceContexts: [ServiceContext] = [], format: WireFormat
  ) -> OpenMessage {
    let start = beginGIOP(.request, format)
    if format.version >= .giop12 {
      encode(requestID)
      encode(UInt32(responseFlags.rawValue) << (format.byteOrder == .bigEndian ? 24 : 0))  // and three reserved octets
      encode(target)
      encode(identifier: operation)
      encode(serviceContexts)
    } else {
      encode(serviceContexts)
      encode(requestID)
      encode(responseFlags.expectsReply)
      if format.version == .giop11 { for _ in 0..<3 { encode(0 as UInt8) } }
      encode(target)
      encode(identifier: operation)
      encode(0 as UInt32)  // requesting_principal
    }
    return beginBody(start)
  }
}
