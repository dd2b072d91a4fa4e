import ArgumentParser
import Broker
import BrokerRuntime
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera availability`
struct Availabilities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "availability", abstract: "How much of each product can be sold, where, and as of when.",
    subcommands: [AvailabilityList.self])
}

/// `tessera availability list`
struct AvailabilityList: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists what sites have, with the time at which that was true.",
    discussion: "--search looks for the site. News that are older than what is known are ignored; the message that brought them says so.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions
  @Option(help: "Only of this product: its id (P-000123), SYSTEM:ID, or its code.")
  var product: String?

  func answer() async throws -> Answer {
    let now = SystemClock.microseconds()
    let owner = product.map { name in { @Sendable reader in try ObjectView.find(name, .product, reader) } }
    let (views, next, count) = try await list.views(.availability, common, of: owner) { try StockView($0, $1, now: now) }
    var table = TextTable("id", "product", "code", "site", "name", ">quantity", "unit", "as of (UTC)", "age", "status", "by")
    for view in views {
      table.add(
        view.row.id, view.stock.product, view.product?.code ?? "", view.stock.site, view.stock.siteName, view.quantity, view.unit,
        Instant.short(view.stock.asOf), view.ageWords, view.stock.status, view.row.changedBy)
    }
    return Answer(
      json: ["availability": .array(views.map(\.json)), "count": JSON(count), "next": .next(next)],
      text: table.text(whenEmpty: "No system has told of any stock yet.") + Answer.more(next, of: count, shown: views.count))
  }
}
