import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

@testable import BrokerRuntime

/// A broker, an ERP, and a contract about one piece of a product at 10.
struct ChangedSale {
  let broker: TestBroker
  let erp: FakeERP
  let contract: String
  let party: String
  let products: [String]

  /// - Parameter limit: of the customer's credit, whom the ERP knows then; nil: no credit control.
  init(_ guarantee: CreateGuarantee = .idempotentByKey, calledOff quantity: String? = nil, limit: String? = nil) async throws {
    broker = try await TestBroker.ordering(guarantee: guarantee)
    erp = FakeERP(guarantee)
    let sale = try await broker.prepareSale(products: ["A", "B"])
    products = sale.products
    if let limit {
      try await broker.push("customer", [V1.Party.sample("D-1")])
      party = try #require(try await broker.crmID("Party", "D-1"))
      try await broker.terms(limit: limit)
    } else {
      party = sale.party
    }
    var draft = V1.Contract.sample(party: party, products: [products[0]])
    if let quantity {
      draft = draft.with(quantity: quantity)
      draft.calledOff = true
    }
    contract = try await broker.engine.draft(draft).id
    try await broker.engine.sign(contractID: contract, who: "ann")
  }

  /// What the ERP says now.
  func terms(limit: String, ordered: String = "0") async throws { try await broker.terms(limit: limit, ordered: ordered) }

  func deliver() async throws { try await broker.deliver(to: erp) }
  func amend(_ quantity: String) async throws {
    let new = try await broker.contract(contract).with(quantity: quantity)
    try await broker.engine.amend(contractID: contract, to: new, who: "ann", reason: "they want \(quantity)")
  }
  func cancel(callOff: Int? = nil) async throws {
    try await broker.engine.cancel(contractID: contract, callOff: callOff, who: "ann", reason: "changed their mind")
  }
  @discardableResult func callOff(_ quantity: String, line: Int32 = 1) async throws -> Int {
    let lines = [CallOff.Line(number: line, quantity: V1.QuantityAmount(quantity)!)]
    return try await broker.engine.callOff(CallOff(lines: lines), contractID: contract, who: "ann")
  }

  var state: String { get async throws { try await broker.state(contract) } }
  /// `change 2 confirmed` of each delivery.
  var deliveries: [String] {
    get async throws { try await broker.deliveries(contract).map { "\($0.action) \($0.revision) \($0.state)" } }
  }
  /// How much of line 1 the contract says, and how much the ERP's orders do that stand.
  var quantities: [String] {
    get async throws {
      try await [broker.contract(contract).lines[0].quantity.description]
        + erp.orders.filter { !$0.isCancelled }.map { $0.order.lines[0].quantity.description }
    }
  }
  var commitments: [Int64] {
    get async throws {
      let party = party
      return try await broker.store.read { try $0.commitments(ofParty: party) }.map { $0.amount / 10_000 }
    }
  }
  func refusal(_ body: () async throws -> Void) async throws -> String {
    try await #require(throws: ContractRefusal.self) { try await body() }.code
  }
}

extension TestBroker {
  /// What the ERP says now of the credit of its customer D-1.
  fileprivate func terms(limit: String, ordered: String = "0") async throws {
    clock.advance(seconds: 1)
    let now = clock.now
    // What is booked from here on comes after the figures.
    defer { clock.advance(seconds: 1) }
    try await push(
      "terms \(now)", [V1.CreditTerms.sample("D-1/1000", party: "D-1", limit: limit, ordered: ordered, version: now, asOf: now)])
  }
}
