import CDR

/// The part that both ends of a connection share: cuts the stream into messages and puts fragments together.
struct MessageReceiver {
  enum Received {
    /// Fewer octets are there than the message has; `total` is what it has as far as that is known.
    case needsMore(total: Int)
    /// The octets were part of a message that is not complete.
    case part(consumed: Int)
    case message(InboundMessage, consumed: Int)
  }

  let limits: GIOPLimits
  /// What this side may receive, a bit for each message type.
  private let accepted: UInt8
  private(set) var reassembler: Reassembler

  init(limits: GIOPLimits, accepting types: [MessageType]) {
    self.limits = limits
    accepted = types.reduce(0) { $0 | 1 << $1.rawValue }
    reassembler = Reassembler(limits: limits)
  }

  /// Looks at the message at the start of `input`.
  mutating func receive(_ input: RawSpan) throws(GIOPError) -> Received {
    guard let header = try GIOPHeader.parse(input, limit: limits.messageSize) else { return .needsMore(total: GIOPHeader.size) }
    guard accepted & 1 << header.type.rawValue != 0 else {
      throw GIOPError(.unexpectedMessage, "this side of a connection does not receive a \(header.type)")
    }
    // The two messages without a body end the connection, whatever size they state.
    if header.type == .closeConnection || header.type == .messageError {
      return .message(InboundMessage(header: header), consumed: input.byteCount)
    }
    let size = header.messageSize
    if size > input.byteCount { return .needsMore(total: size) }
    if header.type != .fragment && !header.hasMoreFragments { return .message(InboundMessage(header: header), consumed: size) }
    let octets = input.extracting(first: size)
    if header.type == .fragment {
      guard let whole = try reassembler.append(octets, header) else { return .part(consumed: size) }
      return .message(whole, consumed: size)
    }
    try reassembler.begin(octets, header)
    return .part(consumed: size)
  }

  mutating func drop(_ requestID: UInt32) { reassembler.drop(requestID) }

  mutating func reset() { reassembler = Reassembler(limits: limits) }
}
