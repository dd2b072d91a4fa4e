import CDR

/// Puts fragmented messages together (CORBA 3.3, part 2, 9.4.9).
///
/// Memory grows only by octets that have arrived. In GIOP 1.2 the fragments of several messages may be mixed, told apart by request id;
/// in GIOP 1.1, whose fragments bear no id, one message at a time. The bodies of the fragments are joined behind the first message as they
/// are: its length and the 16 octets before each body are multiples of 8, so alignment counts on through the whole.
public struct Reassembler {
  private struct Partial {
    /// Nil in GIOP 1.1.
    let requestID: UInt32?
    /// Counts the beginnings of the connection.
    let number: Int
    let header: GIOPHeader
    var octets: [UInt8]
  }

  private let limits: GIOPLimits
  /// In the order of their beginnings.
  private var partials: [Partial] = []
  private var beginnings = 0
  /// The size of the last message that was put together.
  private var lastSize = 0
  /// Octets held for all messages under reassembly.
  public private(set) var byteCount = 0
  /// Messages under reassembly.
  public var messageCount: Int { partials.count }
  /// The number of the beginning of the oldest message; nil if there is none. Who never ends it is found out by it.
  public var oldest: Int? { partials.first?.number }

  public init(limits: GIOPLimits = GIOPLimits()) { self.limits = limits }

  /// Takes the first part of a message whose header says that more follows.
  ///
  /// - Throws: `unexpectedMessage`, `tooManyFragments`, `malformedMessage`.
  public mutating func begin(_ message: RawSpan, _ header: GIOPHeader) throws(GIOPError) {
    let fragmentable: Bool =
      switch header.type {
      case .request, .reply: header.version >= .giop11
      case .locateRequest, .locateReply: header.version >= .giop12
      default: false
      }
    guard fragmentable else { throw GIOPError(.unexpectedMessage, "a \(header.type) cannot come in fragments") }
    let requestID = try Self.requestID(message, header)
    if index(of: requestID) != nil {
      throw GIOPError(.duplicateRequestID, "\(Self.name(requestID, header.type)) begins again before its last fragment")
    }
    if partials.count >= limits.partialMessages {
      throw GIOPError(.tooManyFragments, "more than \(limits.partialMessages) messages in fragments at once")
    }
    try admit(message.byteCount)
    var octets: [UInt8] = []
    // Room for what probably comes spares the growing, which copies: some parts of this size, or a message as the last one, whose
    // memory this peer has paid for before.
    octets.reserveCapacity(max(min(4 * message.byteCount, 64 << 10), partials.isEmpty ? min(lastSize + lastSize / 8, 256 << 10) : 0))
    octets.append(message)
    beginnings += 1
    partials.append(Partial(requestID: requestID, number: beginnings, header: header, octets: octets))
  }

  /// Takes a Fragment message.
  ///
  /// - Returns: the whole message if this was its last part.
  /// - Throws: `fragmentWithoutBeginning`, `messageTooLarge`, `tooManyFragments`, `malformedMessage`.
  public mutating func append(_ fragment: RawSpan, _ header: GIOPHeader) throws(GIOPError) -> InboundMessage? {
    let requestID = try Self.requestID(fragment, header)
    guard let index = index(of: requestID) else {
      throw GIOPError(.fragmentWithoutBeginning, "\(Self.name(requestID, .fragment)) continues no message")
    }
    let first = partials[index].header
    if first.version != header.version || first.byteOrder != header.byteOrder {
      throw GIOPError(.malformedMessage, "\(Self.name(requestID, .fragment)) changes the version or the byte order of its message")
    }
    let body = fragment.extracting(droppingFirst: requestID == nil ? GIOPHeader.size : GIOPHeader.size + 4)
    let total = partials[index].octets.count + body.byteCount
    if total - GIOPHeader.size > limits.messageSize {
      throw GIOPError(.messageTooLarge, "a \(first.type) of more than \(limits.messageSize) octets in fragments")
    }
    try admit(body.byteCount)
    partials[index].octets.append(body)
    if header.hasMoreFragments { return nil }

    var whole = partials.remove(at: index)
    byteCount -= whole.octets.count
    lastSize = total
    var patched = first
    patched.hasMoreFragments = false
    patched.bodySize = total - GIOPHeader.size
    // The octets then say of themselves what they are, wherever they are kept.
    whole.octets[6] &= ~2
    let size = UInt32(patched.bodySize)
    let wire = first.byteOrder == .bigEndian ? size.byteSwapped : size
    for position in 0..<4 { whole.octets[8 + position] = UInt8(truncatingIfNeeded: wire >> (8 * UInt32(position))) }
    return InboundMessage(header: patched, assembled: whole.octets)
  }

  /// Forgets a message whose sender cancelled it.
  ///
  /// - Returns: true if the message was under reassembly.
  @discardableResult public mutating func drop(_ requestID: UInt32) -> Bool {
    guard let index = index(of: requestID) else { return false }
    byteCount -= partials.remove(at: index).octets.count
    return true
  }

  private func index(of requestID: UInt32?) -> Int? { partials.firstIndex { $0.requestID == requestID } }

  private mutating func admit(_ count: Int) throws(GIOPError) {
    if byteCount + count > limits.partialBytes {
      throw GIOPError(.tooManyFragments, "more than \(limits.partialBytes) octets of unfinished messages")
    }
    byteCount += count
  }

  /// The request id of a message or fragment: in GIOP 1.2 the first field of every message that can be fragmented.
  private static func requestID(_ message: RawSpan, _ header: GIOPHeader) throws(GIOPError) -> UInt32? {
    guard header.version >= .giop12 else { return nil }
    guard message.byteCount >= GIOPHeader.size + 4 else {
      throw GIOPError(.malformedMessage, "a \(header.type) of \(header.bodySize) octets has no request id")
    }
    let raw = unsafe message.unsafeLoadUnaligned(fromByteOffset: GIOPHeader.size, as: UInt32.self)
    return header.byteOrder == .littleEndian ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw)
  }

  private static func name(_ requestID: UInt32?, _ type: MessageType) -> String {
    "the \(type)" + (requestID.map { " of request \($0)" } ?? "")
  }
}

extension [UInt8] {
  mutating func append(_ octets: RawSpan) { unsafe octets.withUnsafeBytes { source in unsafe append(contentsOf: source) } }
}
