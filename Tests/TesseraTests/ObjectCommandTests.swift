import ForeignORB
import Testing

@Suite("Systems, products, parties")
struct ObjectCommandTests {
  @Test("A secret is shown once and kept as a hash; rotating gives another; who is revoked can be added again")
  func systems() async throws {
    let commands = try Commands()
    let added = try await commands.json("systems", "add", "erp", "--adapter", "inbound", "--type", "sap", "--by", "anna")
    let secret = try #require(added["secret"]?.string)
    #expect(secret.utf8.count == 32)
    #expect(added["system"]?["type"] == "sap")
    let rows = try await ChildProcess.check("sqlite3", ["\(commands.path)/tessera-data/tessera.sqlite", ".dump"])
    #expect(!rows.contains(secret))
    #expect(rows.contains("scrypt$"))
    let rotated = try await commands.json("systems", "rotate", "erp")
    #expect(rotated["secret"]?.string?.utf8.count == 32)
    #expect(rotated["secret"] != added["secret"])
    #expect(try await commands.json("systems", "revoke", "erp", "--reason", "left")["system"]?["state"] == "revoked")
    #expect(try await commands.refusal("systems", "rotate", "erp").error?["code"] == "SYSTEM_REVOKED")
    let again = try await commands.json("systems", "add", "erp", "--adapter", "inbound")
    #expect(again["system"]?["createdAt"] == added["system"]?["createdAt"])
    let audit = try await commands.json("audit", "list")["audit"]?.array ?? []
    #expect(audit.map { $0["action"]?.string } == ["add-system", "rotate-secret", "revoke-system", "add-system"])
    #expect(audit[0]["who"] == "anna")
    #expect(audit[2]["reason"] == "left")
  }

