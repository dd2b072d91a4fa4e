import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// How an order stands where it was placed, with the contract that it comes from.
struct OrderView: Sendable {
  let row: ObjectRow
  let status: Interchange.V1.OrderStatus
  /// Nil for an order that somebody else placed.
  let contract: String?
  let party: String
  /// The lines that the order has, by their numbers, as far as we placed it.
  private let ordered: Set<Int32>
  private let products: [String: ObjectView]

  /// - Parameter withProducts: what the lines are of, too.
  init(_ row: ObjectRow, _ reader: any StoreReader, withProducts: Bool = true) throws {
    self.row = row
    let status = try Interchange.V1.OrderStatus(cdr: row.body)
    self.status = status
    let delivery = status.placed.isEmpty ? nil : try Self.delivery(ofOrder: status.placed, reader)
    contract = delivery?.contract
    ordered = Set(try delivery?.takenOrder.lines.map(\.number) ?? [])
    party = try reader.object(entity: EntityKind.party.name, id: status.party)?.name ?? ""
    var products: [String: ObjectView] = [:]
    for id in withProducts ? Set(status.lines.map(\.product)) : [] {
      products[id] = try reader.object(entity: EntityKind.product.name, id: id).map { try ObjectView($0, reader) }
    }
    self.products = products
  }

  /// The delivery of an order that we placed.
  private static func delivery(ofOrder id: String, _ reader: any StoreReader) throws -> DeliveryRow? {
    let key = LinkKey(entity: EntityKind.order.name, system: crmSystem, id: ForeignID(id))
    return try reader.history(of: key).last { $0.validTo == nil }.flatMap { try reader.delivery(correlationKey: $0.common.description) }
  }

  /// The order that a person names: by the CRM core's id of the order or of its news, or by `SYSTEM:NUMBER`.
  ///
  /// - Throws: ``Refusal`` where there is none, or no news of it.
  static func find(_ name: String, _ reader: any StoreReader) throws -> OrderView {
    let kind = EntityKind.orderStatus
    if let row = try ObjectView.named(name, kind, reader) { return try OrderView(row, reader) }
    if let delivery = try delivery(ofOrder: name, reader) {
      if let row = try reader.object(entity: kind.name, id: delivery.orderStatus) { return try OrderView(row, reader) }
      throw Refusal(
        "NO_NEWS", "there is no news of the order \(name): \(delivery.words)", hint: "`tessera deliveries show \(delivery.id)` shows more")
    }
    if let only = try ObjectView.coded(name, kind, "number", hint: "name the order by its id, or by SYSTEM:NUMBER", reader) {
      return try OrderView(only, reader)
    }
    throw Refusal(
      "ORDER_UNKNOWN", "there is no order \"\(name)\"", hint: "name it by its id (O-000001, S-000001), by SYSTEM:NUMBER, or by its number")
  }

  var progress: OrderProgress { OrderProgress(status, ordered: ordered) }

  /// How far the order has come, in words.
  var words: String { status.words(ordered: ordered) }

  var members: [JSON.Member] {
    var members: [JSON.Member] = [
      .init(name: "id", value: .string(row.id)), .init(name: "order", value: .optional(status.placed)),
      .init(name: "contract", value: contract.map { .string($0) } ?? .null), .init(name: "system", value: .string(row.changedBy)),
      .init(name: "number", value: .string(status.number)), .init(name: "state", value: .string(progress.rawValue)),
      .init(name: "words", value: .string(words)), .init(name: "hold", value: status.holdWords.map { .string($0) } ?? .null),
    ]
    members.append(.init(name: "party", value: ["id": .string(status.party), "name": .string(party)]))
    members.append(.init(name: "orderDate", value: .optional(status.orderDate)))
    members.append(.init(name: "currency", value: .string(status.currency)))
    members.append(.init(name: "grossTotal", value: .string(Decimal.money(status.grossTotal.decimal))))
    members.append(.init(name: "sourceVersion", value: status.sourceVersion.map { JSON($0) } ?? .null))
    members.append(.init(name: "saidAt", value: .string(Instant.text(status.changedAt))))
    members.append(.init(name: "changedAt", value: .string(Instant.text(row.changedAt))))
    return members
  }

  /// With the lines.
  var json: JSON {
    .object(
      members + [
        .init(
          name: "lines",
          value: .array(
            status.lines.map { line in
              [
                "number": JSON(line.number), "product": .string(line.product),
                "code": .string(products[line.product]?.row.code ?? ""), "ids": products[line.product]?.idsJSON ?? [],
                "ordered": .string(line.ordered.description), "shipped": .string(line.shipped.description),
                "invoiced": .string(line.invoiced.description), "hold": .optional(line.hold),
                "promisedDate": .optional(line.promisedDate),
              ]
            }))
      ])
  }

  var text: String {
    var sheet = TextSheet()
    sheet.add("order", "\(status.number) at \(row.changedBy)\(status.placed.isEmpty ? "" : ", ours is \(status.placed)")")
    sheet.add("contract", contract ?? "none: it was placed elsewhere")
    sheet.add("customer", "\(party) (\(status.party))")
    sheet.add("state", words)
    sheet.add("ordered on", status.orderDate)
    sheet.add("gross total", "\(Decimal.money(status.grossTotal.decimal)) \(status.currency)")
    sheet.add("as of", "\(Instant.short(status.changedAt)) UTC, heard at \(Instant.short(row.changedAt)) UTC")
    var table = TextTable(">line", "product", "code", ">ordered", ">shipped", ">invoiced", "promised", "hold")
    for line in status.lines {
      table.add(
        String(line.number), line.product, products[line.product]?.row.code ?? "", Decimal.short(line.ordered.decimal),
        Decimal.short(line.shipped.decimal), Decimal.short(line.invoiced.decimal), line.promisedDate, line.hold)
    }
    return sheet.text + "\n" + table.text(whenEmpty: "The news name no line.")
  }
}
