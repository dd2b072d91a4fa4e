import Broker
import Identity
import StoreAPI

/// What receipts count beside items, in tables of their own.
enum ReceiptTables {
  static let tables = [
    """
    CREATE TABLE left_out (
      message INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (message, name)
    ) STRICT, WITHOUT ROWID
    """,
    // quarter: quarters of hours since 1970 UTC.
    """
    CREATE TABLE message_repeat (
      message INTEGER NOT NULL, quarter INTEGER NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (message, quarter)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  /// For people with `sqlite3` in their hands.
  static let view = """
    CREATE VIEW repeats AS SELECT message, (SELECT message_id FROM message WHERE sequence = message_repeat.message) AS message_id,
      strftime('%Y-%m-%dT%H:%MZ', quarter * 900, 'unixepoch') AS quarter, times
    FROM message_repeat
    """
}

extension SQLiteTransaction {
  func insert(_ row: LeftOutRow) throws {
    try connection.statement("INSERT INTO left_out VALUES (?, ?, ?)").bind(row.message).bind(row.name).bind(row.count)
      .run(inserting: "left out \(row.name) of message \(row.message)")
  }

  func count(_ row: RepeatRow) throws {
    try connection.statement("INSERT INTO message_repeat VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1")
      .bind(row.message).bind(row.quarter).run()
  }

  func leftOut(ofMessage sequence: Int64) throws -> [LeftOutRow] {
    try connection.statement("SELECT name, count FROM left_out WHERE message = ? ORDER BY name").bind(sequence).all {
      LeftOutRow(message: sequence, name: try $0.readText(), count: $0.readInt())
    }
  }

  func balance(from: Int64, to: Int64, system: String?) throws -> [BalanceRow] {
    // A name that no row bears has no number, and -1 is none.
    let number = try system.map { try names.number(of: $0) ?? -1 }
    var found: [Int64: BalanceRow] = [:]
    func add(_ system: Int64, _ change: (inout BalanceRow) throws -> Void) throws {
      var row = try found[system] ?? BalanceRow(system: names.text(of: system))
      try change(&row)
      found[system] = row
    }
    let messages = try connection.statement(
      """
      SELECT system, count(*), sum(item_count = 0 AND outcome <> 'accepted') FROM message
      WHERE received_at >= ? AND received_at < ? AND coalesce(system = ?, 1) GROUP BY system
      """)
    for (system, count, refused) in try messages.bind(from).bind(to).bind(number).all({ ($0.readInt64(), $0.readInt(), $0.readInt()) }) {
      try add(system) { ($0.messages, $0.refused) = (count, refused) }
    }
    let items = try connection.statement(
      """
      SELECT system, item.outcome, count(*) FROM message JOIN item ON item.message = sequence
      WHERE received_at >= ? AND received_at < ? AND coalesce(system = ?, 1) AND item_count > 0 GROUP BY system, item.outcome
      """)
    let outcomes = try items.bind(from).bind(to).bind(number).all { ($0.readInt64(), try $0.read(ItemOutcome.self), $0.readInt()) }
    for (system, outcome, count) in outcomes { try add(system) { $0.counts.add(outcome, count) } }
    let leftOut = try connection.statement(
      """
      SELECT system, sum(count) FROM message JOIN left_out ON left_out.message = sequence
      WHERE received_at >= ? AND received_at < ? AND coalesce(system = ?, 1) GROUP BY system
      """)
    for (system, count) in try leftOut.bind(from).bind(to).bind(number).all({ ($0.readInt64(), $0.readInt()) }) {
      try add(system) { $0.counts.add(.leftOut, count) }
    }
    let repeats = try connection.statement(
      """
      SELECT system, sum(times),
        sum(times * (item_count + coalesce((SELECT sum(count) FROM left_out WHERE left_out.message = sequence), 0)))
      FROM message_repeat JOIN message ON sequence = message_repeat.message
      WHERE quarter * 900000000 >= ? AND quarter * 900000000 < ? AND coalesce(system = ?, 1) GROUP BY system
      """)
    for (system, times, count) in try repeats.bind(from).bind(to).bind(number).all({ ($0.readInt64(), $0.readInt(), $0.readInt()) }) {
      try add(system) { row in
        row.messages += times
        row.counts.add(.repeated, count)
      }
    }
    return found.values.sorted { ForeignID($0.system) < ForeignID($1.system) }
  }
}
