import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI
import Testing

extension V1.OrderStatus {
  /// Lines as ordered, shipped, invoiced.
  static func sample(
    _ id: String, placed: String? = nil, version: Int64? = 1, state: String = "open", hold: String = "", status: String = "active",
    lines: [(ordered: String, shipped: String, invoiced: String)] = [("10", "0", "0")], lineHold: String = ""
  ) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: status, attributes: [], number: id, placed: placed ?? id, party: "D-1",
      state: state, hold: hold, orderDate: "2026-01-02", currency: "EUR", netTotal: V1.MoneyAmount("100")!,
      taxTotal: V1.MoneyAmount("0")!, grossTotal: V1.MoneyAmount("100")!,
      lines: lines.enumerated().map { index, line in
        V1.OrderLineStatus(
          number: Int32(index + 1), product: "A", ordered: V1.QuantityAmount(line.ordered)!, shipped: V1.QuantityAmount(line.shipped)!,
          invoiced: V1.QuantityAmount(line.invoiced)!, hold: lineHold, promisedDate: "2026-02-01")
      })
  }
}

/// How an order stands, from what its ERP says.
@Suite struct OrderProgressTests {
  typealias Line = (ordered: String, shipped: String, invoiced: String)

  private func progress(_ lines: [Line], state: String = "open", hold: String = "", status: String = "active") -> OrderProgress {
    OrderProgress(.sample("SO-1", state: state, hold: hold, status: status, lines: lines))
  }

  @Test func theQuantitiesSayHowFarItHasCome() {
    #expect(progress([("10", "0", "0")]) == .open)
    #expect(progress([("10", "4", "0")]) == .partlyShipped)
    #expect(progress([("10", "10", "0"), ("5", "0", "0")]) == .partlyShipped)
    #expect(progress([("10", "10", "0"), ("5", "5", "5")]) == .shipped)
    #expect(progress([("10", "11", "10"), ("5", "5", "5")]) == .invoiced)
    #expect(progress([]) == .open)
  }

  @Test func theERPsWordCountsWhereItSaysMore() {
    #expect(progress([("10", "0", "0")], state: "shipped") == .shipped)
    #expect(progress([("10", "10", "10")], state: "open") == .invoiced)
    #expect(progress([("10", "3", "0")], state: "closed") == .closed)
    #expect(progress([("10", "3", "0")], state: "closed", status: "inactive") == .cancelled)
  }

  @Test func aHoldIsNewsWhileSomethingIsStillToBeShipped() {
    #expect(progress([("10", "0", "0")], hold: "no paper") == .held)
    #expect(progress([("10", "2", "0")], state: "held") == .held)
    #expect(progress([("10", "10", "0")], hold: "no paper") == .shipped)
    let status = V1.OrderStatus.sample("SO-1", hold: "no paper", lines: [("10", "2", "0"), ("1", "1", "1")], lineHold: "sold out")
    #expect(
      status.words()
        == "on hold there: 1 of 2 lines shipped, 1 in part, 1 invoiced; on hold: no paper; line 1 on hold: sold out; line 2 on hold: sold out"
    )
  }

  @Test(
    arguments: [
      ([nil], .ordered), ([.open], .ordered), ([.held], .ordered), ([.partlyShipped], .partlyShipped), ([.shipped], .shipped),
      ([.invoiced], .invoiced), ([.closed], .closed), ([.cancelled], .cancelled), ([.shipped, nil], .partlyShipped),
      ([.shipped, .open], .partlyShipped), ([.shipped, .closed], .shipped), ([.invoiced, .closed], .invoiced),
      ([.shipped, .cancelled], .shipped), ([.cancelled, nil], .ordered), ([.cancelled, .cancelled], .cancelled),
    ] as [([OrderProgress?], ContractState)])
  func aContractIsAsFarAsItsOrders(orders: [OrderProgress?], state: ContractState) {
    #expect(OrderProgress.contractState(of: orders) == state)
  }
}

/// News of orders over the rows: what they change, and when they change nothing.
@Suite struct OrderNewsTests {
  /// A broker whose ERP has taken the order of one contract as SO-1.
  private struct Sale {
    let broker: TestBroker
    let contract: String
    let erp = FakeERP(.idempotentByKey)

