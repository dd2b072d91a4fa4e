import Broker
import CDR
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// What becomes of an order under every kind of failure and with every guarantee of its destination.
@Suite struct DeliveryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let guarantee: CreateGuarantee
    let fault: FakeERP.Fault
    var testDescription: String { "\(guarantee.rawValue), \(fault.rawValue)" }

    static let all = CreateGuarantee.allCases.flatMap { guarantee in FakeERP.Fault.allCases.map { Case(guarantee: guarantee, fault: $0) } }
  }

  @Test(arguments: Case.all)
  func anOrderIsNeitherDoubledNorLost(_ test: Case) async throws {
    let broker = try await TestBroker.ordering(guarantee: test.guarantee)
    let sale = try await broker.prepareSale()
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(test.guarantee)
    erp.fail(test.fault)
    try await broker.deliver(to: erp)
    let first = try #require(try await broker.deliveries(contract).first)
    switch (test.fault, test.guarantee) {
    case (.none, _), (.lineRefusal, _):
      #expect(first.state == .ordered)
      #expect(try await broker.state(contract) == "ordered")
    case (.refusal, _):
      #expect(first.state == .refused && first.code == "CREDIT_LIMIT")
      #expect(try await broker.state(contract) == "refused")
    case (.unreachable, _), (_, .idempotentByKey), (_, .strongProbe):
      #expect(first.state == .ready && first.attempts == 1 && first.nextAttemptAt == broker.clock.now + 250_000)
      #expect(try await broker.state(contract) == "signed")
    case (_, .none):
      #expect(first.state == .uncertain)
      #expect(try await broker.state(contract) == "uncertain")
    }
    // Nothing is sent again before its time.
    let calls = erp.createCalls.count
    try await broker.deliver(to: erp)
    #expect(erp.createCalls.count == calls)

    broker.clock.advance(seconds: 60)
    try await broker.deliver(to: erp)
    if first.state == .uncertain {
      let order = erp.orders.first
      try await broker.engine.settle(
        deliveryID: first.id, orderNumber: order?.number, customerNumber: order?.customerNumber ?? "", who: "ann", reason: "looked it up")
      try await broker.deliver(to: erp)
    }
    let last = try #require(try await broker.deliveries(contract).first)
    if test.fault == .refusal {
      #expect(last.state == .refused && erp.orders.isEmpty)
    } else {
      #expect(last.state == .ordered && last.orderNumber == "SO-1" && last.customerNumber == "D-1")
      #expect(erp.orders.count == 1 && erp.customers == ["D-1"])
      #expect(try await broker.crmID("Order", "SO-1") == "O-000001")
      #expect(try await broker.crmID("Party", "D-1") == sale.party)
    }
    #expect(Set(erp.createCalls).count <= 1)
    if test.guarantee == .strongProbe, first.state == .ready { #expect(erp.findCalls.count == 1) }
  }

  @Test func aRefusedLineStandsOnTheLine() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale(products: ["A", "B"])
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(.none)
    erp.fail(.lineRefusal)
    try await broker.deliver(to: erp)
    let status = try await broker.engine.status(ofContract: contract)
    #expect(status.orders[0].lines == [V1.LineVerdict(number: 1, outcome: "refused", code: "SOLD_OUT", explanation: "none left")])
  }

  @Test(arguments: CreateGuarantee.allCases, FakeERP.Fault.allCases)
  func twoContractsOfANewCustomerMakeOneCustomer(guarantee: CreateGuarantee, fault: FakeERP.Fault) async throws {
    let broker = try await TestBroker.ordering(guarantee: guarantee)
    let sale = try await broker.prepareSale()
    let contracts = [
      try await broker.signed(party: sale.party, products: sale.products),
      try await broker.signed(party: sale.party, products: sale.products),
    ]
    let erp = FakeERP(guarantee)
    erp.fail(fault)
    let service = broker.delivery(erp)
    // Both are due at once.
    let due = try await service.dueNow()
    #expect(due.count == 2)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for row in due { group.addTask { await service.deliver(row) } }
      try await group.waitForAll()
    }
    if ![.none, .refusal, .lineRefusal].contains(fault) {
      // Whichever came first holds the lane; the other waits for it and says so.
      let states = try await contracts.asyncMap { try await broker.deliveries($0)[0] }
      #expect(states.contains { $0.state == .waiting && $0.code == "CUSTOMER_BEING_CREATED" })
    }
    for _ in 0..<3 {
      broker.clock.advance(seconds: 60)
      try await service.deliverAll()
      for contract in contracts {
        let row = try await broker.deliveries(contract)[0]
        guard row.state == .uncertain else { continue }
        let order = erp.orders.first { $0.key == row.correlationKey }
        try await broker.engine.settle(
          deliveryID: row.id, orderNumber: order?.number, customerNumber: order?.customerNumber ?? "", who: "ann", reason: "looked it up")
      }
    }
    let rows = try await contracts.asyncMap { try await broker.deliveries($0)[0] }
    #expect(rows.filter { $0.state == .ordered }.count == (fault == .refusal ? 1 : 2))
    #expect(erp.orders.count == (fault == .refusal ? 1 : 2))
    #expect(erp.customers == ["D-1"])
    #expect(Set(erp.orders.map(\.key)).count == erp.orders.count)
    #expect(Set(erp.received.map(\.customerKey)).count == 1)
  }

  @Test func anOrderWaitsForAnIdOfItsDestination() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale()
    try await broker.importing([V1.Product.sample("", code: "CRM-ONLY")], message: "crm")
    let contract = try await broker.signed(party: sale.party, products: ["P-000002"])
    let erp = FakeERP(.none)
    try await broker.deliver(to: erp)
    let row = try #require(try await broker.deliveries(contract).first)
    #expect(row.state == .waiting && row.code == "UNKNOWN_PRODUCT" && row.waitingFor == .id("Product", "P-000002"))
    #expect(
      row.words
        == "the order waits (lines[1]/product: Product P-000002 of crm has no id in erp yet; `tessera identity link Product crm:P-000002 erp:ID --reason …` links it)"
    )
    try await broker.engine.join(.id("Product", "NEW", of: "erp"), .id("Product", "P-000002"), who: "ann", reason: "created it there")
    try await broker.deliver(to: erp)
    #expect(erp.received.map { $0.lines.map(\.product) } == [["NEW"]])
    #expect(try await broker.state(contract) == "ordered")
  }

  @Test(arguments: CreateGuarantee.allCases)
  func whatWasBeingSentWhenTheBrokerStoppedIsAmbiguous(guarantee: CreateGuarantee) async throws {
    let rows = try await TestBroker.ordering(guarantee: guarantee)
    let sale = try await rows.prepareSale()
    let contract = try await rows.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(guarantee)
    // The order's key is reserved with the first write; the broker dies when it writes down the answer.
    let dying = TestBroker(store: CrashingStore(rows.store, atWrite: 1, afterCommit: false), clock: rows.clock)
    try? await dying.deliver(to: erp)
    #expect(try await rows.deliveries(contract).map(\.state) == [.sending] && erp.orders.count == 1)

    let service = rows.delivery(erp)
    try await service.recover()
    let row = try #require(try await rows.deliveries(contract).first)
    #expect(row.state == (guarantee == .none ? .uncertain : .ready) && row.code == "BROKER_STOPPED")
    rows.clock.advance(seconds: 1)
    try await service.deliverAll()
    #expect(try await rows.state(contract) == (guarantee == .none ? "uncertain" : "ordered"))
    #expect(erp.orders.count == 1 && erp.customers == ["D-1"])
  }

  /// The store's trouble does not make uncertain what the destination has said.
  @Test(arguments: [FakeERP.Fault.none, .refusal])
  func anAnswerIsWrittenDownWhenTheStoreCanAgain(fault: FakeERP.Fault) async throws {
    let rows = try await TestBroker.ordering(guarantee: .none)
    let sale = try await rows.prepareSale()
    let contract = try await rows.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(.none)
    erp.fail(fault)
    // The order's key is reserved with the first write, the answer is the second.
    let broker = TestBroker(store: BusyStore(rows.store, refusing: 1...1), clock: rows.clock)
    try await broker.deliver(to: erp)
    #expect(try await rows.state(contract) == (fault == .none ? "ordered" : "refused"))
    #expect(erp.createCalls.count == 1)
  }

  @Test func onlyWhatIsUncertainIsSettled() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale()
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    let id = try await broker.deliveries(contract)[0].id
    await #expect(throws: ContractRefusal("NOT_UNCERTAIN", "delivery \(id) is not uncertain: it is ready")) {
      try await broker.engine.settle(deliveryID: id, orderNumber: "SO-1", who: "ann", reason: "why")
    }
    let erp = FakeERP(.none)
    erp.fail(.lostCall)
    try await broker.deliver(to: erp)
    try await broker.engine.settle(deliveryID: id, orderNumber: nil, who: "ann", reason: "not there")
    try await broker.deliver(to: erp)
    #expect(erp.orders.count == 1)
    #expect(try await broker.state(contract) == "ordered")
    #expect(try await broker.store.read { try $0.audit(after: 0, limit: 99) }.last?.action == "settle-not-ordered")
  }

  /// An order with a word that a value map does not know would go out incomplete.
  @Test func anOrderWithAValueThatIsNotMappedIsNotSent() async throws {
    let mapping = try #require(
      ShippedMappings.orderMapping(
        for: "erp", replacing: "<set field=\"status\" from=\"status\"/>",
        by: "<set field=\"status\" from=\"currency\" table=\"status-words\" table-from=\"sent\" table-to=\"canonical\" unmapped=\"hold\"/>")
    )
    let rows = try await TestBroker.ordering(guarantee: .none)
    let broker = TestBroker(store: rows.store, clock: rows.clock, mappings: ShippedMappings(adding: mapping))
    let sale = try await broker.prepareSale()
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(.none)
    try await broker.deliver(to: erp)
    #expect(erp.createCalls.isEmpty)
    let row = try #require(try await broker.deliveries(contract).first)
    #expect(row.state == .blocked && row.code == "UNMAPPED_VALUE" && row.attempts == 0)
    #expect(row.explanation == "status: the value map status-words has no row for \"EUR\"")
  }
}

extension Sequence {
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
