public import CDR

/// A message that is being written into an encoder; ``CDR/CDREncoder/endMessage(_:)`` patches its size.
public struct OpenMessage: Sendable, Hashable {
  /// Index of the message's first octet in the encoder.
  public let start: Int
  /// Index behind the header fields, before the padding of the body.
  @usableFromInline let headerEnd: Int
  /// Index of the body's first octet.
  @usableFromInline let bodyStart: Int

  @inlinable init(start: Int, headerEnd: Int, bodyStart: Int) {
    self.start = start
    self.headerEnd = headerEnd
    self.bodyStart = bodyStart
  }
}

extension CDREncoder {
  /// Starts a message behind what the encoder holds already: moves the origin of the alignment, takes over `format`, writes the GIOP header.
  ///
  /// - Returns: the index of the message's first octet.
  @inlinable mutating func beginGIOP(_ type: MessageType, _ format: WireFormat) -> Int {
    beginMessage()
    self.format = format
    let start = count
    let order: UInt64 = format.byteOrder == .littleEndian ? 1 : 0
    let word: UInt64 = 0x4749_4F50_0100_0000 | UInt64(format.version.rawValue) << 16 | order << 8 | UInt64(type.rawValue)
    encode(format.byteOrder == .bigEndian ? word : word.byteSwapped)
    encode(0 as UInt32)
    return start
  }

  /// Ends the header fields: the body of a Request or Reply of GIOP 1.2 starts at a multiple of 8 (CORBA 3.3, part 2, 9.4.2.2).
  @inlinable mutating func beginBody(_ start: Int) -> OpenMessage {
    let headerEnd = count
    if format.version >= .giop12 { align(to: 8) }
    return OpenMessage(start: start, headerEnd: headerEnd, bodyStart: count)
  }

  /// Ends a message: takes the padding back if the body stayed empty, and writes the size into the header.
  @inlinable public mutating func endMessage(_ message: OpenMessage) {
    if count == message.bodyStart { truncate(to: message.headerEnd) }
    endGIOP(message.start)
  }

  @inlinable mutating func endGIOP(_ start: Int) {
    overwrite(UInt32(count - start - GIOPHeader.size), at: start + 8)
  }

  /// Takes a message back whose body could not be encoded.
  @inlinable public mutating func abandonMessage(_ message: OpenMessage) { truncate(to: message.start) }

  /// Writes an operation name: ASCII, so the code set of the call does not matter.
  @inlinable mutating func encode(identifier: String) {
    encode(UInt32(truncatingIfNeeded: identifier.utf8.count &+ 1))
    append(raw: unsafe identifier.utf8Span.span.bytes)
    encode(0 as UInt8)
  }

  /// Writes a CloseConnection: everything the peer has not had an answer for was not executed.
  public mutating func encodeCloseConnection(version: WireFormat.Version) {
    endGIOP(beginGIOP(.closeConnection, WireFormat(version: version)))
  }

  /// Writes a MessageError: the peer's last octets were no GIOP message that we can read.
  ///
  /// - Parameter version: that of the message, where it has one of ours.
  public mutating func encodeMessageError(version: WireFormat.Version = .giop12) {
    endGIOP(beginGIOP(.messageError, WireFormat(version: version)))
  }

  /// Writes a CancelRequest: the client no longer waits for the answer to `requestID`.
  public mutating func encodeCancelRequest(_ requestID: UInt32, format: WireFormat) {
    let start = beginGIOP(.cancelRequest, format)
    encode(requestID)
    endGIOP(start)
  }
}
