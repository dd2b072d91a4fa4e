import ForeignORB
import SQLite
import Testing

/// Questions to the ERP's own file.
enum BookQuery {
  static func text(_ query: String, _ erp: RunningERP) throws -> String {
    try SQLiteConnection(path: "\(erp.folder)/sample-erp.db").row(query) { $0.text(0) } ?? ""
  }
}

@Suite("Trouble while an ERP is read")
struct TroubleTests {
  @Test("an ERP that is down at first is read as soon as it is up")
  func downAtFirst() async throws {
    try await withTemporaryFolder { folder in
      let station = Station(folder: folder)
      let down = try RunningERP.start("\(folder)/erp", ["--fault", "down"])
      try await station.addERP(try await down.reference())
      let broker = try await station.serve()
      try await down.process.kill()
      let up = try RunningERP.start("\(folder)/erp")
      _ = try await up.reference()
      try await station.wait(for: 40, "SELECT count(*) FROM linked_customers WHERE system = 'erp'")
      #expect(try station.count(Self.itemCount) == 400)
      try await broker.kill()
      try await up.process.kill()
    }
  }

  @Test("an ERP that dies in the middle of a read, again and again, and a broker that does: nothing is skipped, nothing comes twice")
  func restarts() async throws {
    try await withTemporaryFolder { folder in
      let station = Station(folder: folder)
      var erp = try RunningERP.start("\(folder)/erp", items: 4000, ["--fault", "slow", "--delay", "0.2"])
      try await station.addERP(try await erp.reference())
      var broker = try await station.serve()
      // Units, groups and the first items are in; the next pages are on their way.
      for messages in 3...8 {
        try await station.wait(for: Int64(messages), "SELECT count(*) FROM messages")
        if messages % 2 == 0 {
          try await broker.kill()
          broker = try await station.serve()
        } else {
          try await erp.process.kill()
          erp = try RunningERP.start("\(folder)/erp", items: 4000, ["--fault", "slow", "--delay", "0.2"])
          _ = try await erp.reference()
        }
      }
      try await station.wait(for: 40, "SELECT count(*) FROM linked_customers WHERE system = 'erp'")
      #expect(try station.count(Self.itemCount) == 4000)
      #expect(try station.count(Self.keyCount) == 4000)
      // Without the CRM's products nothing is ambiguous: 12 are rejected, 15 wait for their groups.
      #expect(try station.count("SELECT count(*) FROM linked_products WHERE system = 'erp'") == 4000 - 12 - 15)
      try await broker.kill()
      try await erp.process.kill()
    }
  }

  /// Items of all reads, and how many different ones.
  private static let itemCount = "SELECT count(*) FROM items WHERE system = 'erp' AND entity = 'Product'"
  private static let keyCount = "SELECT count(DISTINCT foreign_id) FROM items WHERE system = 'erp' AND entity = 'Product'"
}
