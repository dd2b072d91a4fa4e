import ForeignORB
import TesseraProcess
import Testing

/// A real catalogue comes in, and every product of it is accounted for.
@Suite struct CatalogueTests {
  /// Tires and tubes: eleven products. Its subcategory is not pushed at first.
  private static let missing = "37"

  @Test(.needsCorpus) func everyProductOfAdventureWorksIsAccountedFor() async throws {
    let catalogue = try AdventureWorks()
    let server = try TesseraServer()
    let secret = try await server.addSystem("adventure-works")
    let other = try await server.addSystem("pim")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "adventure-works", secret: secret)
    let units = try await sender.push("pushUnits", "units", catalogue.units)
    #expect(units.items.count { $0.outcome == "applied" } == 38)
    #expect(try await sender.push("pushCategories", "groups", catalogue.groups).items.count { $0.outcome == "applied" } == 4)
    let subcategories = catalogue.subcategories.filter { $0.id != Self.missing }.map(\.document)
    #expect(try await sender.push("pushCategories", "subcategories", subcategories).items.count { $0.outcome == "applied" } == 36)

    // Every hundredth product has a price in no currency that there is.
    var counts: [String: Int] = [:]
    var batches = 0
    for start in stride(from: 0, to: catalogue.products.count, by: 100) {
      let batch = catalogue.products[start..<min(start + 100, catalogue.products.count)]
      let documents = batch.enumerated().map { $1.document(currency: $0 == 0 ? "TALER" : "USD") }
      batches += 1
      let receipt = try await sender.push("pushProducts", "products-\(batches)", documents)
      #expect(receipt.items.map(\.key) == batch.map(\.id))
      for item in receipt.items { counts[item.words, default: 0] += 1 }
    }
    #expect(batches == 6)
    #expect(counts == ["applied": 487, "held UNKNOWN_CATEGORY": 11, "rejected CURRENCY_UNKNOWN listPrice/currency": 6])
    #expect(counts.values.reduce(0, +) == 504)
    #expect(try await count(server, "products") == 487)
    #expect(try await heldItems(server).count == 11)

    // A newer version of one of the held takes its place.
    let tire = try #require(catalogue.products.first { $0.category == Self.missing })
    #expect(
      try await sender.push("pushProducts", "newer", [tire.document(version: 2, name: "another tire")]).items.map(\.words) == [
        "held UNKNOWN_CATEGORY"
      ])
    let held = try await heldItems(server)
    #expect(held.count == 11 && held.filter { $0["id"] == .string(tire.id) }.map { $0["version"]?.integer } == [2])
    let old = try await server.json("held", "list", "--state", "superseded")["held"]?.array ?? []
    #expect(old.map { $0["id"]?.string } == [tire.id])

    // Another system has the category under an id of its own; a person states that they are the same.
    let pim = try await PythonSender(running.login, system: "pim", secret: other, peer: sender.peer)
    #expect(try await pim.push("pushCategories", "tires", [Document.category("TIRES")]).outcome == "accepted")
    #expect(try await heldItems(server).count == 11)
    let linked = try await server.json(
      "identity", "link", "Category", "adventure-works:\(Self.missing)", "pim:TIRES", "--reason", "the same shelf", "--by", "ann")
    #expect(linked["released"]?.array?.count == 11)
    #expect(try await heldItems(server).isEmpty)
    #expect(try await count(server, "products") == 498)
    let record = try await server.json("products", "show", "adventure-works:\(tire.id)")["product"]?["record"]
    #expect(record?["name"] == "another tire" && record?["category"] == "K-000041")

    // The whole catalogue again: nothing is new but the rejected ones, which are put right.
    var again: [String: Int] = [:]
    for (start, number) in zip(stride(from: 0, to: catalogue.products.count, by: 100), 1...) {
      let batch = catalogue.products[start..<min(start + 100, catalogue.products.count)]
      for item in try await sender.push("pushProducts", "again-\(number)", batch.map { $0.document() }).items {
        again[item.outcome, default: 0] += 1
      }
    }
    #expect(again == ["unchanged": 497, "applied": 6, "stale": 1])
    #expect(try await count(server, "products") == 504)
    try await running.process.kill()
  }

  private func heldItems(_ server: TesseraServer) async throws -> [JSON] {
    try await server.json("held", "list", "--limit", "1000")["held"]?.array ?? []
  }

  private func count(_ server: TesseraServer, _ objects: String) async throws -> Int? {
    try await server.json(objects, "list", "--limit", "1000")[objects]?.array?.count
  }
}
