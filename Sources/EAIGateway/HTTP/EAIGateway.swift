import Broker
public import BrokerRuntime
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
import ServiceLifecycle
import StoreAPI
import Synchronization

/// The gateway: documents over HTTP, `POST /eai`, and their receipts, `GET /eai/receipts/NUMBER`.
public final class EAIGateway: Sendable {
  /// What an operator may choose.
  public struct Options: Sendable {
    /// Where to listen.
    public var host = "127.0.0.1"
    /// 0 for a port that is free.
    public var port = 0
    /// How long the check of one document may take; what passed it is taken to its end.
    public var documentTime: Duration = .seconds(60)
    /// How long requests under way may take to end when the gateway stops.
    public var farewellTime: Duration = .seconds(30)
    /// What partners and strangers may take at most.
    public var limits = PeerLimits()

    /// Creates the defaults.
    public init() {}
  }

  private let options: Options
  private let log: Logger
  private let responder: GatewayResponder
  private let connections: ConnectionDesk
  private let refusals: TalliedLog
  private let address = Mutex<(host: String, port: Int)?>(nil)

  /// Prepares the gateway; ``run(listening:)`` starts it.
  ///
  /// - Parameter folder: the data folder, in which bodies are spooled and kept.
  public init(engine: BrokerEngine, folder: String, catalogue: DialectCatalogue, options: Options = Options(), log: Logger) throws {
    self.options = options
    self.log = log
    let intake = Intake(
      engine: engine, catalogue: catalogue, spool: try Spool(folder: folder), timeLimit: options.documentTime, log: log)
    refusals = TalliedLog(log)
    connections = ConnectionDesk(limits: options.limits, refusals: refusals)
    responder = GatewayResponder(
      intake: intake,
      partners: PartnerDesk(store: engine.store, now: engine.now, atOnce: options.limits.requestsPerPartner, refusals: refusals),
      connections: connections, refusals: refusals, log: log)
  }

  /// Takes what an earlier process left in the spool.
  public func takeLeftOver() async { await responder.takeLeftOver() }

  /// Serves until the task is cancelled, then answers what is under way and closes.
  ///
  /// - Parameter listening: is told once where the gateway listens.
  public func run(listening: @escaping @Sendable (_ host: String, _ port: Int) -> Void) async throws {
    let host = options.host
    let (limits, connections) = (options.limits, connections)
    let heads = HeadRefusals(log: refusals) { [intake = responder.intake] in intake.answer($0) }
    defer { refusals.flush() }
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: .init(additionalChannelHandlers: [WatchInserter(limits: limits, desk: connections, heads: heads), ContinueHandler()])
      ),
      configuration: ApplicationConfiguration(address: .hostname(host, port: options.port), serverName: nil),
      onServerRunning: { channel in listening(host, channel.localAddress?.port ?? 0) }, logger: quiet)
    let farewell = options.farewellTime
    let group = ServiceGroup(
      configuration: {
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        configuration.maximumGracefulShutdownDuration = farewell
        return configuration
      }())
    // Not a child of this task: its cancellation asks for a graceful end and must not break off what is under way.
    let serving = Task { try await group.run() }
    try await withTaskCancellationHandler {
      try await serving.value
    } onCancel: {
      Task { await group.triggerGracefulShutdown() }
    }
  }

  /// The server's own log says little that ours does not.
  private var quiet: Logger {
    var quiet = log
    quiet.logLevel = max(.warning, log.logLevel)
    return quiet
  }
}
