public import CDR
public import GIOPCore

/// How a request goes on after ``ORB/begin(_:)``.
public enum Dispatch: Sendable {
  /// It is answered already.
  case replied(Reply)
  /// Its servant must be run.
  case pending(PendingRequest)
}

/// What a connection remembers of the object that it called last.
public struct RecentObject: Sendable {
  var object = ObjectTable.Recent()
  public init() {}
}

/// A request whose servant has been found and counted in; ``run()`` must be called exactly once.
public struct PendingRequest: Sendable {
  let request: IncomingRequest
  let servant: any Servant
  let adapter: ObjectAdapter
  let started: ContinuousClock.Instant?

  /// Where the servant wants to run.
  public var execution: ObjectAdapter.Execution { adapter.policies.execution }

  /// The same request with arguments in memory of their own where they are fewer octets than `limit`, so that a request which waits
  /// does not keep the whole buffer that it was received in.
  public func detached(below limit: Int) -> PendingRequest {
    let context = request.context
    let copy = ServerContext(
      orb: context.orb, peer: context.peer, objectKey: context.objectKey, operation: context.operation,
      serviceContexts: context.serviceContexts, body: context.body.detached(below: limit), responseExpected: context.responseExpected,
      standing: context.standing)
    return PendingRequest(request: IncomingRequest(copy), servant: servant, adapter: adapter, started: started)
  }

  /// Lets the servant answer; whatever it throws becomes an exception reply.
  public nonisolated(nonsending) func run() async -> Reply {
    let reply: Reply
    do { reply = try await servant.dispatch(request) } catch { reply = ORB.reply(to: request, failedWith: error) }
    let orb = request.context.orb
    adapter.leave(orb)
    orb.finished(request, reply, since: started)
    return reply
  }
}

extension ORB {
  /// Finds out who answers a request, and answers at once what needs no suspension: operations of the ORB itself, synchronous
  /// operations, unknown objects, too many requests.
  public func begin(_ request: IncomingRequest) -> Dispatch {
    begin(request, objects.target(for: request.context.objectKey))
  }

  /// The same for a transport, which keeps what it called last.
  public func begin(_ request: IncomingRequest, recent: inout RecentObject) -> Dispatch {
    begin(request, objects.target(for: request.context.objectKey, recent: &recent.object))
  }

  private func begin(_ request: IncomingRequest, _ target: ObjectTable.Target?) -> Dispatch {
    var started: ContinuousClock.Instant?
    if let observer {
      started = ContinuousClock.now
      observer.requestReceived(request.context)
    }
    guard let target else {
      if request.operation == "_non_existent" || request.operation == "_not_existent" {
        return finish(request, since: started) { try request.reply { $0.encode(true) } }
      }
      return finish(request, since: started) {
        throw CORBA.SystemException(
          .objectNotExist, minor: .unknownAdapter, message: "no object has the key \"\(request.context.objectKey)\"")
      }
    }
    switch target {
    case .forward(let reference):
      return finish(request, since: started) { try Reply.forward(to: reference, format: request.context.body.format) }
    case .servant(let servant, let adapter):
      if adapter.policies.keysAreSecret { request.context.standing?.vouch() }
      do {
        if request.operation.utf8.first == 0x5F, let reply = try builtIn(request, servant) {
          finished(request, reply, since: started)
          return .replied(reply)
        }
        try adapter.enter(self)
      } catch { return finish(request, since: started) { throw error } }
      let reply: Reply?
      do { reply = try servant.dispatchSynchronously(request) } catch { reply = Self.reply(to: request, failedWith: error) }
      guard let reply else { return .pending(PendingRequest(request: request, servant: servant, adapter: adapter, started: started)) }
      adapter.leave(self)
      if started != nil { finished(request, reply, since: started) }
      return .replied(reply)
    }
  }

  /// Operations that every object has (CORBA 3.3, part 2, 9.4.2): answered here, from what the servant says of itself.
  private func builtIn(_ request: IncomingRequest, _ servant: any Servant) throws -> Reply? {
    switch request.operation {
    case "_is_a":
      let id = try request.arguments { (decoder) throws(CDRError) in try decoder.decode(String.self, bound: 4096) }
      let known = id == ObjectRef.baseRepositoryID || servant.repositoryIDs.contains(id)
      return try request.reply { (encoder) throws(CDRError) in encoder.encode(known) }
    case "_non_existent", "_not_existent": return try request.reply { (encoder) throws(CDRError) in encoder.encode(false) }
    case "_repository_id":
      return try request.reply { (encoder) throws(CDRError) in try encoder.encode(servant.repositoryIDs.first ?? "") }
    case "_interface", "_component", "_domain_managers", "_get_policy":
      throw CORBA.SystemException(.noImplement, message: "\(request.operation): there is no interface repository")
    default: return nil
    }
  }

  private func finish(
    _ request: IncomingRequest, since started: ContinuousClock.Instant?, _ answer: () throws -> Reply
  ) -> Dispatch {
    let reply: Reply
    do { reply = try answer() } catch { reply = Self.reply(to: request, failedWith: error) }
    finished(request, reply, since: started)
    return .replied(reply)
  }

  func finished(_ request: IncomingRequest, _ reply: Reply, since started: ContinuousClock.Instant?) {
    guard let observer, let started else { return }
    observer.requestFinished(request.context, reply: reply, duration: ContinuousClock.now - started)
  }

  /// The reply that tells a caller of an error, as the mapping of servants rules it.
  static func reply(to request: IncomingRequest, failedWith error: any Error) -> Reply {
    let exception: CORBA.SystemException =
      switch error {
      case let error as CORBA.SystemException: error
      case let error as CDRError: CORBA.SystemException(error, completed: .maybe)
      case is CancellationError:
        CORBA.SystemException(.transient, minor: .requestCancelled, completed: .maybe, message: "the call was cancelled")
      case is any UserException, is DynamicUserException:
        CORBA.SystemException(
          .unknown, minor: .unlistedUserException, completed: .yes,
          message: "\(request.operation) does not declare the exception \(error)")
      default: CORBA.SystemException(.unknown, completed: .maybe, message: "\(error)")
      }
    return Reply.failure(exception, format: request.context.body.format)
  }
}

extension ORB {
  /// Whether the key is that of an object whose key nobody can guess, so that whoever names it is known.
  public func vouches(for key: ObjectKey) -> Bool {
    if case .servant(_, let adapter)? = objects.target(for: key) { adapter.policies.keysAreSecret } else { false }
  }

  /// Answers a LocateRequest.
  public func locate(_ key: ObjectKey) -> LocateAnswer {
    switch objects.target(for: key) {
    case .servant: .objectHere
    case .forward(let reference): .forward(reference.ior, permanently: false)
    case nil: .unknownObject
    }
  }
}

extension Reply {
  /// The answer that reports a system exception.
  public static func failure(_ exception: CORBA.SystemException, format: WireFormat) -> Reply {
    var encoder = CDREncoder(format: format, capacity: 64)
    exception.body.encode(into: &encoder)
    return Reply(.systemException, EncodedBody(encoder))
  }

  /// The answer that sends callers on.
  static func forward(to reference: ObjectRef, format: WireFormat) throws(CDRError) -> Reply {
    var encoder = CDREncoder(format: format)
    try encoder.encode(reference: reference)
    return Reply(.locationForward, EncodedBody(encoder))
  }
}
