import Broker
import InterchangeIDL
import Logging
import ORBCore
import StoreAPI

/// The well-known object `Tessera/Login`. Its calls are neither archived nor logged with their arguments.
struct LoginServant: Interchange.V1.Login.Servant {
  let engine: BrokerEngine
  let sessions: Sessions

  /// Spent on unknown systems too, so that the time of an answer does not tell which names exist.
  private static let unknownHash = Secrets.hash(Secrets.make())

  func open(system: Interchange.V1.SystemName, secret: String, context: ServerContext) async throws -> Interchange.V1.Inbound? {
    let row = try await engine.store.read { try $0.system(named: system) }
    let matches = Secrets.verify(secret, against: row?.secretHash ?? Self.unknownHash)
    guard let row, matches, row.state == .active else {
      engine.log.warning("a log-in was refused", metadata: ["system": "\(system.prefix(100))", "peer": "\(context.peer)"])
      throw Interchange.V1.NotAuthenticated(
        explanation:
          "unknown system, wrong secret, or the system was revoked; `tessera systems list` shows the systems, `tessera systems rotate` makes a new secret"
      )
    }
    let session = try sessions.open(for: row.name)
    return try sessions.activate(
      InboundServant(engine: engine, sessions: sessions, session: session), in: session, as: Interchange.V1.Inbound.self)
  }
}
