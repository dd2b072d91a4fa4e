import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

/// What an ERP says later of an order or a change: it settles, and it revises.
@Suite("Order responses") struct OrderResponseTests {
  private func push(
    _ sale: ChangedSale, _ outcome: String, revision: Int32 = 1, number: String = "SO-1", code: String = "", version: Int64 = 1,
    key: String? = nil, message: String = "", from system: String = "erp", lines: [V1.LineVerdict] = []
  ) async throws -> [String] {
    let own = try #require(try await sale.broker.deliveries(sale.contract).first).correlationKey
    let response = V1.OrderResponse(
      id: "OR-\(revision)", changedAt: 1, sourceVersion: version, status: "active", attributes: [], key: key ?? own, revision: revision,
      outcome: outcome, orderNumber: number, customerNumber: "D-1", code: code, explanation: code.isEmpty ? "" : "said later", lines: lines,
      bookedAt: nil)
    return try await sale.broker.push("response \(revision) \(version) \(system) \(message)", [response], from: system).outcomes
  }

  @Test func settlesWhatNobodyHeardTheAnswerTo() async throws {
    let sale = try await ChangedSale(.none)
    sale.erp.fail(.commitThenDrop)
    try await sale.deliver()
    #expect(try await sale.state == "uncertain")
    #expect(try await push(sale, "accepted") == ["applied"])
    #expect(try await sale.state == "ordered")
    #expect(try await sale.broker.crmID("Order", "SO-1") == "O-000001")
    #expect(try await sale.broker.crmID("Party", "D-1") == sale.party)
    #expect(try await sale.commitments == [10])
    // A change of it, too.
    try await sale.amend("3")
    sale.erp.fail(.commitThenDrop)
    try await sale.deliver()
    #expect(try await sale.state == "uncertain")
    #expect(try await push(sale, "accepted", revision: 2) == ["applied"])
    #expect(try await sale.state == "ordered")
    #expect(try await sale.quantities == ["3.000000", "3.000000"])
  }

  @Test func anOrderIsRefusedAfterItWasTakenAndTakenAgain() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    let lines = [V1.LineVerdict(number: 1, outcome: "refused", code: "SOLD_OUT", explanation: "none left")]
    #expect(try await push(sale, "refused", code: "SOLD_OUT", lines: lines) == ["applied"])
    #expect(try await sale.state == "refused")
    #expect(try await sale.commitments == [], "its credit is free")
    let order = try #require(try await sale.broker.engine.status(ofContract: sale.contract).orders.first)
    #expect(order.lines == lines && order.explanation == "the order was refused (said later)")
    #expect(try await push(sale, "accepted", version: 2) == ["applied"])
    #expect(try await sale.state == "ordered")
    #expect(try await sale.commitments == [10])
    // What comes late says nothing any more.
    #expect(try await push(sale, "refused", code: "TOO_LATE", version: 1, message: "late").first?.hasPrefix("stale") == true)
    #expect(try await sale.state == "ordered")
  }

  @Test func aLineIsRefusedLater() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    try await sale.callOff("4")
    try await sale.deliver()
    let lines = [V1.LineVerdict(number: 1, outcome: "refused", code: "SOLD_OUT", explanation: "none left")]
    #expect(try await push(sale, "partial", lines: lines) == ["applied"])
    let status = try await sale.broker.engine.status(ofContract: sale.contract)
    #expect(status.lines.map { $0.left.description } == ["10.000000"], "it can be called off again")
  }

  @Test func whatHasEndedOtherwiseIsToldToAPerson() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    try await sale.cancel()
    try await sale.deliver()
    #expect(try await push(sale, "refused", revision: 2, code: "TOO_LATE") == ["applied"])
    #expect(try await sale.state == "cancelled")
    let words = try await sale.broker.engine.status(ofContract: sale.contract).explanation
    #expect(words.contains("the destination now says refused, where it said otherwise; check it by hand"), "\(words)")
  }

  @Test func whatAnswersNothingOfOursIsAudited() async throws {
    let sale = try await ChangedSale()
    #expect(try await push(sale, "accepted") == ["applied"], "the order was not sent yet")
    #expect(try await sale.deliveries == ["create 1 ready"])
    #expect(try await push(sale, "accepted", version: 2, key: "nothing") == ["applied"])
    #expect(try await push(sale, "refused", from: "shop") == ["applied"], "another system has no say in it")
    try await sale.deliver()
    #expect(try await sale.state == "ordered")
    let ignored = try await sale.broker.store.read { try $0.audit(after: 0, limit: 99) }.filter { $0.action == "order-response-ignored" }
    #expect(ignored.map(\.who) == ["erp", "erp", "shop"], "of what was not sent yet, of nothing of ours, of another system")
    #expect(try await push(sale, "perhaps", version: 3) == ["rejected VALUE_UNKNOWN outcome"])
    #expect(try await push(sale, "accepted", number: "", version: 4) == ["rejected TEXT_MISSING orderNumber"])
  }
}