  @Test("The reference that we call is pinned, from a file if need be")
  func reference() async throws {
    let commands = try Commands()
    try commands.folder.write("  corbaloc:iiop:127.0.0.1:1/Desk\n", to: "desk.ref")
    let added = try await commands.json(
      "systems", "add", "erp", "--adapter", "order-desk", "--reference", "@desk.ref", "--orders", "--guarantee", "strong-probe")
    #expect(added["system"]?["reference"] == "corbaloc:iiop:127.0.0.1:1/Desk")
    #expect(added["system"]?["orders"] == true)
    #expect(added["system"]?["guarantee"] == "strong-probe")
    let table = try await commands.run("systems", "list").output
    #expect(
      table.hasPrefix(
        "NAME  TYPE       ADAPTER     ORDERS  GUARANTEE     STATE   CHANGED\nerp   canonical  order-desk  yes     strong-probe  active  "))
  }

  @Test("Products come in as CSV, once; a row with a known code changes its product")
  func products() async throws {
    let commands = try await Commands.withProducts()
    let list = try await commands.json("products", "list")
    #expect(list["count"] == 3)
    #expect(list["products"]?.array?.map { $0["id"]?.string } == ["P-000001", "P-000002", "P-000003"])
    let shown = try await commands.json("products", "show", "B-8")["product"]
    #expect(shown?["record"]?["listPrice"] == ["amount": "12.5000", "currency": "EUR"])
    #expect(shown?["record"]?["sourceVersion"] == .null)
    #expect(shown?["ids"] == [["system": "crm", "id": "P-000001"]])
    // The same file again is the same message, and says so.
    #expect(try await commands.json("products", "import", "products.csv")["duplicateOf"] == 1)
    #expect(try await commands.json("messages", "list", "--system", "crm")["messages"]?.array?.count == 1)
    try commands.folder.write("name,code,listPrice,currency,status\nBolt,B-8,13,EUR,inactive\nNew,N-1,1,EUR,\n", to: "more.csv")
    let receipt = try await commands.json("products", "import", "more.csv")
    #expect(receipt["counts"]?["applied"] == 2 && receipt["counts"]?["received"] == 2)
    #expect(receipt["results"]?.array?.map { $0["id"]?.string } == ["P-000001", "P-000004"])
    #expect(try await commands.json("products", "show", "P-000001")["product"]?["record"]?["status"] == "inactive")
    #expect(try await commands.json("products", "list", "--search", "TWIN")["products"]?.array?.count == 1)
  }

  /// The file and what is said of it.
  static let badFiles: [(String, String)] = [
    ("", "p.csv:1:1: the file is empty; its first line names the columns"),
    ("code,name,colour\n", "p.csv:1: there is no column \"colour\""),
    ("code,name,code\n", "p.csv:1:11: the column \"code\" stands there twice"),
    ("code,listPrice\n", "p.csv:1: the column \"name\" is missing"),
    ("code,name\nA\n", "p.csv:2:1: there are 1 fields; the header names 2 columns"),
    ("code,name\nA,\"B\nC", "p.csv:2:3: a field in quotes has no end"),
    ("code,name\nA,\"B\"C\n", "p.csv:2:6: a field in quotes must be followed by a comma or the end of the line"),
    (
      "code,name,price,unit,serialised\nA,\"two\nlines\",1.23456,PC,maybe\nB,B,x,,\n",
      "p.csv:2: serialised: \"maybe\" is neither true nor false; p.csv:2: listPrice: \"1.23456\" is no amount with at most four decimals, such as 12.50; p.csv:2: unit: the CRM core has no unit with the id or code \"PC\"; p.csv:4: listPrice: \"x\" is no amount with at most four decimals, such as 12.50"
    ),
  ]

  @Test("A file with a fault in its form is refused whole, with every fault in its place", arguments: badFiles)
  func badFile(text: String, message: String) async throws {
    let commands = try Commands()
    try await commands.json("systems", "add", "erp", "--adapter", "inbound")
    try commands.folder.write(text, to: "p.csv")
    let (exit, error) = try await commands.refusal("products", "import", "p.csv")
    #expect(exit == .code(1))
    #expect(error?["code"] == "FILE_INVALID")
    let said = Set((error?["message"]?.string ?? "").components(of: "; "))
    #expect(said == Set(message.components(of: "; ")))
    #expect(try await commands.json("products", "list")["count"] == 0)
  }

  @Test("A product with a fault in its content is refused alone")
  func badProduct() async throws {
    let commands = try Commands()
    try commands.folder.write("code,name,price,currency\nA,A,-1,EUR\nB,B,1,EUR\n", to: "p.csv")
    let result = try await commands.run("products", "import", "p.csv")
    #expect(result.exit == .code(4))
    #expect(
      result.output == """
        2 products: 1 applied, 1 rejected

        ITEM  ID        OUTCOME   CODE            FIELD             EXPLANATION
           1  P-000001  rejected  PRICE_NEGATIVE  listPrice/amount  listPrice/amount: the list price -1.0000 is negative; send 0 for a product without a price

        """)
  }

  @Test("A party with its contact, from options or from a file")
  func parties() async throws {
    let commands = try Commands()
    let made = try await commands.json(
      "parties", "new", "--name", "Müller Bau", "--tax-id", "DE1", "--street", "Weg 1", "--city", "Köln", "--postal-code", "50667",
      "--country", "DE", "--contact", "Eva", "--email", "eva@example.com")
    #expect(made["party"]?["id"] == "C-000001")
    #expect(made["contact"]?["id"] == "N-000001")
    let record = try await commands.json("parties", "show", "DE1")["party"]?["record"]
    #expect(record?["addresses"]?[0]?["city"] == "Köln")
    #expect(record?["kind"] == "customer")
    try commands.folder.write(#"{"name": "Zweite", "kind": "supplier", "attributes": [{"name": "a", "value": "b"}]}"#, to: "party.json")
    #expect(try await commands.json("parties", "new", "--file", "party.json")["party"]?["id"] == "C-000002")
    let refused = try await commands.run("parties", "new", "--name", " ", "--country", "Germany")
    #expect(refused.exit == .code(1))
    #expect(
      refused.output
        == "The party is rejected: TEXT_MISSING: name: name is empty and is needed; addresses[1]/country: \"Germany\" is no country code of ISO 3166-1 (two capital letters)\n"
    )
  }

  /// The file and what is said of it.
  static let badDocuments: [(String, String)] = [
    ("{\"name\": }", "party.json:1:10: no value begins here"),
    ("{\n  \"name\": \"a\",\n  \"name\": \"b\"\n}", "party.json:3:3: \"name\" stands here twice"),
    ("[]", "party.json is no Party: an object should stand here, not an array"),
    (
      "{\"name\": 1, \"addresses\": [{\"town\": \"x\"}], \"sourceVersion\": 1.5}",
      "party.json is no Party: sourceVersion: 1.5 is no whole number from -9223372036854775808 to 9223372036854775807; name: a string should stand here, not a number; addresses[1]: Address has no field \"town\"; it has kind, line1, line2, city, region, postalCode, country"
    ),
  ]

  @Test("A document that does not fit is refused with every fault in its place", arguments: badDocuments)
  func badDocument(text: String, message: String) async throws {
    let commands = try Commands()
    try commands.folder.write(text, to: "party.json")
    let (exit, error) = try await commands.refusal("parties", "new", "--file", "party.json")
    #expect(exit == .code(1))
    #expect(error?["code"] == "FILE_INVALID")
    #expect(error?["message"]?.string == message)
  }
}

extension String {
  /// The parts between separators.
  fileprivate func components(of separator: String) -> [String] {
    var parts = [""]
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(separator) {
        parts.append("")
        rest = rest.dropFirst(separator.count)
      } else {
        parts[parts.count - 1].append(rest.removeFirst())
      }
    }
    return parts
  }
}
