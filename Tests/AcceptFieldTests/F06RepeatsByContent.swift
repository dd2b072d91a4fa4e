import ForeignORB
import TesseraProcess
import Testing

/// What is named by its content alone is compared with how things stand when it comes again.
@Suite("6 Repeats by content") struct F06RepeatsByContent {
  @Test("A file, another, and the first again are three changes; the same twice is a duplicate, and says so")
  func fileThereAndBack() async throws {
    let dealers = try await DealerFiles()
    try dealers.write("a.csv", "A,Anna,customer", "B,Bert,customer")
    try dealers.write("b.csv", "A,Zoe,customer", "B,Bert,customer")
    #expect(try await dealers.pushed("a.csv").counted == "received=2 applied=2")
    #expect(try await dealers.pushed("b.csv").counted == "received=2 applied=1 unchanged=1")
    for expected in ["Anna", "Zoe", "Anna"] {
      let receipt = try await dealers.pushed(expected == "Anna" ? "a.csv" : "b.csv")
      #expect(receipt["outcome"] == "accepted" && receipt["duplicateOf"] == .null)
      #expect(receipt.results == ["A applied", "B unchanged"])
      #expect(try await dealers.names == [expected, "Bert"])
    }
    let again = try await dealers.pushed("a.csv")
    #expect(again["outcome"] == "duplicate" && again["duplicateOf"] == 5)
    #expect(again.counted == "received=2 repeated=2")
    let words = try await dealers.push("a.csv").output
    #expect(words.hasPrefix("2 rows: duplicate of message 5, which came "), "\(words)")
    #expect(try await dealers.server.json("messages", "list", "--system", "ledger")["messages"]?.array?.count == 5)
  }

  @Test("The CRM's own products: an import after a newer one is taken again") func importThereAndBack() async throws {
    let server = try TesseraServer()
    try server.write("code,name,listPrice,currency\nB-8,Bolt,12.50,EUR\n", to: "a.csv")
    try server.write("code,name,listPrice,currency\nB-8,Bolt,13.50,EUR\n", to: "b.csv")
    for (file, price) in [("a", "12.5000"), ("b", "13.5000"), ("a", "12.5000"), ("b", "13.5000")] {
      let receipt = try await server.json("products", "import", "\(file).csv")
      #expect(receipt["outcome"] == "accepted" && receipt.counted == "received=1 applied=1")
      #expect(try await server.json("products", "show", "B-8")["product"]?["record"]?["listPrice"]?["amount"] == .string(price))
    }
    let again = try await server.document("products", "import", "b.csv")
    #expect(again["outcome"] == "duplicate" && again["duplicateOf"] == 4 && again.counted == "received=1 repeated=1")
    #expect(try await server.json("products", "list")["count"] == 1)
  }

  @Test("The same file after its mapping was corrected is taken, not refused by its old receipt") func correctedMapping() async throws {
    let dealers = try await DealerFiles()
    try dealers.write("a.csv", "A,Anna,dealer", "B,Bert,customer")
    let refused = try await dealers.pushed("a.csv")
    #expect(refused.counted == "received=2 applied=1 rejected=1", "\(refused)")
    let still = try await dealers.pushed("a.csv")
    #expect(still["outcome"] == "duplicate" && still.results == refused.results)
    try dealers.map(kind: "value=\"customer\" when=\"kind = 'dealer'\" otherwise=\"customer\"")
    let taken = try await dealers.pushed("a.csv")
    #expect(taken["duplicateOf"] == .null && taken.results == ["A applied", "B unchanged"])
    // A mapping that is changed for the worse is told of, too.
    try dealers.map(kind: "from=\"kind\"")
    #expect(try await dealers.pushed("a.csv")["outcome"] == "duplicate", "what was applied stands, and nobody changed it since")
  }

