import ArgumentParser
import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera prices`
struct Prices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Price lists, and the price that applies.", subcommands: [PricesList.self, PricesShow.self, PricesFind.self])
}

/// `tessera prices list`
struct PricesList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the price lists, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions
  @Option(help: "Only the lists of this customer alone: its id (C-000045), SYSTEM:ID, or its tax id.")
  var party: String?

  func answer() async throws -> Answer {
    let owner = party.map { name in { @Sendable reader in try ObjectView.find(name, .party, reader) } }
    let (views, next, count) = try await list.views(.priceList, common, of: owner) { try PriceListView($0, $1) }
    var table = TextTable("id", "code", "name", "for", "currency", "tax", "holds", "status", "changed (UTC)", "by")
    for view in views {
      table.add(
        view.row.id, view.list.code, view.list.name, view.customer, view.list.currency, view.tax, view.list.period, view.list.status,
        Instant.short(view.row.changedAt), view.row.changedBy)
    }
    return Answer(
      json: ["priceLists": .array(views.map { .object($0.members) }), "count": JSON(count), "next": .next(next)],
      text: table.text(whenEmpty: "No price lists.") + Answer.more(next, of: count, shown: views.count))
  }
}

/// `tessera prices show`
struct PricesShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a price list with its lines.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only the lines behind this id (E-000123): the next page.")
  var after = ""
  @Argument(help: "Its id (L-000001), SYSTEM:ID, or its code.")
  var list: String

  func answer() async throws -> Answer {
    let (object, view, lines, next) = try await Workspace.reading(common) { [list, after, page] reader in
      let row = try PriceBook(reader).list(list)
      let rows = try reader.objects(
        entity: EntityKind.priceLine.name, of: BelongingRow.Owner(row.entity, row.id), after: after, limit: page.read)
      let shown = page.cut(rows)
      return (
        try ObjectView(row, reader), try PriceListView(row, reader), try shown.rows.map { try PriceLineView($0, reader) }, shown.next(\.id)
      )
    }
    var table = TextTable("line", "product", "code", "packaging", ">from", ">price", "", "status", "changed (UTC)")
    for line in lines {
      table.add(
        line.row.id, line.line.product, line.code, line.line.packaging, line.from, line.price, view.list.currency, line.line.status,
        Instant.short(line.row.changedAt))
    }
    return Answer(
      json: .object([
        .init(name: "priceList", value: object.json), .init(name: "lines", value: .array(lines.map(\.json))),
        .init(name: "next", value: .next(next)),
      ]), text: object.text + "\n" + table.text(whenEmpty: "It has no lines.") + Answer.more(next, shown: lines.count))
  }
}

/// A price list with the customer for whom it is.
struct PriceListView: Sendable {
  let row: ObjectRow
  let list: Interchange.V1.PriceList
  let partyName: String

  init(_ row: ObjectRow, _ reader: any StoreReader) throws {
    self.row = row
    list = try Interchange.V1.PriceList(cdr: row.body)
    partyName = try list.party.isEmpty ? "" : reader.object(entity: EntityKind.party.name, id: list.party)?.name ?? ""
  }

  var customer: String { list.party.isEmpty ? "everybody" : "\(list.party) \(partyName)" }
  var tax: String { list.priceIncludesTax ? "with" : "without" }

  var members: [JSON.Member] {
    [
      .init(name: "id", value: .string(row.id)), .init(name: "code", value: .string(list.code)),
      .init(name: "name", value: .string(list.name)), .init(name: "party", value: .optional(list.party)),
      .init(name: "partyName", value: .optional(partyName)), .init(name: "currency", value: .string(list.currency)),
      .init(name: "priceIncludesTax", value: .bool(list.priceIncludesTax)), .init(name: "validFrom", value: .optional(list.validFrom)),
      .init(name: "validTo", value: .optional(list.validTo)), .init(name: "status", value: .string(list.status)),
      .init(name: "changedAt", value: .string(Instant.text(row.changedAt))), .init(name: "changedBy", value: .string(row.changedBy)),
    ]
  }
}

/// A line of a price list with the product that it is about.
struct PriceLineView: Sendable {
  let row: ObjectRow
  let line: Interchange.V1.PriceLine
  let code: String

  init(_ row: ObjectRow, _ reader: any StoreReader) throws {
    self.row = row
    line = try Interchange.V1.PriceLine(cdr: row.body)
    code = try reader.object(entity: EntityKind.product.name, id: line.product)?.code ?? ""
  }

  var from: String { Decimal.short(line.minimumQuantity.decimal) }
  var price: String { Decimal.money(line.unitPrice.decimal) }

  var json: JSON {
    [
      "id": .string(row.id), "product": .string(line.product), "productCode": .optional(code), "packaging": .optional(line.packaging),
      "minimumQuantity": .string(from), "unitPrice": .string(price), "status": .string(line.status),
      "changedAt": .string(Instant.text(row.changedAt)),
    ]
  }
}
