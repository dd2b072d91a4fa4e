import ForeignORB
import TesseraProcess
import Testing

/// Get or create among racers; what a person links and unlinks.
@Suite struct IdentityTests {
  /// Sixteen systems, each a process of its own, bring the same new product at once, each under its own id.
  @Test func sixteenRacersMakeOneThing() async throws {
    let server = try TesseraServer()
    var secrets: [String] = []
    for racer in 1...16 { secrets.append(try await server.addSystem("system-\(racer)")) }
    let running = try await server.serve()
    let senders = try await withThrowingTaskGroup(of: PythonSender.self) { group in
      for (index, secret) in secrets.enumerated() {
        group.addTask { try await PythonSender(running.login, system: "system-\(index + 1)", secret: secret) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    // Ten products, so that the race is run ten times.
    for round in 1...10 {
      let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
        for sender in senders {
          group.addTask {
            let id = "ID-\(sender.session.hashValue)-\(round)"
            return try await sender.push("pushProducts", "m-\(round)", [Document.product(id, code: "SAME-\(round)")]).items[0].words
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(outcomes == ["applied"])
    }
    let products = try await server.json("products", "list")["products"]?.array ?? []
    #expect(products.count == 10)
    for product in products {
      let id = product["id"]?.string ?? ""
      let ids = try await server.json("identity", "find", "Product", "crm:\(id)")["ids"]?.array ?? []
      #expect(Set(ids.compactMap { $0["system"]?.string }).count == 17, "\(id) is known to \(ids.count) systems")
    }
    try await running.process.kill()
  }

  @Test func anAmbiguousItemIsReleasedByItsLinkAndHistoryTellsWhatAnIdMeant() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    try server.write("code,name,currency,price\nB-8,bolt,EUR,1\nB-8,bolt too,EUR,2\n", to: "own.csv")
    try await server.json("products", "import", "own.csv", "--allow-repeated-codes")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(
      try await sender.push("pushProducts", "m", [Document.product("4711", code: "B-8")]).items.map(\.words) == ["held AMBIGUOUS_MATCH"])
    try await server.json("identity", "link", "Product", "erp:4711", "crm:P-000002", "--reason", "asked", "--by", "ann")
    #expect(try await server.json("products", "show", "P-000002")["product"]?["record"]?["name"] == "product 4711")
    #expect(try await server.json("products", "show", "P-000001")["product"]?["record"]?["name"] == "bolt")
    try await server.json("identity", "unlink", "Product", "erp:4711", "--reason", "wrong", "--by", "bob")
    try await server.json("identity", "link", "Product", "erp:4711", "crm:P-000001", "--reason", "right", "--by", "ann")
    let history = try await server.json("identity", "history", "Product", "erp:4711")["history"]?.array ?? []
    #expect(history.map { $0["endedBecause"]?.string } == ["wrong", nil])
    #expect(history.map { $0["why"]?.string } == ["asked", "right"])
    try await running.process.kill()
  }
}
