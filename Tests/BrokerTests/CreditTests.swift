import Broker
import BrokerRuntime
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI
import Testing

/// Credit control over the rows: signing, holding, releasing.
@Suite struct CreditTests {
  /// A broker whose ERP knows the customer as D-1, with terms that end at 100 EUR.
  private struct Desk {
    let broker: TestBroker
    let party: String
    let products: [String]
    let erp = FakeERP(.idempotentByKey)

    init(guarantee: CreateGuarantee = .idempotentByKey, limit: String? = "100") async throws {
      broker = try await TestBroker.ordering(guarantee: guarantee)
      try await broker.push("customer", [V1.Party.sample("D-1")])
      party = try #require(try await broker.crmID("Party", "D-1"))
      products = try await broker.prepareSale().products
      if let limit { try await terms(limit: limit) }
    }

    /// New terms, as of now.
    @discardableResult
    func terms(
      limit: String, open: String = "0", ordered: String = "0", overdue: String = "0", currency: String = "EUR", onHold: Bool = false,
      status: String = "active", age: Int64 = 0, from system: String = "erp"
    ) async throws -> V1.Receipt {
      broker.clock.advance(seconds: 1)
      let now = broker.clock.now
      // Whatever is booked from here on, the ERP books later.
      defer { broker.clock.advance(seconds: 1) }
      return try await broker.push(
        "terms \(now)",
        [
          V1.CreditTerms.sample(
            "D-1/1000", party: "D-1", limit: limit, open: open, ordered: ordered, overdue: overdue, currency: currency, onHold: onHold,
            status: status, version: now, asOf: now - age * 1_000_000)
        ], from: system)
    }

    func draft(_ price: Int, currency: String = "EUR") async throws -> String {
      try await broker.engine.draft(.sample(party: party, products: products, price: price, currency: currency)).id
    }

    func sign(_ price: Int, currency: String = "EUR") async throws -> String {
      let contract = try await draft(price, currency: currency)
      try await broker.engine.sign(contractID: contract, who: "ann")
      return contract
    }

    func holds(_ contract: String) async throws -> [CreditHoldRow] {
      try await broker.store.read { try $0.creditHolds(ofContract: contract) }
    }
    func policy(_ change: (inout CreditPolicy) -> Void, termsFrom: String = "") async throws {
      var policy = CreditPolicy()
      change(&policy)
      let row = CreditPolicyRow(system: "erp", area: "", policy: policy, termsFrom: termsFrom, changedAt: 1, changedBy: "ann")
      try await broker.engine.putCreditPolicy(row, who: "ann", reason: "house rule")
    }
  }

  @Test func ofTwoContractsOfSixtyPercentOnePassesAndOneHolds() async throws {
    let desk = try await Desk()
    let first = try await desk.sign(60)
    let second = try await desk.sign(60)
    #expect(try await desk.broker.state(first) == "signed")
    #expect(try await desk.broker.state(second) == "credit-hold")
    #expect(try await desk.broker.deliveries(second).isEmpty)
    #expect(try await desk.holds(second).map(\.code) == ["CREDIT_LIMIT"])
    #expect(try await desk.holds(first).isEmpty)
    try await desk.broker.deliver(to: desk.erp)
    #expect(desk.erp.orders.map(\.order.contractKey) == [first])
    // Signing it again changes nothing.
    try await desk.broker.engine.sign(contractID: second, who: "ann")
    #expect(try await desk.holds(second).count == 1)
    let status = try await desk.broker.engine.status(ofContract: second)
    #expect(status.explanation.hasPrefix("on credit hold: with this contract \(desk.party) would owe 120.00 EUR"))
  }

