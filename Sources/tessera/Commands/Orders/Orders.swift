import ArgumentParser
import Broker
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera orders`
struct Orders: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How orders stand where they were placed: shipped, invoiced, on hold.", subcommands: [OrdersList.self, OrdersShow.self])
}

/// `tessera orders list`
struct OrdersList: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the orders of which there is news, in the order in which the first came.",
    discussion: "Orders that are still on their way stand in `deliveries list`. --search looks for the number.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer {
    let (views, next, count) = try await list.views(.orderStatus, common) { try OrderView($0, $1, withProducts: false) }
    var table = TextTable("id", "order", "contract", "system", "number", "customer", "state", "hold", "as of (UTC)")
    for view in views {
      table.add(
        view.row.id, view.status.placed, view.contract ?? "", view.row.changedBy, view.status.number, view.party, view.progress.words,
        view.status.holdWords ?? "", Instant.short(view.status.changedAt))
    }
    return Answer(
      json: ["orders": .array(views.map { .object($0.members) }), "count": JSON(count), "next": .next(next)],
      text: table.text(whenEmpty: "There is no news of any order yet.") + Answer.more(next, of: count, shown: views.count))
  }
}

/// `tessera orders show`
struct OrdersShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows how an order stands, line by line, as its system says.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The order: our id (O-000001), the id of its news (S-000001), SYSTEM:NUMBER, or its number.")
  var order: String

  func answer() async throws -> Answer {
    let view = try await Workspace.reading(common) { [order] reader in try OrderView.find(order, reader) }
    return Answer(json: ["order": view.json], text: view.text)
  }
}
