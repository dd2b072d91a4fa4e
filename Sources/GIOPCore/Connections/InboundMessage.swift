public import CDR

/// A whole message that has arrived: in place in the receive buffer, or put together from fragments.
public struct InboundMessage: Sendable {
  /// The header; of a fragmented message the first one, with the size of the whole.
  public let header: GIOPHeader
  /// The octets of a message that came in fragments; empty if it stands in the receive buffer.
  public let assembled: [UInt8]

  init(header: GIOPHeader, assembled: [UInt8] = []) {
    self.header = header
    self.assembled = assembled
  }

  /// True if the message came in fragments and owns its octets.
  @inlinable public var isAssembled: Bool { !assembled.isEmpty }

  /// All octets of the message, from its GIOP header on.
  ///
  /// - Parameter input: the same octets that the machine was given when it returned this message.
  @inlinable @_lifetime(borrow self, copy input)
  public func octets(in input: RawSpan) -> RawSpan {
    if assembled.isEmpty { return input.extracting(first: header.messageSize) }
    return unsafe assembled.span.bytes
  }

  /// A decoder that stands at `offset` of the message.
  @inlinable @_lifetime(borrow self, copy input)
  public func decoder(in input: RawSpan, from offset: Int, format: WireFormat, context: AnyObject? = nil) -> CDRDecoder {
    let octets = octets(in: input)
    return CDRDecoder(octets.extracting(droppingFirst: offset), format: format, alignedAt: offset, context: context)
  }

  /// A copy of the octets from `offset` on: a body that outlives the receive buffer.
  ///
  /// The first octet stands at CDR position `offset`, so a decoder of the copy is made with `alignedAt: offset`.
  public func copy(in input: RawSpan, from offset: Int) -> [UInt8] {
    unsafe octets(in: input).extracting(droppingFirst: offset).withUnsafeBytes { octets in unsafe [UInt8](octets) }
  }
}

/// A request as the server's machine hands it on.
public struct InboundRequest: Sendable {
  public let message: InboundMessage
  public let header: RequestHeader
  /// Byte order, GIOP version and code set of the arguments; replies are written in the same.
  public let format: WireFormat

  @inlinable public var requestID: UInt32 { header.requestID }
  @inlinable public var operation: String { header.operation }
  @inlinable public var expectsReply: Bool { header.responseFlags.expectsReply }

  /// The octets of the object key, uncopied.
  @inlinable @_lifetime(borrow self, copy input)
  public func objectKey(in input: RawSpan) -> RawSpan {
    message.octets(in: input).extracting(header.objectKey ?? 0..<0)
  }

  /// A decoder of the arguments, uncopied.
  @inlinable @_lifetime(borrow self, copy input)
  public func arguments(in input: RawSpan, context: AnyObject? = nil) -> CDRDecoder {
    message.decoder(in: input, from: header.bodyOffset, format: format, context: context)
  }
}

/// A LocateRequest as the server's machine hands it on; answer it with ``CDR/CDREncoder/encodeLocateReply(to:_:format:)``.
public struct InboundLocateRequest: Sendable {
  public let message: InboundMessage
  public let header: LocateRequestHeader
  public let format: WireFormat

  @inlinable public var requestID: UInt32 { header.requestID }

  /// The octets of the object key, uncopied.
  @inlinable @_lifetime(borrow self, copy input)
  public func objectKey(in input: RawSpan) -> RawSpan {
    message.octets(in: input).extracting(header.objectKey ?? 0..<0)
  }
}

/// A reply as the client's machine hands it on.
public struct InboundReply: Sendable {
  public let message: InboundMessage
  public let header: ReplyHeader
  /// Byte order, GIOP version and code set of the body.
  public let format: WireFormat

  @inlinable public var status: ReplyStatus { header.status }

  /// A decoder of the body, uncopied: result, exception, ``IOR`` or addressing mode, as the status says.
  @inlinable @_lifetime(borrow self, copy input)
  public func body(in input: RawSpan, context: AnyObject? = nil) -> CDRDecoder {
    message.decoder(in: input, from: header.bodyOffset, format: format, context: context)
  }
}
