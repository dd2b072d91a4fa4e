import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

@testable import BrokerRuntime

@Suite("A contract is amended") struct AmendTests {
  @Test func beforeItsOrderIsSentTheOrderIsReplaced() async throws {
    let sale = try await ChangedSale()
    try await sale.amend("3")
    #expect(try await sale.deliveries == ["create 1 ready"])
    #expect(try await sale.commitments == [30])
    try await sale.deliver()
    #expect(try await sale.quantities == ["3.000000", "3.000000"])
    #expect(sale.erp.createCalls.count == 1 && sale.erp.changeCalls.isEmpty)
    #expect(sale.erp.received.map(\.orderType) == ["upsell"])
    #expect(try await sale.state == "ordered")
  }

  @Test func anOrderThatExistsIsChangedThereAndTheContractWithIt() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    try await sale.amend("3")
    #expect(try await sale.state == "changing")
    #expect(try await sale.quantities == ["1.000000", "1.000000"], "until the ERP has confirmed it")
    #expect(try await sale.commitments == [10, 20])
    try await sale.deliver()
    #expect(try await sale.state == "ordered")
    #expect(try await sale.quantities == ["3.000000", "3.000000"])
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 confirmed"])
    #expect(sale.erp.orders.map(\.order.orderType) == ["upsell"])
    try await sale.amend("2")
    try await sale.deliver()
    #expect(try await sale.quantities == ["2.000000", "2.000000"])
    #expect(try await sale.commitments == [10, 10], "what is less is not committed any more")
    #expect(sale.erp.changeCalls.map { $0.suffix(2) } == [".2", ".3"])
    #expect(try await sale.broker.contract(sale.contract).orderType == "downsell")
  }

  @Test func aRefusedChangeLeavesTheContractAsItWas() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    sale.erp.ship("SO-1")
    try await sale.amend("3")
    try await sale.deliver()
    #expect(try await sale.state == "ordered")
    #expect(try await sale.quantities == ["1.000000", "1.000000"])
    #expect(try await sale.commitments == [10])
    let change = try #require(try await sale.broker.deliveries(sale.contract).last)
    #expect(change.words == "change 2 of the order SO-1 was refused (it is shipped already); the order stays as it was")
    let order = try #require(try await sale.broker.engine.status(ofContract: sale.contract).orders.last)
    #expect(order.action == "change" && order.revision == 2 && order.lines.map(\.code) == ["ALREADY_SHIPPED"])
  }

  @Test func whatIsOnItsWayIsNotAmended() async throws {
    let sale = try await ChangedSale()
    sale.erp.fail(.commitThenDrop)
    try await sale.deliver()
    #expect(try await sale.refusal { try await sale.amend("2") } == "CONTRACT_UNDER_WAY")
    sale.broker.clock.advance(seconds: 60)
    try await sale.deliver()
    try await sale.amend("2")
    sale.erp.fail(.lostCall)
    try await sale.deliver()
    #expect(try await sale.refusal { try await sale.amend("3") } == "CONTRACT_UNDER_WAY")
    #expect(try await sale.refusal { try await sale.cancel() } == "CONTRACT_UNDER_WAY")
    sale.broker.clock.advance(seconds: 60)
    try await sale.deliver()
    #expect(try await sale.quantities == ["2.000000", "2.000000"])
  }

  @Test func anotherAmendmentTakesThePlaceOfAChangeThatWasNotSent() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    try await sale.amend("3")
    try await sale.amend("4")
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 cancelled", "change 3 ready"])
    #expect(try await sale.commitments == [10, 30])
    try await sale.amend("1")
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 cancelled", "change 3 cancelled"])
    #expect(try await sale.commitments == [10])
    #expect(try await sale.state == "ordered")
  }

  @Test(arguments: CreateGuarantee.allCases)
  func aChangeIsCarriedOutOnceHoweverTheCallEnds(guarantee: CreateGuarantee) async throws {
    for fault in FakeERP.Fault.allCases {
      let sale = try await ChangedSale(guarantee)
      try await sale.deliver()
      try await sale.amend("3")
      sale.erp.fail(fault)
      for _ in 0..<3 {
        try await sale.deliver()
        sale.broker.clock.advance(seconds: 60)
      }
      for row in try await sale.broker.deliveries(sale.contract) where row.state == .uncertain {
        #expect(guarantee == .none && row.action == .change)
        #expect(try await sale.state == "uncertain")
        let isDone = try sale.erp.has(row, sale.erp.orders[0])
        try await sale.broker.engine.settle(
          deliveryID: row.id, orderNumber: isDone ? row.orderNumber : nil, who: "ann", reason: "looked it up")
        try await sale.deliver()
      }
      let isRefused = fault == .refusal || fault == .lineRefusal
      let expected = isRefused ? "1.000000" : "3.000000"
      #expect(try await sale.quantities == [expected, expected], "\(fault), \(guarantee)")
      #expect(try await sale.state == "ordered")
      #expect(sale.erp.orders.count == 1)
    }
  }

  @Test func aSystemThatTakesNoChangesIsNotAsked() async throws {
    let sale = try await ChangedSale()
    let desk = CreditDesk()
    try await sale.broker.deliver(to: desk)
    try await sale.cancel()
    try await sale.broker.deliver(to: desk)
    #expect(try await sale.state == "ordered")
    let row = try #require(try await sale.broker.deliveries(sale.contract).last)
    #expect(row.state == .refused && row.code == "CHANGE_NOT_OFFERED")
  }

  @Test func whatASignedContractSaysOfItsCustomerStays() async throws {
    let sale = try await ChangedSale()
    var new = try await sale.broker.contract(sale.contract)
    new.currency = "CNY"
    let other = new
    #expect(
      try await sale.refusal {
        try await sale.broker.engine.amend(contractID: sale.contract, to: other, who: "ann", reason: "moved")
      } == "AMENDMENT_NOT_POSSIBLE")
    #expect(try await sale.refusal { try await sale.amend("0") } == "QUANTITY_INVALID")
    try await sale.cancel()
    #expect(try await sale.refusal { try await sale.amend("2") } == "CONTRACT_ENDED")
  }

  @Test func aDraftIsWrittenAnew() async throws {
    let sale = try await ChangedSale()
    let draft = try await sale.broker.engine.draft(.sample(party: sale.party, products: sale.products))
    var new = draft.with(quantity: "7")
    new.currency = "CNY"
    try await sale.broker.engine.amend(contractID: draft.id, to: new, who: "ann", reason: "a mistake")
    let amended = try await sale.broker.contract(draft.id)
    #expect(amended.currency == "CNY" && amended.lines.count == 2 && amended.status == "draft" && amended.orderType == "")
  }
}

