import Broker
import Identity
import StoreAPI

/// The forms in which ids and match values are stored.
enum FormTables {
  /// kind: `ids` (scope is a system) or `match` (scope is a field). What an earlier release stored is there as it came.
  static let tables = [
    """
    CREATE TABLE identity_form (
      kind TEXT NOT NULL, entity INTEGER NOT NULL, scope INTEGER NOT NULL, form TEXT NOT NULL, origin TEXT NOT NULL,
      PRIMARY KEY (kind, entity, scope)
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO identity_form SELECT DISTINCT 'ids', entity, system, 'exact', 'earlier' FROM link",
    "INSERT INTO identity_form SELECT DISTINCT 'match', entity, field, 'exact', 'earlier' FROM match_value",
  ]

  /// For people with `sqlite3` in their hands.
  static let view = """
    CREATE VIEW identity_forms AS SELECT kind, (SELECT text FROM name WHERE id = entity) AS entity,
      (SELECT text FROM name WHERE id = scope) AS system_or_field, form, origin
    FROM identity_form
    """
}

extension SQLiteTransaction {
  func put(_ row: FormRow) throws {
    let insert = try connection.statement("INSERT OR REPLACE INTO identity_form VALUES (?, ?, ?, ?, ?)")
    switch row.scope {
    case .ids(let system, let entity):
      try insert.bind("ids").bind(names.assignedNumber(of: entity)).bind(names.assignedNumber(of: system))
    case .matches(let entity, let field):
      try insert.bind("match").bind(names.assignedNumber(of: entity)).bind(names.assignedNumber(of: field))
    }
    try insert.bind(row.form.text).bind(row.origin.rawValue).run()
  }

  func forms() throws -> [FormRow] {
    try connection.statement("SELECT kind, entity, scope, form, origin FROM identity_form").all { row in
      let (kind, entity, scope) = try (row.readText(), row.readName(names), row.readName(names))
      let (text, origin) = try (row.readText(), row.read(FormRow.Origin.self))
      guard let form = CanonicalForm(text: text) else {
        throw StoreError(.corrupt, "\(connection.path) names the form '\(text)', which this release does not know.")
      }
      return FormRow(kind == "ids" ? .ids(system: scope, entity: entity) : .matches(entity: entity, field: scope), form, origin)
    }
  }

  func keys(entity: String, system: String, after: ForeignID, limit: Int) throws -> [ForeignID] {
    guard let entity = try names.number(of: entity), let system = try names.number(of: system) else { return [] }
    // Also what waits for an id that is not linked yet, and what is held under one.
    let find = try connection.statement(
      """
      SELECT foreign_id FROM (
        SELECT foreign_id FROM link WHERE entity = ?1 AND system = ?2 AND foreign_id > ?3
        UNION SELECT foreign_id FROM held WHERE entity = ?1 AND system = ?2 AND foreign_id > ?3
        UNION SELECT value FROM held_cause WHERE kind = 'link' AND name = ?1 AND system = ?2 AND value > ?3
        UNION SELECT waiting_id FROM delivery WHERE waiting_entity = ?1 AND waiting_system = ?2 AND waiting_id > ?3
      ) ORDER BY foreign_id LIMIT ?4
      """)
    return try find.bind(entity).bind(system).bind(after).bind(max(0, limit)).all { ForeignID(try $0.readText()) }
  }

  /// Gives a key another id in every table where it is one.
  func rename(_ key: LinkKey, to new: LinkKey) throws {
    let last = try connection.statement("SELECT max(ended) FROM link WHERE entity = ? AND system = ? AND foreign_id = ?")
    let ended = try last.bind(writing: new, names).first { $0.readInt64() } ?? 0
    try connection.statement(
      """
      UPDATE link SET foreign_id = ?, ended = CASE ended WHEN 0 THEN 0 ELSE ended + ? END
      WHERE entity = ? AND system = ? AND foreign_id = ?
      """
    ).bind(new.id).bind(ended).bind(writing: key, names).run(inserting: "link of \(new)")
    for sql in [
      "UPDATE held SET foreign_id = ? WHERE entity = ? AND system = ? AND foreign_id = ?",
      "UPDATE held_cause SET value = ? WHERE kind = 'link' AND name = ? AND system = ? AND value = ?",
      "UPDATE delivery SET waiting_id = ? WHERE waiting_entity = ? AND waiting_system = ? AND waiting_id = ?",
    ] as [StaticString] {
      try connection.statement(sql).bind(new.id).bind(writing: key, names).run()
    }
    if !Spelling.isOwnFold(new.id.text) { try insertSpelling(of: new) }
  }
}
