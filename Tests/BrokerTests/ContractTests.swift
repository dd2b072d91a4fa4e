import Broker
import CDR
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// Contracts: drafted and signed here, or signed elsewhere and sent.
@Suite struct ContractTests {
  @Test func aSignedContractBecomesOneOrder() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale()
    let draft = try await broker.engine.draft(.sample(party: sale.party, products: sale.products))
    #expect(draft.id == "V-000001" && draft.number == "V-000001")
    #expect(try await broker.state(draft.id) == "draft")
    #expect(try await broker.deliveries(draft.id).isEmpty)
    try await broker.engine.sign(contractID: draft.id, who: "ann")
    try await broker.engine.sign(contractID: draft.id, who: "ann")
    #expect(try await broker.deliveries(draft.id).count == 1)

    let erp = FakeERP(.none)
    try await broker.deliver(to: erp)
    try await broker.engine.sign(contractID: draft.id, who: "ann")
    try await broker.deliver(to: erp)
    #expect(erp.createCalls.count == 1)
    let status = try await broker.engine.status(ofContract: draft.id)
    #expect(status.state == "ordered")
    #expect(status.orders.map(\.orderNumber) == ["SO-1"] && status.orders.map(\.customerNumber) == ["D-1"])
    #expect(try await broker.crmID("Order", "SO-1") == "O-000001")
    #expect(try await broker.crmID("Party", "D-1") == sale.party)
    let sent = try #require(erp.received.first)
    #expect(sent.lines.map(\.product) == ["A"] && sent.customerNumber == "" && sent.customer.id == "")
    #expect(sent.customer.name == "party " && sent.contractKey == "V-000001" && sent.id == "O-000001")
  }

  @Test func anUnknownIdIsToldWithItsPlace() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale()
    await #expect(throws: ContractRefusal("PRODUCT_UNKNOWN", "lines[2]/product: the CRM core has no Product \"P-9\"")) {
      try await broker.engine.draft(.sample(party: sale.party, products: sale.products + ["P-9"]))
    }
    await #expect(throws: ContractRefusal("PARTY_UNKNOWN", "party: the CRM core has no Party \"C-9\"")) {
      try await broker.engine.draft(.sample(party: "C-9", products: sale.products))
    }
    await #expect(throws: ContractRefusal("CONTRACT_UNKNOWN", "there is no contract \"V-9\"")) {
      try await broker.engine.sign(contractID: "V-9", who: "ann")
    }
  }

  @Test func aContractWithoutADestinationIsNotSigned() async throws {
    let broker = TestBroker()
    let sale = try await broker.prepareSale()
    let draft = try await broker.engine.draft(.sample(party: sale.party, products: sale.products))
    let refusal = try await #require(throws: ContractRefusal.self) { try await broker.engine.sign(contractID: draft.id, who: "ann") }
    #expect(refusal.code == "NO_DESTINATION")
    #expect(try await broker.state(draft.id) == "draft")
  }

  @Test func aContractThatWasNotSentIsCancelled() async throws {
    let broker = try await TestBroker.ordering(guarantee: .none)
    let sale = try await broker.prepareSale()
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    try await broker.engine.cancel(contractID: contract, who: "ann", reason: "changed their mind")
    try await broker.engine.cancel(contractID: contract, who: "ann", reason: "again")
    let erp = FakeERP(.none)
    try await broker.deliver(to: erp)
    #expect(erp.createCalls.isEmpty)
    #expect(try await broker.state(contract) == "cancelled")
    #expect(try await broker.deliveries(contract).map(\.state) == [.cancelled])
    let refusal = try await #require(throws: ContractRefusal.self) {
      let draft = try await broker.engine.draft(.sample(party: sale.party, products: sale.products))
      try await broker.engine.cancel(contractID: draft.id, who: "ann", reason: "")
      try await broker.engine.sign(contractID: draft.id, who: "ann")
    }
    #expect(refusal.code == "CONTRACT_NOT_DRAFT")
  }

  @Test(arguments: CreateGuarantee.allCases)
  func aContractThatMayHaveBeenSentIsNotCancelled(guarantee: CreateGuarantee) async throws {
    let broker = try await TestBroker.ordering(guarantee: guarantee)
    let sale = try await broker.prepareSale()
    let contract = try await broker.signed(party: sale.party, products: sale.products)
    let erp = FakeERP(guarantee)
    erp.fail(.commitThenDrop)
    try await broker.deliver(to: erp)
    if guarantee != .none {
      // Tried again, it waits for an id that was unlinked in between; the order may exist all the same.
      try await broker.engine.unlink(.id("Product", "A", of: "erp"), who: "ann", reason: "wrong")
      broker.clock.advance(seconds: 60)
      try await broker.deliver(to: erp)
      #expect(try await broker.deliveries(contract).map(\.state) == [.waiting])
    }
    let refusal = try await #require(throws: ContractRefusal.self) {
      try await broker.engine.cancel(contractID: contract, who: "ann", reason: "changed their mind")
    }
    #expect(refusal.code == "CONTRACT_UNDER_WAY")
  }

  @Test func aContractSignedElsewhereIsSignedHereWhenItsIdsAreKnown() async throws {
    let broker = try await TestBroker.ordering(guarantee: .idempotentByKey)
    let contract = V1.Contract.sample("K-1", party: "D", contact: "N", products: ["A", "B"], unit: "PC")
    #expect(try await broker.push("k", [contract], from: "shop").outcomes == ["held UNKNOWN_PARTY"])
    try await broker.push("1", [V1.Party.sample("D")], from: "shop")
    try await broker.push("2", [V1.Contact.sample("N", party: "D")], from: "shop")
    try await broker.push("3", [V1.Unit.sample("PC")], from: "shop")
    try await broker.push("4", [V1.Product.sample("A", unit: "PC")], from: "shop")
    #expect(try await broker.held().count == 1)
    #expect(try await broker.count("Contract") == 0)
    try await broker.push("5", [V1.Product.sample("B", unit: "PC")], from: "shop")
    #expect(try await broker.held().isEmpty)
    let id = try #require(try await broker.crmID("Contract", "K-1", of: "shop"))
    #expect(try await broker.state(id) == "signed")
    #expect(try await broker.deliveries(id).count == 1)
  }

  /// Whoever brings the missing id has nothing to do with the contract: its push must go through.
  @Test func aContractFromElsewhereThatCannotBeSignedStaysADraft() async throws {
    let broker = TestBroker()
    try await broker.push("k", [V1.Contract.sample("K-1", party: "D", products: ["A"])], from: "shop")
    try await broker.push("1", [V1.Party.sample("D")], from: "shop")
    #expect(try await broker.push("2", [V1.Product.sample("A")], from: "shop").outcomes == ["applied"])
    let id = try #require(try await broker.crmID("Contract", "K-1", of: "shop"))
    #expect(try await broker.state(id) == "draft")
    #expect(
      try await broker.store.read { try $0.audit(after: 0, limit: 9) }.map { "\($0.action) \($0.subject)" } == ["sign-refused \(id)"])
    try await broker.engine.putSystem(
      TestBroker.system("erp", guarantee: .none, takesOrders: true), who: "ann", action: "add-system")
    try await broker.engine.sign(contractID: id, who: "ann")
    #expect(try await broker.state(id) == "signed")
  }

  @Test func theCRMsOwnImportIsDoneOnce() async throws {
    let broker = TestBroker()
    let products = [V1.Product.sample("", code: "A"), .sample("", code: "B")]
    let first = try await broker.importing(products, message: "load")
    #expect(first.results.map(\.key) == ["P-000001", "P-000002"])
    #expect(try await broker.importing(products, message: "load") == first)
    #expect(try await broker.count("Product") == 2)
    #expect(try await broker.importing([V1.Product.sample("", code: "C")], message: "more").results.map(\.key) == ["P-000003"])
    await #expect(throws: V1.MessageConflict.self) { try await broker.importing([V1.Product.sample("", code: "D")], message: "load") }
  }
}
