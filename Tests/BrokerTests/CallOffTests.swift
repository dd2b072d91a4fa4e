import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

@testable import BrokerRuntime

@Suite("A contract is called off") struct CallOffTests {
  @Test func eachCallOffIsAnOrderOfItsOwn() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    #expect(try await sale.state == "signed")
    #expect(try await sale.deliveries == [])
    #expect(try await sale.commitments == [])
    #expect(try await sale.callOff("4") == 1)
    #expect(try await sale.callOff("5") == 2)
    #expect(try await sale.commitments == [40, 50])
    try await sale.deliver()
    #expect(try await sale.quantities == ["10.000000", "4.000000", "5.000000"])
    #expect(sale.erp.received.map(\.number) == ["V-000001/1", "V-000001/2"] && sale.erp.received.map(\.callOff) == [1, 2])
    #expect(Set(sale.erp.orders.map(\.key)).count == 2 && Set(sale.erp.orders.map(\.customerNumber)).count == 1)
    #expect(try await sale.state == "signed", "one is left")
    let status = try await sale.broker.engine.status(ofContract: sale.contract)
    #expect(status.lines.map { "\($0.contracted) \($0.calledOff) \($0.left)" } == ["10.000000 9.000000 1.000000"])
    try await sale.broker.engine.callOff(CallOff(lines: []), contractID: sale.contract, who: "ann")
    try await sale.deliver()
    #expect(try await sale.state == "ordered")
    #expect(try await sale.refusal { try await sale.callOff("1") } == "QUANTITY_EXCEEDED")
  }

  @Test func neverMoreIsCalledOffThanIsAgreedHoweverManyTryAtOnce() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    let taken = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 { group.addTask { (try? await sale.callOff("3")) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(taken == 3)
    try await sale.deliver()
    #expect(sale.erp.orders.count == 3)
  }

  @Test func whatIsRefusedOrCancelledCanBeCalledOffAgain() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    sale.erp.fail(.refusal)
    try await sale.callOff("10")
    try await sale.deliver()
    #expect(try await sale.commitments == [])
    try await sale.callOff("6")
    try await sale.deliver()
    try await sale.cancel(callOff: 2)
    #expect(try await sale.refusal { try await sale.callOff("10") } == "QUANTITY_EXCEEDED", "until the ERP has confirmed it")
    try await sale.deliver()
    #expect(try await sale.state == "signed")
    #expect(try await sale.callOff("10") == 3)
    #expect(try await sale.refusal { try await sale.cancel(callOff: 9) } == "CALL_OFF_UNKNOWN")
  }

  @Test func theWholeIsCancelledWithItsCallOffs() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    try await sale.callOff("4")
    try await sale.deliver()
    try await sale.callOff("3")
    try await sale.cancel()
    #expect(try await sale.state == "cancelling")
    #expect(try await sale.refusal { try await sale.callOff("1") } == "CONTRACT_ENDED")
    try await sale.deliver()
    #expect(try await sale.state == "cancelled")
    #expect(try await sale.deliveries == ["create 1 ordered", "create 1 cancelled", "cancel 2 confirmed"])
    #expect(try await sale.commitments == [])
  }

  @Test func whatIsCalledOffStaysInTheContract() async throws {
    let sale = try await ChangedSale(calledOff: "10")
    try await sale.callOff("4")
    #expect(try await sale.refusal { try await sale.amend("3") } == "CALLED_OFF_ALREADY")
    try await sale.amend("5")
    #expect(try await sale.refusal { try await sale.callOff("2") } == "QUANTITY_EXCEEDED")
    #expect(try await sale.callOff("1") == 2)
  }

  @Test func aContractThatIsOrderedAsAWholeIsNotCalledOff() async throws {
    let sale = try await ChangedSale()
    #expect(try await sale.refusal { try await sale.callOff("1") } == "NOT_CALLED_OFF")
  }

  @Test func everythingThatIsWrongIsSaidAtOnce() throws {
    var contract = V1.Contract.sample("V-1", party: "C-1", products: ["A", "B"])
    contract.calledOff = true
    let wrong = CallOff(
      lines: [(1, "2"), (1, "1"), (2, "0"), (7, "1")].map { CallOff.Line(number: $0.0, quantity: V1.QuantityAmount($0.1)!) },
      deliveryDate: "soon")
    #expect(
      CallOffs.examine(wrong, of: contract, orders: []).map { "\($0.code) \($0.path)" } == [
        "DATE_INVALID deliveryDate", "QUANTITY_EXCEEDED lines[1]/quantity", "LINE_NUMBER lines[2]/number",
        "QUANTITY_INVALID lines[3]/quantity", "LINE_UNKNOWN lines[4]/number",
      ])
  }

  @Test func theTaxOfThePartsIsTheTaxOfTheWhole() throws {
    var contract = V1.Contract.sample("V-1", party: "C-1", products: ["A"], price: 1).with(quantity: "3")
    contract.taxTotal = V1.MoneyAmount("1")!
    contract.calledOff = true
    var orders: [V1.Order] = []
    for _ in 0..<3 {
      let callOff = CallOff(lines: [CallOff.Line(number: 1, quantity: V1.QuantityAmount("1")!)])
      let part = try #require(CallOffs.part(callOff, of: contract, orders: orders))
      orders.append(
        ContractRules.order("O", of: part, customer: .sample("C-1"), contact: nil, customerKey: "k", callOff: orders.count + 1, at: 1))
    }
    #expect(orders.map { $0.taxTotal.description } == ["0.3300", "0.3400", "0.3300"])
    #expect(orders.map { $0.netTotal.description } == ["1.0000", "1.0000", "1.0000"])
  }
}
