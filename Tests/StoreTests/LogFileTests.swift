import ForeignORB
import Foundation
import SQLite
import Testing

@testable import SQLiteStore

@Suite("The log of the store is gathered, and stays a log as SQLite knows it") struct LogFileTests {
  /// A connection as the writer has one, whose cache is so small that a transaction writes to the log and reads from there as it goes.
  private func connection(_ folder: String) throws -> Connection {
    let connection = try Connection(path: "\(folder)/log.db", create: true, busyTimeout: .seconds(1), gathersLog: true)
    try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0")
    try connection.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text TEXT) STRICT")
    return connection
  }

  private let fill = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, hex(zeroblob(200)) FROM n
    """

  /// What another program reads: the number of rows, and what SQLite finds wrong.
  private func seen(_ folder: String) throws -> [String] {
    let other = try SQLiteConnection(path: "\(folder)/log.db")
    return try [other.row("SELECT count(*) FROM t") { String($0.integer(0)) }, other.row("PRAGMA integrity_check") { $0.text(0) }]
      .map { $0 ?? "" }
  }

  @Test("others see a transaction that is larger than the cache once it is committed, and all of it") func larger() async throws {
    try await withTemporaryFolder { folder in
      let connection = try connection(folder)
      defer { connection.close() }
      try connection.execute("BEGIN IMMEDIATE")
      try connection.execute(fill)
      // Each page is changed a second time, some in the log and some in what is gathered.
      try connection.execute("UPDATE t SET text = text || 'x' WHERE id % 7 = 0")
      #expect(try connection.number("SELECT count(*) FROM t WHERE text LIKE '%x'") == 428)
      #expect(try seen(folder) == ["0", "ok"])
      try connection.execute("COMMIT")
      #expect(try seen(folder) == ["3000", "ok"])
    }
  }

  @Test("what was taken back is overwritten by what comes next", arguments: [1, 40, 3000]) func takenBack(rows: Int) async throws {
    try await withTemporaryFolder { folder in
      let connection = try connection(folder)
      defer { connection.close() }
      try connection.execute("BEGIN IMMEDIATE")
      try connection.execute(fill)
      try connection.execute("ROLLBACK")
      #expect(try seen(folder) == ["0", "ok"])
      try connection.execute(fill.replacing("3000", with: "\(rows)"))
      #expect(try seen(folder) == ["\(rows)", "ok"])
    }
  }

  @Test("what was taken back is forgotten, and never written over what another process committed in its place", arguments: [false, true])
  func takenBackBeforeAnother(byAFailure: Bool) async throws {
    try await withTemporaryFolder { folder in
      let connection = try connection(folder)
      let other = try SQLiteConnection(path: "\(folder)/log.db")
      // With an empty log, nothing that the rollback reads is in it.
      try connection.execute("PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE")
      try connection.execute(fill)
      if byAFailure {
        #expect(throws: (any Error).self) { try connection.execute("INSERT OR ROLLBACK INTO t VALUES (1, 'again')") }
      } else {
        try connection.execute("ROLLBACK")
      }
      #expect(!connection.isInTransaction)
      try other.execute(fill.replacing("hex(zeroblob(200))", with: "printf('%0400d', i)"))
      #expect(try connection.number("SELECT count(*) FROM t WHERE CAST(text AS INTEGER) = id") == 3000)
      try connection.execute("INSERT INTO t VALUES (3001, 'last')")
      #expect(try seen(folder) == ["3001", "ok"])
      connection.close()
      #expect(try other.row("SELECT count(*) FROM t WHERE CAST(text AS INTEGER) = id") { $0.integer(0) } == 3000)
    }
  }

  @Test("a commit of many pages is a few writes") func fewWrites() async throws {
    try await withTemporaryFolder { folder in
      let connection = try connection(folder)
      defer { connection.close() }
      try connection.execute("PRAGMA cache_size = -65536")
      let writes = try Self.writes { try connection.execute(fill) }
      // Some 330 pages, each of which SQLite writes in two pieces.
      #expect(try connection.number("PRAGMA page_count") > 300)
      #expect(writes < 40)
      #expect(try seen(folder) == ["3000", "ok"])
    }
  }

  /// How many writes this thread asks of the system.
  private static func writes(during work: () throws -> Void) throws -> Int {
    func count() throws -> Int {
      let lines = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8).split(separator: "\n")
      return try Int(#require(lines.first { $0.hasPrefix("syscw: ") }).dropFirst(7)) ?? -1
    }
    let before = try count()
    try work()
    return try count() - before
  }
}
