import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// Finds price lists, lines and stock in the store.
struct PriceBook {
  private let reader: any StoreReader
  /// Objects that are read at a time.
  private static let pageLength = 1_000

  init(_ reader: any StoreReader) { self.reader = reader }

  /// The list that a person names: by its id, `SYSTEM:ID`, or its code where that is unique.
  func list(_ name: String) throws -> ObjectRow {
    let kind = EntityKind.priceList
    if let row = try reader.object(entity: kind.name, id: name) { return row }
    return try ObjectView.coded(name, kind, "code", hint: "name the list by its id", reader) ?? ObjectView.find(name, kind, reader)
  }

  /// Everything of a kind that belongs to the owner.
  func all(_ kind: EntityKind, of owner: ObjectRow) throws -> [ObjectRow] {
    var rows: [ObjectRow] = []
    while true {
      let page = try reader.objects(
        entity: kind.name, of: BelongingRow.Owner(owner.entity, owner.id), after: rows.last?.id ?? "", limit: Self.pageLength)
      rows += page
      if page.count < Self.pageLength { return rows }
    }
  }

  /// What is known of a product's prices.
  ///
  /// - Parameter list: the only one that counts; nil: all do.
  func question(
    _ row: ObjectRow, packaging: String, quantity: DecimalNumber, day: CalendarDay, party: String, currency: String?, list: ObjectRow?
  ) throws -> PriceQuestion {
    let lines = try all(.priceLine, of: row).map { try Interchange.V1.PriceLine(cdr: $0.body) }.filter {
      list == nil || $0.list == list?.id
    }
    var lists: [String: Interchange.V1.PriceList] = [:]
    for id in Set(lines.map(\.list)) {
      lists[id] = try reader.object(entity: EntityKind.priceList.name, id: id).map { try Interchange.V1.PriceList(cdr: $0.body) }
    }
    return PriceQuestion(
      product: try Interchange.V1.Product(cdr: row.body), packaging: packaging, quantity: quantity, day: day, party: party,
      currency: currency, lists: lists, lines: lines)
  }

  /// What sites have of a product, by site.
  func stock(of product: ObjectRow, now: Int64) throws -> [StockView] {
    try all(.availability, of: product).map { try StockView($0, reader, now: now) }.sorted {
      ($0.stock.site, $0.row.id) < ($1.stock.site, $1.row.id)
    }
  }
}

/// How much of a product one site has, and how old that news is.
struct StockView: Sendable {
  let row: ObjectRow
  let stock: Interchange.V1.Availability
  let product: ObjectRow?
  let unit: String
  /// In the product's own unit, where that is another one with the same base.
  let inProductUnit: CountedQuantity?
  /// Microseconds; below 0 where the sender's clock is ahead.
  let age: Int64

  init(_ row: ObjectRow, _ reader: any StoreReader, now: Int64) throws {
    self.row = row
    stock = try Interchange.V1.Availability(cdr: row.body)
    product = try reader.object(entity: EntityKind.product.name, id: stock.product)
    age = now - stock.asOf
    let units = UnitBook(reader)
    let own = try product.map { try Interchange.V1.Product(cdr: $0.body).unit } ?? ""
    let counted = stock.unit.isEmpty ? own : stock.unit
    unit = try units.unit(counted)?.code ?? ""
    guard !own.isEmpty, counted != own, let from = try units.chain(of: counted), let to = try units.chain(of: own),
      let quantity = ExactQuantity(stock.quantity.decimal)
    else {
      inProductUnit = nil
      return
    }
    inProductUnit = from.count(quantity, in: to).map { CountedQuantity(quantity: $0, unit: to.unit.code) }
  }

  var quantity: String { Decimal.short(stock.quantity.decimal) }

  /// `12 ST`, `2 T = 2000 KG`.
  var words: String {
    ["\(quantity)\(unit.isEmpty ? "" : " \(unit)")", inProductUnit?.words].compactMap(\.self).joined(separator: " = ")
  }

  var ageWords: String { age < 0 ? "in \(Credit.words(microseconds: -age))" : "\(Credit.words(microseconds: age)) ago" }

  var json: JSON {
    .object([
      .init(name: "id", value: .string(row.id)), .init(name: "product", value: .string(stock.product)),
      .init(name: "productCode", value: .optional(product?.code ?? "")), .init(name: "site", value: .string(stock.site)),
      .init(name: "siteName", value: .optional(stock.siteName)), .init(name: "quantity", value: .string(quantity)),
      .init(name: "unit", value: .string(unit)), .init(name: "inProductUnit", value: inProductUnit?.json ?? .null),
      .init(name: "asOf", value: .string(Instant.text(stock.asOf))), .init(name: "ageSeconds", value: JSON(age / 1_000_000)),
      .init(name: "status", value: .string(stock.status)), .init(name: "changedAt", value: .string(Instant.text(row.changedAt))),
      .init(name: "changedBy", value: .string(row.changedBy)),
    ])
  }
}
