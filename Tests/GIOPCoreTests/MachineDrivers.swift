import CDR
import GIOPCore

/// Feeds octets to a server's machine as a connection would, and writes down what it is told to do.
final class ServerDriver {
  private var machine: ServerConnectionMachine
  var trace: [String] = []
  /// Requests are reported as finished at once.
  var finishesAtOnce: Bool
  private var unread: [UInt8] = []

  init(limits: GIOPLimits = GIOPLimits(), finishesAtOnce: Bool = true) {
    machine = ServerConnectionMachine(limits: limits)
    self.finishesAtOnce = finishesAtOnce
  }

  /// True if the connection has ended, or waits for the rest of a message.
  var isDone: Bool { !unread.isEmpty || trace.contains { $0.hasPrefix("reject") || $0.hasPrefix("close") } }
  var requestsInFlight: Int { machine.requestsInFlight }
  var partialByteCount: Int { machine.partialByteCount }
  var transmissionCodeSets: TransmissionCodeSets { machine.transmissionCodeSets }
  @discardableResult func finished(_ id: UInt32) -> Bool { machine.finished(id) }
  func drain() -> Bool { machine.drain() }
  func connectionLost() -> [UInt32] { machine.connectionLost() }

  /// - Returns: the lines that this input added to the trace.
  @discardableResult func feed(_ octets: [UInt8]) -> [String] {
    let before = trace.count
    unread += octets
    var offset = 0
    while offset < unread.count {
      let input = unread.span.bytes.extracting(droppingFirst: offset)
      let step = machine.receive(input)
      if case .needsMore(let total) = step.action {
        precondition(total > input.byteCount && step.consumed == 0, "the machine waits for octets that are there")
        break
      }
      carryOut(step.action, input)
      precondition(step.consumed > 0, "the machine does not move on")
      offset += step.consumed
    }
    unread.removeFirst(offset)
    return Array(trace[before...])
  }

  private func carryOut(_ action: ServerConnectionMachine.Action, _ input: RawSpan) {
    switch action {
    case .needsMore, .proceed: break
    case .dispatch(let request):
      let key = copy(request.objectKey(in: input))
      var decoder = request.arguments(in: input)
      let arguments = rest(&decoder)
      trace.append("dispatch \(request.requestID) \(request.operation) key=\(hex(key)) arguments=\(hex(arguments))")
      if finishesAtOnce, machine.finished(request.requestID) { trace.append("closeOrderly") }
    case .locate(let request): trace.append("locate \(request.requestID) key=\(hex(copy(request.objectKey(in: input))))")
    case .cancel(let id): trace.append("cancel \(id)")
    case .answer(let answer):
      switch answer.answer {
      case .systemException(let exception):
        trace.append("answer \(answer.requestID) \(exception.kind.rawValue) \(exception.minor & 0xFFF) \(exception.completed)")
      case .needsAddressingMode(let mode): trace.append("answer \(answer.requestID) needs \(mode)")
      case .locate(.needsAddressingMode(let mode)): trace.append("answer \(answer.requestID) locate needs \(mode)")
      case .locate(let located): trace.append("answer \(answer.requestID) \(located)")
      }
      _ = written { answer.encode(into: &$0) }
    case .discard(let id, let exception): trace.append("discard \(id) \(exception.kind.rawValue)")
    case .rejectAndClose(let error, _): trace.append("reject \(error.code.rawValue)")
    case .close(let error): trace.append("close \(error.code.rawValue)")
    }
  }
}

/// Feeds octets to a client's machine as a connection would, and writes down what it is told to do.
final class ClientDriver {
  private var machine: ClientConnectionMachine
  var trace: [String] = []
  private var unread: [UInt8] = []

  init(codeSets: TransmissionCodeSets? = nil, limits: GIOPLimits = GIOPLimits()) {
    machine = ClientConnectionMachine(codeSets: codeSets, limits: limits)
  }

  /// True if the connection has ended, or waits for the rest of a message.
  var isDone: Bool { !unread.isEmpty || !machine.isOpen }
  var isOpen: Bool { machine.isOpen }
  var pendingRequests: Int { machine.pendingRequests }
  var partialByteCount: Int { machine.partialByteCount }
  func format(_ version: WireFormat.Version) -> WireFormat { machine.format(version: version) }
  func beginRequest(
    expectsReply: Bool = true, version: WireFormat.Version = .giop12
  ) throws(GIOPError) -> ClientConnectionMachine.Ticket { try machine.beginRequest(expectsReply: expectsReply, version: version) }
  func beginLocateRequest() throws(GIOPError) -> ClientConnectionMachine.Ticket { try machine.beginLocateRequest() }
  func withdraw(_ ticket: ClientConnectionMachine.Ticket) { machine.withdraw(ticket) }
  func abandon(_ id: UInt32) -> Bool { machine.abandon(id) }
  func connectionLost() -> ClientConnectionMachine.Ending { machine.connectionLost() }

  @discardableResult func feed(_ octets: [UInt8]) -> [String] {
    let before = trace.count
    unread += octets
    var offset = 0
    while offset < unread.count {
      let input = unread.span.bytes.extracting(droppingFirst: offset)
      let step = machine.receive(input)
      if case .needsMore(let total) = step.action {
        precondition(total > input.byteCount && step.consumed == 0, "the machine waits for octets that are there")
        break
      }
      switch step.action {
      case .needsMore, .proceed: break
      case .reply(let slot, let reply):
        var decoder = reply.body(in: input)
        let body = rest(&decoder)
        trace.append("reply slot=\(slot) \(reply.status) body=\(hex(body))")
      case .locateReply(let slot, let answer): trace.append("locateReply slot=\(slot) \(answer)")
      case .close(let ending):
        let message = ending.sendsMessageError ? " MessageError" : ""
        trace.append("close \(ending.error.code.rawValue) unanswered=\(ending.unanswered) completed=\(ending.completed)\(message)")
      }
      precondition(step.consumed > 0, "the machine does not move on")
      offset += step.consumed
    }
    unread.removeFirst(offset)
    return Array(trace[before...])
  }
}

/// What a decoder has left.
func rest(_ decoder: inout CDRDecoder) -> [UInt8] {
  guard let octets = try? decoder.take(decoder.remaining) else { return [] }
  return copy(octets)
}
