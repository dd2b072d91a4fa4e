import CDR
internal import CPosix
import GIOPCore
import ORBCore
import Synchronization

/// The client's end of one connection: many calls at once, each waiting in a slot that its request id names.
final class ClientConnection: SocketConnection, @unchecked Sendable {
  /// What waits in a slot.
  private enum Waiter {
    case reply(Waiting<IncomingReply>)
    case locateReply(Waiting<LocateAnswer>)
  }

  private struct Slot {
    var waiter: Waiter
    var requestID: UInt32
    var format: WireFormat
    /// Nanoseconds of the monotonic clock; `.max` for never.
    var deadline: UInt64
    var timeout: Duration?
    /// Whether the waiting task goes on on this loop at once, so that the received octets need no copy.
    var isLocal: Bool
  }

  /// How a call ended other than by a reply.
  struct Refusal: Error {
    let exception: CORBA.SystemException
    /// True where the server has closed the connection in order before it took the request: another connection may take it.
    let mayRetry: Bool
  }

  private var machine: ClientConnectionMachine
  private var slots: [Slot?] = []
  private let codeSets: TransmissionCodeSets?
  /// False as soon as new calls need another connection.
  private let open = Atomic<Bool>(true)
  private let didClose: (ClientConnection) -> Void
  /// Senders of oneway requests that wait until the peer has taken what is to be sent already.
  private var senders: [Waiting<Void>] = []
  private var connecting: Waiting<Int32>?

  init(
    loop: EventLoop, options: IIOPOptions, held: HeldOctets, descriptor: Int32, peer: Endpoint,
    codeSets: TransmissionCodeSets?, didClose: @escaping (ClientConnection) -> Void
  ) throws {
    self.codeSets = codeSets
    self.didClose = didClose
    machine = ClientConnectionMachine(codeSets: codeSets, limits: options.limits)
    let events = EventLoop.readable | EventLoop.writable
    let standing = PeerStanding()
    standing.vouch()
    super.init(
      loop: loop, options: options, held: held, descriptor: descriptor, peer: peer, events: events, standing: standing)
    try loop.add(self, descriptor, events: events)
  }

  var takesCalls: Bool { open.load(ordering: .relaxed) }

  override var fragmentOctets: Int { machine.partialByteCount }
  override var oldestFragments: Int? { machine.oldestPartial }
  override var isBusy: Bool { machine.pendingRequests > 0 || connecting != nil || pendingOutput > 0 }

  // MARK: - Connecting

  /// Waits until the socket is connected.
  ///
  /// - Returns: 0, or the `errno` of the failure.
  func finishConnecting() async -> Int32 {
    loop.wake(at: activeAt + options.connectTimeout.nanoseconds)
    return (try? await suspend { connecting = $0 }) ?? ECONNABORTED
  }

  override func connected() {
    guard let continuation = connecting else { return }
    connecting = nil
    let error = cposix_socket_error(descriptor)
    if error == 0 {
      _ = cposix_set_no_delay(descriptor)
      watchReadable()
    }
    continuation.resume(returning: error)
  }

  // MARK: - Calls

  /// Sends a request whose arguments are encoded in place; on the loop's thread only.
  ///
  /// - Returns: the slot in which to wait; nil for a oneway request.
  func send(_ call: OutgoingCall, _ arguments: (inout CDREncoder) throws(CDRError) -> Void) throws -> (
    slot: Int, id: UInt32, format: WireFormat
  )? {
    let version = call.route.version
    let ticket: ClientConnectionMachine.Ticket
    do { ticket = try machine.beginRequest(expectsReply: call.responseExpected, version: version) } catch { throw refusal(error) }
    let format = machine.format(version: version)
    let message = output.beginRequest(
      ticket.requestID, call.target, operation: call.operation, responseFlags: call.responseExpected ? .syncWithTarget : .none,
      serviceContexts: version >= .giop12 ? ticket.serviceContexts : remoteContexts(version), format: format)
    do { try arguments(&output) } catch {
      output.abandonMessage(message)
      machine.withdraw(ticket)
      throw CORBA.SystemException(error, completed: .no)
    }
    output.endMessage(message)
    sendLater()
    return ticket.slot.map { ($0, ticket.requestID, format) }
  }