    /// - Parameter limit: the customer's, in EUR; the contract is worth 60.
    init(limit: String? = nil, delivered: Bool = true) async throws {
      broker = try await TestBroker.ordering(guarantee: .idempotentByKey)
      try await broker.push("customer", [V1.Party.sample("D-1")])
      let party = try #require(try await broker.crmID("Party", "D-1"))
      let products = try await broker.prepareSale().products
      if let limit {
        try await broker.push(
          "terms", [V1.CreditTerms.sample("D-1/1000", party: "D-1", limit: limit, asOf: broker.clock.now)])
        broker.clock.advance(seconds: 1)
      }
      contract = try await broker.engine.draft(.sample(party: party, products: products, price: 60)).id
      try await broker.engine.sign(contractID: contract, who: "ann")
      if delivered { try await broker.deliver(to: erp) }
    }

    func state() async throws -> String { try await broker.state(contract) }
    func progress() async throws -> OrderProgress? { try await broker.deliveries(contract).first?.progress }
  }

  @Test func theContractFollowsItsOrder() async throws {
    let sale = try await Sale()
    #expect(try await sale.progress() == nil)
    let steps: [(V1.OrderStatus, String)] = [
      (.sample("SO-1", version: 1), "ordered"), (.sample("SO-1", version: 2, hold: "no paper"), "ordered"),
      (.sample("SO-1", version: 3, lines: [("10", "5", "0")]), "partly-shipped"),
      (.sample("SO-1", version: 4, lines: [("10", "10", "5")]), "shipped"),
      (.sample("SO-1", version: 5, lines: [("10", "10", "10")]), "invoiced"),
      (.sample("SO-1", version: 6, state: "closed", lines: [("10", "10", "10")]), "closed"),
    ]
    for (news, state) in steps {
      #expect(try await sale.broker.push("v\(news.sourceVersion ?? 0)", [news]).outcomes == ["applied"])
      #expect(try await sale.state() == state)
    }
    let delivery = try #require(try await sale.broker.deliveries(sale.contract).first)
    #expect(delivery.progress == .closed && delivery.orderStatus == "S-000001" && delivery.state == .ordered)
    #expect(delivery.words == "ordered as SO-1, customer D-1, closed")
  }

