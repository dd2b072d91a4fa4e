import Broker
import CDR
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// What a sender is told of a message, and what becomes of its items.
@Suite struct ReceiveTests {
  @Test func everyItemOfABatchHasItsOwnResult() async throws {
    let broker = TestBroker()
    try await broker.push("first", [V1.Product.sample("OLD", version: 5)])
    let receipt = try await broker.push(
      "batch",
      [
        V1.Product.sample("", code: "empty"), .sample("LONG", name: String(repeating: "x", count: 10_240)),
        .sample("NEGATIVE", price: "-0.01"),
        .sample("CURRENCY", currency: "EURO"), .sample("TWICE", version: 3), .sample("TWICE", version: 3, price: "11"),
        .sample("OLD", version: 4, price: "9"), .sample("GOOD"),
      ])
    #expect(
      receipt.outcomes == [
        "rejected ID_EMPTY id", "rejected TEXT_TOO_LONG name", "rejected PRICE_NEGATIVE listPrice/amount",
        "rejected CURRENCY_UNKNOWN listPrice/currency", "applied", "stale VERSION_REUSED sourceVersion",
        "stale STALE_VERSION sourceVersion", "applied",
      ])
    #expect(receipt.outcome == "partial" && receipt.message == "batch")
    #expect(receipt.results.map(\.item) == Array(1...8))
    #expect(receipt.results.map(\.key) == ["", "LONG", "NEGATIVE", "CURRENCY", "TWICE", "TWICE", "OLD", "GOOD"])
    #expect(receipt.results[2].explanation.contains("-0.01") && receipt.results[3].explanation.contains("\"EURO\""))
    #expect(try await broker.count("Product") == 3)
    #expect(try await broker.product("P-000001")?.listPrice.amount == V1.MoneyAmount("10")!)
  }

  @Test func commonIDsOfABatchAscend() async throws {
    let broker = TestBroker()
    let batch = (0..<100).map { V1.Product.sample("A\($0)") }
    #expect(try await broker.push("batch", batch).outcome == "accepted")
    let links = try await broker.store.read { try $0.links(entity: "Product", system: "erp", after: nil, limit: .max) }
    let ids = Dictionary(uniqueKeysWithValues: links.map { ($0.key.id.text, $0.common) })
    let made = batch.compactMap { ids[$0.id] }
    #expect(made.count == 100 && zip(made, made.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func aBatchIsAcceptedPartialOrRefused() async throws {
    let broker = TestBroker()
    #expect(try await broker.push("1", [V1.Product.sample("A")]).outcome == "accepted")
    #expect(try await broker.push("2", [V1.Product.sample("B", price: "-1")]).outcome == "refused")
    #expect(try await broker.push("3", [V1.Product.sample("C", category: "unknown")]).outcome == "partial")
    #expect(try await broker.push("4", [V1.Product]()).outcome == "accepted")
  }

  @Test func tenTwelveTenAreThreeChanges() async throws {
    let broker = TestBroker()
    for (version, price) in [(1, "10"), (2, "12"), (3, "10")] {
      let receipt = try await broker.push("price \(version)", [V1.Product.sample("A", version: Int64(version), price: price)])
      #expect(receipt.outcomes == ["applied"])
      #expect(try await broker.product("P-000001")?.listPrice.amount == V1.MoneyAmount(price)!)
    }
    let messages = try await broker.store.read { try $0.messages(system: "erp", before: nil, limit: 10) }
    #expect(messages.map(\.messageID) == ["price 3", "price 2", "price 1"])
  }

  @Test func theSameMessageGetsItsReceiptAgain() async throws {
    let broker = TestBroker()
    let first = try await broker.push("m", [V1.Product.sample("A"), .sample("B", price: "-1")])
    try await broker.push("other", [V1.Product.sample("A", version: 2)])
    broker.clock.advance(seconds: 60)
    let answer = try await broker.answer("m", [V1.Product.sample("A"), .sample("B", price: "-1")])
    guard case .repeated = answer else { return #expect(Bool(false), "it was received anew: \(answer)") }
    #expect(try answer.receipt == first)
    #expect(try await broker.store.read { try $0.messages(system: nil, before: nil, limit: 10) }.count == 2)
  }

  @Test func theSameIdWithAnotherBodyIsAConflict() async throws {
    let broker = TestBroker()
    let first = try await broker.push("m", [V1.Product.sample("A")])
    broker.clock.advance(seconds: 60)
    let conflict = try await #require(throws: V1.MessageConflict.self) { try await broker.push("m", [V1.Product.sample("A", price: "11")]) }
    #expect(conflict.message == "m" && conflict.firstReceivedAt == first.receivedAt)
    #expect(try await broker.product("P-000001")?.listPrice.amount == V1.MoneyAmount("10")!)
    // Another system counts its messages on its own.
    #expect(try await broker.push("m", [V1.Product.sample("X", price: "11")], from: "shop").outcomes == ["applied"])
  }

  @Test func theSameVersionAgainIsUnchangedAndOnlyOtherContentIsStale() async throws {
    let broker = TestBroker()
    try await broker.push("units", [V1.Unit.sample("PC")])
    try await broker.push("1", [V1.Product.sample("A", version: 7, unit: "PC")])
    #expect(try await broker.push("2", [V1.Product.sample("A", version: 7, unit: "PC")]).outcomes == ["unchanged"])
    #expect(
      try await broker.push("3", [V1.Product.sample("A", version: 7, price: "11", unit: "PC")]).outcomes == [
        "stale VERSION_REUSED sourceVersion"
      ])
    #expect(try await broker.push("4", [V1.Product.sample("A", version: 8, unit: "PC")]).outcomes == ["unchanged"])
    #expect(
      try await broker.push("5", [V1.Product.sample("A", version: 7, price: "11", unit: "PC")]).outcomes == [
        "stale STALE_VERSION sourceVersion"
      ])
  }

  @Test func theTimeOfChangeDecidesWhereTheSourceCountsNoVersions() async throws {
    let broker = TestBroker()
    try await broker.push("1", [V1.Product.sample("A", version: nil, changedAt: 100)])
    #expect(try await broker.push("2", [V1.Product.sample("A", version: nil, changedAt: 100)]).outcomes == ["unchanged"])
    // Two changes within one tick of the sender's clock are both taken.
    #expect(try await broker.push("3", [V1.Product.sample("A", version: nil, changedAt: 100, price: "11")]).outcomes == ["applied"])
    #expect(
      try await broker.push("4", [V1.Product.sample("A", version: nil, changedAt: 99, price: "12")]).outcomes == [
        "stale STALE_VERSION changedAt"
      ])
  }

  @Test func anEmptyReferenceIsNotLookedUp() async throws {
    let broker = TestBroker()
    #expect(try await broker.push("1", [V1.Product.sample("A")]).outcomes == ["applied"])
    #expect(try await broker.push("2", [V1.Category.sample("G")]).outcomes == ["applied"])
    #expect(try await broker.push("3", [V1.Unit.sample("PC")]).outcomes == ["applied"])
    let product = try await broker.product("P-000001")
    #expect(product?.category == "" && product?.unit == "")
  }

  @Test func aLineSeesTheLinesAboveIt() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push("tree", [V1.Category.sample("G"), .sample("G-1", parent: "G"), .sample("G-1-1", parent: "G-1")])
    #expect(receipt.outcomes == ["applied", "applied", "applied"])
    #expect(try await broker.crmID("Category", "G-1-1") == "K-000003")
  }

  @Test func wordsOfStatusAreTranslated() async throws {
    let broker = TestBroker()
    var product = V1.Product.sample("A")
    product.status = "discontinued"
    #expect(try await broker.push("1", [product]).outcomes == ["applied"])
    #expect(try await broker.product("P-000001")?.status == "inactive")
    product.status = "sold out"
    product.sourceVersion = 2
    #expect(try await broker.push("2", [product]).outcomes == ["rejected VALUE_UNKNOWN status"])
  }
}
