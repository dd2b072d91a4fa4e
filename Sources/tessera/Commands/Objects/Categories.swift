import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera categories`
struct Categories: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The categories of products in the CRM core.", subcommands: [CategoriesList.self, CategoriesShow.self, CategoriesNew.self])
}

/// `tessera categories list`
struct CategoriesList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the categories, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer { try await list.answer(.category, "categories", common) }
}

/// `tessera categories show`
struct CategoriesShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a category with its ids in all systems.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Its id (K-000001), SYSTEM:ID, or its code.")
  var category: String

  func answer() async throws -> Answer {
    let view = try await Workspace.reading(common) { [category] reader in
      try ObjectView(try ObjectView.find(category, .category, reader), reader)
    }
    return Answer(json: ["category": view.json], text: view.text)
  }
}

/// `tessera categories new`
struct CategoriesNew: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Makes a category of the CRM's own.",
    discussion: "A group of an ERP that nothing was known of is joined with it by `tessera identity link`.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Option(help: "The code.")
  var code: String
  @Option(help: "The name.")
  var name: String
  @Option(help: "The category above, by id or code.")
  var parent: String?

  func answer() async throws -> Answer {
    let who = try actor.who
    let result = try await Workspace.with(common, creating: true) { workspace -> ItemOfReceipt in
      let engine = try workspace.mappingEngine()
      let above = try await workspace.store.read { [parent] reader in
        try parent.map { try ObjectView.find($0, .category, reader).id } ?? ""
      }
      let category = Interchange.V1.Category(
        id: "", changedAt: engine.now(), sourceVersion: nil, status: "active", attributes: [], code: code, name: name, parent: above)
      let result = try await ItemOfReceipt.importing(category.record, "Category", engine, who)
      workspace.ringDoorbell()
      return result
    }
    return Answer(json: ["category": result.json], text: result.text("category"), isRefusal: !result.isApplied)
  }
}
