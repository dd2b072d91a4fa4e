import ForeignORB
import TesseraProcess
import Testing
import XMLStream

/// Documents in the shape of a U8 EAI interface come in by curl, and each is answered as such an interface answers.
@Suite(.needsCorpus) struct DocumentTests {
  private let everything = ["--documents", "ufinterface:*", "--documents", "Unit", "--documents", "Category"]

  @Test func theDocumentsOfTheShapeComeInAndAreAnswered() async throws {
    let gateway = try await Gateway(agreed: everything)
    let master = try await gateway.pushMasterData()
    #expect(master.status == 200, "\(master.body)")
    func send(_ name: String) async throws -> Gateway.Answer { try await gateway.post(file: Corpus.path("u8-eai-shape/\(name).xml")) }

    let inventory = try await send("inventory-add")
    #expect(inventory.status == 200)
    #expect(try inventory.root["roottag"] == "return")
    #expect(try inventory.root["docid"] == "881000001")
    #expect(try inventory.root["proc"] == "Add")
    #expect(try inventory.items == ["VAL-0100 0 P-000001", "VAL-0150 0 P-000002"])
    #expect(try await gateway.names("products") == ["闸阀 DN100", "闸阀 DN150"])

    let customer = try await send("customer-add")
    #expect(try customer.items == ["C-01 0 C-000001"])
    #expect(try await gateway.names("parties") == ["华东机械有限公司"])

    let query = try await send("customer-query")
    #expect(query.status == 200)
    #expect(try query.root["roottag"] == "customer")
    #expect(try query.root["docid"] == "881000003")
    #expect(try query.root.elements("customer").map { $0.element("name")?.text } == ["华东机械有限公司"])
    #expect(try query.root.elements("customer").map { $0.element("code")?.text } == ["C-01"])

    let numbers = try await send("cusinvcontrapose-add")
    #expect(try numbers.items == ["HD-GV-100 0 M-000001"] || numbers.items == ["C-01/VAL-0100/HD-GV-100 0 M-000001"], "\(numbers.body)")

    // An order of a known customer, then a batch in which the second customer is unknown: as the samples of answers show it.
    let order = try await send("saleorder-add")
    let accepted = try XMLDocument(path: Corpus.path("u8-eai-shape/return-ok.xml")).root
    #expect(try order.root["docid"] == accepted["docid"])
    #expect(try order.verdicts == Gateway.verdicts(accepted))
    let batch = try await send("saleorder-add-batch")
    let partial = try XMLDocument(path: Corpus.path("u8-eai-shape/return-partial.xml")).root
    #expect(try batch.root["docid"] == partial["docid"])
    #expect(try batch.verdicts == Gateway.verdicts(partial))
    #expect(try batch.reasons[1].contains("C-99"))

    // The samples of answers have the same form as ours.
    let sample = try XMLDocument(path: Corpus.path("u8-eai-shape/return-ok.xml")).root
    #expect(try Set(customer.root.attributes.map(\.name.local)) == Set(sample.attributes.map(\.name.local)))
    #expect(
      try Set(customer.root.elements("item")[0].attributes.map(\.name.local))
        == Set(sample.elements("item")[0].attributes.map(\.name.local)))
  }

  @Test func anItemWaitsForItsClassAndIsAppliedWhenThatIsLinked() async throws {
    let gateway = try await Gateway(agreed: everything)
    let held = try await gateway.post(file: Corpus.path("u8-eai-shape/inventory-add.xml"))
    #expect(try held.items == ["VAL-0100 0 ", "VAL-0150 0 "])
    #expect(try held.reasons.allSatisfy { $0.hasPrefix("held UNKNOWN_CATEGORY") })
    _ = try await gateway.pushMasterData()
    let receipt = try await gateway.get("/receipts/\(try #require(held.receipt))")
    #expect(receipt.status == 200)
    #expect(receipt.body.contains("<outcome>accepted</outcome>"))
    #expect(try await gateway.names("products").count == 2)
  }

  @Test func addCreatesEditChangesAndDeleteDeactivates() async throws {
    let gateway = try await Gateway()
    func send(_ proc: String, _ items: String, docid: String) async throws -> Gateway.Answer {
      try await gateway.post(Gateway.document("customer", items, proc: proc, docid: docid))
    }
    #expect(try await send("Add", Gateway.customer("C-1"), docid: "1").items == ["C-1 0 C-000001"])
    let again = try await send("add", Gateway.customer("C-1", "<phone>2</phone>"), docid: "2")
    #expect(try again.items == ["C-1 -1 C-000001"])
    #expect(try again.reasons[0].hasPrefix("ID_EXISTS"))
    let edited = try await send(
      "Edit", "<customer><code>C-1</code><name>renamed</name></customer><customer><code>C-2</code><name>b</name></customer>", docid: "3")
    #expect(try edited.items == ["C-1 0 C-000001", "C-2 -1 "])
    #expect(try edited.reasons[1].hasPrefix("ID_UNKNOWN"))
    #expect(try await gateway.names("parties") == ["renamed"])
    #expect(try await send("Delete", "<customer><code>C-1</code></customer>", docid: "4").items == ["C-1 0 C-000001"])
    let party = try await gateway.server.json("parties", "list")["parties"]?.array?.first
    #expect(party?["name"]?.string == "renamed")
    #expect(party?["status"]?.string == "inactive")
  }

  @Test func aCustomerAndItsContactAreOneItem() async throws {
    let gateway = try await Gateway()
    let answer = try await gateway.post(
      Gateway.document("customer", Gateway.customer("C-1", "<contact>张三</contact><phone>021</phone><end_date>2026-01-01</end_date>")))
    #expect(try answer.items == ["C-1 0 C-000001"])
    let found = try await ChildProcess.check(
      "sqlite3", ["\(gateway.server.folder)/tessera-data/tessera.sqlite", "SELECT name, status FROM contacts"])
    #expect(found == "张三|active\n")
  }

  @Test func itemsAreTakenEachOnItsOwnInTheirOrder() async throws {
    let gateway = try await Gateway()
    let answer = try await gateway.post(
      Gateway.document(
        "customer", Gateway.customer("C-1") + "<customer><code>C-2</code><name> </name></customer>" + Gateway.customer("C-3")))
    #expect(answer.status == 200)
    #expect(try answer.items == ["C-1 0 C-000001", "C-2 -1 ", "C-3 0 C-000002"])
    #expect(try answer.reasons[1].hasPrefix("NAME_MISSING"))
  }

  /// More items than one transaction takes: parts of their own, one answer.
  @Test func aLargeDocumentIsTakenInParts() async throws {
    let gateway = try await Gateway()
    let items = (1...2_500).map { Gateway.customer("C-\($0)") }.joined()
    let answer = try await gateway.post(Gateway.document("customer", items))
    #expect(answer.status == 200)
    let results = try answer.items
    #expect(results.count == 2_500)
    #expect(results.last == "C-2500 0 C-002500")
    let again = try await gateway.post(Gateway.document("customer", items))
    #expect(again.body == answer.body)
    #expect(again.receipt == answer.receipt)
  }

  static let encodings = ["UTF-8", "UTF-8 with a mark", "GB2312", "GBK", "GB18030", "UTF-16LE", "UTF-16BE"]

  @Test(arguments: encodings) func everyEncodingComesIn(encoding: String) async throws {
    let gateway = try await Gateway()
    let name = encoding == "GB18030" ? "㐂镕汽车" : encoding == "GBK" ? "镕汽车" : "汽车"
    let declared = encoding == "UTF-8 with a mark" ? "utf-8" : encoding.hasPrefix("UTF-16") ? "UTF-16" : encoding.lowercased()
    let document = Gateway.document(
      "customer", "<customer><code>C-1</code><name>\(name)</name></customer>",
      declaration: "<?xml version=\"1.0\" encoding=\"\(declared)\"?>\r\n")
    let source = try gateway.server.write((encoding == "UTF-8 with a mark" ? "\u{FEFF}" : "") + document, to: "utf8.xml")
    var file = source
    if !encoding.hasPrefix("UTF-8") {
      file = "\(gateway.server.folder)/encoded.xml"
      _ = try await ChildProcess.check("sh", ["-c", "iconv -f UTF-8 -t \(encoding) \(source) > \(file)"])
      if encoding.hasPrefix("UTF-16") {
        try write((encoding == "UTF-16LE" ? [0xFF, 0xFE] : [0xFE, 0xFF]) + octets(ofFile: file), to: file)
      }
    }
    let answer = try await gateway.post(file: file)
    #expect(try answer.items == ["C-1 0 C-000001"], "\(answer.body)")
    #expect(try await gateway.names("parties") == [name])
  }
}
