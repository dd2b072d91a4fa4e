import Broker
import CDR
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// Which thing an id means: by match keys, by hand, and among racers.
@Suite struct IdentityTests {
  @Test func anItemWithTheCodeOfAProductIsThatProduct() async throws {
    let broker = TestBroker()
    try await broker.importing([V1.Product.sample("", code: "B-M8")], message: "crm")
    try await broker.push("p", [V1.Product.sample("4711", code: "B-M8", name: "bolt"), .sample("4712", code: "B-M9")])
    #expect(try await broker.crmID("Product", "4711") == "P-000001")
    #expect(try await broker.crmID("Product", "4712") == "P-000002")
    #expect(try await broker.product("P-000001")?.name == "bolt")
    let link = try await broker.store.read { try $0.history(of: .id("Product", "4711", of: "erp")) }
    #expect(link.map(\.why) == ["message 2: code \"B-M8\" matched"])
  }

  @Test func anAmbiguousMatchIsHeldUntilAPersonLinksIt() async throws {
    let broker = TestBroker()
    // Three things get one code, one after the other: what we enter ourselves could not.
    try await broker.push("new", (1...3).map { V1.Product.sample("\($0)", code: "B\($0)") }, from: "shop")
    try await broker.push("renamed", (1...3).map { V1.Product.sample("\($0)", version: 2, code: "B") }, from: "shop")
    let receipt = try await broker.push("p", [V1.Product.sample("4711", code: "B", name: "bolt")])
    #expect(receipt.outcomes == ["held AMBIGUOUS_MATCH"])
    #expect(
      receipt.results[0].explanation
        == "code \"B\" is also that of P-000001, P-000002, P-000003; if erp:4711 is one of them, `tessera identity link Product erp:4711 crm:P-000001 --reason …` says so; if it is another one, `tessera held release … --as-new --reason …` lets it in"
    )
    try await broker.engine.join(.id("Product", "4711", of: "erp"), .id("Product", "P-000002"), who: "ann", reason: "asked the buyer")
    #expect(try await broker.product("P-000002")?.name == "bolt")
    #expect(try await broker.item(ofMessage: "p")?.outcome == .applied)
    #expect(try await broker.count("Product") == 3)
    #expect(try await broker.held().isEmpty)
  }

  @Test func aProductThatTheSystemCallsOtherwiseAlreadyIsNotGivenAway() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push("p", [V1.Product.sample("A", code: "X"), .sample("B", code: "X")])
    #expect(receipt.outcomes == ["applied", "held AMBIGUOUS_MATCH"])
    // For another system it is free.
    #expect(try await broker.push("p", [V1.Product.sample("Z", code: "X")], from: "shop").outcomes == ["applied"])
    #expect(try await broker.crmID("Product", "Z", of: "shop") == "P-000001")
  }

  @Test func joiningFollowsTheTruthTable() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A"), .sample("B")])
    let (a, b, c) = (LinkKey.id("Product", "A", of: "erp"), LinkKey.id("Product", "B", of: "erp"), LinkKey.id("Product", "C", of: "shop"))
    func join(_ left: LinkKey, _ right: LinkKey, replacing: Bool = false) async throws -> Bool {
      try await broker.engine.join(left, right, replacing: replacing, who: "ann", reason: "why")
    }
    await #expect(throws: LinkConflict.bothUnknown(c, .id("Product", "P-000009"))) { try await join(c, .id("Product", "P-000009")) }
    #expect(try await join(c, a))
    #expect(try await !join(c, .id("Product", "P-000001")))
    let conflict = try await #require(throws: LinkConflict.self) { try await join(c, b) }
    #expect(conflict.code == "LINK_DIFFERENT_THINGS")
    await #expect(throws: LinkConflict.alreadyLinked(.id("Product", "Z", of: "erp"), other: a)) {
      try await join(.id("Product", "Z", of: "erp"), .id("Product", "P-000001"))
    }
    #expect(try await join(c, .id("Product", "P-000002"), replacing: true))
    #expect(try await broker.crmID("Product", "C", of: "shop") == "P-000002")
    // What a refused command would have changed is not audited.
    #expect(try await broker.store.read { try $0.audit(after: 0, limit: 9) }.map(\.action) == ["link", "link"])
  }

  @Test func anUnlinkedIdMeansNothingUntilItIsLinkedAgain() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A", code: "")])
    try await broker.importing([V1.Product.sample("", code: "")], message: "crm")
    let key = LinkKey.id("Product", "A", of: "erp")
    broker.clock.advance(seconds: 10)
    try await broker.engine.unlink(key, who: "ann", reason: "wrong")
    await #expect(throws: LinkConflict.unknown(key)) { try await broker.engine.unlink(key, who: "ann", reason: "again") }
    #expect(try await broker.crmID("Product", "A") == nil)

    try await broker.engine.join(key, .id("Product", "P-000002"), who: "ann", reason: "right")
    // The version is no news, but for this thing it is.
    #expect(try await broker.push("2", [V1.Product.sample("A", version: 2, code: "", price: "12")]).outcomes == ["applied"])
    #expect(try await broker.product("P-000001")?.listPrice.amount == V1.MoneyAmount("10")!)
    #expect(try await broker.product("P-000002")?.listPrice.amount == V1.MoneyAmount("12")!)
    let history = try await broker.store.read { try $0.history(of: key) }
    #expect(history.map(\.endedBecause) == ["wrong", ""] && history[0].validTo == broker.clock.now)
  }

  @Test func anUnlinkedItemFindsItsThingByItsCode() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A")])
    try await broker.engine.unlink(.id("Product", "A", of: "erp"), who: "ann", reason: "wrong")
    #expect(try await broker.push("2", [V1.Product.sample("A")]).outcomes == ["applied"])
    #expect(try await broker.crmID("Product", "A") == "P-000001")
    #expect(try await broker.count("Product") == 1)
  }

  @Test func sixteenRacersMakeOneThing() async throws {
    let broker = TestBroker()
    let outcomes = try await withThrowingTaskGroup(of: [String].self) { group in
      for racer in 1...16 {
        group.addTask {
          try await broker.push("m", [V1.Product.sample("ID-\(racer)", code: "SAME")], from: "system-\(racer)").outcomes
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == Array(repeating: ["applied"], count: 16))
    #expect(try await broker.count("Product") == 1)
    let links = try await broker.store.read { try $0.links(entity: "Product", system: nil, after: nil, limit: 100) }
    #expect(links.count == 17 && Set(links.map(\.common)).count == 1)
  }

  @Test func sixteenMessagesOfOneNewIdMakeOneThing() async throws {
    let broker = TestBroker()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for racer in 1...16 { group.addTask { try await broker.push("m\(racer)", [V1.Product.sample("A", version: Int64(racer))]) } }
      try await group.waitForAll()
    }
    #expect(try await broker.count("Product") == 1)
  }

  /// A match key that is no field of the product must not bar the way to others with the same value for ever.
  @Test func aMatchKeyThatTheThingDoesNotCarryClaimsNothing() async throws {
    let broker = TestBroker(mappings: ShippedMappings(adding: Self.mappingByName))
    #expect(try await broker.push("1", [V1.Product.sample("A", name: "bolt")], from: "shop").outcomes == ["applied"])
    #expect(try await broker.push("2", [V1.Product.sample("B", name: "bolt")], from: "shop").outcomes == ["applied"])
    #expect(try await broker.count("Product") == 2)
  }

  private static let mappingByName = """
    <mapping xmlns="urn:tessera:mapping:1" name="shop-product" from="Product" system="shop">
      <emit to="Product">
        <identity entity="Product" from="id" field="id"><match field="code" from="name"/></identity>
        <set field="changedAt" from="changedAt"/><set field="status" from="status"/><set field="code" from="code"/>
        <set field="name" from="name"/><set field="description" from="description"/><set field="specification" from="specification"/>
        <set field="category" value=""/><set field="unit" value=""/><set field="listPrice" from="listPrice"/>
        <set field="priceIncludesTax" from="priceIncludesTax"/><set field="serialised" from="serialised"/>
      </emit>
    </mapping>
    """
}
