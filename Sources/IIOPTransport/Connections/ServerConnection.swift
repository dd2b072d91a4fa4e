import CDR
internal import CPosix
import GIOPCore
import Glibc
import ORBCore

/// The server's end of one connection: requests of one received batch are handled in place, their replies leave in one `send`.
final class ServerConnection: SocketConnection, @unchecked Sendable {
  private let orb: ORB
  private let peerText: String
  private let didClose: (ServerConnection) -> Void
  private var machine: ServerConnectionMachine
  /// What runs for requests that did not finish at once, so that it can be cancelled.
  private var tasks: [UInt32: Task<Void, Never>] = [:]
  /// The request whose task is being started; it may finish before its handle is known.
  private var starting: UInt32?
  /// The key of the last request: calls on one object need no new copy of it.
  private var lastKey = ObjectKey(octets: [])
  private var recentObject = RecentObject()
  private var highestVersion = WireFormat.Version.giop10

  init(
    orb: ORB, loop: EventLoop, options: IIOPOptions, held: HeldOctets, descriptor: Int32, peer: Endpoint,
    didClose: @escaping (ServerConnection) -> Void
  ) throws {
    self.orb = orb
    self.didClose = didClose
    peerText = peer.description
    machine = ServerConnectionMachine(limits: options.limits)
    super.init(
      loop: loop, options: options, held: held, descriptor: descriptor, peer: peer, events: EventLoop.readable,
      standing: PeerStanding())
    try loop.add(self, descriptor, events: EventLoop.readable)
  }

  override var fragmentOctets: Int { machine.partialByteCount }
  override var oldestFragments: Int? { machine.oldestPartial }
  override var sendsForPeer: Bool { true }
  override var isBusy: Bool { machine.requestsInFlight > 0 || pendingOutput > 0 }

  override func handle(_ buffer: OctetBuffer, _ start: inout Int, end: Int) -> Progress {
    while true {
      if pendingOutput >= options.pausingOutput {
        if !peerHasFinished { return .paused }
        close(GIOPError(.connectionLost, "\(peer) has gone without taking its replies"))
        return .ended
      }
      // Who says nothing more cannot grow what is under way, and its end has to be seen.
      if machine.requestsInFlight >= options.pausingRequests && !peerHasFinished { return .paused }
      let step = unsafe machine.receive(RawSpan(_unsafeStart: buffer.base + start, byteCount: end - start))
      let messageStart = start
      start += step.consumed
      switch step.action {
      case .needsMore(let total):
        if !standing.isKnown, total > HeldOctets.much { learn(from: buffer, start, end) }
        return .needsMore(total: total)
      case .proceed: if !standing.isKnown { learn(from: buffer, messageStart, start) }
      case .dispatch(let request): dispatch(request, buffer, messageStart)
      case .locate(let request): locate(request, buffer, messageStart)
      case .cancel(let requestID): tasks[requestID]?.cancel()
      case .answer(let answer): answer.encode(into: &output)
      case .discard: break
      case .rejectAndClose(let error, let version):
        output.encodeMessageError(version: version)
        closeAfterFlush(error)
        return .ended
      case .close(let error):
        close(error)
        return .ended
      }
      if !isUsable { return .ended }
    }
  }

  override var mayResume: Bool { super.mayResume && machine.requestsInFlight < options.pausingRequests }

  // MARK: - Requests

  private func dispatch(_ request: InboundRequest, _ buffer: OctetBuffer, _ messageStart: Int) {
    let header = request.header
    let message = request.message
    highestVersion = max(highestVersion, request.format.version)
    let octets = unsafe RawSpan(_unsafeStart: buffer.base + messageStart, byteCount: buffer.capacity - messageStart)
    readKey(request.objectKey(in: octets))
    let body: MessageBody
    if message.isAssembled {
      body = MessageBody(message.assembled, from: header.bodyOffset, format: request.format)
    } else {
      body = MessageBody(
        buffer, offset: messageStart + header.bodyOffset, count: message.header.messageSize - header.bodyOffset, format: request.format,
        alignment: header.bodyOffset)
    }
    let context = ServerContext(
      orb: orb, peer: peerText, objectKey: lastKey, operation: header.operation, serviceContexts: header.serviceContexts, body: body,
      responseExpected: request.expectsReply, standing: standing)
    switch orb.begin(IncomingRequest(context), recent: &recentObject) {
    case .replied(let reply): finish(header.requestID, reply, request.format, expectsReply: request.expectsReply)
    case .pending(let pending): start(pending.detached(below: 16 << 10), header.requestID, request.format, request.expectsReply)
    }
  }

