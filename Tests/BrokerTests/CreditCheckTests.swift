import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Synchronization
import Testing

@testable import BrokerRuntime

/// A destination that is asked for credit before an order is sent.
@Suite struct CreditCheckTests {
  private func ready(_ change: (inout CreditPolicy) -> Void = { _ in }) async throws -> (broker: TestBroker, contract: String) {
    let broker = try await TestBroker.ordering(guarantee: .idempotentByKey)
    try await broker.push("customer", [V1.Party.sample("D-1")])
    let party = try #require(try await broker.crmID("Party", "D-1"))
    let products = try await broker.prepareSale().products
    try await terms(broker, limit: "100", version: 1)
    var policy = CreditPolicy()
    change(&policy)
    let row = CreditPolicyRow(system: "erp", area: "", policy: policy, termsFrom: "", changedAt: 1, changedBy: "ann")
    try await broker.engine.putCreditPolicy(row, who: "ann", reason: "")
    return (broker, try await broker.signed(party: party, products: products))
  }

  private func terms(_ broker: TestBroker, limit: String, version: Int64) async throws {
    try await broker.push(
      "terms \(version)", [V1.CreditTerms.sample("T", party: "D-1", limit: limit, version: version, asOf: broker.clock.now + version)])
  }

  private func holds(_ broker: TestBroker, _ contract: String) async throws -> [CreditHoldRow] {
    try await broker.store.read { try $0.creditHolds(ofContract: contract) }
  }

  @Test func theCustomerIsNamedInTheDestinationsWords() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    let question = try #require(desk.questions.first)
    #expect(desk.questions.count == 1)
    #expect(question.customerNumber == "D-1" && question.creditArea == "1000" && question.amount == V1.MoneyAmount("10"))
    #expect(try await holds(broker, contract).isEmpty)
  }

  @Test func aRefusalHoldsTheOrderAndAPersonSendsItUnasked() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    desk.answer(.refused)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "credit-hold")
    #expect(desk.erp.createCalls.isEmpty)
    let hold = try #require(try await holds(broker, contract).first)
    #expect(hold.code == "CREDIT_REFUSED" && hold.delivery != nil)
    #expect(
      hold.explanation == "erp refuses the credit (TOO_LATE): they pay too late; of its limit of 100.00 EUR are used 95.00 EUR")
    broker.clock.advance(seconds: 3600)
    try await broker.deliver(to: desk)
    #expect(desk.erp.createCalls.isEmpty, "nothing polls")
    try await broker.engine.releaseCredit(contractID: contract, who: "bob", reason: "they promised")
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    #expect(desk.questions.count == 1)
  }

  @Test func afterARefusalNewerTermsHaveItAskedAgain() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    desk.answer(.refused)
    try await broker.deliver(to: desk)
    try await terms(broker, limit: "5", version: 2)
    #expect(try await holds(broker, contract).map(\.code) == ["CREDIT_LIMIT"])
    try await terms(broker, limit: "500", version: 3)
    #expect(try await broker.state(contract) == "signed")
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "credit-hold", "it refuses again")
    desk.answer(.allowed)
    try await terms(broker, limit: "600", version: 4)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    #expect(desk.questions.count == 3)
    #expect(try await holds(broker, contract).map(\.state) == [.released, .released])
  }

  @Test func whereItCannotBeAskedTheStoredTermsDecide() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    desk.answer(.unreachable)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    let note = try #require(try await holds(broker, contract).first)
    #expect(note.state == .unasked && note.code == "CREDIT_NOT_ASKED")
    #expect(
      note.words.contains(
        "erp could not be asked for the credit of C-000001: TRANSIENT: connection refused; the order was sent by the stored terms"))
  }

  @Test func orNothingIsSentIfThePolicySaysSo() async throws {
    let (broker, contract) = try await ready { $0.fallback = .hold }
    let desk = CreditDesk()
    desk.answer(.unreachable)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "credit-hold")
    #expect(try await holds(broker, contract).map(\.code) == ["CREDIT_NOT_ASKED"])
    #expect(desk.erp.createCalls.isEmpty)
  }

  @Test(arguments: [CreditDesk.Answer.noSay, .refused])
  func notEverythingIsAsked(answer: CreditDesk.Answer) async throws {
    let (broker, contract) = try await ready { $0.asks = answer == .noSay }
    let desk = CreditDesk()
    desk.answer(answer)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    #expect(desk.questions.count == (answer == .noSay ? 1 : 0))
  }

  @Test func anOrderThatMayHaveBeenSentIsNotHeldAnyMore() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    desk.erp.fail(.commitThenDrop)
    try await broker.deliver(to: desk)
    desk.answer(.refused)
    broker.clock.advance(seconds: 60)
    try await broker.deliver(to: desk)
    #expect(try await broker.state(contract) == "ordered")
    #expect(desk.questions.count == 1)
  }

  @Test func aRefusedContractCanBeCancelled() async throws {
    let (broker, contract) = try await ready()
    let desk = CreditDesk()
    desk.answer(.refused)
    try await broker.deliver(to: desk)
    try await broker.engine.cancel(contractID: contract, who: "ann", reason: "no use")
    #expect(try await broker.state(contract) == "cancelled")
    #expect(try await holds(broker, contract).map(\.state) == [.cancelled])
    #expect(try await broker.deliveries(contract).map(\.state) == [.cancelled])
  }
}
