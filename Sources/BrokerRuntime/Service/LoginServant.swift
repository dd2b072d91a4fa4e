import Broker
import InterchangeIDL
import Logging
import ORBCore
import StoreAPI

/// The well-known object `Tessera/Login`. Its calls are neither archived nor logged with their arguments.
struct LoginServant: Interchange.V1.Login.Servant {
  let engine: BrokerEngine
  let sessions: Sessions
  let desk: LoginDesk
  let refusals: TalliedLog

  func open(system: Interchange.V1.SystemName, secret: String, context: ServerContext) async throws -> Interchange.V1.Inbound? {
    // Nobody would hear which session it is.
    guard context.responseExpected else { return nil }
    let found: SystemRow?
    do {
      found = try await desk.system(named: system, secret: secret, context)
    } catch is Admission.Full {
      refusals.note("log-ins were turned away, since too many waited", from: context.peerHost)
      throw Interchange.V1.Refused(
        code: "TOO_MANY_LOG_INS", explanation: "too many log-ins wait to be looked at; try again in a moment, one after the other")
    } catch let error as StoreError {
      engine.log.error("a log-in could not be looked at", metadata: ["error": "\(error)"])
      throw SystemException(.transient, completed: .no, message: error.description)
    }
    guard let found else {
      refusals.note("a log-in was refused", from: context.peerHost, ["system": "\(system)", "peer": "\(context.peer)"])
      throw Interchange.V1.NotAuthenticated(
        explanation:
          "unknown system, wrong secret, or the system was revoked; `tessera systems list` shows the systems, `tessera systems rotate` makes a new secret"
      )
    }
    let session = try sessions.open(for: found.name)
    context.standing?.vouch()
    return try sessions.activate(
      InboundServant(engine: engine, sessions: sessions, session: session), in: session, as: Interchange.V1.Inbound.self)
  }
}
