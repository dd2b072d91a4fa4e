import ForeignORB
import TesseraProcess
import Testing
import XMLStream

/// Who may send what, how often, and what happens to what comes twice.
@Suite struct PartnerTests {
  @Test func aTokenIsBoundToOneSender() async throws {
    let gateway = try await Gateway()
    let document = Gateway.document("customer", Gateway.customer("C-1"))
    for token in ["", "u8.wrong", "nobody.\(gateway.token.dropFirst(3))"] {
      let answer = try await gateway.post(document, token: token == "" ? "-" : token)
      #expect(answer.status == 401)
      #expect(answer.body.contains("NOT_AUTHENTICATED"))
    }
    let foreign = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1"), sender: "002"))
    #expect(foreign.status == 403)
    #expect(try foreign.reasons[0].hasPrefix("SENDER_FOREIGN"))
    #expect(try await gateway.post(document).status == 200)
    _ = try await gateway.server.json("partners", "revoke", "u8")
    #expect(try await gateway.post(document).status == 401)
    let kept = try await ChildProcess.check(
      "sh", ["-c", "grep -c '\(gateway.token.split(separator: ".")[1])' \(gateway.server.folder)/tessera-data/tessera.sqlite* || true"])
    #expect(!kept.contains(":1"), "the token stands on disk")
  }

  @Test func whatWasNotAgreedIsRefused() async throws {
    let gateway = try await Gateway(agreed: ["--documents", "ufinterface:inventory", "--max-bytes", "1000"])
    let other = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1")))
    #expect(other.status == 403)
    #expect(try other.reasons[0].hasPrefix("DOCUMENT_NOT_AGREED"))
    let large = try await gateway.post(Gateway.document("inventory", String(repeating: " ", count: 1_000)))
    #expect(large.status == 413)
    #expect(try large.reasons[0].hasPrefix("BODY_TOO_LARGE"))
    // The same without saying beforehand how large it is.
    let chunked = try await gateway.post(
      Gateway.document("inventory", String(repeating: " ", count: 1_000)), ["-H", "Transfer-Encoding: chunked"])
    #expect(chunked.status == 413)
  }

  @Test func ratesAreKept() async throws {
    let gateway = try await Gateway(agreed: ["--per-minute", "1"])
    var statuses: [Int] = []
    for number in 1...3 {
      statuses.append(try await gateway.post(Gateway.document("customer", Gateway.customer("C-\(number)"), docid: "\(number)")).status)
    }
    #expect(statuses == [200, 429, 429])
  }

  @Test(arguments: ["SQLEXE", "sqlexe"]) func sqlIsNeverRun(roottag: String) async throws {
    let gateway = try await Gateway(agreed: ["--documents", "*", "--validation", "off"])
    let answer = try await gateway.post(Gateway.document(roottag, "<sql value=\"select * from customer\"/>"))
    #expect(answer.status == 403)
    #expect(try answer.reasons[0].hasPrefix("SQL_REFUSED"))
  }

  @Test func otherRequestsAreAnsweredInXML() async throws {
    let gateway = try await Gateway()
    let answers = [
      (try await gateway.post(""), 400), (try await gateway.post("hello"), 400),
      (try await gateway.post("<ufinterface roottag=\"customer\">"), 400),
      (try await gateway.post("<other/>"), 422), (try await gateway.curl(["-X", "PUT", "-d", "x"]), 405),
      (try await gateway.get("/elsewhere"), 404), (try await gateway.get("/receipts/17"), 404), (try await gateway.get(""), 200),
      (try await gateway.post(Gateway.document("vendor", "<vendor/>")), 422),
      (try await gateway.post(Gateway.document("customer", Gateway.customer("C-1"), proc: "diffedit")), 422),
      (try await gateway.post("<?xml version='1.0' encoding='KOI8-R'?><a/>"), 415),
      (try await gateway.post("<a/>", ["-H", "Content-Encoding: gzip"]), 415),
    ]
    for (answer, status) in answers {
      #expect(answer.status == status, "\(answer.body)")
      _ = try answer.root
    }
  }

  @Test func everyBreachOfTheSchemaIsTold() async throws {
    let gateway = try await Gateway()
    let bad = "<customer>\n<code>C-1</code>\n<credit_amount>much</credit_amount>\n<Name>x</Name></customer>\n<customer/>"
    let answer = try await gateway.post(Gateway.document("customer", bad))
    #expect(answer.status == 422)
    let reasons = try answer.reasons
    try #require(reasons.count == 3, "\(reasons)")
    #expect(reasons[0].hasPrefix("XML_SCHEMA_VIOLATION: line 3, column 16, /ufinterface/customer/credit_amount:"))
    #expect(reasons[1].hasPrefix("XML_SCHEMA_VIOLATION: line 4, column 1, /ufinterface/customer/Name:"))
    #expect(reasons[2].contains("/ufinterface/customer[2]"))
    #expect(try await gateway.names("parties").isEmpty)
    let many = (0..<150).map { "<customer><code>C-\($0)</code><wrong/></customer>" }.joined()
    #expect(try await gateway.post(Gateway.document("customer", many)).items.count == 100)
  }

