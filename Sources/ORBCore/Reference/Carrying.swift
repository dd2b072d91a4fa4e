import CDR
import GIOPCore
import Synchronization

extension ORB {
  /// Brings a call to its object, wherever that is, and follows LOCATION_FORWARD.
  nonisolated(nonsending) func carry(
    _ operation: String, to reference: ObjectRef, responseExpected: Bool,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    var (destination, binding) = reference.destination(in: self)
    for _ in 0...options.maximumForwards {
      do {
        let answer: Answer
        switch binding {
        case .local(let key): answer = .reply(try await answerLocally(operation, key, responseExpected: responseExpected, arguments))
        case .remote(let routes):
          answer = try await deliver(operation, destination, routes, responseExpected: responseExpected, arguments)
        }
        switch answer {
        case .reply(let reply):
          guard let reply, reply.status == .locationForward || reply.status == .locationForwardPermanent else { return reply }
          destination = try forward(from: destination, reply)
        case .forward(let ior): destination = ObjectRef(ior, orb: self)
        }
        reference.forward(to: destination)
        binding = destination.binding(in: self)
      } catch let error as CORBA.SystemException where destination !== reference && error.completed == .no && error.saysUnreachable {
        // The place that an earlier answer named is gone: ask the original address again.
        reference.forward(to: nil)
        destination = reference
        binding = reference.binding(in: self)
      }
    }
    throw CORBA.SystemException(
      .transient, message: "\(reference) was forwarded more than \(options.maximumForwards) times, last to \(destination)")
  }

  private enum Answer {
    case reply(IncomingReply?)
    case forward(IOR)
  }

  private func forward(from destination: ObjectRef, _ reply: IncomingReply) throws -> ObjectRef {
    let forward: ObjectRef?
    do { forward = try reply.body.read(context: self) { (decoder) throws(CDRError) in try decoder.decodeReference() } } catch {
      throw CORBA.SystemException(error, completed: .no)
    }
    guard let forward else {
      throw CORBA.SystemException(.invalidObjectReference, message: "\(destination) sends callers on to a nil reference")
    }
    return forward
  }

  /// Tries the profiles of a reference, the next one only where nothing has been carried out.
  private nonisolated(nonsending) func deliver(
    _ operation: String, _ destination: ObjectRef, _ routes: [Route], responseExpected: Bool,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> Answer {
    guard let transport else {
      throw CORBA.SystemException(.noResources, message: "\(destination) is in another process, and this ORB has no transport")
    }
    let timeout = CallOptions.timeout ?? options.callTimeout
    var failure: CORBA.SystemException?
    for route in routes {
      do {
        if route.codeSets == nil, !route.isLocated.load(ordering: .relaxed) {
          if case .forward(let ior, _) = try await transport.locate(route, timeout: timeout) { return .forward(ior) }
          route.isLocated.store(true, ordering: .relaxed)
        }
        var call = OutgoingCall(route: route, operation: operation, responseExpected: responseExpected, timeout: timeout)
        let reply = try await transport.exchange(call, arguments)
        guard let reply, reply.status == .needsAddressingMode else { return .reply(reply) }
        call.target = try target(route, reply)
        return .reply(try await transport.exchange(call, arguments))
      } catch let error as CORBA.SystemException where error.completed == .no && error.saysUnreachable {
        failure = error
      } catch let error as CORBA.SystemException where route.codeSets == nil && error.kind == .dataConversion && error.completed == .no {
        // Text that ISO 8859-1 does not have, to a server of which nothing else is known: some forward requests alone.
        if let ior = try? await whereItIs(destination, route, transport, timeout) { return .forward(ior) }
        throw error.tellingOfCodeSets
      }
    }
    throw failure
      ?? CORBA.SystemException(
        .invalidObjectReference, minor: .noUnderstoodProfile, message: "\(destination) has no address that this ORB can use")
  }

  /// Where a server sends a request on that every object answers, and that any code set carries; nil where it answers by itself.
  private nonisolated(nonsending) func whereItIs(
    _ destination: ObjectRef, _ route: Route, _ transport: any ClientTransport, _ timeout: Duration?
  ) async throws -> IOR? {
    let call = OutgoingCall(route: route, operation: "_is_a", responseExpected: true, timeout: timeout)
    let reply = try await transport.exchange(call) { (encoder) throws(CDRError) in try encoder.encode(ObjectRef.baseRepositoryID) }
    guard let reply, reply.status == .locationForward || reply.status == .locationForwardPermanent else { return nil }
    return try forward(from: destination, reply).ior
  }

  private func target(_ route: Route, _ reply: IncomingReply) throws -> TargetAddress {
    let wanted: Int16
    do { wanted = try reply.body.read { (decoder) throws(CDRError) in try decoder.decode(Int16.self) } } catch {
      throw CORBA.SystemException(error, completed: .no)
    }
    guard let disposition = AddressingDisposition(rawValue: wanted),
      let target = TargetAddress(disposition, of: route.reference, profile: route.profileIndex)
    else { throw CORBA.SystemException(.marshal, message: "\(route) asks for the unknown addressing mode \(wanted)") }
    return target
  }

  /// Calls a servant of this process: the arguments are encoded and decoded, so that both sides see what a network would show
  /// them, but no thread is changed for adapters that run inline.
  private nonisolated(nonsending) func answerLocally(
    _ operation: String, _ key: ObjectKey, responseExpected: Bool, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    var encoder = CDREncoder()
    do { try arguments(&encoder) } catch { throw CORBA.SystemException(error, completed: .no) }
    let context = ServerContext(
      orb: self, peer: "in-process", objectKey: key, operation: operation, body: MessageBody(copying: encoder),
      responseExpected: responseExpected)
    let reply: Reply
    switch begin(IncomingRequest(context)) {
    case .replied(let answer): reply = answer
    case .pending(let pending) where !responseExpected:
      Task(executorPreference: workers) { _ = await pending.run() }
      return nil
    case .pending(let pending):
      switch pending.execution {
      case .inline: reply = await pending.run()
      case .pool: reply = await withTaskExecutorPreference(workers) { await pending.run() }
      }
    }
    guard responseExpected else { return nil }
    return IncomingReply(status: reply.status, body: reply.body?.message ?? MessageBody())
  }
}

extension CORBA.SystemException {
  /// The same, saying why nothing better than ISO 8859-1 was taken.
  fileprivate var tellingOfCodeSets: Self {
    Self(
      kind, minor: minor, completed: completed,
      message:
        "\(message): the reference says nothing of the server's code sets, as no corbaloc: does, and the server sends callers to no other; take its full reference (IOR:…), or say what it takes with `tessera systems add … --code-set`"
    )
  }

  /// Whether the object may be found elsewhere.
  var saysUnreachable: Bool { kind == .transient || kind == .communicationFailure || kind == .objectNotExist }
}
