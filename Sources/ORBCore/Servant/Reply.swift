public import CDR
public import GIOPCore

/// The answer to a request, encoded and ready to be sent.
public struct Reply: Sendable {
  public let status: ReplyStatus
  /// Nil for an empty body. Always encoded from CDR position 0, which stands for any multiple of 8.
  public let body: EncodedBody?

  @inlinable public init(_ status: ReplyStatus, _ body: EncodedBody? = nil) {
    self.status = status
    self.body = body
  }
}

/// Octets that were encoded once and are only read since.
public final class EncodedBody: @unchecked Sendable {  // immutable once made: the encoder is private property of this object
  @usableFromInline let encoder: CDREncoder

  @inlinable public init(_ encoder: consuming CDREncoder) { self.encoder = encoder }

  /// Number of octets.
  @inlinable public var count: Int { encoder.count }
  @inlinable public var format: WireFormat { encoder.format }

  /// Appends the octets, as they are, to a message.
  @inlinable public func append(to message: inout CDREncoder) { message.append(contentsOf: encoder) }

  /// The same octets as a body to be read.
  public var message: MessageBody { MessageBody(copying: encoder) }
}

extension CDREncoder {
  @inlinable mutating func append(contentsOf other: borrowing CDREncoder) { append(raw: other.bytes) }
}