  @Test func aPartnerWhoseDocumentsBreakTheirSchemaMayBeWarnedOnly() async throws {
    let gateway = try await Gateway(agreed: ["--validation", "warn"])
    let answer = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1", "<unknown>x</unknown>")))
    #expect(answer.status == 200)
    #expect(try answer.items == ["C-1 0 C-000001", " 0 "])
    #expect(try answer.reasons[1].contains("unknown"))
  }

  @Test func aPartnerWhoseDocumentsAreNotCheckedIsToldOfNoBreach() async throws {
    let gateway = try await Gateway(agreed: ["--validation", "off"])
    let breach = "<unknown>x</unknown><credit_amount>much</credit_amount>"
    let answer = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1", breach)))
    #expect(answer.status == 200)
    #expect(try answer.items == ["C-1 0 C-000001"])
    #expect(try answer.reasons == ["ok"])
    // Form, limits and the sender count all the same.
    #expect(try await gateway.post("<ufinterface roottag='customer' sender='001' proc='Add'><customer>").status == 400)
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("C-2"), sender: "002")).status == 403)
  }

  /// Senders say many things of what they send; what it is stands in it.
  @Test(
    arguments: [
      "text/xml", "application/xml; charset=gb2312", "text/xml; charset=utf-16", "application/x-www-form-urlencoded", "application/json",
      "multipart/form-data; boundary=x", "",
    ])
  func whatTheContentTypeSaysDoesNotCount(type: String) async throws {
    let gateway = try await Gateway()
    let document = Gateway.document(
      "customer", "<customer><code>C-1</code><name>汽车</name></customer>", declaration: "<?xml version=\"1.0\" encoding=\"utf-8\"?>")
    let file = try gateway.server.write(document, to: "request.xml")
    // An empty value takes the header away.
    let answer = try await gateway.curl(["--data-binary", "@\(file)", "-H", "Content-Type:\(type.isEmpty ? "" : " \(type)")"])
    #expect(try answer.items == ["C-1 0 C-000001"], "\(answer.body)")
    #expect(try await gateway.names("parties") == ["汽车"])
  }

  @Test func aMessageThatIsBeingTakenIsNotTakenASecondTime() async throws {
    let gateway = try await Gateway()
    let items = (1...20_000).map { Gateway.customer("C-\($0)") }.joined()
    let file = try gateway.server.write(Gateway.document("customer", items), to: "large.xml")
    async let first = gateway.post(file: file)
    var second: Gateway.Answer
    repeat { second = try await gateway.post(file: file) } while second.status == 200 && second.receipt == nil
    // Where the second came first, it is the other one that is told to wait.
    let answers = [try await first, second].sorted { $0.status < $1.status }
    #expect(answers.map(\.status) == [200, 409])
    #expect(try answers[1].reasons[0].hasPrefix("MESSAGE_UNDER_WAY"), "\(answers[1].body.prefix(300))")
    #expect(answers[1].retryAfter == 1)
    #expect(try await gateway.count("linked_customers") == 20_000)
    // Whoever waited gets the original answer, with words that say so.
    #expect(try await gateway.post(file: file).items == answers[0].items)
  }

  @Test func aBodyThatTheDiskDoesNotTakeMayComeAgain() async throws {
    let gateway = try await Gateway()
    let document = Gateway.document("customer", (1...2_000).map { Gateway.customer("C-\($0)") }.joined())
    let data = "\(gateway.server.folder)/tessera-data"
    _ = try await ChildProcess.check("sh", ["-c", "mv \(data)/spool \(data)/away && touch \(data)/spool"])
    let refused = try await gateway.post(document)
    #expect(refused.status == 503)
    #expect(refused.retryAfter == 30)
    #expect(try refused.reasons[0].hasPrefix("SPOOL_FAILED"))
    _ = try await ChildProcess.check("sh", ["-c", "rm \(data)/spool && mv \(data)/away \(data)/spool"])
    #expect(try await gateway.post(document).status == 200)
    #expect(try await gateway.count("linked_customers") == 2_000)
  }

  @Test func aRepeatedMessageGetsItsOriginalReceipt() async throws {
    let gateway = try await Gateway()
    let document = Gateway.document("customer", Gateway.customer("C-1"), docid: "")
    let first = try await gateway.post(document)
    let second = try await gateway.post(document)
    #expect(try second.items == first.items && second.receipt == first.receipt)
    #expect(try second.reasons == ["duplicate of receipt \(first.receipt ?? 0): ok"])
    #expect(try first.items == ["C-1 0 C-000001"])
  }

  @Test func aNumberMeansOneMessageWhereThatWasAgreed() async throws {
    let gateway = try await Gateway(agreed: ["--identity", "document"])
    let first = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1"), docid: "7"))
    #expect(first.status == 200)
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("C-1"), docid: "7")).body == first.body)
    let other = try await gateway.post(Gateway.document("customer", Gateway.customer("C-2"), docid: "7"))
    #expect(other.status == 422)
    #expect(try other.reasons[0].hasPrefix("MESSAGE_CONFLICT"))
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("C-2"), docid: "")).status == 422)
    // A refused try does not use the number up.
    #expect(try await gateway.post(Gateway.document("customer", "<customer/>", docid: "8")).status == 422)
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("C-3"), docid: "8")).status == 200)
  }

  @Test func afterItsWindowANumberIsANewMessage() async throws {
    let gateway = try await Gateway(agreed: ["--identity", "document", "--window", "1s"])
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("C-1"), docid: "7")).status == 200)
    let other = Gateway.document("customer", Gateway.customer("C-2"), docid: "7")
    let limit = ContinuousClock.now + .seconds(30)
    while try await gateway.post(other).status != 200, ContinuousClock.now < limit {}
    #expect(try await gateway.names("parties") == ["company C-1", "company C-2"])
  }

  /// A document of more than one part has one receipt, also when its number means a new message.
  @Test func afterItsWindowALargeDocumentHasOneReceipt() async throws {
    let gateway = try await Gateway(agreed: ["--identity", "document", "--window", "1s"])
    func document(_ name: String) -> String {
      Gateway.document("customer", (1...1_200).map { Gateway.customer("\(name)-\($0)") }.joined(), docid: "7")
    }
    #expect(try await gateway.post(document("A")).status == 200)
    let limit = ContinuousClock.now + .seconds(60)
    var answer = try await gateway.post(document("B"))
    while answer.status != 200, ContinuousClock.now < limit { answer = try await gateway.post(document("B")) }
    let receipt = try await gateway.get("/receipts/\(try #require(answer.receipt))").root
    let canonical = "urn:tessera:interchange:1"
    #expect(receipt.element(XMLName("message", namespace: canonical))?.text == "7")
    let results = try #require(receipt.element(XMLName("results", namespace: canonical))).elements
    #expect(results.count == 1_200)
    #expect(results.last?.element(XMLName("key", namespace: canonical))?.text == "B-1200")
  }

  /// Parts of a document bear numbers behind its own: a document whose number looks like one of them is another.
  @Test(arguments: ["A#2", "A~2", "A~1#2", "refused~1#0"]) func noNumberIsTakenForAPartOfAnotherDocument(docid: String) async throws {
    let gateway = try await Gateway(agreed: ["--identity", "document"])
    #expect(try await gateway.post(Gateway.document("customer", "<customer/>", docid: docid)).status == 422)
    let items = (1...1_200).map { Gateway.customer("C-\($0)") }.joined()
    let large = try await gateway.post(Gateway.document("customer", items, docid: "A"))
    #expect(large.status == 200)
    let other = try await gateway.post(Gateway.document("customer", Gateway.customer("D-1"), docid: docid))
    #expect(try other.items == ["D-1 0 C-001201"], "\(other.body)")
    let receipt = try await gateway.get("/receipts/\(try #require(large.receipt))")
    #expect(receipt.body.contains("<key>C-1200</key>") && !receipt.body.contains("D-1"))
  }

  @Test(arguments: [0, 100_000]) func whatCameInCanBeLookedAt(comment: Int) async throws {
    let gateway = try await Gateway()
    let document = Gateway.document("customer", Gateway.customer("C-1", "<!--\(String(repeating: "x", count: comment))-->"))
    let answer = try await gateway.post(document)
    let number = try #require(answer.receipt)
    let shown = try await gateway.server.json("receipts", "show", "\(number)")
    #expect(shown["operation"]?.string == "eai ufinterface:customer")
    // A large document has a file, a small one stands in the database.
    let file = shown["file"]?.string
    #expect((file != nil) == (comment > 0))
    if let file { #expect(try text(ofFile: "\(gateway.server.folder)/\(file)") == document) }
    let command = ["receipts", "show", "\(number)", "--body"]
    #expect(try await ChildProcess.check(builtExecutable("tessera"), command, folder: gateway.server.folder) == document + "\n")
    #expect(try await gateway.server.json("receipts", "list")["receipts"]?.array?.count == 1)
    let doctor = try await gateway.server.json("doctor")
    #expect(doctor["checks"]?.array?.contains { $0["what"]?.string == "partners" && $0["state"]?.string == "good" } == true)
    // Another partner's receipts are nobody else's business.
    let stranger = try await Gateway.addPartner("other", on: gateway.server, [])
    #expect(try await gateway.get("/receipts/\(number)", token: stranger).status == 404)
  }

  @Test func canonicalDocumentsComeInToo() async throws {
    let gateway = try await Gateway()
    let token = try await Gateway.addPartner("erp", on: gateway.server, [])
    let answer = try await gateway.pushMasterData(token: token)
    #expect(answer.status == 200, "\(answer.body)")
    #expect(answer.body.contains("<outcome>accepted</outcome>"))
    #expect(try answer.root.name == XMLName("Receipt", namespace: "urn:tessera:interchange:1"))
    let conflict = try await gateway.post(
      Gateway.canonical("pushCategories", "categories-1", "<item><id>02</id><name>x</name><status>active</status></item>"), token: token)
    #expect(conflict.status == 422)
    #expect(conflict.body.contains("MESSAGE_CONFLICT"))
  }
}
