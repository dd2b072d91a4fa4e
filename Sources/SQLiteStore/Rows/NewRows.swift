import Broker
import Identity
import StoreAPI

/// Rows of a list of changes that are inserted several by one statement, since a statement for one row costs about as much as its row.
///
/// They are written at the end of the list, or before a change that looks at them.
struct NewRows {
  var items: [ItemRow] = []
  var links: [(link: Link, state: SourceState?)] = []
  var objects: [ObjectRow] = []
  var matchValues: [MatchValueRow] = []

  /// A value by which a thing is found, perhaps claimed by it.
  struct MatchValueRow {
    let entity: Int64
    let field: Int64
    let value: MatchValue
    let common: CommonID
    let isClaimed: Bool
  }

  /// How many rows a statement takes, the most first.
  static let groups = [32, 8, 1]
}

extension SQLiteTransaction {
  func insertNewRows() throws {
    try insertNewItems()
    try insertNewLinks()
    try insertNewObjects()
    try insertNewMatchValues()
  }

  func insertNewItems() throws {
    try insert(&new.items, by: "INSERT OR FAIL INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") { statement, row in
      try statement.bind(row.message).bind(row.number).bind(names.assignedNumber(of: row.entity)).bind(row.key)
        .bind(row.outcome.rawValue).bind(row.code).bind(row.path).bind(row.explanation).bind(row.common)
    } taken: { rows, inserted in
      "item \(rows[inserted].number) of message \(rows[inserted].message)"
    }
  }

  func insertNewLinks() throws {
    // The CRM core's own links by themselves: they come in the order of their keys, and SQLite finds the place of a row at once where it
    // is behind the row before it.
    new.links = new.links.filter { $0.link.key.system != crmSystem } + new.links.filter { $0.link.key.system == crmSystem }
    for row in new.links where !Spelling.isOwnFold(row.link.key.id.text) { try insertSpelling(of: row.link.key) }
    try insert(&new.links, by: "INSERT OR FAIL INTO link VALUES (?, ?, ?, 0, ?, ?, NULL, ?, ?, '', '', ?, ?, ?)") { statement, row in
      let (link, state) = row
      try statement.bind(writing: link.key, names).bind(link.common).bind(link.validFrom).bind(link.who).bind(link.why)
        .bind(state?.version).bind(state.map { Int64(bitPattern: $0.fingerprint) }).bind(state?.message)
    } taken: { rows, inserted in
      "link of \(rows[inserted].link.key)"
    }
  }

  func insertNewObjects() throws {
    try insert(
      &new.objects,
      by: """
        INSERT OR FAIL INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET common = excluded.common,
          code = excluded.code, name = excluded.name, status = excluded.status, changed_at = excluded.changed_at,
          changed_by = excluded.changed_by, body = excluded.body
        """
    ) { statement, row in
      try statement.bind(names.assignedNumber(of: row.entity)).bind(row.id).bind(row.common).bind(row.code).bind(row.name)
        .bind(row.status).bind(row.changedAt).bind(names.assignedNumber(of: row.changedBy)).bind(row.body)
    } taken: { rows, inserted in
      "object \(rows[inserted].id)"
    }
  }

  /// Gives up what a thing does not carry any more, and notes what it carries.
  func put(_ change: MatchValuesChange) throws {
    let entity = try names.assignedNumber(of: change.entity)
    for former in change.former where !change.values.contains(former) || change.claims.contains(former) {
      try insertNewMatchValues()
      // A value that is claimed from now on leaves its other place.
      let isGone = !change.values.contains(former)
      let delete = try connection.statement(
        "DELETE FROM match_value WHERE entity = ? AND field = ? AND value = ? AND slot IN (?, ?) AND common = ?")
      try delete.bind(entity).bind(names.assignedNumber(of: former.field)).bind(former.value).bind(change.common)
      if isGone { delete.bind([UInt8]()) } else { delete.bindNull() }
      try delete.bind(change.common).run()
    }
    for value in change.values {
      let isClaimed = change.claims.contains(value)
      if !isClaimed && change.former.contains(value) { continue }
      if !Spelling.isOwnFold(value.value) { try insertSpelling(of: value, entity) }
      new.matchValues.append(
        NewRows.MatchValueRow(
          entity: entity, field: try names.assignedNumber(of: value.field), value: value, common: change.common, isClaimed: isClaimed))
    }
  }

  func insertNewMatchValues() throws {
    // A row of the thing itself is as it should be; a claim of another thing leaves the number of changed rows behind that of the rows.
    try insert(
      &new.matchValues,
      by: """
        INSERT OR FAIL INTO match_value VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET common = excluded.common WHERE common = excluded.common
        """
    ) { statement, row in
      statement.bind(row.entity).bind(row.field).bind(row.value.value)
      if row.isClaimed { statement.bind([UInt8]()) } else { statement.bind(row.common) }
      statement.bind(row.common)
    } taken: { rows, _ in
      let claimed = try connection.statement(
        "SELECT 1 FROM match_value WHERE entity = ? AND field = ? AND value = ? AND slot = x'' AND common <> ?")
      for row in rows where row.isClaimed {
        claimed.bind(row.entity).bind(row.field).bind(row.value.value).bind(row.common)
        guard try claimed.first({ _ in true }) != nil else { continue }
        return "claim on \(try names.text(of: row.entity)) with \(row.value.field) ‘\(row.value.value)’"
      }
      return "claim"
    }
  }

  /// - Parameter taken: names the row that is in the way of one of the given, of which so many are in.
  private func insert<Row>(
    _ rows: inout [Row], by sql: StaticString, bind: (Statement, Row) throws -> Void, taken: ([Row], Int) throws -> String
  ) throws {
    if rows.isEmpty { return }
    defer { rows.removeAll(keepingCapacity: true) }
    var start = 0
    for size in NewRows.groups {
      while rows.count - start >= size {
        let statement = try connection.statement(sql, rows: size)
        do {
          for row in rows[start..<start + size] { try bind(statement, row) }
        } catch {
          statement.reset()
          throw error
        }
        try statement.run(inserting: taken(Array(rows[start..<start + size]), connection.changedRows))
        if connection.changedRows < size { throw StoreError.taken(try taken(Array(rows[start..<start + size]), size)) }
        start += size
      }
    }
  }
}