  @Test("An item that waits is no news as long as it waits for the same") func heldAgain() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("shop")
    try server.write("id,changedAt,status,code,name,parent\nG-1,1000000,active,G-1,group,G\n", to: "child.csv")
    try server.write("id,changedAt,status,code,name,parent\nG,1000000,active,G,group,\n", to: "parent.csv")
    func push(_ file: String) async throws -> JSON {
      try await server.document("push", file, "--system", "shop", "--as", "Category")
    }
    #expect(try await push("child.csv").results == ["G-1 held UNKNOWN_CATEGORY"])
    let again = try await push("child.csv")
    #expect(again["outcome"] == "duplicate" && again.counted == "received=1 repeated=1")
    #expect(try await server.json("held", "list")["held"]?.array?.count == 1)
    #expect(try await push("parent.csv").results == ["G applied"])
    // The item was released meanwhile: it says nothing new.
    #expect(try await push("child.csv")["outcome"] == "duplicate")
  }

  @Test("Documents that are named by their bytes: there and back, in one part and in several") func documents() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let u8 = try await XMLPartner("u8", of: server, running, ["--type", "ufinterface", "--sender", "001"])
    func names() async throws -> String { try await server.rows("SELECT name FROM linked_customers WHERE foreign_id IN ('C-1', 'L-1500')") }
    #expect(try await u8.post(UFDocument.customers("Add", UFDocument.customer("C-1", "first"))).items == ["C-1 0 ok"])
    for name in ["one", "two", "one", "two"] {
      let answer = try await u8.post(UFDocument.customers("Edit", UFDocument.customer("C-1", name)))
      #expect(try answer.items == ["C-1 0 ok"] && answer.duplicateOf == nil)
      #expect(try await names() == name)
    }
    let last = UFDocument.customers("Edit", UFDocument.customer("C-1", "two"))
    let again = try await u8.post(last)
    let number = try #require(again.receipt)
    #expect(try again.items == ["C-1 0 duplicate of receipt \(number): ok"] && again.duplicateOf == number)

    // More items than one transaction takes, of which only one of the last part was changed in between.
    let all = (1...1_500).map { UFDocument.customer("L-\($0)", "many") }.joined()
    #expect(try await u8.post(UFDocument.customers("Add", all)).items.count == 1_500)
    let edit = UFDocument.customers("Edit", all)
    let first = try await u8.post(edit)
    #expect(try await u8.post(UFDocument.customers("Edit", UFDocument.customer("L-1500", "changed"))).items == ["L-1500 0 ok"])
    let back = try await u8.post(edit)
    #expect(back.duplicateOf == nil && back.receipt != first.receipt)
    #expect(try await server.rows("SELECT name FROM linked_customers WHERE foreign_id = 'L-1500'") == "many")
    let shown = try await u8.receipt(try #require(back.receipt))
    #expect(try shown.results.count == 1_500 && shown.results.first == "L-1 unchanged" && shown.results.last == "L-1500 applied")
    #expect(try await u8.post(edit).duplicateOf == back.receipt)

    // An Add that was undone meanwhile is no duplicate of the time when it succeeded.
    let add = UFDocument.customers("Add", UFDocument.customer("C-9", "nine"))
    #expect(try await u8.post(add).items == ["C-9 0 ok"])
    #expect(try await u8.post(add).items.first?.hasPrefix("C-9 0 duplicate of receipt") == true)
    #expect(try await u8.post(UFDocument.customers("Delete", UFDocument.customer("C-9", ""))).items == ["C-9 0 ok"])
    #expect(try await u8.post(add).items.first?.hasPrefix("C-9 -1 ID_EXISTS") == true)

    // What bears a number of its own gets its original answer, word for word; a header tells.
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let unit = """
      <pushUnits xmlns="urn:tessera:interchange:1"><message>M-1</message><batch><item><id>PC</id><changedAt>1767225600000000</changedAt>\
      <status>active</status><code>PC</code><name>piece</name><factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator>\
      </item></batch></pushUnits>
      """
    let original = try await shop.post(unit)
    let repeated = try await shop.post(unit)
    #expect(original.duplicateOf == nil && repeated.duplicateOf == original.receipt && repeated.body == original.body)
    try await running.process.kill()
  }
}
