import Broker
import Identity

/// What objects are found by, in memory.
struct MemoryBelongings: Sendable {
  struct Key: Hashable {
    var entity: String
    var id: String
  }

  private(set) var rows: [Key: BelongingRow] = [:]

  mutating func put(_ row: BelongingRow) { rows[Key(entity: row.entity, id: row.id)] = row }
}

extension MemoryTransaction {
  func objects(entity: String, of owner: BelongingRow.Owner, after: String, limit: Int) throws -> [ObjectRow] {
    let found = rows.belongings.rows.values.filter { row in
      row.entity == entity && ForeignID(after) < ForeignID(row.id) && row.owners.contains(owner)
    }
    return try found.sorted { ForeignID($0.id) < ForeignID($1.id) }.prefix(max(0, limit)).compactMap {
      try object(entity: entity, id: $0.id)
    }
  }
}