  @Test func manyRacersNeverExceedTheLimitTogether() async throws {
    let desk = try await Desk()
    var contracts: [String] = []
    for _ in 0..<20 { contracts.append(try await desk.draft(30)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for contract in contracts { group.addTask { try await desk.broker.engine.sign(contractID: contract, who: "ann") } }
      try await group.waitForAll()
    }
    var states: [String: Int] = [:]
    for contract in contracts { states[try await desk.broker.state(contract), default: 0] += 1 }
    #expect(states == ["signed": 3, "credit-hold": 17])
  }

  @Test func withoutTermsNothingIsControlledUnlessToldSo() async throws {
    let desk = try await Desk(limit: nil)
    #expect(try await desk.broker.state(desk.sign(1_000_000)) == "signed")
    try await desk.policy { $0.control = .on }
    let held = try await desk.sign(1)
    #expect(try await desk.broker.state(held) == "credit-hold")
    #expect(try await desk.holds(held).map(\.code) == ["CREDIT_TERMS_MISSING"])
    // What was signed before counts.
    try await desk.terms(limit: "100")
    #expect(try await desk.holds(held).map(\.code) == ["CREDIT_LIMIT"])
    try await desk.terms(limit: "1000001")
    #expect(try await desk.broker.state(held) == "signed")
  }

  @Test func newerTermsReleaseWhatTheyAllowOldestFirst() async throws {
    let desk = try await Desk(limit: "10")
    let contracts = [try await desk.sign(60), try await desk.sign(60), try await desk.sign(30)]
    for contract in contracts { #expect(try await desk.broker.state(contract) == "credit-hold") }
    try await desk.terms(limit: "100")
    // In the transaction that took the terms in: nothing else ran.
    #expect(try await desk.broker.state(contracts[0]) == "signed")
    #expect(try await desk.broker.state(contracts[1]) == "credit-hold")
    #expect(try await desk.broker.state(contracts[2]) == "signed")
    let released = try #require(try await desk.holds(contracts[0]).first)
    #expect(released.state == .released && released.endedBy == "broker")
    #expect(released.words.hasSuffix("released by broker: newer figures allow it"))
    try await desk.broker.deliver(to: desk.erp)
    #expect(Set(desk.erp.orders.map(\.order.contractKey)) == [contracts[0], contracts[2]])
  }

  @Test("The ERP's figures hold an order before its answer has arrived: it counts twice until then, and what that held is released")
  func figuresBeforeTheAnswer() async throws {
    let desk = try await Desk()
    let first = try await desk.sign(60)
    desk.erp.tellsBookingTime(desk.broker.clock.now)
    try await desk.terms(limit: "100", ordered: "60")
    let second = try await desk.sign(30)
    #expect(try await desk.broker.state(second) == "credit-hold")
    try await desk.broker.deliver(to: desk.erp)
    #expect(desk.erp.orders.map(\.order.contractKey) == [first, second])
    #expect(try await desk.holds(second).map(\.endedBy) == ["broker"])
    #expect(try await desk.broker.store.read { try $0.commitments(ofParty: desk.party) }.isEmpty)
  }

  @Test func olderTermsAreRecordedAndReleaseNothing() async throws {
    let desk = try await Desk(limit: "10")
    let contract = try await desk.sign(60)
    let old = V1.CreditTerms.sample("D-1/1000", party: "D-1", limit: "1000", version: 1, asOf: desk.broker.clock.now)
    #expect(try await desk.broker.push("old", [old]).outcomes == ["stale STALE_VERSION sourceVersion"])
    #expect(try await desk.broker.state(contract) == "credit-hold")
  }

  @Test func aPersonReleasesWithAReason() async throws {
    let desk = try await Desk(limit: "10")
    let contract = try await desk.sign(60)
    try await desk.broker.engine.releaseCredit(contractID: contract, who: "bob", reason: "paid in advance")
    #expect(try await desk.broker.state(contract) == "signed")
    #expect(try await desk.holds(contract).map(\.endedBy) == ["bob"])
    let audit = try await desk.broker.store.read { try $0.audit(after: 0, limit: 99) }
    #expect(
      audit.filter { $0.action == "credit-release" }.map { [$0.who, $0.subject, $0.reason] } == [
        ["bob", "contract \(contract), CREDIT_LIMIT", "paid in advance"]
      ])
    let refusal = try await #require(throws: ContractRefusal.self) {
      try await desk.broker.engine.releaseCredit(contractID: contract, who: "bob", reason: "again")
    }
    #expect(refusal.code == "NOT_ON_CREDIT_HOLD")
    // What a person released is signed, and takes room from others.
    #expect(try await desk.broker.state(desk.sign(1)) == "credit-hold")
  }

  @Test func paidReceivablesRelease() async throws {
    let desk = try await Desk()
    try await desk.broker.push("r1", [V1.Receivable.sample("RE-1", party: "D-1", due: "2025-06-01", open: "5")])
    let contract = try await desk.sign(10)
    #expect(try await desk.holds(contract).map(\.code) == ["CREDIT_OVERDUE"])
    try await desk.broker.push("r2", [V1.Receivable.sample("RE-1", party: "D-1", due: "2025-06-01", open: "0", version: 2)])
    #expect(try await desk.broker.state(contract) == "signed")
    #expect(try await desk.broker.store.read { try $0.accountEntries(ofParty: desk.party) }.map(\.entity) == ["CreditTerms"])
  }

  @Test(
    arguments: [
      ("CREDIT_ON_HOLD", true, "EUR", Int64(0), "active"), ("CREDIT_CURRENCY", false, "CNY", 0, "active"),
      ("CREDIT_TERMS_STALE", false, "EUR", 49 * 3600, "active"), ("CREDIT_TERMS_MISSING", false, "EUR", 0, "inactive"),
    ] as [(String, Bool, String, Int64, String)])
  func everyReasonHolds(code: String, onHold: Bool, currency: String, age: Int64, status: String) async throws {
    let desk = try await Desk(limit: nil)
    try await desk.terms(limit: "100", currency: currency, onHold: onHold, status: status, age: age)
    let contract = try await desk.sign(10)
    #expect(try await desk.holds(contract).map(\.code) == [code])
    #expect(try await desk.broker.deliveries(contract).isEmpty)
    try await desk.terms(limit: "100")
    #expect(try await desk.broker.state(contract) == "signed")
  }

  // MARK: - Signed and not ordered

