import Broker
import BrokerRuntime
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

/// What changes and call-offs add is measured as signing is; the contract is about a piece at 10 EUR.
@Suite("Credit of changes and call-offs") struct CreditChangeTests {
  private func holds(_ sale: ChangedSale) async throws -> [String] {
    let contract = sale.contract
    return try await sale.broker.store.read { try $0.creditHolds(ofContract: contract) }.map { "\($0.state) \($0.code)" }
  }

  @Test func aRaiseIsMeasuredByItsDifference() async throws {
    let sale = try await ChangedSale(limit: "50")
    try await sale.deliver()
    try await sale.amend("5")
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 ready"], "50 of 50")
    try await sale.deliver()
    try await sale.amend("6")
    #expect(try await sale.state == "changing")
    #expect(try await holds(sale) == ["waiting CREDIT_LIMIT"])
    #expect(try await sale.commitments == [10, 40])
    try await sale.deliver()
    #expect(try await sale.quantities == ["5.000000", "5.000000"], "what is on hold is not sent")
    let words = try await sale.broker.engine.status(ofContract: sale.contract).explanation
    #expect(words.contains("would owe 60.00 EUR"), "\(words)")
    #expect(words.contains("change 3 of the order SO-1 waits (with this contract"), "\(words)")
    // The ERP's figures hold the order by now, and allow more.
    try await sale.terms(limit: "60", ordered: "50")
    #expect(try await holds(sale) == ["released CREDIT_LIMIT"])
    try await sale.deliver()
    #expect(try await sale.quantities == ["6.000000", "6.000000"])
    #expect(try await sale.commitments == [10])
    #expect(try await sale.state == "ordered")
  }

  @Test func aPersonReleasesAChange() async throws {
    let sale = try await ChangedSale(limit: "50")
    try await sale.deliver()
    try await sale.amend("9")
    try await sale.broker.engine.releaseCredit(contractID: sale.contract, who: "ann", reason: "paid in advance")
    #expect(try await sale.commitments == [10, 80])
    try await sale.deliver()
    #expect(try await sale.quantities == ["9.000000", "9.000000"])
  }

  @Test func aHeldChangeIsTakenBackOrReplaced() async throws {
    let sale = try await ChangedSale(limit: "50")
    try await sale.deliver()
    try await sale.amend("9")
    try await sale.amend("3")
    #expect(try await holds(sale) == ["cancelled CREDIT_LIMIT"])
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 cancelled", "change 3 ready"])
    try await sale.amend("9")
    try await sale.cancel()
    #expect(try await holds(sale) == ["cancelled CREDIT_LIMIT", "cancelled CREDIT_LIMIT"])
    try await sale.deliver()
    #expect(try await sale.commitments == [])
  }

  @Test func lessNeedsNoCreditEvenWhereThereIsNone() async throws {
    let sale = try await ChangedSale(limit: "50")
    try await sale.amend("4")
    try await sale.deliver()
    try await sale.terms(limit: "0", ordered: "40")
    try await sale.amend("2")
    try await sale.deliver()
    #expect(try await sale.quantities == ["2.000000", "2.000000"])
    #expect(try await holds(sale) == [])
  }

  /// On hold since it was signed, and measured again with what it says now.
  @Test func whatIsOnHoldIsAmendedUntilItFits() async throws {
    let sale = try await ChangedSale(limit: "5")
    #expect(try await sale.state == "credit-hold")
    try await sale.amend("2")
    #expect(try await sale.state == "credit-hold")
    #expect(try await holds(sale) == ["cancelled CREDIT_LIMIT", "waiting CREDIT_LIMIT"])
    try await sale.amend("0.5")
    #expect(try await sale.state == "signed")
    try await sale.deliver()
    #expect(try await sale.quantities == ["0.500000", "0.500000"])
    #expect(try await sale.commitments == [5])
  }

  @Test func anOrderThatWasNotSentIsHeldWhereItsAmendmentGoesTooFar() async throws {
    let sale = try await ChangedSale(limit: "50")
    try await sale.amend("6")
    #expect(try await sale.state == "credit-hold")
    #expect(try await sale.commitments == [])
    try await sale.deliver()
    #expect(sale.erp.orders.isEmpty)
    try await sale.amend("5")
    #expect(try await sale.state == "signed")
    try await sale.deliver()
    #expect(try await sale.quantities == ["5.000000", "5.000000"])
  }

  @Test func eachCallOffIsMeasuredByItself() async throws {
    let sale = try await ChangedSale(calledOff: "10", limit: "50")
    #expect(try await sale.state == "signed", "nothing is ordered yet")
    try await sale.callOff("4")
    try await sale.callOff("4")
    #expect(try await sale.commitments == [40])
    #expect(try await sale.state == "signed")
    #expect(try await holds(sale) == ["waiting CREDIT_LIMIT"])
    #expect(try await sale.refusal { try await sale.callOff("3") } == "QUANTITY_EXCEEDED", "what is on hold is called off")
    try await sale.deliver()
    #expect(sale.erp.orders.count == 1)
    try await sale.cancel(callOff: 1)
    try await sale.deliver()
    // The first one's credit is free since the ERP has confirmed that it is cancelled.
    #expect(try await holds(sale) == ["released CREDIT_LIMIT"])
    try await sale.deliver()
    #expect(sale.erp.orders.map(\.isCancelled) == [true, false])
    #expect(try await sale.commitments == [40])
  }
}
