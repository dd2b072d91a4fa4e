import ForeignORB
import Testing

@Suite("Serving")
struct ServeTests {
  static let idl = [repositoryPath("Sources/InterchangeIDL/interchange.idl")]

  @Test("One process serves a folder; its reference stands in a file as long as it does; SIGTERM ends it")
  func lifeCycle() async throws {
    let commands = try Commands()
    let (process, announcement) = try await commands.serve()
    #expect(announcement["host"] == "127.0.0.1")
    #expect(announcement["port"]?.integer ?? 0 > 0)
    let file = try #require(announcement["iorFile"]?.string)
    #expect(file == "./tessera-data/tessera.ior")
    let reference = try await ChildProcess.check("cat", ["\(commands.path)/tessera-data/tessera.ior"])
    #expect(reference == "\(announcement["ior"]?.string ?? "")\n")
    let (exit, error) = try await commands.refusal("serve", "--listen", "127.0.0.1:0")
    #expect(exit == .code(1))
    #expect(error?["code"] == "ALREADY_SERVED")
    #expect(error?["message"]?.string == "the process \(process.pid) serves ./tessera-data already")
    process.signal(15)
    #expect(try await process.wait() == .code(0))
    #expect(!fileExists("\(commands.path)/tessera-data/tessera.ior"))
    // The lock went with the process.
    let (second, _) = try await commands.serve()
    try await second.kill()
  }

  @Test("A port that is taken is a failure of the installation")
  func portTaken() async throws {
    let commands = try Commands()
    let (process, announcement) = try await commands.serve()
    let port = announcement["port"]?.integer ?? 0
    let (exit, error) = try await commands.refusal("serve", "--data", "other", "--listen", "127.0.0.1:\(port)")
    #expect(exit == .code(3))
    #expect(error?["code"] == "LISTEN_FAILED")
    try await process.kill()
  }

  @Test("Mapping files that are wrong keep the broker from starting")
  func wrongMappings() async throws {
    let commands = try Commands()
    try commands.folder.write(
      "<mapping xmlns=\"urn:tessera:mapping:1\" name=\"x\" from=\"Produkt\"><emit to=\"Product\"/></mapping>", to: "maps/x.xml")
    let (exit, error) = try await commands.refusal("serve", "--mappings", "maps", "--listen", "127.0.0.1:0")
    #expect(exit == .code(1))
    #expect(error?["code"] == "MAPPINGS_INVALID")
    #expect(error?["message"]?.string?.contains("maps/x.xml:1:") == true)
  }

  @Test("What a foreign ORB pushes is listed, held, released by a link, and explained")
  func pushAndLink() async throws {
    let commands = try Commands()
    let erp = try await commands.json("systems", "add", "erp", "--adapter", "inbound")["secret"]?.string ?? ""
    let shop = try await commands.json("systems", "add", "shop", "--adapter", "inbound")["secret"]?.string ?? ""
    let (process, announcement) = try await commands.serve()
    let login = announcement["corbaloc"]?.string ?? ""
    let peer = try await PythonPeer(idl: Self.idl)
    func push(_ system: String, _ secret: String, _ operation: String, _ message: String, _ batch: [JSON]) async throws -> JSON {
      let session = try await peer.call(login, "Interchange::V1::Login", "open", [.string(system), .string(secret)])[0].string ?? ""
      return try await peer.call(session, "Interchange::V1::Inbound", operation, [.string(message), .array(batch)])[0]
    }
    let category: JSON = [
      "id": "G1", "changedAt": "1000000", "sourceVersion": ["1"], "status": "active", "attributes": [], "code": "G1", "name": "Bolts",
      "parent": "",
    ]
    #expect(try await push("shop", shop, "pushCategories", "m-1", [category])["outcome"] == "accepted")
    func product(_ id: String, category: String) -> JSON {
      [
        "id": .string(id), "changedAt": "1000000", "sourceVersion": ["1"], "status": "active", "attributes": [], "code": .string(id),
        "name": "Bolt", "description": "", "specification": "", "category": .string(category), "unit": "", "packagings": [],
        "listPrice": ["amount": "1.0000", "currency": "EUR"], "priceIncludesTax": false, "serialised": false,
      ]
    }
    let receipt = try await push(
      "erp", erp, "pushProducts", "m-2", [product("A", category: "X9"), product("B", category: ""), product("", category: "")])
    #expect(receipt["outcome"] == "partial")
    let shown = try await commands.json("messages", "show", "erp:m-2")
    #expect(shown["results"]?.array?.map { $0["outcome"]?.string } == ["held", "applied", "rejected"])
    #expect(shown["operation"] == "pushProducts")
    #expect(shown["byteOrder"] == "little-endian")
    let held = try await commands.json("held", "list")["held"]?.array ?? []
    #expect(held.count == 1)
    #expect(held[0]["waitsFor"] == [["link": ["entity": "Category", "system": "erp", "id": "X9"]]])
    let source = try await commands.json("held", "show", "1")["source"]
    #expect(source?["category"] == "X9")
    // Released by hand it only waits again: the id is still unknown.
    let again = try await commands.json("held", "release", "1", "--reason", "trying", "--fail-on", "none")
    #expect(again["results"]?[0]?["result"]?["outcome"] == "held")
    let linked = try await commands.json("identity", "link", "Category", "erp:X9", "shop:G1", "--reason", "same shelf", "--by", "anna")
    #expect(linked["changed"] == true)
    #expect(linked["released"]?.array?.count == 1)
    #expect(try await commands.json("held", "list")["held"] == [])
    let record = try await commands.json("products", "show", "erp:A")["product"]?["record"]
    #expect(record?["category"] == "K-000001")
    // Repeating what holds changes nothing; another id of the same system stands against it.
    #expect(
      try await commands.json("identity", "link", "Category", "erp:X9", "crm:K-000001", "--reason", "again")["changed"] == false)
    let refused = try await commands.refusal("identity", "link", "Category", "erp:X10", "crm:K-000001", "--reason", "other")
    #expect(refused.error?["code"] == "LINK_ALREADY_LINKED")
    let replaced = try await commands.json(
      "identity", "link", "Category", "erp:X10", "crm:K-000001", "--reason", "renamed", "--replace", "--by", "anna")
    #expect(replaced["changed"] == true)
    let history = try await commands.json("identity", "history", "Category", "erp:X9")["history"]?.array ?? []
    #expect(history.count == 1)
    #expect(history[0]["endedBy"] == "anna")
    #expect(history[0]["endedBecause"] == "renamed")
    let ids = try await commands.json("identity", "find", "Category", "shop:G1")["ids"]?.array ?? []
    #expect(ids.map { "\($0["system"]?.string ?? "") \($0["id"]?.string ?? "")" } == ["crm K-000001", "erp X10", "shop G1"])
    process.signal(2)
    #expect(try await process.wait() == .code(0))
  }
}
