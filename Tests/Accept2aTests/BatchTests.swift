import ForeignORB
import TesseraProcess
import Testing

/// Batches of foreign ORBs: a result for each item, order by version, one receipt for one message.
@Suite struct BatchTests {
  @Test(arguments: ORBKind.allCases)
  func everyItemHasItsResultAndGoodOnesGoThrough(orb: ORBKind) async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await orb.open(running.login, system: "erp", secret: secret)
    #expect(try await sender.push("m-1", [Item("OLD", version: 5)]).outcome == "accepted")
    let receipt = try await sender.push(
      "m-2",
      [
        Item("", code: "no id"), Item("LONG", name: String(repeating: "x", count: 10_240)), Item("NEGATIVE", price: "-0.0100"),
        Item("CURRENCY", currency: "XXX"), Item("TWICE", version: 3), Item("TWICE", version: 3, price: "11.0000"),
        Item("OLD", version: 4, price: "9.0000"), Item("HELD", category: "unknown"), Item("GOOD", name: "Schraube für 汉字"),
      ])
    #expect(receipt.outcome == "partial")
    #expect(
      receipt.items.map { "\($0.key): \($0.words)" } == [
        ": rejected ID_EMPTY id", "LONG: rejected TEXT_TOO_LONG name", "NEGATIVE: rejected PRICE_NEGATIVE listPrice/amount",
        "CURRENCY: rejected CURRENCY_UNKNOWN listPrice/currency", "TWICE: applied", "TWICE: stale VERSION_REUSED sourceVersion",
        "OLD: stale STALE_VERSION sourceVersion", "HELD: held UNKNOWN_CATEGORY", "GOOD: applied",
      ])
    // What people are shown is what the sender was told.
    let shown = try await server.json("messages", "show", "erp:m-2")
    #expect(shown["outcome"] == "partial" && shown["items"] == 9)
    #expect(shown["results"]?.array?.map { $0["outcome"]?.string } == receipt.items.map(\.outcome))
    let good = try await server.json("products", "show", "erp:GOOD")
    #expect(good["product"]?["record"]?["name"] == "Schraube für 汉字")
    #expect(try await server.json("products", "list")["products"]?.array?.count == 3)
    try await running.process.kill()
  }

  @Test(arguments: ORBKind.allCases)
  func tenTwelveTenArriveAsThreeChanges(orb: ORBKind) async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await orb.open(running.login, system: "erp", secret: secret)
    for (version, price) in [(1, "10.0000"), (2, "12.0000"), (3, "10.0000")] {
      #expect(try await sender.push("price-\(version)", [Item("A", version: version, price: price)]).items.map(\.words) == ["applied"])
      let record = try await server.json("products", "show", "erp:A")["product"]?["record"]
      #expect(record?["listPrice"]?["amount"] == .string(price))
      #expect(record?["sourceVersion"] == .string("\(version)") || record?["sourceVersion"] == .integer(version))
    }
    let listed = try await server.json("messages", "list", "--system", "erp")["messages"]?.array ?? []
    #expect(listed.map { $0["messageId"]?.string } == ["price-3", "price-2", "price-1"])
    for number in 1...3 {
      let results = try await server.json("messages", "show", "erp:price-\(number)")["results"]?.array ?? []
      #expect(results.map { $0["outcome"]?.string } == ["applied"])
    }
    try await running.process.kill()
  }

  @Test func theSameMessageGetsTheOriginalReceiptFromWhateverORB() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let cxx = try await ORBKind.omniORB.open(running.login, system: "erp", secret: secret)
    let items = [Item("A", version: nil, name: "odd"), Item("", code: "no id"), Item("B", category: "unknown"), Item("C")]
    let original = try await cxx.push("m", items)
    #expect(original.items.map(\.outcome) == ["applied", "rejected", "held", "applied"])
    // Other traffic leaves other octets in the buffers of the sender, which it sends as padding.
    for number in 1...20 {
      _ = try await cxx.push("other-\(number)", [Item("X\(number)", name: String(repeating: "y", count: 37 * number))])
      _ = try await cxx.push("newer-\(number)", [Item("C", version: number + 1, price: "\(number).0000")])
    }
    #expect(try await cxx.push("m", items) == original)
    let python = try await ORBKind.omniORBpy.open(running.login, system: "erp", secret: secret)
    #expect(try await python.push("m", items) == original)
    for sender in [cxx, python] {
      var changed = items
      changed[3].price = "10.0001"
      await #expect(throws: Raised(name: "MessageConflict", detail: original.receivedAt)) { try await sender.push("m", changed) }
      await #expect(throws: Raised(name: "MessageConflict", detail: original.receivedAt)) {
        try await sender.push("m", Array(items.dropLast()))
      }
    }
    // The repetitions left nothing behind.
    let price = try await server.json("products", "show", "erp:C")["product"]?["record"]?["listPrice"]?["amount"]
    #expect(price == "20.0000")
    #expect(try await server.json("messages", "list", "--limit", "100")["messages"]?.array?.count == 41)
    try await running.process.kill()
  }
}
