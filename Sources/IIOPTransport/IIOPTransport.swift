public import CDR
internal import CPosix
public import GIOPCore
public import ORBCore
import Synchronization

/// GIOP over TCP: event loops, listeners and connections of one ORB.
///
/// Tasks that prefer ``executor`` share a thread with their connections, which is the fastest way to call; others pay two changes of
/// thread for each call.
///
/// The ORB owns its transport: one that only calls ends with the ORB and its last reference, one that listens lives until ``shutDown(patience:)``.
public final class IIOPTransport: ClientTransport {
  public let options: IIOPOptions
  /// The event loops; servants of adapters with ``ObjectAdapter/Execution/inline`` run on them.
  public let loops: [EventLoop]
  private weak let orb: ORB?
  private let cache: ConnectionCache
  private let held: HeldOctets
  private let listeners = Mutex<[Listener]>([])
  private let nextLoop = Atomic<Int>(0)
  private let isShutDown = Atomic<Bool>(false)

  /// Starts the event loops and makes this the ORB's transport.
  public init(orb: ORB, options: IIOPOptions = IIOPOptions(), loops count: Int = 1) throws {
    self.orb = orb
    self.options = options
    loops = try (0..<max(1, count)).map { try EventLoop(name: "iiop-\($0)") }
    held = HeldOctets(limit: options.maximumHeldOctets, strangers: options.maximumStrangerOctets ?? .max)
    cache = ConnectionCache(options: options, held: held)
    orb.transport = self
  }

  deinit { for loop in loops { loop.stop() } }

  /// Where callers run best; see ``loops``.
  public var executor: EventLoop { loops[0] }

  // MARK: - Serving

  /// Accepts calls for the ORB's objects.
  ///
  /// - Parameters:
  ///   - host: the address to listen on; an empty text means all interfaces, IPv4 and IPv6.
  ///   - port: 0 for one that is free.
  ///   - publishedHost: what references name instead of `host`, for example the name of a container's host.
  /// - Returns: the endpoint that new references name.
  /// - Throws: ``SystemError`` with the address, TRANSIENT for a name without address, BAD_INV_ORDER where the ORB is gone.
  @discardableResult
  public func listen(host: String = "127.0.0.1", port: UInt16 = 0, publishedHost: String? = nil) throws -> Endpoint {
    guard let orb else { throw CORBA.SystemException(.badInvocationOrder, message: "the transport's ORB is gone; keep it while it serves") }
    var bound = port
    let addresses = try AddressResolver.resolveToListen(Endpoint(host: host, port: port))
    for (index, address) in addresses.enumerated() {
      let listener: Listener
      do {
        listener = try Listener(transport: self, orb: orb, address: address, port: index == 0 ? port : bound, held: held)
      } catch  where index > 0 { continue }  // one family of several is enough
      bound = listener.port
      listeners.withLock { $0.append(listener) }
      listener.start()
    }
    let endpoint = Endpoint(host: publishedHost ?? (host.isEmpty ? "127.0.0.1" : host), port: bound)
    orb.addEndpoint(endpoint)
    return endpoint
  }

  /// Connections that peers have open to this process.
  public var serverConnections: Int { listeners.withLock { $0.reduce(0) { $0 + $1.connectionCount } } }

  /// The loop for the next accepted connection.
  func loopForConnection() -> EventLoop {
    if loops.count == 1 { return loops[0] }
    return loops[nextLoop.add(1, ordering: .relaxed).oldValue % loops.count]
  }

  /// Stops accepting, answers what is under way, says CloseConnection on every connection, and stops the event loops.
  ///
  /// - Parameter patience: how long requests under way may still take.
  public func shutDown(patience: Duration = .seconds(10)) async {
    isShutDown.store(true, ordering: .relaxed)
    let open = listeners.withLock { $0 }
    for listener in open { listener.stop() }
    let deadline = ContinuousClock.now + patience
    for connection in cache.all { connection.loop.execute { connection.closeIdle() } }
    await withTaskGroup(of: Void.self) { group in
      for listener in open { group.addTask { await listener.drained() } }
      group.addTask {
        try? await Task.sleep(until: deadline)
        for listener in open { listener.closeAll() }
      }
      for _ in open { await group.next() }
      group.cancelAll()
    }
    for loop in loops { loop.stop() }
    listeners.withLock { $0 = [] }
  }

  // MARK: - Calling

  public nonisolated(nonsending) func exchange(
    _ call: OutgoingCall, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    // A server that closes the connection in order has not begun the call: it is sent again over a new connection.
    var attempts = 0
    while true {
      do { return try await attempt(call, arguments) } catch let refusal as ClientConnection.Refusal {
        attempts += 1
        if !refusal.mayRetry || attempts > 3 { throw refusal.exception }
      }
    }
  }

  private nonisolated(nonsending) func attempt(
    _ call: OutgoingCall, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    let connection = try await connection(for: call.route)
    if connection.loop.isCurrent {
      guard let ticket = try connection.send(call, arguments) else {
        if !connection.acceptsMore() { try await suspend { connection.waitForRoom($0) } }
        return nil
      }
      return try await withTaskCancellationHandler {
        try await suspend { connection.wait(ticket, $0, timeout: call.timeout, isLocal: true) }
      } onCancel: {
        connection.loop.submit { connection.cancel(ticket) }
      }
    }
    return try await RemoteCall(call, connection, arguments).exchange()
  }

  public nonisolated(nonsending) func locate(_ route: Route, timeout: Duration?) async throws -> LocateAnswer {
    let connection = try await connection(for: route)
    do {
      return try await Task(executorPreference: connection.loop) {
        guard connection.loop.isCurrent else { throw Self.hasShutDown }
        let ticket = try connection.sendLocate(route)
        return try await suspend { connection.wait(ticket, $0, timeout: timeout) }
      }.value
    } catch let refusal as ClientConnection.Refusal { throw refusal.exception }
  }

  private static var hasShutDown: CORBA.SystemException {
    CORBA.SystemException(.badInvocationOrder, minor: .hasShutDown, message: "the transport has been shut down")
  }

  private nonisolated(nonsending) func connection(for route: Route) async throws -> ClientConnection {
    let known = route.cache.withLock { $0 }
    if let known {
      let connection = unsafe unsafeDowncast(known, to: ClientConnection.self)
      if connection.takesCalls { return connection }
    }
    if isShutDown.load(ordering: .relaxed) { throw Self.hasShutDown }
    let loop = loops.first { $0.isCurrent } ?? loopForConnection()
    let connection = try await cache.connection(for: route, on: loop)
    route.cache.withLock { $0 = connection }
    return connection
  }
}
