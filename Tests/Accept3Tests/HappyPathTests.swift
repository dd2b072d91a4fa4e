import ForeignORB
import Testing

/// A contract that a person signs becomes one order in the ERP, with both sides' ids linked.
@Suite("A contract out") struct HappyPathTests {
  @Test("A signed contract is one order in the ERP, translated line by line, and its numbers come back")
  func aSignedContractIsOneOrder() async throws {
    try await Seats.shared.taken {
      let world = try await World.make(.idempotentByKey)
      try await world.tessera.start()
      let (party, contact) = try await world.newCustomer("Müller Bau GmbH")
      let (first, second) = (world.goods[0], world.goods[1])
      let contract = try await world.draft(
        party: party, contact: contact, ["\(first.product):3:12.50:5:\(first.pack)", "\(second.product):1.5:7.25"])
      #expect(try await world.tessera.tessera("contracts", "show", contract)["state"] == "draft")
      #expect(try world.erp.orders().isEmpty)
      let signed = try await world.tessera.tessera("contracts", "sign", contract)
      #expect(["signed", "ordered"].contains(signed["state"]?.string))
      try await world.settleEverything()

      let order = try #require(try world.erp.orders().first)
      #expect(try world.erp.orders().count == 1)
      #expect(order.reference == contract && order.currency == 978)
      let debtor = try #require(try world.erp.partnerDebtors().first)
      #expect(try world.erp.partnerDebtors().count == 1)
      #expect(order.debtor == debtor.number)
      #expect(debtor.name == "Müller Bau GmbH" && debtor.street == "Hauptstraße 1" && debtor.postCode == "50667")
      #expect(debtor.town == "Köln" && debtor.country == 276 && debtor.vatNumber == "DE123456789")
      #expect(
        try world.erp.positions(of: order.number) == [
          .init(position: 1, item: first.item, unit: first.unit, pack: first.pack, quantity: 3000, price: "12.5000", rebate: 500),
          .init(position: 2, item: second.item, unit: second.unit, pack: "", quantity: 1500, price: "7.2500", rebate: 0),
        ])

      let shown = try await world.tessera.tessera("contracts", "show", contract)
      #expect(shown["state"] == "ordered")
      #expect(shown["orders"]?[0]?["orderNumber"]?.string == order.number)
      #expect(shown["orders"]?[0]?["customerNumber"]?.string == debtor.number)
      #expect(try world.tessera.links("customers", in: "erp")[debtor.number] == party)
      let words = try await world.tessera.words("contracts", "show", contract)
      #expect(words.contains("order for erp  ordered as \(order.number), customer \(debtor.number)"), "\(words)")
      try await world.expectOneOrderEach([contract: party])

      // The ERP knows the customer now.
      let next = try await world.draft(party: party, world.lines())
      try await world.tessera.tessera("contracts", "sign", next)
      // Signing again changes nothing.
      try await world.tessera.tessera("contracts", "sign", next)
      try await world.settleEverything()
      try await world.expectOneOrderEach([contract: party, next: party])
      #expect(try world.erp.creates().count == 2)
    }
  }
}