  /// Sends a request whose arguments have been encoded on another thread for ``remoteFormat(_:)`` and ``remoteContexts(_:)``.
  func send(_ call: OutgoingCall, copying arguments: EncodedBody) throws -> (slot: Int, id: UInt32, format: WireFormat)? {
    try send(call) { (encoder) throws(CDRError) in arguments.append(to: &encoder) }
  }

  /// How the arguments of a call are written; may be asked on any thread.
  func remoteFormat(_ call: OutgoingCall) -> WireFormat {
    (codeSets ?? .unnegotiated).format(version: call.route.version)
  }

  /// The service contexts of every request before GIOP 1.2, where the place of the arguments depends on them.
  func remoteContexts(_ version: WireFormat.Version) -> [ServiceContext] {
    guard version == .giop11, let codeSets else { return [] }
    return [codeSets.serviceContext()]
  }

  /// Sends a LocateRequest; on the loop's thread only.
  func sendLocate(_ route: Route) throws -> (slot: Int, id: UInt32, format: WireFormat) {
    let ticket: ClientConnectionMachine.Ticket
    do { ticket = try machine.beginLocateRequest() } catch { throw refusal(error) }
    let format = machine.format(version: route.version)
    output.encodeLocateRequest(ticket.requestID, .key(route.objectKey.octets), format: format)
    sendLater()
    return (ticket.slot ?? 0, ticket.requestID, format)
  }

  func wait(
    _ ticket: (slot: Int, id: UInt32, format: WireFormat), _ continuation: Waiting<IncomingReply>, timeout: Duration?,
    isLocal: Bool
  ) {
    occupy(ticket, .reply(continuation), timeout, isLocal: isLocal)
  }

  func wait(
    _ ticket: (slot: Int, id: UInt32, format: WireFormat), _ continuation: Waiting<LocateAnswer>, timeout: Duration?
  ) {
    occupy(ticket, .locateReply(continuation), timeout, isLocal: true)
  }

  private func occupy(_ ticket: (slot: Int, id: UInt32, format: WireFormat), _ waiter: Waiter, _ timeout: Duration?, isLocal: Bool) {
    let deadline = timeout.map { loop.now + $0.nanoseconds } ?? .max
    while slots.count <= ticket.slot { slots.append(nil) }
    slots[ticket.slot] = Slot(
      waiter: waiter, requestID: ticket.id, format: ticket.format, deadline: deadline, timeout: timeout, isLocal: isLocal)
    loop.wake(at: deadline)
  }

  /// Sends at once what many oneway requests have gathered; they do not let the loop's turn end.
  ///
  /// - Returns: false if so much is waiting that the sender should too.
  func acceptsMore() -> Bool {
    if pendingOutput >= EventLoop.receiveCapacity { flush() }
    return pendingOutput < options.pausingOutput || !isUsable
  }

  func waitForRoom(_ sender: Waiting<Void>) { senders.append(sender) }

  override func outputDrained() {
    if senders.isEmpty { return }
    let waiting = senders
    senders = []
    for sender in waiting { sender.resume(returning: ()) }
  }

  /// Ends the waiting for a reply because the calling task has been cancelled.
  func cancel(_ ticket: (slot: Int, id: UInt32, format: WireFormat)) {
    guard ticket.slot < slots.count, let slot = slots[ticket.slot], slot.requestID == ticket.id else { return }
    abandon(ticket.slot, slot, CancellationError())
  }

  /// Fails whoever waits in a slot, and tells the server that nobody does any more.
  private func abandon(_ index: Int, _ slot: Slot, _ error: any Error) {
    slots[index] = nil
    if machine.abandon(slot.requestID) {
      output.encodeCancelRequest(slot.requestID, format: slot.format)
      sendLater()
    }
    fail(slot.waiter, error)
  }

  private func fail(_ waiter: Waiter, _ error: any Error) {
    switch waiter {
    case .reply(let continuation): continuation.resume(throwing: error)
    case .locateReply(let continuation): continuation.resume(throwing: error)
    }
  }

