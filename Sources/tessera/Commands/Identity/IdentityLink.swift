import ArgumentParser
import Broker
import BrokerRuntime
import Identity
import StoreAPI

/// `tessera identity link`
struct IdentityLink: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "States that two ids mean the same thing.",
    discussion: """
      One of the two must be known already. What was held for want of this link is released in the same step. Repeating what holds \
      changes nothing; what stands against it is said, and ends only with --replace.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The kind of thing.")
  var entity: EntityArgument
  @Argument(help: "SYSTEM:ID")
  var first: ForeignIDArgument
  @Argument(help: "SYSTEM:ID in another system; crm:… for the CRM core.")
  var second: ForeignIDArgument
  @Option(help: "Why, for the audit.")
  var reason: String
  @Flag(help: "Ends what stands against the link.")
  var replace = false

  func answer() async throws -> Answer {
    let who = try actor.who
    let result = try await Workspace.with(common) { workspace -> (changed: Bool, thing: CommonID?, released: [HeldRow]) in
      let keys = try await workspace.store.read { [entity, first, second] reader in
        (try first.key(entity, reader), try second.key(entity, reader))
      }
      let waiting = try await Self.waiting(for: [keys.0, keys.1], workspace.store)
      let changed = try await workspace.mappingEngine().join(keys.0, keys.1, replacing: replace, who: who, reason: reason)
      workspace.ringDoorbell()
      let thing = try await workspace.store.read { try $0.history(of: keys.0).last { $0.validTo == nil }?.common }
      let released = try await workspace.store.read { reader in
        try waiting.compactMap { try reader.held(id: $0.id) }.filter { $0.state != .waiting }
      }
      return (changed, thing, released)
    }
    let sentence =
      result.changed
      ? "\(entity.name) \(first.system):\(first.id) and \(second.system):\(second.id) mean the same thing from now on."
      : "They mean the same thing already; nothing changed."
    return Answer(
      json: [
        "changed": .bool(result.changed), "common": result.thing.map { .string($0.description) } ?? .null,
        "released": .array(result.released.map { .object($0.members) }),
      ],
      text: sentence + "\n" + (result.released.isEmpty ? "" : "\(result.released.count) held items that waited for it are released.\n"))
  }

  private static func waiting(for keys: [LinkKey], _ store: any Store) async throws -> [HeldRow] {
    try await store.read { try $0.held(waitingFor: keys.map(HeldRow.Cause.link), limit: 10_000) }
  }
}

/// `tessera identity unlink`
struct IdentityUnlink: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlink", abstract: "States that an id does not mean its thing any more.",
    discussion: "The link ends; its history stays.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The kind of thing.")
  var entity: EntityArgument
  @Argument(help: "SYSTEM:ID")
  var id: ForeignIDArgument
  @Option(help: "Why, for the audit.")
  var reason: String

  func validate() throws {
    if id.system == crmSystem { throw ValidationError("A link of the CRM core's own id does not end; unlink the other system's id.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    try await Workspace.with(common) { workspace in
      let key = try await workspace.store.read { [entity, id] reader in try id.key(entity, reader) }
      try await workspace.engine.unlink(key, who: who, reason: reason)
      workspace.ringDoorbell()
    }
    return Answer(json: ["changed": true], text: "\(entity.name) \(id.system):\(id.id) is not linked any more.\n")
  }
}
