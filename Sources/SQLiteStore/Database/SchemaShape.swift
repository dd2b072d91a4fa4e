/// A table, index, view or trigger, as table `sqlite_schema` names it.
struct SchemaItem: Hashable, Sendable {
  let kind: String
  let name: String
  /// The table that an index or trigger belongs to; else the name.
  let table: String
  /// The statement that made it.
  let statement: String

  /// The statement without what means nothing: blanks, line ends, quotes around names.
  var normalised: String {
    var result: [UInt8] = []
    var pendingBlank = false
    for octet in statement.utf8 where octet != UInt8(ascii: "\"") {
      if octet <= 0x20 {
        pendingBlank = true
        continue
      }
      let isMark = Self.marks.contains(octet)
      if pendingBlank, !isMark, let last = result.last, !Self.marks.contains(last) { result.append(0x20) }
      pendingBlank = false
      result.append(octet)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let marks = Array("(),;=<>|+-*/".utf8)
}

/// A column of a table, as `pragma table_xinfo` tells it.
struct SchemaColumn: Hashable, Sendable {
  let name: String
  /// Type, NOT NULL, default and place in the primary key.
  let declaration: String
}

extension Connection {
  /// All that somebody made in the file, by name; SQLite's own tables and indexes are left out.
  func schemaItems() throws -> [String: SchemaItem] {
    let find = try statement(
      "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    let items = try find.all {
      SchemaItem(kind: try $0.readText(), name: try $0.readText(), table: try $0.readText(), statement: try $0.readText())
    }
    return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0) })
  }

  /// In their order; empty where there is no such table.
  func columns(of table: String) throws -> [SchemaColumn] {
    let find = try statement(
      """
      SELECT name, type || iif("notnull", ' NOT NULL', '') || coalesce(' DEFAULT ' || dflt_value, '') ||
        iif(pk, ' PRIMARY KEY ' || pk, '') FROM pragma_table_xinfo(?)
      """)
    return try find.bind(table).all { SchemaColumn(name: try $0.readText(), declaration: try $0.readText()) }
  }
}
