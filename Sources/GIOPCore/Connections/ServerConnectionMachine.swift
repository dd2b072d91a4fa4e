public import CDR

/// The server's end of one GIOP connection.
///
/// The machine does no I/O. The connection gives it the octets it has not consumed yet and carries out the ``Action`` it gets, until that is
/// ``Action/needsMore(total:)``; a batch of small messages is so handled in place, without a copy. It tells the machine of every
/// request that is finished, in any order.
///
/// Defined answers: what is no GIOP, too large, or a message that a server never receives ends the connection with MessageError. A request
/// above the limit of requests in flight gets TRANSIENT. Octets left over behind the arguments are the servant's business.
public struct ServerConnectionMachine: ~Copyable {
  /// What the connection has to do.
  public enum Action: Sendable {
    /// Receive; `total` says how many octets the message at the start of the input has, as far as that is known.
    case needsMore(total: Int)
    /// Nothing: go on behind the consumed octets.
    case proceed
    /// Execute the request, answer it if it expects a reply, then call ``ServerConnectionMachine/finished(_:)``.
    case dispatch(InboundRequest)
    /// Answer whether the object is here. Nothing needs to be called afterwards.
    case locate(InboundLocateRequest)
    /// Stop the execution of the request if it still runs. It still has to be reported as finished; a reply is allowed.
    case cancel(requestID: UInt32)
    /// Send this answer: the request was not executed.
    case answer(PreparedAnswer)
    /// Nothing: a request was not executed and nobody waits to hear of it.
    case discard(requestID: UInt32, SystemExceptionBody)
    /// Send MessageError in this version, then close.
    case rejectAndClose(GIOPError, WireFormat.Version)
    /// Close; the peer ended the connection.
    case close(GIOPError)
  }

  /// An action and the number of octets to drop from the start of the input once it is carried out.
  public struct Step: Sendable {
    public let action: Action
    public let consumed: Int
  }

  private enum State {
    /// Requests are taken; `draining` when new ones are not taken any more and the last answer is followed by CloseConnection.
    case open(draining: Bool)
    /// Terminal: whatever arrives is ignored.
    case closed
  }

  private var state: State = .open(draining: false)
  private var receiver: MessageReceiver
  private var codeSets: TransmissionCodeSets?
  /// Requests handed on and not finished. A short list, mostly of one, so scanning beats hashing.
  private var inFlight: [UInt32] = []
  private let limits: GIOPLimits

  public init(limits: GIOPLimits = GIOPLimits()) {
    self.limits = limits
    receiver = MessageReceiver(
      limits: limits, accepting: [.request, .cancelRequest, .locateRequest, .closeConnection, .messageError, .fragment])
  }

  /// Requests handed on and not finished.
  public var requestsInFlight: Int { inFlight.count }
  /// Octets held for messages that have not arrived in full.
  public var partialByteCount: Int { receiver.reassembler.byteCount }
  /// Which message under reassembly is the oldest, by the number of its beginning; nil if none is.
  public var oldestPartial: Int? { receiver.reassembler.oldest }
  /// The code sets that the client chose for this connection.
  public var transmissionCodeSets: TransmissionCodeSets { codeSets ?? .unnegotiated }

  /// Handles the message at the start of `input`.
  public mutating func receive(_ input: RawSpan) -> Step {
    guard case .open(let draining) = state else { return Step(action: .proceed, consumed: input.byteCount) }
    do throws(GIOPError) {
      switch try receiver.receive(input) {
      case .needsMore(let total): return Step(action: .needsMore(total: total), consumed: 0)
      case .part(let consumed): return Step(action: .proceed, consumed: consumed)
      case .message(let message, let consumed):
        return Step(action: try received(message, input, draining: draining), consumed: consumed)
      }
    } catch {
      end()
      return Step(action: .rejectAndClose(error, GIOPHeader.versionToReject(input)), consumed: input.byteCount)
    }
  }

  /// Records that a request has been executed and its reply, if any, was handed to the connection.
  ///
  /// - Returns: true if this was the last one before an orderly end: send CloseConnection, then close.
  public mutating func finished(_ requestID: UInt32) -> Bool {
    if let index = inFlight.lastIndex(of: requestID) {
      inFlight.swapAt(index, inFlight.count - 1)
      inFlight.removeLast()
    }
    return endIfDrained()
  }

  /// Starts an orderly end: no new request is taken, those in flight are still answered.
  ///
  /// - Returns: true if none is in flight: send CloseConnection, then close. Otherwise ``finished(_:)`` says so later.
  public mutating func drain() -> Bool {
    guard case .open = state else { return false }
    state = .open(draining: true)
    return endIfDrained()
  }

  /// Records that the connection is gone.
  ///
  /// - Returns: the requests still in flight, whose execution may be stopped.
  public mutating func connectionLost() -> [UInt32] {
    let unfinished = inFlight
    inFlight = []
    end()
    return unfinished
  }

  // MARK: - Messages

