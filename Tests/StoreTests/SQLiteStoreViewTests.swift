import Broker
import ForeignORB
import Identity
import SQLite
import SQLiteStore
import StoreAPI
import Testing

@Suite("The SQLite store can be read by hand") struct SQLiteStoreViewTests {
  /// The rows of a query as `sqlite3` prints them.
  private func lines(_ query: String, columns: Int, of path: String) throws -> [String] {
    try SQLiteConnection(path: path).rows(query) { row in
      (0..<columns).map { row.isNull($0) ? "NULL" : row.text($0) }.joined(separator: "|")
    }
  }

  @Test("views show names, ids and times in the words of people") func views() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let store = try SQLiteStore(path: path)
      let category = LinkKey(entity: "Category", system: "erp", id: ForeignID("C-9"))
      var item = ItemRow.test(1, 1)
      item.common = .number(1)
      try await store.apply(
        .insertMessage(.test(1, id: "M-1")), .insertItem(item), .insertItem(.test(1, 2, outcome: .rejected)),
        .insertLink(.test(.product("ITEM-1"), 1, from: 1_700_000_000_000_000)), .insertLink(.test(.product("P-1", of: "crm"), 1)),
        .insertLink(.test(.product("X"), 2)), .endLink(.product("X"), at: 9, who: "anna", why: "wrong"),
        .putObject(.test("P-1", 1, code: "4711", name: "Löffelzahn")), .putObject(.test("P-2", 2)),
        .putObject(.test("C-1", 3, name: "Müller GmbH", entity: "Party")), .putObject(.test("V-1", 4, code: "2024/7", entity: "Contract")),
        .insertHeld(.test(7, waitingFor: [.link(category)])), .putDelivery(.test(3, state: .waiting, waitingFor: category)),
        .putSystem(.test("erp")), .insertAudit(AuditRow(at: 0, who: "anna", action: "link", subject: "s", reason: "r")))
      await store.close()

      let id = "01900000-0000-7000-8000-00000000000"
      #expect(
        try lines("SELECT system, foreign_id, crm_id, code, name, common_id, linked_at FROM linked_products", columns: 7, of: path)
          == ["erp|ITEM-1|P-1|4711|Löffelzahn|\(id)1|2023-11-14T22:13:20.000Z"])
      #expect(try lines("SELECT entity, foreign_id FROM linked_objects", columns: 2, of: path) == ["Product|ITEM-1"])
      #expect(
        try lines("SELECT crm_id, common_id, changed_by FROM products ORDER BY 1", columns: 3, of: path) == [
          "P-1|\(id)1|erp", "P-2|\(id)2|erp",
        ])
      #expect(try lines("SELECT crm_id, name FROM customers", columns: 2, of: path) == ["C-1|Müller GmbH"])
      #expect(try lines("SELECT crm_id, code FROM contracts", columns: 2, of: path) == ["V-1|2024/7"])
      #expect(
        try lines("SELECT entity, system, foreign_id, valid_to, ended_because FROM links WHERE valid_to NOTNULL", columns: 5, of: path)
          == ["Product|erp|X|1970-01-01T00:00:00.000Z|wrong"])
      #expect(
        try lines("SELECT system, message_id, received_at, item_count, outcome, body_octets FROM messages", columns: 6, of: path)
          == ["erp|M-1|2023-11-14T22:13:20.000Z|2|partial|3"])
      #expect(
        try lines("SELECT system, entity, foreign_id, outcome, common_id FROM items", columns: 5, of: path)
          == ["erp|Product|ITEM-1|applied|\(id)1", "erp|Product|ITEM-2|rejected|NULL"])
      #expect(
        try lines(
          "SELECT h.id, h.foreign_id, h.state, c.kind, c.name, c.system, c.value FROM held_items h JOIN held_causes c ON c.held = h.id",
          columns: 7, of: path)
          == ["7|ITEM-1|waiting|link|Category|erp|C-9"])
      #expect(
        try lines("SELECT id, destination, contract, state, order_number, waiting_entity, waiting_id FROM deliveries", columns: 7, of: path)
          == ["3|erp|V-000001|waiting|SO-3|Category|C-9"])
      #expect(
        try lines("SELECT name, type, guarantee, takes_orders FROM systems", columns: 4, of: path) == ["erp|canonical|strong-probe|1"])
      #expect(try lines("SELECT who, action FROM audit_trail", columns: 2, of: path) == ["anna|link"])
    }
  }
}
