import ForeignORB
import Glibc
import TesseraProcess
import Testing

@Suite("33 The schema of a store is compared at the start") struct F33SchemaAtStart {
  /// A server whose store the build of 68d2643 wrote, changed by the statements.
  private func server(changedBy statements: String? = nil) async throws -> TesseraServer {
    let server = try TesseraServer()
    try await StoredSample.restore(to: server)
    if let statements { try await Self.change(server, statements) }
    return server
  }

  private static func change(_ server: TesseraServer, _ statements: String) async throws {
    try await ChildProcess.check("sqlite3", ["\(server.folder)/tessera-data/tessera.sqlite", statements])
  }

  @Test("a store of 68d2643 opens, and everything in it is read and goes on") func sample() async throws {
    let server = try await server()
    let doctor = try await server.document("doctor")
    #expect(
      doctor["checks"]?.array?.contains {
        $0["what"]?.string == "database"
          && $0["found"]?.string?.hasPrefix("an earlier release wrote it; it needs migrations-by-name") == true
      } == true, "\(doctor)")
    #expect(try await server.rows("PRAGMA user_version") == "1", "doctor changes nothing")

    let running = try await server.serve()
    let contracts = try await server.json("contracts", "list")["contracts"]?.array ?? []
    #expect(contracts.map { "\($0["code"]?.string ?? "") \($0["status"]?.string ?? "")" } == StoredSample.contracts)
    for contract in contracts {
      let shown = try await server.json("contracts", "show", contract["id"]?.string ?? "")
      #expect(shown["lines"]?.array?.isEmpty == false)
    }
    let deliveries = try await server.json("deliveries", "list")["deliveries"]?.array ?? []
    // What is due is tried again at once.
    let states = deliveries.map { $0["state"]?.string == "sending" ? "ready" : $0["state"]?.string ?? "" }
    #expect(states == StoredSample.deliveries)
    for number in 1...deliveries.count { try await server.json("deliveries", "show", "\(number)") }
    #expect(try await server.json("held", "list", "--system", "erp")["held"]?.array?.count == 15)
    try await server.json("held", "show", "1")
    #expect(try await server.json("receipts", "list")["receipts"]?.array?.count == 1)
    try await server.json("messages", "show", "1")
    #expect(try await server.json("partners", "list")["partners"]?.array?.count == 1)
    #expect(try await server.json("systems", "list")["systems"]?.array?.count == 5)
    let lists = try await server.run("prices", "list")
    #expect(lists.output.contains("L-000008"), "\(lists)")
    try await server.json("naming", "resolve", "inbound.desk")

    // And written: a held item is released by a link, an uncertain order is settled, a draft signed, a contract amended.
    let category = try await server.json("categories", "new", "--code", "ATTACHMENTS", "--name", "Attachments")
    let id = category["category"]?["id"]?.string ?? ""
    let linked = try await server.json("identity", "link", "Category", "erp:910001", "crm:\(id)", "--reason", "the same")
    #expect(linked["released"]?.array?.count == 5, "\(linked)")
    try await server.json("contracts", "settle", "V-000009", "--destination", "books", "--not-ordered", "--reason", "asked them")
    try await server.json("credit", "release", "V-000006", "--reason", "paid")
    try await server.json("contracts", "sign", "V-000003")
    try await server.json("contracts", "amend", "V-000001", "--line", "1:4", "--reason", "one more")
    running.process.signal(SIGTERM)
    #expect(try await running.process.wait(within: .seconds(30)) == .code(0))
    let names = try await server.rows("SELECT name FROM migration ORDER BY position LIMIT 2")
    #expect(names == "first-tables\nmigrations-by-name")
  }

  @Test(
    "a store that is not as its migrations made it is refused by serve, by commands and by doctor, and nothing is written",
    arguments: [
      // Of an earlier build than 68d2643: the table of partners, and how deliveries change, were not there yet.
      ("DROP VIEW partners; DROP TABLE partner", "table partner is missing"),
      ("DROP VIEW deliveries; ALTER TABLE delivery DROP COLUMN revision", "table delivery has no column revision"),
      // Neighbours: a stranger works on our rows; our name for another thing.
      ("CREATE TRIGGER watch AFTER UPDATE ON delivery BEGIN DELETE FROM audit; END", "the trigger watch changes what is written"),
      ("ALTER TABLE lane RENAME TO my_lane", "table lane is missing"),
    ]) func refused(statements: String, words: String) async throws
  {
    let server = try await server(changedBy: statements)
    let before = try await server.rows("SELECT count(*), max(rowid), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema")
    for command in [["serve", "--listen", "127.0.0.1:0"], ["systems", "list"], ["parties", "new", "--name", "X"]] {
      let result = try await server.run(arguments: command)
      #expect(result.exit == .code(3))
      #expect(result.errors.contains("STORE_OTHER_SCHEMA: "), "\(result.errors)")
      #expect(result.errors.contains(words))
      #expect(result.errors.contains("hint: "))
    }
    let doctor = try await server.run("doctor")
    #expect(doctor.exit == .code(1))
    #expect(doctor.output.contains("STORE_OTHER_SCHEMA"))
    #expect(
      try await server.rows("SELECT count(*), max(rowid), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema") == before)
  }

  @Test("an index and a view that are missing or other ones are made anew by the next serve, which says so; a stranger's table stays")
  func mended() async throws {
    let server = try await server()
    try await server.json("systems", "list")
    try await Self.change(
      server, "DROP INDEX delivery_due; DROP VIEW links; CREATE VIEW links AS SELECT 1 AS one; CREATE TABLE my_notes (text)")
    let doctor = try await server.document("doctor")
    let found = doctor["checks"]?.array?.compactMap { $0["found"]?.string } ?? []
    #expect(found.contains("missing, or not as this release makes them: index delivery_due, view links"), "\(found)")
    #expect(found.contains("not ours, and left alone: table my_notes"), "\(found)")

    let running = try await server.serve()
    running.process.signal(SIGTERM)
    #expect(try await running.process.wait(within: .seconds(30)) == .code(0))
    #expect(running.process.errorText.contains("index delivery_due was missing or another one, and was made anew"))
    #expect(try await server.rows("SELECT count(*) FROM links") != "1")
    #expect(try await server.rows("SELECT count(*) FROM my_notes") == "0")
  }

  @Test("a file that a later release has migrated is not touched, and names what it has seen") func later() async throws {
    let server = try await server()
    try await server.json("systems", "list")
    try await Self.change(
      server, "INSERT INTO migration SELECT max(position) + 1, 'service-requests', 0 FROM migration; PRAGMA user_version = 99")
    let result = try await server.run("systems", "list")
    #expect(result.exit == .code(3))
    #expect(result.errors.contains("STORE_NEWER_SCHEMA") && result.errors.contains("'service-requests'"), "\(result.errors)")
  }

  @Test("a command does not migrate the store of an earlier release below the broker that serves it") func beside() async throws {
    let server = try await server()
    // The lock of a serving process of the earlier release.
    let holder = try ChildProcess(
      "flock", ["\(server.folder)/tessera-data/serve.lock", "sh", "-c", "echo held; cat"], folder: server.folder, input: .pipe)
    _ = try await holder.readLine(within: .seconds(10))
    let result = try await server.run("systems", "list")
    #expect(result.exit == .code(3))
    #expect(result.errors.contains("STORE_OLDER_SCHEMA"), "\(result.errors)")
    #expect(try await server.rows("PRAGMA user_version") == "1")
    try await holder.kill()
  }
}
