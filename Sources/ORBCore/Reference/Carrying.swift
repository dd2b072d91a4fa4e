import CDR

extension ORB {
  /// Brings a call to its object, wherever that is, and follows LOCATION_FORWARD.
  nonisolated(nonsending) func carry(
    _ operation: String, to reference: ObjectRef, responseExpected: Bool,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    var destination = reference.forwarded ?? reference
    for _ in 0...options.maximumForwards {
      let reply: IncomingReply?
      do {
        reply = try await deliver(operation, to: destination, responseExpected: responseExpected, arguments)
      } catch let error as CORBA.SystemException where destination !== reference && error.completed == .no && error.saysUnreachable {
        // The place that an earlier answer named is gone: ask the original address again.
        reference.forwarded = nil
        destination = reference
        continue
      }
      guard let reply, reply.status == .locationForward else { return reply }
      let forward: ObjectRef?
      do { forward = try reply.body.read(context: self) { (decoder) throws(CDRError) in try decoder.decodeReference() } } catch {
        throw CORBA.SystemException(error, completed: .no)
      }
      guard let forward else {
        throw CORBA.SystemException(.invalidObjectReference, message: "\(destination) sends callers on to a nil reference")
      }
      reference.forwarded = forward
      destination = forward
    }
    throw CORBA.SystemException(
      .transient, message: "\(reference) was forwarded more than \(options.maximumForwards) times, last to \(destination)")
  }

  private nonisolated(nonsending) func deliver(
    _ operation: String, to destination: ObjectRef, responseExpected: Bool,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    guard let target = destination.data.target else {
      throw CORBA.SystemException(.invalidObjectReference, message: "\(destination) has no address that this ORB knows")
    }
    if isLocal(target.endpoint) {
      return try await answerLocally(operation, target.key, responseExpected: responseExpected, arguments)
    }
    guard let transport else {
      throw CORBA.SystemException(.noResources, message: "\(destination) is in another process, and this ORB has no transport")
    }
    let call = OutgoingCall(
      endpoint: target.endpoint, objectKey: target.key, operation: operation, responseExpected: responseExpected,
      timeout: CallOptions.timeout ?? options.callTimeout, format: WireFormat())
    return try await transport.exchange(call, arguments)
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
  var saysUnreachable: Bool { kind == .transient || kind == .communicationFailure || kind == .objectNotExist }
}
