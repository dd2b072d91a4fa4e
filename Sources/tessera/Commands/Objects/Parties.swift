import ArgumentParser
import CRMCore
import StoreAPI

/// `tessera parties`
struct Parties: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Customers, suppliers, partners, agents and prospects.", subcommands: [PartiesList.self, PartiesShow.self, PartiesNew.self])
}

/// `tessera parties list`
struct PartiesList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the parties, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer { try await list.answer(.party, "parties", common) }
}

/// `tessera parties show`
struct PartiesShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a party with its ids in all systems.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Its id (C-000045), SYSTEM:ID, or its tax id.")
  var party: String

  func answer() async throws -> Answer {
    let view = try await Workspace.reading(common) { [party] reader in try ObjectView(try ObjectView.find(party, .party, reader), reader) }
    return Answer(json: ["party": view.json], text: view.text)
  }
}