  private mutating func received(_ message: InboundMessage, _ input: RawSpan, draining: Bool) throws(GIOPError) -> Action {
    let octets = message.octets(in: input)
    switch message.header.type {
    case .request: return try receivedRequest(message, octets, draining: draining)
    case .locateRequest: return try receivedLocateRequest(message, octets, draining: draining)
    case .cancelRequest:
      var decoder = CDRDecoder(octets, format: message.header.headerFormat)
      let id: UInt32
      do {
        _ = try decoder.take(GIOPHeader.size)
        id = try decoder.decode()
      } catch {
        throw .malformed(.cancelRequest, error)
      }
      receiver.drop(id)
      return inFlight.contains(id) ? .cancel(requestID: id) : .proceed
    case .closeConnection:
      end()
      return .close(GIOPError(.closedByPeer, "the client closed the connection"))
    case .messageError:
      end()
      return .close(GIOPError(.peerReportedError, "the client could not read a message of ours"))
    case .reply, .locateReply, .fragment:
      throw GIOPError(.unexpectedMessage, "a server does not receive a \(message.header.type)")
    }
  }

  private mutating func receivedRequest(_ message: InboundMessage, _ octets: RawSpan, draining: Bool) throws(GIOPError) -> Action {
    let header: RequestHeader
    do { header = try RequestHeader.decode(octets, message.header, limits: limits) } catch { throw .malformed(.request, error) }
    let id = header.requestID
    // The client repeats what a CloseConnection leaves unanswered, so nothing is said here.
    if draining { return .discard(requestID: id, SystemExceptionBody(.transient, minor: .requestDiscarded, completed: .no)) }
    if inFlight.contains(id) { throw GIOPError(.duplicateRequestID, "request \(id) comes again before it is answered") }
    if let refusal = negotiate(header, message.header.version) { return refuse(header, message.header, refusal) }
    if header.objectKey == nil {
      guard header.responseFlags.expectsReply else {
        return .discard(requestID: id, SystemExceptionBody(.objectNotExist, minor: .unknownAdapter, completed: .no))
      }
      return .answer(PreparedAnswer(requestID: id, format: message.header.headerFormat, answer: .needsAddressingMode(.key)))
    }
    if inFlight.count >= limits.requestsInFlight {
      return refuse(header, message.header, SystemExceptionBody(.transient, minor: .requestDiscarded, completed: .no))
    }
    inFlight.append(id)
    let format = transmissionCodeSets.format(version: message.header.version, byteOrder: message.header.byteOrder)
    return .dispatch(InboundRequest(message: message, header: header, format: format))
  }

  private mutating func receivedLocateRequest(
    _ message: InboundMessage, _ octets: RawSpan, draining: Bool
  ) throws(GIOPError) -> Action {
    let header: LocateRequestHeader
    do { header = try LocateRequestHeader.decode(octets, message.header) } catch { throw .malformed(.locateRequest, error) }
    if draining {
      return .discard(requestID: header.requestID, SystemExceptionBody(.transient, minor: .requestDiscarded, completed: .no))
    }
    let format = message.header.headerFormat
    if header.objectKey == nil {
      return .answer(PreparedAnswer(requestID: header.requestID, format: format, answer: .locate(.needsAddressingMode(.key))))
    }
    return .locate(InboundLocateRequest(message: message, header: header, format: format))
  }

  /// Takes over the code sets that the client chose.
  ///
  /// - Returns: the exception to answer if we do not have them, or if they cannot be read.
  private mutating func negotiate(_ header: RequestHeader, _ version: WireFormat.Version) -> SystemExceptionBody? {
    guard version >= .giop11, let context = header.serviceContexts.first(where: { $0.id == .codeSets }) else { return nil }
    do throws(CDRError) {
      guard let sets = try TransmissionCodeSets(context) else {
        return SystemExceptionBody(.codeSetIncompatible, minor: .codeSetNotSupported, completed: .no)
      }
      codeSets = sets
      return nil
    } catch {
      return SystemExceptionBody(error, completed: .no)
    }
  }

  private func refuse(_ header: RequestHeader, _ giop: GIOPHeader, _ exception: SystemExceptionBody) -> Action {
    guard header.responseFlags.expectsReply else { return .discard(requestID: header.requestID, exception) }
    return .answer(PreparedAnswer(requestID: header.requestID, format: giop.headerFormat, answer: .systemException(exception)))
  }

  private mutating func endIfDrained() -> Bool {
    guard case .open(draining: true) = state, inFlight.isEmpty else { return false }
    end()
    return true
  }

  private mutating func end() {
    state = .closed
    receiver.reset()
  }
}

/// An answer that needs no servant.
public struct PreparedAnswer: Sendable, Hashable {
  public enum Answer: Sendable, Hashable {
    case systemException(SystemExceptionBody)
    case needsAddressingMode(AddressingDisposition)
    case locate(LocateAnswer)
  }

  public let requestID: UInt32
  public let format: WireFormat
  public let answer: Answer

  /// Writes the whole answer.
  public func encode(into encoder: inout CDREncoder) {
    switch answer {
    case .systemException(let exception): encoder.encodeReply(to: requestID, systemException: exception, format: format)
    case .needsAddressingMode(let addressing): encoder.encodeReply(to: requestID, needs: addressing, format: format)
    case .locate(let answer): encoder.encodeLocateReply(to: requestID, answer, format: format)
    }
  }
}