@Suite("A contract is cancelled after its order exists") struct CancelTests {
  @Test func theERPIsAskedAndCreditIsFreedWhenItHasConfirmed() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    try await sale.cancel()
    try await sale.cancel()
    #expect(try await sale.state == "cancelling")
    #expect(try await sale.commitments == [10])
    #expect(try await sale.refusal { try await sale.amend("2") } == "CONTRACT_ENDED")
    try await sale.deliver()
    #expect(try await sale.state == "cancelled")
    #expect(try await sale.commitments == [])
    #expect(sale.erp.orders.map(\.isCancelled) == [true])
    #expect(sale.erp.reasons == ["changed their mind"])
    #expect(try await sale.deliveries == ["create 1 ordered", "cancel 2 confirmed"])
  }

  @Test func theERPMayRefuseAndTheOrderStays() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    sale.erp.ship("SO-1")
    try await sale.cancel()
    try await sale.deliver()
    #expect(try await sale.state == "ordered")
    #expect(try await sale.commitments == [10])
    let words = try await sale.broker.engine.status(ofContract: sale.contract).explanation
    #expect(words.contains("the cancellation of the order SO-1 was refused (it is shipped already); the order stays as it was"), "\(words)")
    // What was refused once may be asked again.
    try await sale.cancel()
    #expect(try await sale.deliveries == ["create 1 ordered", "cancel 2 refused", "cancel 3 ready"])
  }

  @Test func aChangeThatWasNotSentIsTakenBackFirst() async throws {
    let sale = try await ChangedSale()
    try await sale.deliver()
    try await sale.amend("3")
    try await sale.cancel()
    #expect(try await sale.deliveries == ["create 1 ordered", "change 2 cancelled", "cancel 3 ready"])
    try await sale.deliver()
    #expect(try await sale.state == "cancelled")
    #expect(try await sale.commitments == [])
  }
}
