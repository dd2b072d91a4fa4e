public import CDR

/// The client's end of one GIOP connection.
///
/// The machine does no I/O and keeps no continuations: every request has a slot, a small number under which the connection keeps
/// whoever waits. The connection gives the machine the octets it has not consumed yet and carries out the ``Action`` it gets,
/// until that is ``Action/needsMore(total:)``.
///
/// Code sets are one choice for the connection, made when it is opened: references whose servers' code sets lead to another choice need
/// another connection.
public struct ClientConnectionMachine: ~Copyable {
  /// What the connection has to do.
  public enum Action: Sendable {
    /// Receive; `total` says how many octets the message at the start of the input has, as far as that is known.
    case needsMore(total: Int)
    /// Nothing: go on behind the consumed octets.
    case proceed
    /// Resume whoever waits in the slot. The slot is free at once.
    case reply(slot: Int, InboundReply)
    /// Resume whoever waits in the slot. The slot is free at once.
    case locateReply(slot: Int, LocateAnswer)
    /// Close and fail whoever waits.
    case close(Ending)
  }

  /// An action and the number of octets to drop from the start of the input once it is carried out.
  public struct Step: Sendable {
    public let action: Action
    public let consumed: Int
  }

  /// The end of a connection.
  public struct Ending: Sendable, Hashable {
    public let error: GIOPError
    /// Slots of the requests without an answer.
    public let unanswered: [Int]
    /// `no` after CloseConnection: the server did not execute them, so they may be sent again elsewhere. Otherwise `maybe`.
    public let completed: CompletionStatus
    /// True if a MessageError should be sent before closing.
    public let sendsMessageError: Bool
  }

  /// A request that was given an id.
  public struct Ticket: Sendable, Hashable {
    public let requestID: UInt32
    /// Where the connection keeps whoever waits; nil for a oneway call.
    public let slot: Int?
    /// What the request's header must carry: the code sets with the first request of the connection, else nothing.
    public let serviceContexts: [ServiceContext]
  }

  private var pending: PendingRequests
  private var receiver: MessageReceiver
  private var isClosed = false
  private let codeSets: TransmissionCodeSets?
  private var codeSetsToAnnounce: [ServiceContext]
  private let limits: GIOPLimits

  /// - Parameter codeSets: what ``TransmissionCodeSets/choose(for:)`` gives for the server; nil if its reference says nothing of code sets,
  ///   which the server is not told then.
  public init(codeSets: TransmissionCodeSets? = nil, limits: GIOPLimits = GIOPLimits()) {
    self.limits = limits
    self.codeSets = codeSets
    codeSetsToAnnounce = codeSets.map { [$0.serviceContext()] } ?? []
    pending = PendingRequests(limit: limits.pendingRequests)
    receiver = MessageReceiver(limits: limits, accepting: [.reply, .locateReply, .closeConnection, .messageError, .fragment])
  }

  /// Requests that wait for an answer.
  public var pendingRequests: Int { pending.count }
  /// Octets held for messages that have not arrived in full.
  public var partialByteCount: Int { receiver.reassembler.byteCount }
  /// Which message under reassembly is the oldest, by the number of its beginning; nil if none is.
  public var oldestPartial: Int? { receiver.reassembler.oldest }
  /// False after CloseConnection, an error or the loss of the connection: requests need another one.
  public var isOpen: Bool { !isClosed }
  /// The code sets of the connection.
  public var transmissionCodeSets: TransmissionCodeSets { codeSets ?? .unnegotiated }

  /// How a request of the given GIOP version is written on this connection; GIOP 1.0 has no code sets.
  public func format(version: WireFormat.Version, byteOrder: ByteOrder = .native) -> WireFormat {
    transmissionCodeSets.format(version: version, byteOrder: byteOrder)
  }

  // MARK: - Requests

  /// Gives a request its id and its slot; write it with ``CDR/CDREncoder/beginRequest(_:_:operation:responseFlags:serviceContexts:format:)``
  /// before the next one.
  ///
  /// - Throws: `connectionLost` if the connection has ended, `tooManyRequests` at the limit of unanswered requests.
  public mutating func beginRequest(expectsReply: Bool = true, version: WireFormat.Version = .giop12) throws(GIOPError) -> Ticket {
    if !expectsReply {
      guard isOpen else { throw Self.ended }
      return Ticket(requestID: pending.nextOnewayID(), slot: nil, serviceContexts: announcement(version))
    }
    let id = try take(.reply)
    return Ticket(requestID: id, slot: Int(id & 0xFFFF), serviceContexts: announcement(version))
  }

