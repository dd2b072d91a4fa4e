public import CDR

/// What a Reply's body is (CORBA 3.3, part 2, 9.4.3.1).
public enum ReplyStatus: UInt32, Sendable, Hashable, CaseIterable {
  /// The result and the out parameters.
  case noException = 0
  /// A repository id and the members of an exception that the operation declares.
  case userException = 1
  /// A ``SystemExceptionBody``.
  case systemException = 2
  /// An ``IOR`` to send this request to.
  case locationForward = 3
  /// An ``IOR`` that replaces the reference for good; GIOP 1.2.
  case locationForwardPermanent = 4
  /// The ``AddressingDisposition`` to send the request again with; GIOP 1.2.
  case needsAddressingMode = 5

  /// True if `version` has the status.
  func exists(in version: WireFormat.Version) -> Bool { version >= .giop12 || rawValue <= ReplyStatus.locationForward.rawValue }
}

/// The fields of a Reply before its body (CORBA 3.3, part 2, 9.4.3), as a client reads them.
public struct ReplyHeader: Sendable, Hashable {
  public var requestID: UInt32
  public var status: ReplyStatus
  public var serviceContexts: [ServiceContext]
  /// Where the body starts in the message; its end if there is none.
  public var bodyOffset: Int

  /// Reads the header fields of a whole message.
  ///
  /// - Parameter message: all octets of the message, from its GIOP header on.
  public static func decode(_ message: RawSpan, _ header: GIOPHeader, limits: GIOPLimits) throws(CDRError) -> ReplyHeader {
    var decoder = CDRDecoder(message, format: header.headerFormat)
    _ = try decoder.take(GIOPHeader.size)
    var contexts: [ServiceContext] = []
    if header.version < .giop12 { contexts = try ServiceContext.decodeList(&decoder, limits: limits) }
    let id = try decoder.decode(UInt32.self)
    let raw = try decoder.decode(UInt32.self)
    guard let status = ReplyStatus(rawValue: raw), status.exists(in: header.version) else {
      throw .invalidEnumerator(raw, type: "ReplyStatusType", offset: decoder.position - 4)
    }
    if header.version >= .giop12 { contexts = try ServiceContext.decodeList(&decoder, limits: limits) }
    return ReplyHeader(requestID: id, status: status, serviceContexts: contexts, bodyOffset: offsetOfBody(decoder, header))
  }
}

extension CDREncoder {
  /// Writes the header of a Reply; the body follows, then ``endMessage(_:)``.
  @inlinable public mutating func beginReply(
    to requestID: UInt32, status: ReplyStatus = .noException, serviceContexts: [ServiceContext] = [], format: WireFormat
  ) -> OpenMessage {
    let start = beginGIOP(.reply, format)
    if format.version >= .giop12 {
      encode(requestID)
      encode(status.rawValue)
      encode(serviceContexts)
    } else {
      encode(serviceContexts)
      encode(requestID)
      encode(status.rawValue)
    }
    return beginBody(start)
  }

  /// Writes a whole Reply that reports a system exception.
  public mutating func encodeReply(to requestID: UInt32, systemException: SystemExceptionBody, format: WireFormat) {
    let message = beginReply(to: requestID, status: .systemException, format: format)
    systemException.encode(into: &self)
    endMessage(message)
  }

  /// Writes a whole Reply that sends the client to another object.
  ///
  /// - Parameter permanently: the client should forget its old reference; written as an ordinary forward before GIOP 1.2.
  public mutating func encodeReply(to requestID: UInt32, forward: IOR, permanently: Bool = false, format: WireFormat) {
    let permanent = permanently && format.version >= .giop12
    let message = beginReply(to: requestID, status: permanent ? .locationForwardPermanent : .locationForward, format: format)
    forward.encode(into: &self)
    endMessage(message)
  }

  /// Writes a whole Reply that asks for the request again with another form of address; GIOP 1.2.
  public mutating func encodeReply(to requestID: UInt32, needs addressing: AddressingDisposition, format: WireFormat) {
    let message = beginReply(to: requestID, status: .needsAddressingMode, format: format)
    encode(addressing.rawValue)
    endMessage(message)
  }
}