  /// From signing to the ERP's own figures the order counts once, whatever comes in between.
  @Test(arguments: [true, false])
  func anOrderIsNeitherForgottenNorCountedTwice(tellsBookingTime: Bool) async throws {
    let desk = try await Desk()
    desk.erp.tellsBookingTime(tellsBookingTime ? desk.broker.clock.now : nil)
    let contract = try await desk.sign(60)
    func room() async throws -> [String] {
      try await desk.broker.engine.creditDecisions(onContract: try await desk.draft(1)).flatMap(\.decision.standings).map {
        Credit.words($0.free)
      }
    }
    #expect(try await room() == ["39.00"], "signed")
    // Figures that came before the order was booked do not hold it.
    try await desk.terms(limit: "100", age: 1)
    #expect(try await room() == ["39.00"], "signed, newer figures without it")
    desk.erp.tellsBookingTime(tellsBookingTime ? desk.broker.clock.now : nil)
    try await desk.broker.deliver(to: desk.erp)
    #expect(try await desk.broker.state(contract) == "ordered")
    #expect(try await room() == ["39.00"], "ordered, figures of before")
    try await desk.terms(limit: "100", age: 2)
    #expect(try await room() == ["39.00"], "ordered, newer figures of a time before the booking")
    try await desk.terms(limit: "100", ordered: "60")
    #expect(try await room() == ["39.00"], "ordered, figures that hold it")
    #expect(try await desk.broker.store.read { try $0.commitments(ofParty: desk.party) }.isEmpty)
    try await desk.terms(limit: "100", open: "60")
    #expect(try await room() == ["39.00"], "invoiced")
    try await desk.terms(limit: "100")
    #expect(try await room() == ["99.00"], "paid")
  }

  @Test func whatTheERPRefusesMakesRoom() async throws {
    let desk = try await Desk()
    let first = try await desk.sign(60)
    let second = try await desk.sign(60)
    desk.erp.fail(.refusal)
    try await desk.broker.deliver(to: desk.erp)
    #expect(try await desk.broker.state(first) == "refused")
    #expect(try await desk.broker.state(second) == "ordered", "released at once, and sent")
  }

  @Test func whatIsCancelledMakesRoom() async throws {
    let desk = try await Desk()
    let first = try await desk.sign(60)
    let second = try await desk.sign(60)
    let third = try await desk.sign(60)
    try await desk.broker.engine.cancel(contractID: second, who: "ann", reason: "changed their mind")
    #expect(try await desk.holds(second).map(\.state) == [.cancelled])
    try await desk.broker.engine.cancel(contractID: first, who: "ann", reason: "changed their mind")
    #expect(try await desk.broker.state(third) == "signed")
    #expect(try await desk.broker.state(second) == "cancelled")
  }

  @Test func anUncertainOrderCounts() async throws {
    let desk = try await Desk(guarantee: .none)
    let erp = FakeERP(.none)
    _ = try await desk.sign(60)
    erp.fail(.lostCall)
    try await desk.broker.deliver(to: erp)
    #expect(try await desk.broker.state(desk.sign(60)) == "credit-hold")
  }

  // MARK: - Policies

  @Test func aPolicyThatSwitchesControlOffReleases() async throws {
    let desk = try await Desk(limit: "10")
    let contract = try await desk.sign(60)
    try await desk.policy { $0.control = .off }
    #expect(try await desk.broker.state(contract) == "signed")
    #expect(try await desk.broker.state(desk.sign(6000)) == "signed")
  }

  @Test func termsMayComeFromAnotherSystem() async throws {
    let desk = try await Desk(limit: nil)
    try await desk.policy({ $0.control = .on }, termsFrom: "ledger")
    try await desk.broker.push("their customer", [V1.Party.sample("D-1")], from: "ledger")
    let ours = try #require(try await desk.broker.crmID("Party", "D-1", of: "ledger"))
    try await desk.terms(limit: "100", from: "ledger")
    let contract = try await desk.broker.engine.draft(.sample(party: ours, products: desk.products, price: 60)).id
    try await desk.broker.engine.sign(contractID: contract, who: "ann")
    #expect(try await desk.broker.state(contract) == "signed")
    #expect(try await desk.broker.state(desk.sign(1)) == "credit-hold", "the other customer has no terms there")
  }

  @Test func aContractFromElsewhereGoesOnHoldToo() async throws {
    let desk = try await Desk(limit: "10")
    try await desk.broker.push("their product", [V1.Product.sample("A")], from: "shop")
    try await desk.broker.push("their customer", [V1.Party.sample("K-1")], from: "shop")
    let theirs = try #require(try await desk.broker.crmID("Party", "K-1", of: "shop"))
    try await desk.broker.push("ours", [V1.Party.sample("D-2")])
    try await desk.policy { $0.control = .on }
    try await desk.broker.push("k", [V1.Contract.sample("C", party: "K-1", products: ["A"])], from: "shop")
    let id = try #require(try await desk.broker.crmID("Contract", "C", of: "shop"))
    #expect(try await desk.broker.state(id) == "credit-hold")
    #expect(try await desk.holds(id).map(\.party) == [theirs])
  }
}
