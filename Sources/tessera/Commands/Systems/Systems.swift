import ArgumentParser
import Broker
import StoreAPI

/// `tessera systems`
struct Systems: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The applications that exchange data with us.",
    subcommands: [SystemsList.self, SystemsAdd.self, SystemsChange.self, SystemsRotate.self, SystemsRevoke.self])
}

extension SystemRow {
  var json: JSON {
    [
      "name": .string(name), "type": .string(type), "adapter": .string(adapter), "reference": .optional(reference),
      "guarantee": .string(guarantee.rawValue), "orders": .bool(takesOrders), "state": .string(state.rawValue),
      "createdAt": .string(Instant.text(createdAt)), "changedAt": .string(Instant.text(changedAt)),
    ]
  }
}

/// `tessera systems list`
struct SystemsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the systems.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer {
    let systems = try await Workspace.reading(common) { try $0.systems() }
    var table = TextTable("name", "type", "adapter", "orders", "guarantee", "state", "changed")
    for system in systems {
      table.add(
        system.name, system.type, system.adapter, system.takesOrders ? "yes" : "no", system.guarantee.rawValue, system.state.rawValue,
        Instant.short(system.changedAt))
    }
    return Answer(
      json: ["systems": .array(systems.map(\.json))],
      text: table.text(whenEmpty: "There is no system yet; `tessera systems add` adds one."))
  }
}
