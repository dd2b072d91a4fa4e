public import Broker
public import CosNamingService
import GIOPCore
import IIOPTransport
import InterchangeIDL
import Logging
public import ORBCore
import StoreAPI

/// The running broker: the ORB with its well-known objects, the delivery of orders, the reading of feeds, and the doorbell.
public final class BrokerService: Sendable {
  /// What an operator may choose.
  public struct Options: Sendable {
    public var host = "127.0.0.1"
    /// 0 for a port that is free.
    public var port: UInt16 = 0
    /// What references name instead of ``host``.
    public var publishedHost: String?
    /// A session without calls ends after this time.
    public var sessionIdleLimit: Duration = .seconds(1800)
    public var greatestSessionCount = 1_000
    /// How long to wait between reads of a system.
    public var feedInterval: Duration = .seconds(5)
    public var loops = 1
    /// What peers may take at most.
    public var limits = PeerLimits()
    /// Who may change names of the naming service.
    public var namingAccess = NamingAccess()

    public init() {}
  }

  /// The bounds of the transport: a part of everything is kept from strangers.
  private static func transportOptions(_ limits: PeerLimits, _ refusals: TalliedLog) -> IIOPOptions {
    var options = IIOPOptions()
    options.maximumConnections = limits.connections
    options.maximumConnectionsPerAddress = limits.connectionsPerAddress
    options.strangersGiveWay = true
    options.maximumStrangerOctets = options.maximumHeldOctets / 4
    options.strangerIdleTimeout = limits.strangerIdle
    options.didTurnAway = { refusals.note("connections were closed: \($1)", from: $0.host) }
    options.didRefuse = { peer, error in
      refusals.note(
        "a connection was ended, since its messages are not as GIOP says", from: peer.host,
        ["code": "\(error.code.rawValue)", "reason": "\(error.message)", "peer": "\(peer)"])
    }
    return options
  }

  public let engine: BrokerEngine
  public let orb: ORB
  public let endpoint: Endpoint
  /// The full reference of the log-in object.
  public let login: ObjectRef
  /// The naming service, whose root context is the well-known object `NameService`.
  public let names: NamingService
  private let transport: IIOPTransport
  private let sessions: Sessions
  private let deliveries: DeliveryService
  private let feeds: FeedService
  private let refusals: TalliedLog
  private let folder: String

  /// Makes the adapter of a system; nil where nothing is called.
  public typealias AdapterFactory = @Sendable (SystemRow, ORB) throws -> (any Adapter)?

  /// Starts to listen, and publishes its names; calls are answered from here on, orders are sent once ``run()`` runs.
  ///
  /// - Parameter folder: the data folder, in which other processes ring.
  /// - Throws: `SystemError` where the address is taken, `StoreError`.
  public init(
    engine: BrokerEngine, folder: String, options: Options = Options(), adapters factory: @escaping AdapterFactory
  ) async throws {
    self.engine = engine
    self.folder = folder
    orb = ORB()
    let refusals = TalliedLog(engine.log)
    self.refusals = refusals
    transport = try IIOPTransport(orb: orb, options: Self.transportOptions(options.limits, refusals), loops: options.loops)
    endpoint = try transport.listen(host: options.host, port: options.port, publishedHost: options.publishedHost)
    let adapter = orb.adapter(named: "session", policies: .init(keysAreSecret: true))
    sessions = Sessions(
      adapter: adapter, idleLimit: options.sessionIdleLimit, greatestCount: options.greatestSessionCount,
      greatestPerSystem: min(options.limits.sessionsPerSystem, options.greatestSessionCount),
      // Sessions end by a clock that nobody sets.
      now: ClockWatch.sinceStart)
    let login = LoginServant(engine: engine, sessions: sessions, desk: LoginDesk(store: engine.store), refusals: refusals)
    self.login = try orb.adapter(named: "tessera").activate(login, wellKnownName: "Tessera/Login")
    names = try NamingService(
      orb: orb, store: StoredNames(store: engine.store), access: options.namingAccess, admissions: NamingTurns.admissions(),
      published: "Tessera")
    let orb = orb
    let log = engine.log
    let adapters = AdapterTable(log: log) { try factory($0, orb) }
    deliveries = DeliveryService(engine: engine) { adapters.adapter(for: $0) }
    feeds = FeedService(
      engine: engine, interval: options.feedInterval,
      sinks: SinkService(engine: engine, objects: orb.adapter(named: "sink", policies: .init(keysAreSecret: true)))
    ) { adapters.adapter(for: $0) }
    // Everything else that callers use comes from a session, which the log-in gives.
    try await names.publish([("Login", self.login)])
  }

  /// The address of the root context of names.
  public var nameService: String { "corbaloc:iiop:1.2@\(endpoint.host):\(endpoint.port)/NameService" }

  /// The address of the log-in object that people can type.
  public var corbaloc: String { "corbaloc:iiop:1.2@\(endpoint.host):\(endpoint.port)/Tessera/Login" }

  /// Works until the task is cancelled, then answers what is under way and closes.
  public func run() async throws {
    let silence = Doorbell.listen(folder) { [deliveries] in deliveries.wake() }
    defer { silence?() }
    await withDiscardingTaskGroup { group in
      group.addTask { [deliveries, log = engine.log] in
        do { try await deliveries.run() } catch { log.critical("orders are not sent any more", metadata: ["error": "\(error)"]) }
      }
      group.addTask { [feeds] in try? await feeds.run() }
      group.addTask { [sessions, names] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(30))
          sessions.expire()
          names.expire()
        }
      }
      // Waits for the cancellation.
      for await _ in AsyncStream<Never>.makeStream().stream {}
      group.cancelAll()
    }
    await transport.shutDown()
    refusals.flush()
  }
}