  /// Gives a LocateRequest its id and its slot.
  ///
  /// - Throws: `connectionLost`, `tooManyRequests`.
  public mutating func beginLocateRequest() throws(GIOPError) -> Ticket {
    let id = try take(.locateReply)
    return Ticket(requestID: id, slot: Int(id & 0xFFFF), serviceContexts: [])
  }

  /// Takes back a request that could not be written; it must be the last one begun.
  public mutating func withdraw(_ ticket: Ticket) {
    if ticket.slot != nil { pending.release(ticket.requestID) }
    if !ticket.serviceContexts.isEmpty { codeSetsToAnnounce = ticket.serviceContexts }
  }

  /// Records that nobody waits for an answer any more; one that still comes is passed over.
  ///
  /// - Returns: true if the request was unanswered: send a CancelRequest.
  public mutating func abandon(_ requestID: UInt32) -> Bool { pending.abandon(requestID) }

  /// Records that the connection is gone, or is closed by us.
  public mutating func connectionLost(_ error: GIOPError = GIOPError(.connectionLost, "the connection was lost")) -> Ending {
    end(error, completed: .maybe, sendsMessageError: false)
  }

  // MARK: - Answers

  /// Handles the message at the start of `input`.
  public mutating func receive(_ input: RawSpan) -> Step {
    guard isOpen else { return Step(action: .proceed, consumed: input.byteCount) }
    do throws(GIOPError) {
      switch try receiver.receive(input) {
      case .needsMore(let total): return Step(action: .needsMore(total: total), consumed: 0)
      case .part(let consumed): return Step(action: .proceed, consumed: consumed)
      case .message(let message, let consumed): return Step(action: try received(message, input), consumed: consumed)
      }
    } catch {
      return Step(action: .close(end(error, completed: .maybe, sendsMessageError: true)), consumed: input.byteCount)
    }
  }

  private mutating func received(_ message: InboundMessage, _ input: RawSpan) throws(GIOPError) -> Action {
    let octets = message.octets(in: input)
    switch message.header.type {
    case .reply:
      let header: ReplyHeader
      do { header = try ReplyHeader.decode(octets, message.header, limits: limits) } catch { throw .malformed(.reply, error) }
      guard let slot = try answered(header.requestID, .reply) else { return .proceed }
      let format = format(version: message.header.version, byteOrder: message.header.byteOrder)
      return .reply(slot: slot, InboundReply(message: message, header: header, format: format))
    case .locateReply:
      let reply: LocateReplyMessage
      do { reply = try LocateReplyMessage.decode(octets, message.header) } catch { throw .malformed(.locateReply, error) }
      guard let slot = try answered(reply.requestID, .locateReply) else { return .proceed }
      return .locateReply(slot: slot, reply.answer)
    case .closeConnection:
      let error = GIOPError(.closedByPeer, "the server closed the connection")
      return .close(end(error, completed: .no, sendsMessageError: false))
    case .messageError:
      let error = GIOPError(.peerReportedError, "the server could not read a message of ours")
      return .close(end(error, completed: .maybe, sendsMessageError: false))
    case .request, .cancelRequest, .locateRequest, .fragment:
      throw GIOPError(.unexpectedMessage, "a client does not receive a \(message.header.type)")
    }
  }

  /// The slot that an answer is for; nil if nobody waits for it any more.
  private mutating func answered(_ requestID: UInt32, _ expectation: PendingRequests.Expectation) throws(GIOPError) -> Int? {
    guard let expected = pending.expectation(of: requestID) else {
      throw GIOPError(.unknownRequestID, "request \(requestID) is answered, but it was not sent or has its answer already")
    }
    guard expected == expectation || expected == .abandoned else {
      throw GIOPError(.unexpectedMessage, "request \(requestID) is answered by a message of another kind")
    }
    let slot = pending.release(requestID)
    return expected == .abandoned ? nil : slot
  }

  private mutating func take(_ expectation: PendingRequests.Expectation) throws(GIOPError) -> UInt32 {
    guard isOpen else { throw Self.ended }
    guard let id = pending.take(expectation) else {
      throw GIOPError(.tooManyRequests, "\(pending.count) requests are unanswered on one connection")
    }
    return id
  }

  private mutating func announcement(_ version: WireFormat.Version) -> [ServiceContext] {
    if codeSetsToAnnounce.isEmpty || version == .giop10 { return [] }
    let contexts = codeSetsToAnnounce
    codeSetsToAnnounce = []
    return contexts
  }

  private mutating func end(_ error: GIOPError, completed: CompletionStatus, sendsMessageError: Bool) -> Ending {
    isClosed = true
    receiver.reset()
    return Ending(error: error, unanswered: pending.removeAll(), completed: completed, sendsMessageError: sendsMessageError)
  }

  private static var ended: GIOPError { GIOPError(.connectionLost, "the connection has ended") }
}
