import Broker
import Identity
import StoreAPI

/// The table of what objects are found by.
enum BelongingSchema {
  static let tables = [
    """
    CREATE TABLE belonging (
      owner_entity INTEGER NOT NULL, owner TEXT NOT NULL, entity INTEGER NOT NULL, id TEXT NOT NULL,
      PRIMARY KEY (owner_entity, owner, entity, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX belonging_of_object ON belonging (entity, id)",
  ]

  /// For people with `sqlite3` in their hands.
  static let view = """
    CREATE VIEW belongings AS SELECT (SELECT text FROM name WHERE name.id = belonging.entity) AS entity, id AS crm_id,
      (SELECT text FROM name WHERE name.id = owner_entity) AS owner_entity, owner
    FROM belonging
    """
}

extension SQLiteTransaction {
  func put(_ row: BelongingRow) throws {
    let entity = try names.assignedNumber(of: row.entity)
    var owners = try row.owners.map { (entity: try names.assignedNumber(of: $0.entity), id: $0.id) }
    // Owners hardly ever change: mostly they are read and nothing is written.
    let find = try connection.statement("SELECT owner_entity, owner FROM belonging WHERE entity = ? AND id = ?")
    let former = try find.bind(entity).bind(row.id).all { (entity: $0.readInt64(), id: try $0.readText()) }
    for old in former {
      if let index = owners.firstIndex(where: { $0.entity == old.entity && ForeignID($0.id) == ForeignID(old.id) }) {
        owners.remove(at: index)
        continue
      }
      try connection.statement("DELETE FROM belonging WHERE owner_entity = ? AND owner = ? AND entity = ? AND id = ?").bind(old.entity)
        .bind(old.id).bind(entity).bind(row.id).run()
    }
    for owner in owners {
      try connection.statement("INSERT OR IGNORE INTO belonging VALUES (?, ?, ?, ?)").bind(owner.entity).bind(owner.id).bind(entity)
        .bind(row.id).run()
    }
  }

  func objects(entity: String, of owner: BelongingRow.Owner, after: String, limit: Int) throws -> [ObjectRow] {
    guard let kind = try names.number(of: entity), let ownerKind = try names.number(of: owner.entity), limit > 0 else { return [] }
    let find = try connection.statement(
      "SELECT id FROM belonging WHERE owner_entity = ? AND owner = ? AND entity = ? AND id > ? ORDER BY id LIMIT ?")
    let ids = try find.bind(ownerKind).bind(owner.id).bind(kind).bind(after).bind(limit).all { try $0.readText() }
    return try ids.compactMap { try object(entity: entity, id: $0) }
  }
}
