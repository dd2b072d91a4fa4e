import Broker
import Identity
import StoreAPI

/// Ids and match values that are not what all spellings of them fold to (``Identity/Spelling``), found by that. A row says only that the
/// text was written once: whether it is linked or carried stands in its own table.
enum SpellingTables {
  /// kind: 0 for ids (scope is a system), 1 for match values (scope is a field).
  static let tables = [
    """
    CREATE TABLE spelling (
      kind INTEGER NOT NULL, entity INTEGER NOT NULL, scope INTEGER NOT NULL, fold TEXT NOT NULL, text TEXT NOT NULL,
      PRIMARY KEY (kind, entity, scope, fold, text)
    ) STRICT, WITHOUT ROWID
    """
  ]

  static let ids: Int64 = 0
  static let values: Int64 = 1

  /// Fills the table of a file that has links already.
  static func fill(_ connection: Connection) throws {
    let insert = try connection.statement("INSERT OR IGNORE INTO spelling VALUES (?, ?, ?, ?, ?)")
    for (kind, sql) in [
      (ids, "SELECT entity, system, foreign_id FROM link WHERE ended = 0"), (values, "SELECT entity, field, value FROM match_value"),
    ] as [(Int64, StaticString)] {
      let find = try connection.statement(sql)
      defer { find.reset() }
      while try find.step() {
        let (entity, scope, text) = (find.readInt64(), find.readInt64(), try find.readText())
        if Spelling.isOwnFold(text) { continue }
        try insert.bind(kind).bind(entity).bind(scope).bind(Spelling.fold(text)).bind(text).run()
      }
    }
  }
}

extension SQLiteTransaction {
  func insertSpelling(of key: LinkKey) throws {
    try insertSpelling(
      SpellingTables.ids, names.assignedNumber(of: key.entity), names.assignedNumber(of: key.system), key.id.text)
  }

  func insertSpelling(of value: MatchValue, _ entity: Int64) throws {
    try insertSpelling(SpellingTables.values, entity, names.assignedNumber(of: value.field), value.value)
  }

  private func insertSpelling(_ kind: Int64, _ entity: Int64, _ scope: Int64, _ text: String) throws {
    let fold = Spelling.fold(text)
    if ForeignID(fold) == ForeignID(text) { return }
    try connection.statement("INSERT OR IGNORE INTO spelling VALUES (?, ?, ?, ?, ?)").bind(kind).bind(entity).bind(scope).bind(fold)
      .bind(text).run()
  }

  /// Loads links whose keys differ from these only in their spelling.
  func loadSpellings(ofUnknown keys: [LinkKey], into set: inout WorkingSet, _ things: inout Set<CommonID>) throws {
    var near: [LinkKey] = []
    for (entityName, keys) in grouped(keys, by: \.entity) {
      for (systemName, keys) in grouped(keys, by: \.system) {
        guard let entity = try names.number(of: entityName), let system = try names.number(of: systemName) else { continue }
        for key in keys where !Spelling.isOwnFold(key.id.text) { near.append(key.folded) }
        guard try hasSpellings(SpellingTables.ids, entity, system) else { continue }
        try lookUpSpellings(SpellingTables.ids, entity, system, keys.map { $0.id.text }) { fold, text in
          let fold = LinkKey(entity: entityName, system: systemName, id: ForeignID(fold))
          let id = ForeignID(text)
          set.load(spelling: id, of: fold)
          near.append(LinkKey(entity: entityName, system: systemName, id: id))
        }
      }
    }
    if !near.isEmpty { try loadLinks(of: Set(near).filter { set.links[$0] == nil }, into: &set, &things) }
  }

  /// Loads what carries match values that differ from these only in their spelling.
  func loadSpellings(
    of values: [String], _ entityName: String, _ fieldName: String, into set: inout WorkingSet, _ things: inout Set<CommonID>
  ) throws {
    guard let entity = try names.number(of: entityName), let field = try names.number(of: fieldName) else { return }
    var near = values.filter { !Spelling.isOwnFold($0) }.map(Spelling.fold)
    if try hasSpellings(SpellingTables.values, entity, field) {
      try lookUpSpellings(SpellingTables.values, entity, field, values) { _, text in
        set.load(spelling: MatchValue(field: fieldName, value: text), entity: entityName)
        near.append(text)
      }
    }
    if !near.isEmpty { try loadMatches(entityName, fieldName, near, into: &set, &things) }
  }

  /// Mostly none is noted at all.
  private func hasSpellings(_ kind: Int64, _ entity: Int64, _ scope: Int64) throws -> Bool {
    let any = try connection.statement("SELECT 1 FROM spelling WHERE kind = ? AND entity = ? AND scope = ? LIMIT 1")
    return try any.bind(kind).bind(entity).bind(scope).first { $0.readInt64() } != nil
  }

  private func lookUpSpellings(
    _ kind: Int64, _ entity: Int64, _ scope: Int64, _ texts: [String], found: (String, String) throws -> Void
  ) throws {
    try lookUp(
      texts.map(Spelling.fold),
      by: """
        WITH wanted (number, fold) AS (VALUES (?, ?))
        SELECT number, text FROM wanted CROSS JOIN spelling ON kind = ? AND entity = ? AND scope = ? AND spelling.fold = wanted.fold
        """
    ) {
      $0.bind($1)
    } common: {
      $0.bind(kind).bind(entity).bind(scope)
    } row: { row, fold in
      try found(fold, try row.readText())
    }
  }
}
