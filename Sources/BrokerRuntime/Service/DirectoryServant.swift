import Broker
import Identity
import InterchangeIDL
import ORBCore
import StoreAPI

/// Answers which ids of which systems mean the same thing.
struct DirectoryServant: Interchange.V1.Directory.Servant {
  let engine: BrokerEngine
  let sessions: Sessions
  let session: Sessions.Session

  func lookUp(
    entity: String, system: Interchange.V1.SystemName, foreignId: String, context: ServerContext
  ) async throws -> Interchange.V1.ForeignIdentitySeq {
    _ = try await engine.caller(session, sessions)
    let key = engine.environment().key(entity, system, foreignId) ?? LinkKey(entity: entity, system: system, id: ForeignID(foreignId))
    let links = try await engine.store.read { reader -> [Link] in
      guard let link = try reader.history(of: key).last(where: { $0.validTo == nil }) else { return [] }
      return try reader.links(of: link.common).filter { $0.validTo == nil }
    }
    if links.isEmpty { throw Interchange.V1.NotFound(key: foreignId, explanation: "\(key) is not linked to anything") }
    return links.map { Interchange.V1.ForeignIdentity(system: $0.key.system, foreignId: $0.key.id.text) }
  }
}
