import ForeignORB
import TesseraProcess
import Testing
import XMLStream

/// Everything that came is counted once: applied, unchanged, held, rejected, repeated or left out.
@Suite("23 Receipts add up") struct F23ReceiptsAddUp {
  private static let dialect = """
    <dialect xmlns="urn:tessera:dialect:1" name="dealerml" protocol="receipt">
      <document type="Dealer" root="export" items="dealers/dealer" message="@number" key="code"><sample file="sample.xml"/></document>
    </dialect>
    """
  private static let mapping = """
    <mapping xmlns="urn:tessera:mapping:1" name="dealer" from="dealerml:Dealer">
      <emit to="Party" when="kind != 'internal'">
        <identity entity="Party" from="code" field="id"/>
        <set field="changedAt" from="now-of-document()"/><set field="status" value="active"/><set field="name" from="name"/>
        <set field="kind" from="kind"/><set field="parent" value=""/><set field="taxId" value=""/><set field="paymentTerms" value=""/>
      </emit>
    </mapping>
    """

  private static func dealer(_ code: String, _ kind: String = "customer") -> String {
    "<dealer><code>\(code)</code><name>dealer \(code)</name><kind>\(kind)</kind></dealer>"
  }

  private static func export(_ number: Int, _ dealers: String, beside: String = "") -> String {
    "<export number=\"\(number)\"><dealers>\(dealers)</dealers>\(beside)</export>"
  }

  @Test("A document of which a part is taken says of the rest what became of it, and so do its receipt and the balance of its day")
  func document() async throws {
    let server = try TesseraServer()
    try server.write(Self.export(1, Self.dealer("S")), to: "sample.xml")
    try server.write(Self.dialect, to: "dealerml.xml")
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    try server.write(Self.mapping, to: "mappings/dealer.xml")
    let files = ["--dialect", "dealerml.xml", "--mappings", "mappings"]
    let dealers =
      (1...30).map { Self.dealer("D-\($0)") }.joined() + Self.dealer("I-1", "internal") + Self.dealer("I-2", "internal")
      + Self.dealer("D-1") + Self.dealer("X", "nonsense")
    let beside = "<suppliers>\(String(repeating: "<supplier><code>1</code></supplier>", count: 620))</suppliers><total>3</total>"
    let text = Self.export(7, dealers, beside: beside)
    try server.write(text, to: "export.xml")

    let checked = try await server.run(arguments: ["documents", "check", "export.xml", "--json"] + files)
    let trial = try JSON(parsing: checked.output)
    #expect(trial["mapped"] == 32 && trial["refused"] == 0 && trial["leftOut"] == 623, "\(trial)")
    #expect(trial["recordsLeftOut"] == ["suppliers/supplier": 620, "total": 1])

    let running = try await server.serve(options: files)
    let partner = try await XMLPartner("dealers", of: server, running, ["--documents", "*"])
    let answer = try await partner.post(text)
    #expect(try answer.count("received") == 655 && answer.count("applied") == 30 && answer.count("leftOut") == 623)
    #expect(try answer.count("rejected") == 1 && answer.count("repeated") == 1 && answer.count("held") == 0)
    let results = try answer.results
    #expect(results[30] == "I-1 left-out MAPPING_EMPTY" && results[32] == "D-1 repeated DUPLICATE_IN_MESSAGE")
    #expect(results.suffix(2) == ["left-out RECORDS_LEFT_OUT", "left-out RECORDS_LEFT_OUT"])
    let number = try #require(answer.receipt)
    #expect(try await partner.receipt(number).count("received") == 655)
    let shown = try await server.json("receipts", "show", "\(number)")
    #expect(shown.counted == "received=655 applied=30 rejected=1 repeated=1 leftOut=623", "\(shown)")
    #expect(shown["recordsLeftOut"] == ["suppliers/supplier": 620, "total": 1])

    // The same again, a document that is refused whole, and one of which nothing is wanted.
    #expect(try await partner.post(text).duplicateOf == number)
    #expect(try await partner.post(Self.export(8, "")).status == 422)
    let unwanted = try await partner.post(Self.export(9, Self.dealer("I-3", "internal")))
    #expect(try unwanted.count("leftOut") == 1 && unwanted.body.contains("<outcome>partial</outcome>"))

    // Another way in, of another system.
    _ = try await server.addSystem("ledger")
    try server.write("id,changedAt,status,code,name\nG,1000000,active,G,group\n", to: "groups.csv")
    for _ in 1...3 { _ = try await server.document("push", "groups.csv", "--system", "ledger", "--as", "Category") }
    let lines = try await server.json("balance", "--days", "2")["balance"]?.array ?? []
    #expect(
      lines.map { "\($0["system"]?.string ?? "") \($0["messages"]?.integer ?? 0) \($0["refused"]?.integer ?? 0)" } == [
        "dealers 4 1", "ledger 3 0",
      ])
    try #require(lines.count == 2)
    #expect(lines[0].counted == "received=1311 applied=30 rejected=1 repeated=656 leftOut=624")
    #expect(lines[1].counted == "received=3 applied=1 repeated=2")
    #expect(lines[0]["partner"] == true && lines[1]["partner"] == false)
    #expect(try await server.json("balance", "--system", "ledger")["balance"]?.array?.count == 1)
    #expect(try await server.json("balance", "--day", "2020-01-31")["balance"] == [])
    try await running.process.kill()
  }

  @Test("Items that match nothing are told where they are described and where they are looked for") func nothingMatches() async throws {
    let server = try TesseraServer()
    try server.write(Self.export(1, Self.dealer("S")), to: "sample.xml")
    try server.write(Self.dialect.replacing("dealers/dealer", with: "dealer/dealers"), to: "wrong.xml")
    let wrong = try await server.run(arguments: ["documents", "kinds", "--dialect", "wrong.xml"])
    #expect(wrong.exit != .code(0))
    #expect(wrong.errors.contains("wrong.xml:2:") && wrong.errors.contains("no sample has an item at dealer/dealers"), "\(wrong.errors)")

    try server.write(Self.dialect, to: "dealerml.xml")
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    try server.write(Self.mapping, to: "mappings/dealer.xml")
    try server.write("<export number=\"1\"><dealers><seller/><seller/></dealers></export>", to: "none.xml")
    let none = try await server.run(arguments: ["documents", "check", "none.xml", "--dialect", "dealerml.xml", "--mappings", "mappings"])
    #expect(none.exit != .code(0))
    #expect(none.errors.contains("DOCUMENT_EMPTY") && none.errors.contains("it has 2 seller"), "\(none.errors)")
  }

  @Test("Rows that a mapping does not want are left out, not rejected") func filteredRows() async throws {
    let dealers = try await DealerFiles(taking: "kind != 'internal'")
    try dealers.write("a.csv", "A,Anna,customer", "I,Ida,internal", "J,Jo,internal")
    let receipt = try await dealers.pushed("a.csv")
    #expect(receipt["outcome"] == "accepted" && receipt.counted == "received=3 applied=1 leftOut=2")
    #expect(try await dealers.push("a.csv").output.contains("1 applied, 2 left out"))
    try dealers.write("b.csv", "I,Ida,internal")
    let nothing = try await dealers.pushed("b.csv")
    #expect(nothing["outcome"] == "partial" && nothing.counted == "received=1 leftOut=1")
  }
}
