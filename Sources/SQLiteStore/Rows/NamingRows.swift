import StoreAPI

/// The tables of the naming service.
enum NamingTables {
  static let tables = [
    // Numbers of contexts are never used again: references to a context that was destroyed must not lead to another one.
    "CREATE TABLE naming_context (id INTEGER PRIMARY KEY AUTOINCREMENT, bindings INTEGER NOT NULL) STRICT",
    "INSERT INTO naming_context VALUES (1, 0), (2, 0)",
    // type: object, context (number says which) or foreign-context.
    """
    CREATE TABLE naming_binding (
      context INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, number INTEGER, reference TEXT NOT NULL,
      PRIMARY KEY (context, id, kind)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  /// For people with `sqlite3` in their hands.
  static let view = "CREATE VIEW names AS SELECT context, id, kind, type, number AS leads_to, reference FROM naming_binding"
}

extension SQLiteTransaction {
  func namingContextCount() throws -> Int { try Int(connection.number("SELECT count(*) FROM naming_context")) }

  func namingRowCount(context: Int64) throws -> Int? {
    try connection.statement("SELECT bindings FROM naming_context WHERE id = ?").bind(context).first { $0.readInt() }
  }

  func namingTarget(context: Int64, id: String, kind: String) throws -> NamingRow.Target? {
    try connection.statement("SELECT type, number, reference FROM naming_binding WHERE context = ? AND id = ? AND kind = ?")
      .bind(context).bind(id).bind(kind).first { try $0.readNamingTarget() }
  }

  func namingRows(context: Int64, after: (id: String, kind: String)?, limit: Int) throws -> [NamingRow] {
    let statement =
      if let after {
        try connection.statement(
          """
          SELECT id, kind, type, number, reference FROM naming_binding WHERE context = ? AND (id, kind) > (?, ?) ORDER BY id, kind LIMIT ?
          """
        ).bind(context).bind(after.id).bind(after.kind)
      } else {
        try connection.statement(
          "SELECT id, kind, type, number, reference FROM naming_binding WHERE context = ? ORDER BY id, kind LIMIT ?"
        ).bind(context)
      }
    return try statement.bind(max(0, limit)).all {
      NamingRow(context: context, id: try $0.readText(), kind: try $0.readText(), target: try $0.readNamingTarget())
    }
  }

  func insertNamingContext() throws -> Int64 {
    try connection.statement("INSERT INTO naming_context (bindings) VALUES (0)").run()
    return try connection.number("SELECT last_insert_rowid()")
  }

  func removeNamingContext(_ context: Int64) throws {
    try connection.statement("DELETE FROM naming_context WHERE id = ?").bind(context).run()
  }

  func putNamingRow(_ row: NamingRow) throws {
    let (type, number, reference) = NamingColumns.of(row.target)
    try connection.statement("UPDATE naming_binding SET type = ?, number = ?, reference = ? WHERE context = ? AND id = ? AND kind = ?")
      .bind(type).bind(number).bind(reference).bind(row.context).bind(row.id).bind(row.kind).run()
    if connection.changedRows > 0 { return }
    try connection.statement("INSERT INTO naming_binding VALUES (?, ?, ?, ?, ?, ?)")
      .bind(row.context).bind(row.id).bind(row.kind).bind(type).bind(number).bind(reference).run()
    try countNames(of: row.context, adding: 1)
  }

  func removeNamingRow(context: Int64, id: String, kind: String) throws {
    try connection.statement("DELETE FROM naming_binding WHERE context = ? AND id = ? AND kind = ?")
      .bind(context).bind(id).bind(kind).run()
    if connection.changedRows > 0 { try countNames(of: context, adding: -1) }
  }

  private func countNames(of context: Int64, adding count: Int) throws {
    try connection.statement("UPDATE naming_context SET bindings = bindings + ? WHERE id = ?").bind(count).bind(context).run()
  }
}

/// What is bound, as it is kept.
private enum NamingColumns {
  static func of(_ target: NamingRow.Target) -> (type: String, number: Int64?, reference: String) {
    switch target {
    case .object(let reference): ("object", nil, reference)
    case .context(let number): ("context", number, "")
    case .foreignContext(let reference): ("foreign-context", nil, reference)
    }
  }
}

extension Statement {
  /// Reads the columns `type`, `number`, `reference`.
  fileprivate func readNamingTarget() throws -> NamingRow.Target {
    let type = try readText()
    let number = readIfPresent { $0.readInt64() }
    let reference = try readText()
    switch type {
    case "object": return .object(reference)
    case "foreign-context": return .foreignContext(reference)
    case "context" where number != nil: return .context(number ?? 0)
    default:
      throw StoreError(
        .corrupt, "A name is bound to the unknown type ‘\(type)’.", hint: "Was it changed by hand? Restore it from a backup.")
    }
  }
}
