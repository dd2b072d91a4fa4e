import ArgumentParser
import Broker
import BrokerRuntime
import Identity
import StoreAPI

/// `tessera objects`
struct Objects: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What all objects of the CRM core have in common.",
    discussion:
      "ENTITY is \(EntityArgument.allValueStrings.joined(separator: ", ")). SYSTEM:ID is an id as its system writes it.",
    subcommands: [ObjectsResetVersion.self])
}

/// `tessera objects reset-version`
struct ObjectsResetVersion: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset-version", abstract: "Lets the next news of an object count, whatever version or time they bear.",
    discussion: """
      For an object whose last state bears a version that its system never reaches again, such as a time of a clock that was years ahead, \
      so that all true news are stale. The object stays as it is until its system sends it again. Items of it that are held bear such a \
      version, too, and are given up.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The kind of thing.")
  var entity: EntityArgument
  @Argument(help: "SYSTEM:ID: the system whose news are stale, and its id of the object.")
  var id: ForeignIDArgument
  @Option(help: "Why, for the audit.")
  var reason: String

  func answer() async throws -> Answer {
    let who = try actor.who
    let result = try await Workspace.with(common) { workspace in
      let key = try await workspace.store.read { [entity, id] reader in try id.key(entity, reader) }
      return try await workspace.engine.resetVersion(of: key, who: who, reason: reason)
    }
    let count = result.discarded.count
    return Answer(
      json: [
        "former": result.former.map { JSON($0) } ?? .null, "discarded": .array(result.discarded.map { JSON($0.id) }),
      ],
      text: "The next news of \(entity.name) \(id.system):\(id.id) count, whatever version they bear"
        + (result.former.map { "; until now those above \($0) did" } ?? "") + ".\n"
        + (count == 0 ? "" : "\(count) held item\(count == 1 ? "" : "s") of it \(count == 1 ? "is" : "are") given up.\n"))
  }
}