  /// Learns from the first octets of a request whether its sender names an object that only those can name who are known: what it sends
  /// arrives before it is called.
  private func learn(from buffer: OctetBuffer, _ start: Int, _ end: Int) {
    let octets = unsafe RawSpan(_unsafeStart: buffer.base + start, byteCount: end - start)
    guard let header = try? GIOPHeader.parse(octets, limit: options.limits.messageSize), header.type == .request,
      let request = try? RequestHeader.decode(octets.extracting(first: min(end - start, 4096)), header, limits: options.limits),
      let place = request.objectKey
    else { return }
    let key = ObjectKey(octets: unsafe octets.extracting(place).withUnsafeBytes { unsafe [UInt8]($0) })
    if orb.vouches(for: key) { standing.vouch() }
  }

  /// Takes over the key of a request, without a copy where it is that of the request before.
  private func readKey(_ key: RawSpan) {
    let same = unsafe key.withUnsafeBytes { new in
      unsafe lastKey.octets.withUnsafeBytes { old in
        unsafe new.count == old.count && (new.isEmpty || memcmp(new.baseAddress!, old.baseAddress!, new.count) == 0)
      }
    }
    if !same { lastKey = ObjectKey(octets: unsafe key.withUnsafeBytes { unsafe [UInt8]($0) }) }
  }

  private func start(_ pending: PendingRequest, _ requestID: UInt32, _ format: WireFormat, _ expectsReply: Bool) {
    starting = requestID
    let task: Task<Void, Never>
    switch pending.execution {
    case .inline:
      task = Task.immediate(executorPreference: loop) { await self.run(pending, requestID, format, expectsReply) }
    case .pool:
      task = Task(executorPreference: orb.workers) { await self.run(pending, requestID, format, expectsReply) }
    }
    // What nobody waits for goes on when its connection ends.
    if starting == requestID && expectsReply { tasks[requestID] = task }
    starting = nil
  }

  private nonisolated(nonsending) func run(
    _ pending: PendingRequest, _ requestID: UInt32, _ format: WireFormat, _ expectsReply: Bool
  ) async {
    let reply = await pending.run()
    loop.execute { [self] in
      finish(requestID, reply, format, expectsReply: expectsReply)
      sendLater()
      if mayResume { resumeReceiving() }
    }
  }

  private func finish(_ requestID: UInt32, _ reply: Reply, _ format: WireFormat, expectsReply: Bool) {
    if starting == requestID { starting = nil } else { tasks[requestID] = nil }
    if isClosed { return }
    activeAt = loop.now
    if expectsReply && isUsable {
      let message = output.beginReply(to: requestID, status: reply.status, format: format)
      reply.body?.append(to: &output)
      output.endMessage(message)
    }
    if machine.finished(requestID) { sendCloseConnection() }
  }

  private func locate(_ request: InboundLocateRequest, _ buffer: OctetBuffer, _ messageStart: Int) {
    highestVersion = max(highestVersion, request.format.version)
    let octets = unsafe RawSpan(_unsafeStart: buffer.base + messageStart, byteCount: buffer.capacity - messageStart)
    readKey(request.objectKey(in: octets))
    output.encodeLocateReply(to: request.requestID, orb.locate(lastKey), format: request.format)
  }

  // MARK: - Ending

  /// Takes no more requests, answers those under way, then says CloseConnection.
  func drain() { if isUsable, machine.drain() { sendCloseConnection() } }

  override func closeIdle() { drain() }

  /// Closes at once to make room; who has nothing under way is told in order, so that it comes again when it needs to.
  func turnAway(_ reason: String) {
    options.didTurnAway?(peer, reason)
    if isUsable && !isBusy {
      output.encodeCloseConnection(version: highestVersion)
      flush()
    }
    close(GIOPError(.connectionLost, reason))
  }

  private func sendCloseConnection() {
    // A server speaks no newer version than its client has (CORBA 3.3, part 2, 9.4.1).
    output.encodeCloseConnection(version: highestVersion)
    closeAfterFlush(GIOPError(.connectionLost, "closed in order"))
  }

  override func ended(_ reason: GIOPError) {
    if reason.code != .connectionLost, reason.code != .closedByPeer { options.didRefuse?(peer, reason) }
    _ = machine.connectionLost()
    for task in tasks.values { task.cancel() }
    tasks = [:]
  }

  override func finallyClosed() { didClose(self) }
}
