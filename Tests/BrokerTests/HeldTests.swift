import Broker
import CDR
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// Items that wait for an id: who lets them go, and who overtakes them.
@Suite struct HeldTests {
  @Test func anUnknownCategoryHoldsAndItsPushReleases() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push("p", [V1.Product.sample("A", category: "G")])
    #expect(receipt.outcomes == ["held UNKNOWN_CATEGORY"])
    #expect(receipt.results[0].explanation == "category: Category G of erp is not linked to anything yet")
    #expect(try await broker.held().map(\.causes) == [[.link(.id("Category", "G", of: "erp"))]])
    #expect(try await broker.count("Product") == 0)

    broker.clock.advance(seconds: 1)
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.product("P-000001")?.category == "K-000001")
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.item(ofMessage: "p")?.outcome == .applied)
    let row = try #require(try await broker.held(.released).first)
    #expect(row.causes.isEmpty && row.changedAt > row.since)
    // The receipt stays what it was: it says how things stood.
    #expect(try await broker.push("p", [V1.Product.sample("A", category: "G")]).outcomes == ["held UNKNOWN_CATEGORY"])
  }

  @Test func linkingTheIdByHandReleases() async throws {
    let broker = TestBroker()
    try await broker.importing([V1.Category.sample("", code: "FASTENERS")], message: "crm")
    try await broker.push("p", [V1.Product.sample("A", category: "G"), .sample("B", category: "G"), .sample("C", category: "H")])
    let changed = try await broker.engine.join(
      .id("Category", "G", of: "erp"), .id("Category", "K-000001"), who: "ann", reason: "the same group")
    #expect(changed)
    #expect(try await broker.product("P-000001")?.category == "K-000001")
    #expect(try await broker.crmID("Product", "B") == "P-000002")
    #expect(try await broker.held().map(\.key.id.text) == ["C"])
  }

  @Test func anItemWithTwoCausesWaitsForBoth() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A", category: "G", unit: "PC")])
    #expect(try await broker.held()[0].causes == [.link(.id("Category", "G", of: "erp")), .link(.id("Unit", "PC", of: "erp"))])
    try await broker.push("u", [V1.Unit.sample("PC")])
    #expect(try await broker.held()[0].causes == [.link(.id("Category", "G", of: "erp"))])
    #expect(try await broker.item(ofMessage: "p")?.outcome == .held)
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.item(ofMessage: "p")?.outcome == .applied)
  }

  @Test func releasesFollowEachOther() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A", category: "G-1-1")])
    try await broker.push("g3", [V1.Category.sample("G-1-1", parent: "G-1")])
    try await broker.push("g2", [V1.Category.sample("G-1", parent: "G")])
    #expect(try await broker.held().count == 3)
    try await broker.push("g1", [V1.Category.sample("G")])
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.product("P-000001")?.category == "K-000003")
  }

  @Test func aNewerVersionSupersedesTheHeldOne() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A", version: 1, category: "G")])
    try await broker.push("2", [V1.Product.sample("A", version: 2, price: "12", category: "G")])
    #expect(try await broker.held().map(\.version) == [2])
    let old = try #require(try await broker.item(ofMessage: "1"))
    #expect(old.outcome == .superseded && old.explanation == "a newer version of Product A of erp, 2, arrived in message 2")
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.product("P-000001")?.listPrice.amount == V1.MoneyAmount("12")!)
    #expect(try await broker.count("Product") == 1)
  }

  @Test func versionsOfOneItemInOneBatchSupersedeEachOther() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push(
      "1", [V1.Product.sample("A", version: 1, category: "G"), .sample("A", version: 2, category: "G"), .sample("B", category: "G")])
    #expect(receipt.results.map(\.outcome) == ["held", "held", "held"])
    #expect(try await broker.held().map(\.version) == [2, 1])
    #expect(try await broker.item(1, ofMessage: "1")?.outcome == .superseded)
    #expect(try await broker.push("2", [V1.Product.sample("B", version: 2), .sample("A", version: 3)]).outcomes == ["applied", "applied"])
    #expect(try await broker.held().isEmpty)
  }

  @Test func anAppliedVersionSupersedesAnOlderHeldOne() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A", version: 1, category: "G")])
    #expect(try await broker.push("2", [V1.Product.sample("A", version: 2)]).outcomes == ["applied"])
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.item(ofMessage: "1")?.outcome == .superseded)
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.product("P-000001")?.category == "")
  }

  @Test func anOlderVersionThanTheHeldOneIsStale() async throws {
    let broker = TestBroker()
    try await broker.push("2", [V1.Product.sample("A", version: 2, category: "G")])
    #expect(try await broker.push("1", [V1.Product.sample("A", version: 1)]).outcomes == ["stale STALE_VERSION sourceVersion"])
    #expect(try await broker.held().map(\.version) == [2])
    #expect(try await broker.count("Product") == 0)
  }

  @Test func anItemThatIsWrongInItselfIsNotHeldAndSupersedesNothing() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A", version: 1, category: "G")])
    let receipt = try await broker.push("2", [V1.Product.sample("A", version: 2, price: "-1", category: "G")])
    #expect(receipt.outcomes == ["rejected PRICE_NEGATIVE listPrice/amount"])
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.product("P-000001")?.sourceVersion == 1)
  }

  @Test func aPersonMayLetAnItemRunAgain() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A", category: "G")])
    let id = try await broker.held()[0].id
    #expect(try await broker.engine.release(heldIDs: [id], who: "ann", reason: "look again").map(\.outcome) == [.held])
    #expect(try await broker.held().map(\.id) == [id])
    #expect(try await broker.store.read { try $0.audit(after: 0, limit: 9) }.map(\.action) == ["release"])
  }

  @Test func oneLinkReleasesMoreItemsThanOneStepTakes() async throws {
    let broker = TestBroker()
    let count = 5_200
    let products = (1...count).map { V1.Product.sample("A\($0)", category: "G") }
    try await broker.push("p1", Array(products.prefix(2_600)))
    try await broker.push("p2", Array(products.dropFirst(2_600)))
    #expect(try await broker.held().count == count)
    try await broker.push("g", [V1.Category.sample("G")])
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.count("Product") == count)
  }
}