  private func refusal(_ error: GIOPError) -> Refusal {
    Refusal(exception: CORBA.SystemException(.transient, completed: .no, message: "\(peer): \(error.message)"), mayRetry: !takesCalls)
  }

  // MARK: - Answers

  override func handle(_ buffer: OctetBuffer, _ start: inout Int, end: Int) -> Progress {
    while true {
      let step = unsafe machine.receive(RawSpan(_unsafeStart: buffer.base + start, byteCount: end - start))
      let messageStart = start
      start += step.consumed
      switch step.action {
      case .needsMore(let total):
        // The continuations go on before the buffer is used again, so that most replies are read where they were received.
        loop.runJobs()
        return isUsable ? .needsMore(total: total) : .ended
      case .proceed: break
      case .reply(let index, let reply): deliver(index, reply, buffer, messageStart)
      case .locateReply(let index, let answer):
        guard let slot = slots[index] else { break }
        slots[index] = nil
        if case .locateReply(let continuation) = slot.waiter { continuation.resume(returning: answer) }
      case .close(let ending):
        finish(ending)
        return .ended
      }
    }
  }

  private func deliver(_ index: Int, _ reply: InboundReply, _ buffer: OctetBuffer, _ messageStart: Int) {
    guard let slot = slots[index] else { return }
    slots[index] = nil
    let offset = reply.header.bodyOffset
    var body: MessageBody
    if reply.message.isAssembled {
      body = MessageBody(reply.message.assembled, from: offset, format: reply.format)
    } else {
      body = MessageBody(
        buffer, offset: messageStart + offset, count: reply.message.header.messageSize - offset, format: reply.format, alignment: offset)
      if !slot.isLocal { body = body.detached(below: 16 << 10) }
    }
    if case .reply(let continuation) = slot.waiter { continuation.resume(returning: IncomingReply(status: reply.status, body: body)) }
  }

  // MARK: - Ending

  private func finish(_ ending: ClientConnectionMachine.Ending) {
    open.store(false, ordering: .relaxed)
    failAll(ending)
    if ending.sendsMessageError {
      output.encodeMessageError()
      closeAfterFlush(ending.error)
    } else {
      close(ending.error)
    }
  }

  private func failAll(_ ending: ClientConnectionMachine.Ending) {
    let retry = ending.completed == .no
    let exception = CORBA.SystemException(
      retry ? .transient : .communicationFailure, completed: ending.completed, message: "\(peer): \(ending.error.message)")
    for index in ending.unanswered {
      guard index < slots.count, let slot = slots[index] else { continue }
      slots[index] = nil
      fail(slot.waiter, Refusal(exception: exception, mayRetry: retry))
    }
  }

  override func ended(_ reason: GIOPError) {
    open.store(false, ordering: .relaxed)
    outputDrained()
    if machine.isOpen { failAll(machine.connectionLost(reason)) }
  }

  override func finallyClosed() {
    if let continuation = connecting {
      connecting = nil
      continuation.resume(returning: ECONNABORTED)
    }
    didClose(self)
  }

  override func closeIdle() {
    guard isUsable else { return }
    open.store(false, ordering: .relaxed)
    // From GIOP 1.2 on both ends say that they close (CORBA 3.3, part 2, 9.5.1).
    output.encodeCloseConnection(version: .giop12)
    closeAfterFlush(GIOPError(.connectionLost, "the connection was idle"))
  }

  override func tickMore(_ now: UInt64) -> UInt64 {
    var next = UInt64.max
    if connecting != nil {
      let deadline = activeAt + options.connectTimeout.nanoseconds
      if now >= deadline {
        let continuation = connecting
        connecting = nil
        continuation?.resume(returning: ETIMEDOUT)
      } else {
        next = deadline
      }
    }
    for index in slots.indices {
      guard let slot = slots[index], slot.deadline != .max else { continue }
      if now >= slot.deadline {
        let words = slot.timeout.map { "\($0)" } ?? "its time"
        abandon(index, slot, CORBA.SystemException(.timeout, completed: .maybe, message: "\(peer) did not answer within \(words)"))
      } else {
        next = min(next, slot.deadline)
      }
    }
    return next
  }
}
