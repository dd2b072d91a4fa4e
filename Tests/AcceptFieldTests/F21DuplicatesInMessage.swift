import ForeignORB
import TesseraProcess
import Testing

/// A message that speaks of one thing several times says which of its words was taken, and takes none where nothing tells which counts.
@Suite("21 Duplicates in a message") struct F21DuplicatesInMessage {
  @Test("Rows of the lines of orders do not make orders of one line") func orderRows() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("till")
    // Three orders: one of three rows, one of a row that stands there twice, one of one row.
    let rows = [
      "O-1,100.00", "O-1,20.00", "O-2,7.00", "O-1,3.00", "O-2,7.00", "O-3,9.00",
    ].map { row in
      let parts = row.split(separator: ",")
      return "\(parts[0]),1767225600000000,active,\(parts[0]),open,2026-01-01,EUR,\(parts[1]),0,\(parts[1])"
    }
    let header = "id,changedAt,status,number,state,orderDate,currency,netTotal,taxTotal,grossTotal"
    try server.write(([header] + rows).joined(separator: "\n") + "\n", to: "orders.csv")
    let receipt = try await server.document("push", "orders.csv", "--system", "till", "--as", "OrderStatus")
    #expect(
      receipt.results == [
        "O-1 rejected DUPLICATE_IN_MESSAGE", "O-1 rejected DUPLICATE_IN_MESSAGE", "O-2 applied", "O-1 rejected DUPLICATE_IN_MESSAGE",
        "O-2 repeated DUPLICATE_IN_MESSAGE", "O-3 applied",
      ], "\(receipt)")
    #expect(receipt["outcome"] == "partial" && receipt.counted == "received=6 applied=2 rejected=3 repeated=1")
    let told = receipt["results"]?[1]?["explanation"]?.string ?? ""
    #expect(told.contains("OrderStatus O-1 of till, in its items 1, 2, 4, and nothing tells which is newer"), "\(told)")
    #expect(try await server.rows("SELECT foreign_id FROM linked_order_statuses ORDER BY 1") == "O-2\nO-3")
  }

  @Test("Other ORBs are told as well; versions tell which of two states is the newer one") func versions() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    let receipt = try await sender.push(
      "pushProducts", "m-1",
      [
        Document.product("A", version: 1, name: "old"), Document.product("A", version: 3, name: "new"),
        Document.product("A", version: 2, name: "middle"), Document.product("B", version: nil, name: "one"),
        Document.product("B", version: nil, name: "other"), Document.product("C", version: nil), Document.product("C", version: nil),
      ])
    #expect(
      receipt.items.map { "\($0.key) \($0.words)" } == [
        "A superseded DUPLICATE_IN_MESSAGE", "A applied", "A stale STALE_VERSION sourceVersion", "B rejected DUPLICATE_IN_MESSAGE id",
        "B rejected DUPLICATE_IN_MESSAGE id", "C applied", "C repeated DUPLICATE_IN_MESSAGE id",
      ])
    #expect(try await server.rows("SELECT name FROM products ORDER BY name") == "new\nproduct C")
    let shown = try await server.json("messages", "show", "erp:m-1")
    #expect(shown.counted == "received=7 applied=2 rejected=2 repeated=3 stale=1")

    // Two that wait for the same category: the thing is still said twice.
    let waiting = try await sender.push(
      "pushProducts", "m-2",
      [Document.product("W", version: nil, name: "one", category: "?"), Document.product("W", version: nil, name: "other", category: "?")])
    #expect(waiting.items.map(\.words) == ["rejected DUPLICATE_IN_MESSAGE id", "rejected DUPLICATE_IN_MESSAGE id"])
    #expect(try await server.json("held", "list")["held"] == [])

    // In a document of several parts: the later item stands in another transaction than the first.
    let u8 = try await XMLPartner("u8", of: server, running, ["--type", "ufinterface", "--sender", "001"])
    let many = (1...1_200).map { UFDocument.customer("L-\($0)", "many") }.joined()
    #expect(try await u8.post(UFDocument.customers("Add", many)).status == 200)
    let twice = many + UFDocument.customer("L-1", "otherwise") + UFDocument.customer("L-2", "many")
    let answer = try await u8.post(UFDocument.customers("Edit", twice))
    let items = try answer.items
    #expect(items.count == 1_202 && items[0] == "L-1 0 ok" && items[1_200].hasPrefix("L-1 -1 DUPLICATE_IN_MESSAGE: an item far before it"))
    #expect(items[1_201].hasPrefix("L-2 0 DUPLICATE_IN_MESSAGE: an item before it"), "\(items[1_201])")
    #expect(try await server.rows("SELECT name FROM linked_customers WHERE foreign_id = 'L-1'") == "many")
    try await running.process.kill()
  }

  @Test("Things that several items share are no duplicates of each other") func shared() async throws {
    let server = try TesseraServer()
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    func emit(_ type: String, _ id: String, _ sets: String) -> String {
      """
      <emit to="\(type)"><identity entity="\(type)" from="\(id)" field="id"/>
        <set field="changedAt" from="now-of-document()"/><set field="status" value="active"/>\(sets)</emit>
      """
    }
    let party = """
      <set field="name" from="firm"/><set field="kind" value="customer"/><set field="parent" value=""/><set field="taxId" value=""/>
      <set field="paymentTerms" value=""/>
      """
    let contact = """
      <set field="party" from="firm" id-of="Party"/><set field="name" from="person"/><set field="role" value=""/>
      <set field="phone" value="1"/><set field="email" value=""/><set field="preferredChannel" value="phone"/>
      """
    try server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="people" from="csv:people"><column name="firm"/><column name="person"/>
        \(emit("Party", "firm", party))\(emit("Contact", "concat(firm, '/', person)", contact))
      </mapping>
      """, to: "mappings/people.xml")
    _ = try await server.addSystem("ledger")
    try server.write("firm,person\nF,Ann\nF,Bob\nG,Cy\nF,Ann\n", to: "people.csv")
    let receipt = try await server.document("push", "people.csv", "--system", "ledger", "--as", "csv:people", "--mappings", "mappings")
    #expect(receipt.counted == "received=4 applied=3 repeated=1", "\(receipt)")
    #expect(try await server.json("parties", "list")["count"] == 2)
  }
}
