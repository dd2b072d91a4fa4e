import ForeignORB
import SQLite
import Testing

@Suite struct SQLiteConnectionTests {
  @Test func keepsEveryKindOfValue() async throws {
    try await withTemporaryFolder { folder in
      let connection = try SQLiteConnection(path: "\(folder)/a.db")
      try connection.execute("CREATE TABLE t (a, b, c, d)")
      #expect(try connection.run("INSERT INTO t VALUES (?, ?, ?, ?)", ["汉字\u{0}x", Int64.min, [0, 255] as [UInt8], nil as String?]) == 1)
      let row = try connection.row("SELECT a, b, c, d FROM t") { ($0.text(0), $0.integer(1), $0.octets(2), $0.isNull(3)) }
      #expect(row?.0 == "汉字\u{0}x" && row?.1 == .min && row?.2 == [0, 255] && row?.3 == true)
      try connection.run("INSERT INTO t VALUES (?, 1, ?, 'x')", ["", [] as [UInt8]])
      #expect(try connection.row("SELECT a IS NULL, c IS NULL FROM t WHERE b = 1") { $0.integer(0) + $0.integer(1) } == 0)
    }
  }

  @Test func rollsBackWhatFails() async throws {
    try await withTemporaryFolder { folder in
      let connection = try SQLiteConnection(path: "\(folder)/a.db")
      try connection.execute("CREATE TABLE t (a PRIMARY KEY)")
      let error = #expect(throws: SQLiteError.self) {
        try connection.transaction {
          try connection.run("INSERT INTO t VALUES (1)")
          try connection.run("INSERT INTO t VALUES (1)")
        }
      }
      #expect(error?.isUniqueViolation == true)
      #expect(try connection.row("SELECT count(*) FROM t") { $0.integer(0) } == 0)
      #expect(try connection.row("PRAGMA synchronous") { $0.integer(0) } == 2)
    }
  }

  @Test func namesTheFileThatItCannotOpen() {
    let error = #expect(throws: SQLiteError.self) { _ = try SQLiteConnection(path: "/no/such/folder/a.db") }
    #expect(error?.message.contains("/no/such/folder/a.db") == true)
  }
}
