import ArgumentParser
import SampleERPServer

@main
struct SampleERPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample-erp",
    abstract: "The ERP of Kranwerk, a maker of construction machinery: an example of a foreign system with an IDL of its own.",
    subcommands: [
      Serve.self, ChangePrice.self, SetPrice.self, SetStock.self, SetCredit.self, Pay.self, Ship.self, Invoice.self, Hold.self, Cancel.self,
      PartnerProducts.self, Summary.self,
    ], defaultSubcommand: Serve.self)
}

/// Where the books are.
struct BookOptions: ParsableArguments {
  @Option(help: "The folder of the books; made and filled at the first start.")
  var data = "./sample-erp-data"
}

/// How large the catalogue is.
struct SizeOptions: ParsableArguments {
  @Option(help: "How many items the catalogue has.")
  var items = Catalogue.defaultItemCount

  func validate() throws {
    let range = Catalogue.smallestItemCount...Catalogue.greatestItemCount
    guard range.contains(items) else { throw ValidationError("--items \(items): from \(range.lowerBound) to \(range.upperBound)") }
  }
}
