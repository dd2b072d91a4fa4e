import ArgumentParser
import CRMCore
import StoreAPI

/// `tessera products`
struct Products: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The products of the CRM core.", subcommands: [ProductsList.self, ProductsShow.self, ProductsImport.self])
}

/// `tessera products list`
struct ProductsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the products, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer { try await list.answer(.product, "products", common) }
}

/// `tessera products show`
struct ProductsShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a product with its ids in all systems.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Its id (P-000123), SYSTEM:ID, or its code.")
  var product: String

  func answer() async throws -> Answer {
    let view = try await Workspace.reading(common) { [product] reader in
      try ObjectView(try ObjectView.find(product, .product, reader), reader)
    }
    return Answer(json: ["product": view.json], text: view.text)
  }
}
