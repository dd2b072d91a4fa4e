import ForeignORB
import Testing

@Suite("An ERP's catalogue comes in")
struct CatalogueTests {
  @Test("and meets the CRM's products as the summary says; a link releases what waited for it")
  func figures() async throws {
    try await withTemporaryFolder { folder in
      let station = Station(folder: folder)
      let erp = try RunningERP.start("\(folder)/erp", items: 2000)
      let reference = try await erp.reference()
      try await ChildProcess.check("sh", ["-c", "\(builtExecutable("sample-erp")) partner-products > crm.csv"], folder: folder)
      try await station.tessera("products", "import", "crm.csv", "--allow-repeated-codes")
      #expect(try station.count("SELECT count(*) FROM products") == 320)
      try await station.addERP(reference)
      let broker = try await station.serve()

      // Debtors come last.
      try await station.wait(for: 40, "SELECT count(*) FROM linked_customers WHERE system = 'erp'")
      #expect(try station.count("SELECT count(*) FROM linked_units WHERE system = 'erp'") == 8)
      #expect(try station.count("SELECT count(*) FROM linked_categories WHERE system = 'erp'") == 14)
      #expect(try station.count("SELECT count(*) FROM linked_products WHERE system = 'erp'") == 1953)
      #expect(try station.count(Self.matched) == 250)
      #expect(try station.count("SELECT count(*) FROM held_items WHERE state = 'waiting'") == 35)
      #expect(try station.count("SELECT count(*) FROM held_items WHERE state = 'waiting' AND code = 'AMBIGUOUS_MATCH'") == 20)
      #expect(try station.count("SELECT count(*) FROM held_items WHERE state = 'waiting' AND code = 'UNKNOWN_CATEGORY'") == 15)
      #expect(try station.count("SELECT count(*) FROM items WHERE outcome = 'rejected'") == 12)
      #expect(try station.count("SELECT count(DISTINCT code) FROM items WHERE outcome = 'rejected'") == 6)
      #expect(try station.count("SELECT count(*) FROM products WHERE code LIKE 'SVC-%'") == 30)
      #expect(try station.count("SELECT count(*) FROM products") == 320 + 1953 - 250)

      let category = try await station.tessera("categories", "new", "--code", "ATTACHMENTS", "--name", "Attachments")
      let id = try #require(category["category"]?["id"]?.string)
      let answer = try await station.tessera("identity", "link", "Category", "erp:910001", "crm:\(id)", "--reason", "these are attachments")
      #expect(answer["released"]?.array?.count == 5)
      #expect(try station.count("SELECT count(*) FROM held_items WHERE state = 'waiting'") == 30)
      #expect(try station.count("SELECT count(*) FROM linked_products WHERE system = 'erp'") == 1958)

      // What a clerk changes is told at once, and read all the same; nothing else comes in.
      let messages = try station.count("SELECT count(*) FROM messages")
      try await ChildProcess.check(
        builtExecutable("sample-erp"), ["change-price", "--data", "\(folder)/erp", try Self.item(in: erp), "1234.50"])
      try await station.wait(for: 1, "SELECT count(*) FROM messages WHERE operation = 'told take_items' AND item_count = 1")
      try await station.wait(for: messages + 2, "SELECT count(*) FROM messages")
      #expect(try station.count("SELECT count(*) FROM messages") == messages + 2)
      #expect(try station.count("SELECT count(*) FROM linked_products WHERE system = 'erp'") == 1958)
      try await broker.kill()
      try await erp.process.kill()
    }
  }

  /// Products that the CRM had before, now linked: those of the import that the ERP's items are linked with.
  private static let matched = """
    SELECT count(*) FROM linked_products WHERE system = 'erp' AND crm_id <= 'P-000320'
    """

  private static func item(in erp: RunningERP) throws -> String {
    try BookQuery.text(
      "SELECT number FROM item WHERE unit = 'ST' AND state = 10 AND gross_price > 0 AND item_group < '300000' LIMIT 1", erp)
  }
}
