import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera contracts show`
struct ContractsShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a contract: how its orders stand, in words, with both sides' ids.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String

  func answer() async throws -> Answer { try await ContractView.answer(common, contract) { _, _ in } }
}

/// A contract with its orders and with the ids of everything that it names.
struct ContractView: Sendable {
  let row: ObjectRow
  let contract: Interchange.V1.Contract
  let party: ObjectView?
  let products: [String: ObjectView]
  let deliveries: [DeliveryRow]
  /// What credit control did with it, oldest first.
  let holds: [CreditHoldRow]
  /// How the orders stand of which there is news, by delivery.
  let news: [Int64: OrderView]
  /// How much of each line is called off; empty for a contract that is ordered as a whole.
  let calledOff: [Int32: CalledOffLine]
  /// What of it is inactive, what amounts of it its currency cannot have, and what was booked otherwise than it was signed.
  var warnings: [String]
  /// What keeps a contract that another system signed from being signed here; nil for every other.
  var unsigned: UnsignedContract?

  init(_ id: String, _ reader: any StoreReader) throws {
    guard let row = try reader.object(entity: EntityKind.contract.name, id: id) else { throw Refusal.unknownContract(id) }
    self.row = row
    contract = try Interchange.V1.Contract(cdr: row.body)
    party = try reader.object(entity: EntityKind.party.name, id: contract.party).map { try ObjectView($0, reader) }
    var products: [String: ObjectView] = [:]
    for id in Set(contract.lines.map(\.product)) {
      products[id] = try reader.object(entity: EntityKind.product.name, id: id).map { try ObjectView($0, reader) }
    }
    self.products = products
    let deliveries = try reader.deliveries(ofContract: id)
    var news: [Int64: OrderView] = [:]
    for delivery in deliveries where !delivery.orderStatus.isEmpty {
      news[delivery.id] = try reader.object(entity: EntityKind.orderStatus.name, id: delivery.orderStatus).map { try OrderView($0, reader) }
    }
    self.news = news
    self.deliveries = deliveries
    holds = try reader.creditHolds(ofContract: id)
    let orders = contract.calledOff ? try CallOffRows.orders(deliveries) : []
    let standing = contract.calledOff ? CallOffs.lines(of: contract, orders: orders) : []
    let inactive = try InactiveThing.among(party: contract.party, products: InactiveThing.raised(in: contract, from: nil)) {
      try reader.object(entity: $0, id: $1)
    }
    let booked = try deliveries.compactMap { delivery in try news[delivery.id].flatMap { try delivery.difference(to: $0.status) } }
    warnings = inactive.map(\.words) + contract.amountFindings.map(\.words) + booked
    calledOff = Dictionary(standing.map { ($0.number, $0) }) { first, _ in first }
  }

  /// Does something to a contract and shows it afterwards.
  ///
  /// - Parameters:
  ///   - name: the contract's id, SYSTEM:ID, or its number.
  ///   - action: takes the id.
  static func answer(
    _ common: CommonOptions, _ name: String, after action: (Workspace, _ id: String) async throws -> Void
  ) async throws -> Answer {
    try await noting(common, name) { workspace, id in
      try await action(workspace, id)
      return nil
    }
  }

  /// As ``answer(_:_:after:)``, where the action may have something to be told besides: that it was done before.
  static func noting(
    _ common: CommonOptions, _ name: String, after action: (Workspace, _ id: String) async throws -> String?
  ) async throws -> Answer {
    try await Workspace.with(common) { workspace in
      let id = try await workspace.store.read { try ContractView.id(name, $0) }
      let note = try await action(workspace, id)
      workspace.ringDoorbell()
      var view = try await workspace.store.read { try ContractView(id, $0) }
      view.unsigned = try await workspace.engine.unsigned(contractID: view.row.id)
      view.warnings += note.map { [$0] } ?? []
      return Answer(json: try view.json, text: try view.text)
    }
  }

  /// The contract's id of a name: the id itself, SYSTEM:ID, or a number that one contract bears.
  static func id(_ name: String, _ reader: any StoreReader) throws -> String {
    let kind = EntityKind.contract
    if try reader.object(entity: kind.name, id: name) != nil { return name }
    if let only = try ObjectView.coded(name, kind, "number", hint: "name the contract by its id", reader) { return only.id }
    guard let row = try ObjectView.named(name, kind, reader) else { throw Refusal.unknownContract(name) }
    return row.id
  }

  private func verdicts(_ delivery: DeliveryRow) throws -> [Interchange.V1.LineVerdict] {
    delivery.lines.isEmpty ? [] : try [Interchange.V1.LineVerdict](cdr: delivery.lines)
  }

  /// How the contract stands as a whole.
  private var sentence: String {
    switch ContractState(rawValue: contract.status) {
    case .draft where unsigned != nil:
      "signed in \(unsigned?.system ?? ""), and not here: \(unsigned?.refusal.code ?? ""): \(Terminal.visible(unsigned?.refusal.explanation ?? ""))"
    case .draft: "a draft; `tessera contracts sign` signs it"
    case .creditHold: "on credit hold: no order is sent until newer figures allow it or `tessera credit release` releases it"
    case .signed where deliveries.contains { $0.state == .parked }:
      "signed, but an order is parked: it waits for a person"
    case .signed where deliveries.contains { $0.state == .blocked }:
      "signed, but an order cannot be sent: it waits for a person"
    case .signed where contract.calledOff: "signed; its quantities are called off over time, see `tessera contracts call-off`"
    case .signed: "signed; its orders are on their way"
    case .ordered: "ordered"
    case .refused: "signed, but a destination refused it"
    case .uncertain: uncertainty
    case .changing where deliveries.contains { $0.action == .change && $0.isOnCreditHold }:
      "ordered; a change waits on credit hold until newer figures allow it or `tessera credit release` releases it"
    case .changing where deliveries.contains { $0.action != .create && $0.waitsForPerson }:
      "ordered; a change of it waits for a person"
    case .cancelling where deliveries.contains { $0.action != .create && $0.waitsForPerson }:
      "ordered; its \(deliveries.last { $0.action == .cancel }?.label ?? "cancellation") waits for a person"
    case .changing: "ordered; a change is on its way, and counts when the destination has confirmed it"
    case .cancelling: "ordered; to be cancelled as soon as the destination has confirmed it"
    case .partlyShipped: "ordered, and shipped in part"
    case .shipped: "ordered and shipped"
    case .invoiced: "ordered, shipped and invoiced"
    case .closed: "done: the order is closed"
    case .cancelled where deliveries.contains { $0.progress == .cancelled }: "cancelled: the order was taken back where it was placed"
    case .cancelled: "cancelled"
    case nil: contract.status
    }
  }

  /// What nobody knows: whether an order was taken, or how a change or a cancellation of one that is there ended.
  private var uncertainty: String {
    let open = deliveries.filter(\.isUncertain)
    if let change = open.first, !open.contains(where: { $0.action == .create }) {
      return "ordered, but nobody knows whether \(change.destination) carried out its \(change.label)"
    }
    return "signed, but nobody knows whether a destination took the order"
  }

  var json: JSON {
    get throws {
      [
        "id": .string(row.id), "number": .string(contract.number), "state": .string(contract.status), "explanation": .string(sentence),
        "party": [
          "id": .string(contract.party), "name": .string(party?.row.name ?? ""), "ids": party?.idsJSON ?? [],
        ],
        "unsigned": unsigned?.json ?? .null, "warnings": .array(warnings.map { .string($0) }),
        "orderType": .string(contract.effectiveOrderType), "renews": .optional(contract.renews),
        "calledOff": .bool(contract.calledOff), "creditHolds": .array(holds.map(\.json)),
        "orders": .array(
          try deliveries.map { delivery in
            .object(
              delivery.members + [
                .init(
                  name: "lines",
                  value: .array(
                    try verdicts(delivery).map {
                      [
                        "number": JSON($0.number), "outcome": .string($0.outcome), "code": .optional($0.code),
                        "explanation": .optional($0.explanation),
                      ]
                    })),
                .init(name: "status", value: news[delivery.id]?.json ?? .null),
              ])
          }),
        "lines": .array(
          contract.lines.map { line in
            [
              "number": JSON(line.number), "product": .string(line.product), "code": .string(products[line.product]?.row.code ?? ""),
              "ids": products[line.product]?.idsJSON ?? [], "quantity": .string(line.quantity.description),
              "unitPrice": .string(line.unitPrice.description),
              "calledOff": calledOff[line.number].map { .string($0.calledOff.description) } ?? .null,
              "left": calledOff[line.number].map { .string($0.left.description) } ?? .null,
            ]
          }),
        "record": JSON(contract.record),
      ]
    }
  }

  var text: String {
    get throws {
      var sheet = TextSheet()
      sheet.add("contract", row.id == contract.number ? row.id : "\(row.id), number \(contract.number)")
      sheet.add("state", sentence)
      sheet.add("customer", "\(party?.row.name ?? "") (\(party?.idsText ?? contract.party))")
      sheet.add("signed on", contract.signDate)
      if contract.effectiveOrderType != OrderType.new.rawValue {
        sheet.add("order type", contract.effectiveOrderType + (contract.renews.isEmpty ? "" : ", renews \(contract.renews)"))
      }
      sheet.add("net total", "\(Decimal.money(contract.netTotal.decimal)) \(contract.currency)")
      sheet.add("tax", "\(Decimal.money(contract.taxTotal.decimal)) \(contract.currency)")
      sheet.add("gross total", "\(Decimal.money(contract.grossTotal.decimal)) \(contract.currency)")
      for warning in warnings { sheet.add("warning", Terminal.visible(warning)) }
      for hold in holds { sheet.add("credit", hold.words) }
      for delivery in deliveries {
        sheet.add("\(delivery.label) for \(delivery.destination)", delivery.words)
        if let news = news[delivery.id] { sheet.add("news from \(delivery.destination)", news.words) }
      }
      return sheet.text + "\n" + (try lineTable())
    }
  }

  /// The lines; where orders were answered, with the verdict of each destination.
  private func lineTable() throws -> String {
    var table = TextTable(
      [">line", "product", "code", "ids", ">quantity"] + (contract.calledOff ? [">called off", ">left"] : []) + [">unit price", "verdict"])
    var said: [Int32: [String]] = [:]
    for delivery in deliveries {
      for verdict in try verdicts(delivery) {
        let words = [
          "\(delivery.destination)\(delivery.label == "order" ? "" : ", \(delivery.label)"):", verdict.outcome, verdict.code,
          verdict.explanation,
        ]
        said[verdict.number, default: []].append(words.filter { !$0.isEmpty }.joined(separator: " "))
      }
    }
    for line in contract.lines {
      let foreign = products[line.product]?.links.filter { $0.key.system != crmSystem }.map { "\($0.key.system) \($0.key.id)" }
      let standing = calledOff[line.number].map { [Decimal.short($0.calledOff), Decimal.short($0.left)] } ?? []
      table.add(
        [
          String(line.number), line.product, products[line.product]?.row.code ?? "", foreign?.joined(separator: ", ") ?? "",
          Decimal.short(line.quantity.decimal),
        ] + standing + [Decimal.money(line.unitPrice.decimal), said[line.number]?.joined(separator: "; ") ?? ""])
    }
    return table.text(whenEmpty: "The contract has no line.")
  }
}

extension DeliveryRow {
  /// What it brings, short: `order`, `call-off 2`, `change 3`, `cancellation of call-off 2`.
  var label: String {
    let order = callOff == 0 ? "order" : "call-off \(callOff)"
    let of = callOff == 0 ? "" : " of \(order)"
    return switch action {
    case .create: order
    case .change: "change \(revision)\(of)"
    case .cancel: "cancellation\(of)"
    }
  }
}