  @Test func lateAndRepeatedNewsAreRecordedAndChangeNothing() async throws {
    let sale = try await Sale()
    let shipped = V1.OrderStatus.sample("SO-1", version: 7, lines: [("10", "10", "0")])
    try await sale.broker.push("7", [shipped])
    #expect(
      try await sale.broker.push("6", [V1.OrderStatus.sample("SO-1", version: 6, lines: [("10", "5", "0")])]).outcomes
        == ["stale STALE_VERSION sourceVersion"])
    #expect(try await sale.broker.push("7 again", [shipped]).outcomes == ["unchanged"])
    #expect(
      try await sale.broker.push("7 otherwise", [V1.OrderStatus.sample("SO-1", version: 7)]).outcomes
        == ["stale VERSION_REUSED sourceVersion"])
    // One batch with everything upside down.
    let all = [9, 8, 10, 9].map { V1.OrderStatus.sample("SO-1", version: $0, lines: [("10", "10", "\($0 == 10 ? 10 : 0)")]) }
    #expect(
      try await sale.broker.push("upside down", all).outcomes
        == [
          "unchanged DUPLICATE_IN_MESSAGE", "unchanged DUPLICATE_IN_MESSAGE", "applied", "stale STALE_VERSION sourceVersion",
        ])
    #expect(try await sale.state() == "invoiced")
  }

  @Test func newsBeforeTheAnswerWaitForTheNumberAndTheNewestCounts() async throws {
    let sale = try await Sale(delivered: false)
    #expect(
      try await sale.broker.push("2", [V1.OrderStatus.sample("SO-1", version: 2, lines: [("10", "5", "0")])]).outcomes
        == ["held UNKNOWN_ORDER"])
    #expect(
      try await sale.broker.push("3", [V1.OrderStatus.sample("SO-1", version: 3, lines: [("10", "10", "0")])]).outcomes
        == ["held UNKNOWN_ORDER"])
    #expect(
      try await sale.broker.push("1", [V1.OrderStatus.sample("SO-1", version: 1)]).outcomes == ["stale STALE_VERSION sourceVersion"])
    #expect(try await sale.state() == "signed")
    try await sale.broker.deliver(to: sale.erp)
    #expect(try await sale.broker.held().isEmpty)
    #expect(try await sale.state() == "shipped")
    #expect(try await sale.broker.item(ofMessage: "2")?.outcome == .superseded)
  }

  @Test func newsThatDidNotSayWhoseTheyAreAreRecognisedByTheNumber() async throws {
    let sale = try await Sale(delivered: false)
    let news = V1.OrderStatus.sample("SO-1", placed: "", lines: [("10", "10", "0")])
    #expect(try await sale.broker.push("1", [news]).outcomes == ["applied"])
    #expect(try await sale.state() == "signed")
    try await sale.broker.deliver(to: sale.erp)
    #expect(try await sale.state() == "shipped")
    let row = try #require(try await sale.broker.store.read { try $0.object(entity: "OrderStatus", id: "S-000001") })
    #expect(try V1.OrderStatus(cdr: row.body).placed == "O-000001")
  }

  @Test func anOrderOfSomebodyElseIsKnownAndChangesNoContract() async throws {
    let sale = try await Sale()
    let news = V1.OrderStatus.sample("SO-77", placed: "", lines: [("10", "10", "10")])
    #expect(try await sale.broker.push("1", [news]).outcomes == ["applied"])
    #expect(try await sale.state() == "ordered")
    #expect(try await sale.broker.count("OrderStatus") == 1)
  }

  @Test func whatTheERPTakesBackUsesNoCredit() async throws {
    let sale = try await Sale(limit: "100")
    let party = try #require(try await sale.broker.crmID("Party", "D-1"))
    let product = try #require(try await sale.broker.crmID("Product", "A"))
    let second = try await sale.broker.engine.draft(.sample(party: party, products: [product], price: 60)).id
    try await sale.broker.engine.sign(contractID: second, who: "ann")
    #expect(try await sale.broker.state(second) == "credit-hold")
    try await sale.broker.push("cancelled", [V1.OrderStatus.sample("SO-1", version: 2, state: "closed", status: "inactive")])
    #expect(try await sale.state() == "cancelled")
    // In the transaction that took the news in.
    #expect(try await sale.broker.state(second) == "signed")
    let audit = try await sale.broker.store.read { try $0.audit(after: 0, limit: 99) }
    #expect(audit.contains { $0.action == "order-cancelled" && $0.who == "erp" && $0.subject == "V-000001, order SO-1" })
    // Taken up again, it counts again.
    var news = V1.OrderStatus.sample("SO-1", version: 3)
    news.changedAt = sale.broker.clock.now
    try await sale.broker.push("again", [news])
    #expect(try await sale.state() == "ordered")
    let commitments = try await sale.broker.store.read { try $0.commitments(ofParty: party) }
    #expect(Set(commitments.map(\.contract)) == [sale.contract, second])
  }

  @Test func anUncertainOrderStaysSoUntilItIsSettled() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    try await broker.push("customer", [V1.Party.sample("D-1")])
    let party = try #require(try await broker.crmID("Party", "D-1"))
    let contract = try await broker.signed(party: party, products: try await broker.prepareSale().products)
    let erp = FakeERP(.none)
    erp.fail(.commitThenDrop)
    try await broker.deliver(to: erp)
    #expect(try await broker.state(contract) == "uncertain")
    #expect(
      try await broker.push("1", [V1.OrderStatus.sample("SO-1", lines: [("10", "10", "0")])]).outcomes == ["held UNKNOWN_ORDER"])
    let delivery = try #require(try await broker.deliveries(contract).first)
    try await broker.engine.settle(deliveryID: delivery.id, orderNumber: "SO-1", customerNumber: "D-1", who: "ann", reason: "found it")
    #expect(try await broker.state(contract) == "shipped")
  }
}
