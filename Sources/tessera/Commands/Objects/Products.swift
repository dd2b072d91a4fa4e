import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
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
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a product with its ids in all systems, what its packages hold, and what sites have of it.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Its id (P-000123), SYSTEM:ID, or its code.")
  var product: String

  func answer() async throws -> Answer {
    let now = SystemClock.microseconds()
    let (view, packages, stock) = try await Workspace.reading(common) { [product] reader in
      let row = try ObjectView.find(product, .product, reader)
      return (try ObjectView(row, reader), try PackageList(row, reader), try PriceBook(reader).stock(of: row, now: now))
    }
    var sheet = TextSheet()
    for line in packages.lines { sheet.add("a \(line.packaging.code) holds", line.holds.words) }
    for site in stock where site.stock.status == "active" {
      let name = site.stock.siteName.isEmpty ? "" : " (\(site.stock.siteName))"
      sheet.add("at \(site.stock.site)", "\(site.words)\(name) as of \(Instant.short(site.stock.asOf)) UTC, \(site.ageWords)")
    }
    return Answer(
      json: ["product": view.json, "unit": packages.json, "availability": .array(stock.map(\.json))], text: view.text + sheet.text)
  }
}

/// What the packages of a product hold, in its unit and in the base of that.
struct PackageList: Sendable {
  let chain: UnitChain?
  let lines: [(packaging: Interchange.V1.Packaging, holds: PackedQuantity)]

  init(_ row: ObjectRow, _ reader: any StoreReader) throws {
    let product = try Interchange.V1.Product(cdr: row.body)
    let chain = try UnitBook(reader).chain(of: product.unit)
    self.chain = chain
    lines = product.packagings.map { ($0, PackedQuantity(DecimalNumber(1), of: $0.code, product, chain)) }
  }

  var json: JSON {
    [
      "code": .optional(chain?.unit.code ?? ""), "base": .optional(chain?.base.code ?? ""), "factor": .optional(chain?.words ?? ""),
      "packagings": .array(lines.map { ["code": .string($0.packaging.code), "holds": $0.holds.json] }),
    ]
  }
}
