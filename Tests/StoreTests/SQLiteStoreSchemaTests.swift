import Broker
import ForeignORB
import SQLite
import StoreAPI
import Testing

@testable import SQLiteStore

@Suite("The SQLite store compares the schema of its file when it is opened") struct SQLiteStoreSchemaTests {
  /// What opening says after the statements were run on a new store.
  private func refusal(after statements: String) async throws -> String {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      try await SQLiteStore(path: path).close()
      do { try SQLiteConnection(path: path).execute(statements) }
      do {
        let store = try SQLiteStore(path: path)
        let notes = store.openingNotes
        await store.close()
        return "opened; " + notes.joined(separator: "; ")
      } catch let error as StoreError {
        return "\(error.code.rawValue) \(error.message.replacing(path, with: "store.db"))"
      }
    }
  }

  @Test(
    "tables, columns and what works on them are as its migrations make them, or the place is named",
    arguments: [
      ("DROP TABLE partner", "table partner is missing"),
      ("ALTER TABLE lane DROP COLUMN holder", "table lane has no column holder"),
      ("ALTER TABLE lane ADD COLUMN until INTEGER", "table lane has a column until that is not known"),
      ("ALTER TABLE lane RENAME COLUMN holder TO owner", "table lane has no column holder"),
      (
        "DROP TABLE lane; CREATE TABLE lane (party BLOB NOT NULL, destination INTEGER NOT NULL, holder INTEGER NOT NULL)",
        "column destination of table lane is 'INTEGER NOT NULL' and should be 'INTEGER NOT NULL PRIMARY KEY 1'"
      ),
      (
        """
        DROP TABLE lane; CREATE TABLE lane (destination INTEGER NOT NULL, party BLOB NOT NULL, holder TEXT NOT NULL,
          PRIMARY KEY (destination, party)) STRICT, WITHOUT ROWID
        """, "column holder of table lane is 'TEXT NOT NULL' and should be 'INTEGER NOT NULL'"
      ),
      (
        """
        DROP TABLE lane; CREATE TABLE lane (destination INTEGER NOT NULL, holder INTEGER NOT NULL, party BLOB NOT NULL,
          PRIMARY KEY (destination, party)) STRICT, WITHOUT ROWID
        """, "the columns of table lane stand in another order"
      ),
      (
        """
        DROP TABLE lane; CREATE TABLE lane (destination INTEGER NOT NULL, party BLOB NOT NULL, holder INTEGER NOT NULL,
          PRIMARY KEY (destination, party))
        """, "table lane is declared in another way"
      ),
      ("DROP VIEW links; CREATE TABLE links (x)", "links is a table where a view should be"),
      ("CREATE TRIGGER watch AFTER INSERT ON item BEGIN DELETE FROM audit; END", "the trigger watch changes what is written to table item"),
      ("CREATE UNIQUE INDEX once ON item (foreign_id, message, number)", "the unique index once refuses rows of table item"),
    ]) func differs(statements: String, words: String) async throws
  {
    let said = try await refusal(after: statements)
    #expect(said.hasPrefix("STORE_OTHER_SCHEMA store.db does not hold the tables"))
    #expect(said.contains(words), "\(said)")
  }

  @Test(
    "a file that was migrated by halves is refused",
    arguments: [
      ("DELETE FROM migration WHERE position = 2", "seen \(Schema.migrations.count) migrations"),
      ("PRAGMA user_version = 1", "it says that it has seen 1 migrations"),
      ("DROP TABLE migration", "names 0 of them"),
      ("DROP TABLE migration; CREATE TABLE migration (x)", "table migration is not the one"),
      ("UPDATE migration SET name = 'another' WHERE position = 1", "its migration 1 is 'another' and should be 'first-tables'"),
      // Says that it has seen them all and has the first tables alone.
      ("DELETE FROM migration WHERE position > 1; PRAGMA user_version = 1; DROP TABLE partner", "table partner is missing"),
    ]) func halves(statements: String, words: String) async throws
  {
    let said = try await refusal(after: statements)
    #expect(said.hasPrefix("STORE_OTHER_SCHEMA"))
    #expect(said.contains(words) || statements.contains("position = 2"), "\(said)")
  }

  @Test("a file that has seen a migration of a later release is not touched") func later() async throws {
    let count = Schema.migrations.count
    let said = try await refusal(after: "INSERT INTO migration VALUES (\(count + 1), 'later', 0); PRAGMA user_version = \(count + 1)")
    #expect(said == "STORE_NEWER_SCHEMA store.db has schema \(count + 1) 'later'; this release knows up to \(count).")
  }

  @Test("indexes and views that are missing, or other ones, are made anew and named; what a stranger keeps there stays") func mended()
    async throws
  {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      try await SQLiteStore(path: path).close()
      do {
        try SQLiteConnection(path: path).execute(
          """
          DROP INDEX delivery_due; DROP INDEX held_by_state; CREATE INDEX held_by_state ON held (since);
          DROP VIEW links; DROP VIEW deliveries; CREATE VIEW deliveries AS SELECT 1 AS id;
          CREATE TABLE mine (x); CREATE VIEW my_view AS SELECT 1; CREATE INDEX my_index ON item (code)
          """)
      }
      let report = try SQLiteStore.examineSchema(path: path)
      #expect(report.stale == ["view deliveries", "index delivery_due", "index held_by_state", "view links"])
      #expect(report.strangers == ["table mine", "index my_index", "view my_view"])
      #expect(report.pending.isEmpty)

      // A command beside a broker changes nothing.
      var options = SQLiteStore.Options()
      options.changesSchema = false
      try await SQLiteStore(path: path, options: options).close()
      #expect(try SQLiteStore.examineSchema(path: path) == report)

      let store = try SQLiteStore(path: path)
      #expect(store.openingNotes.first == "view deliveries was missing or another one, and was made anew")
      #expect(store.openingNotes.count == 4)
      await store.close()
      #expect(try SQLiteStore.examineSchema(path: path).stale.isEmpty)
      #expect(try SQLiteConnection(path: path).row("SELECT count(*) FROM mine") { $0.integer(0) } == 0)
    }
  }

  @Test("a file of 68d2643 is migrated, unless a broker still works with it") func migrated() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      do {
        let old = try SQLiteConnection(path: path)
        for statement in Schema.migrations[0].statements { try old.execute(statement) }
        try old.execute("PRAGMA application_id = 1413829459; PRAGMA user_version = 1; INSERT INTO counter VALUES ('kept', 7)")
      }
      #expect(try SQLiteStore.examineSchema(path: path).pending == Schema.migrations.dropFirst().map(\.name))
      var options = SQLiteStore.Options()
      options.changesSchema = false
      let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: path, options: options) }
      #expect(error?.code == .olderSchema)

      let store = try SQLiteStore(path: path)
      #expect(store.openingNotes.first == "the file of an earlier release has seen the migration 'migrations-by-name'")
      #expect(try await store.load { $0.counters = ["kept"] }.counters == ["kept": 7])
      await store.close()
      #expect(
        try SQLiteConnection(path: path).rows("SELECT name FROM migration ORDER BY position") { $0.text(0) }
          == Schema.migrations.map(\.name))
    }
  }

  @Test("an earlier build that stopped before 68d2643 is refused with all that is missing, and nothing is changed") func earlier()
    async throws
  {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      do {
        let old = try SQLiteConnection(path: path)
        try old.execute("CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT")
        try old.execute("PRAGMA application_id = 1413829459; PRAGMA user_version = 1")
      }
      let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: path) }
      #expect(error?.code == .otherSchema)
      #expect(error?.message.contains("table account_entry is missing") == true)
      #expect(error?.message.contains(" more.") == true, "\(error?.message ?? "")")
      #expect(try SQLiteConnection(path: path).row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") { $0.integer(0) } == 1)
    }
  }
}
