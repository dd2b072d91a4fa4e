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

    // A return of ours, whole: key, succeed, reason and the CRM core's id of each item.
    func returned(_ docid: String, _ items: (key: String, succeed: String, dsc: String, id: String)...) -> String {
      let written = items.map { "<item key=\"\($0.key)\" succeed=\"\($0.succeed)\" dsc=\"\($0.dsc)\" u8key=\"\($0.id)\"/>" }
      return """
        <?xml version="1.0" encoding="UTF-8"?>
        <ufinterface roottag="return" docid="\(docid)" proc="Add">\(written.joined())</ufinterface>

        """
    }

    let inventory = try await send("inventory-add")
    #expect(inventory.status == 200)
    #expect(inventory.body == returned("881000001", ("VAL-0100", "0", "ok", "P-000001"), ("VAL-0150", "0", "ok", "P-000002")))
    #expect(try await gateway.names("products") == ["闸阀 DN100", "闸阀 DN150"])

    let customer = try await send("customer-add")
    #expect(customer.status == 200)
    #expect(customer.body == returned("881000002", ("C-01", "0", "ok", "C-000001")))
    #expect(try await gateway.names("parties") == ["华东机械有限公司"])

    let query = try await send("customer-query")
    #expect(query.status == 200)
    #expect(
      query.body == """
        <?xml version="1.0" encoding="UTF-8"?>
        <ufinterface sender="001" receiver="u8" roottag="customer" proc="Query" docid="881000003" codeexchanged="n" exportneedexch="y" \
        paginate="0" display="客户档案" family="基础档案">
         <customer>
          <code>C-01</code>
          <name>华东机械有限公司</name>
          <abbrname>华东机械</abbrname>
          <address>上海市浦东新区示例路1号</address>
          <postcode>200120</postcode>
          <pay_condition>01</pay_condition>
          <bCusState>1</bCusState>
         </customer>
        </ufinterface>

        """)

    let numbers = try await send("cusinvcontrapose-add")
    #expect(numbers.status == 200)
    #expect(numbers.body == returned("881000006", ("C-01/VAL-0100/HD-GV-100", "0", "ok", "M-000001")))

    // An order of a known customer, then a batch in which the second customer is unknown: as the samples of answers show it, but for our
    // own ids and words.
    let order = try await send("saleorder-add")
    #expect(order.status == 200)
    #expect(order.body == returned("881000004", ("SO20261120001", "0", "ok", "S-000001")))
    try expectLike("return-ok", order)
    let batch = try await send("saleorder-add-batch")
    #expect(batch.status == 200)
    let reason = try batch.reasons[1]
    #expect(reason.hasPrefix("UNKNOWN_REFERENCE: party: no link has the Party 'C-99'"))
    // The mapping is named, the broker's folders are not.
    #expect(reason.hasSuffix(" (saleorder.xml:17:5)"), "\(reason)")
    #expect(
      batch.body.replacing(reason, with: "REASON")
        == returned("881000005", ("SO20261120002", "0", "ok", "S-000002"), ("SO20261120003", "-1", "REASON", "")))
    try expectLike("return-partial", batch)
  }

  /// Compares an answer with a sample of the corpus: everything but ids, which are each system's own, and the words of refusals.
  private func expectLike(_ sample: String, _ answer: Gateway.Answer) throws {
    func comparable(_ root: XMLElement) -> [[String]] {
      [root.attributes.map { "\($0.name.local)=\($0.value)" }]
        + root.elements.map { item in
          item.attributes.map { attribute in
            switch attribute.name.local {
            case "u8key": "u8key \(attribute.value.isEmpty ? "empty" : "given")"
            case "dsc" where item["succeed"] != "0": "dsc \(attribute.value.isEmpty ? "empty" : "given")"
            default: "\(attribute.name.local)=\(attribute.value)"
            }
          }
        }
    }
    let expected = comparable(try XMLDocument(path: Corpus.path("u8-eai-shape/\(sample).xml")).root)
    #expect(try comparable(answer.root) == expected)
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
    #expect(try await gateway.server.rows("SELECT name, status FROM contacts") == "张三|active")
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
    #expect(try again.items == answer.items)
    #expect(try again.reasons.allSatisfy { $0 == "duplicate of receipt \(answer.receipt ?? 0): ok" })
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
