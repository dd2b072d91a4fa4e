import Broker
import CDR
import Identity
import StoreAPI

// What is written for messages, things and objects.

extension SQLiteTransaction {
  func insert(_ row: MessageRow) throws {
    try connection.statement("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.sequence).bind(names.assignedNumber(of: row.system)).bind(row.messageID).bind(row.operation).bind(row.digest)
      .bind(row.format.byteOrder == .littleEndian).bind(Int(row.format.version.rawValue)).bind(Int(row.format.characterCodeSet.rawValue))
      .bind(row.alignedAt).bind(row.receivedAt).bind(row.itemCount).bind(row.outcome).bind(row.receipt).bind(row.body)
      .run(inserting: "message ‘\(row.messageID)’ of \(row.system)")
  }

  func insert(_ row: ItemRow) throws {
    try connection.statement("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.message).bind(row.number).bind(names.assignedNumber(of: row.entity)).bind(row.key).bind(row.outcome.rawValue)
      .bind(row.code).bind(row.path).bind(row.explanation).bind(row.common)
      .run(inserting: "item \(row.number) of message \(row.message)")
  }

  func update(_ row: ItemRow) throws {
    try connection.statement(
      """
      UPDATE item SET entity = ?, foreign_id = ?, outcome = ?, code = ?, path = ?, explanation = ?, common = ?
      WHERE message = ? AND number = ?
      """
    ).bind(names.assignedNumber(of: row.entity)).bind(row.key).bind(row.outcome.rawValue).bind(row.code).bind(row.path)
      .bind(row.explanation).bind(row.common).bind(row.message).bind(row.number).run()
    if connection.changedRows == 0 { throw StoreError.missing("item \(row.number) of message \(row.message)") }
  }

  func insertThing(_ common: CommonID, _ entity: String, _ time: Int64) throws {
    try connection.statement("INSERT INTO thing VALUES (?, ?, ?)").bind(common).bind(names.assignedNumber(of: entity)).bind(time)
      .run(inserting: "thing \(common)")
    newThings.insert(common)
  }

  func insert(_ link: Link) throws {
    let ended = try link.validTo == nil ? 0 : nextEnded(of: link.key)
    try connection.statement("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(writing: link.key, names).bind(ended).bind(link.common).bind(link.validFrom).bind(link.validTo)
      .bind(link.who).bind(link.why).bind(link.endedBy).bind(link.endedBecause)
      .run(inserting: "link of \(link.key)")
  }

  func endLink(_ key: LinkKey, at time: Int64, who: String, why: String) throws {
    let ended = try nextEnded(of: key)
    let update = try connection.statement(
      """
      UPDATE link SET ended = ?, valid_to = ?, ended_by = ?, ended_because = ?
      WHERE entity = ? AND system = ? AND foreign_id = ? AND ended = 0
      """)
    try update.bind(ended).bind(time).bind(who).bind(why).bind(writing: key, names).run()
  }

  private func nextEnded(of key: LinkKey) throws -> Int64 {
    let last = try connection.statement("SELECT max(ended) FROM link WHERE entity = ? AND system = ? AND foreign_id = ?")
    return try last.bind(writing: key, names).first { $0.readInt64() + 1 } ?? 1
  }

  func put(_ row: ObjectRow) throws {
    try connection.statement(
      """
      INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET common = excluded.common, code = excluded.code,
        name = excluded.name, status = excluded.status, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
        body = excluded.body
      """
    ).bind(names.assignedNumber(of: row.entity)).bind(row.id).bind(row.common).bind(row.code).bind(row.name).bind(row.status)
      .bind(row.changedAt).bind(names.assignedNumber(of: row.changedBy)).bind(row.body).run()
  }

  func put(_ row: SourceStateRow) throws {
    try connection.statement(
      """
      INSERT INTO source_state VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version,
        fingerprint = excluded.fingerprint, message = excluded.message
      """
    ).bind(writing: row.key, names).bind(row.version).bind(Int64(bitPattern: row.fingerprint)).bind(row.message).run()
  }

  func putMatchValues(of common: CommonID, entity: String, _ values: [MatchValue]) throws {
    let entity = try names.assignedNumber(of: entity)
    let rows = try values.map { MatchRow(entity: entity, field: try names.assignedNumber(of: $0.field), value: ForeignID($0.value)) }
    var former: [MatchRow] = []
    if newThings.remove(common) == nil {
      former = try connection.statement("SELECT entity, field, value FROM match_value WHERE common = ?").bind(common).all {
        MatchRow(entity: $0.readInt64(), field: $0.readInt64(), value: ForeignID(try $0.readText()))
      }
      for row in former where !rows.contains(row) {
        try connection.statement("DELETE FROM match_value WHERE entity = ? AND field = ? AND value = ? AND common = ?")
          .bind(row).bind(common).run()
        try connection.statement("DELETE FROM claim WHERE entity = ? AND field = ? AND value = ? AND common = ?")
          .bind(row).bind(common).run()
      }
    }
    for row in rows where !former.contains(row) { try insert(row, of: common) }
    lastMatchValues = (common, rows)
  }

  func insertClaim(_ entity: String, _ value: MatchValue, _ common: CommonID) throws {
    let row = try MatchRow(
      entity: names.assignedNumber(of: entity), field: names.assignedNumber(of: value.field), value: ForeignID(value.value))
    do {
      try connection.statement("INSERT INTO claim VALUES (?, ?, ?, ?)").bind(row).bind(common).run()
    } catch let error as StoreError where error.code == .conflict {
      let claimant = try connection.statement("SELECT common FROM claim WHERE entity = ? AND field = ? AND value = ?").bind(row)
        .first { try $0.readCommonID() }
      if claimant != common { throw StoreError.taken("claim on \(entity) with \(value.field) ‘\(value.value)’") }
    }
    newThings.remove(common)
    if let last = lastMatchValues, last.common == common, last.rows.contains(row) { return }
    try insert(row, of: common)
  }

  /// The thing may have the value already.
  private func insert(_ row: MatchRow, of common: CommonID) throws {
    try connection.statement("INSERT INTO match_value VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING").bind(row).bind(common).run()
  }
}

/// A match value as it is kept.
struct MatchRow: Equatable {
  let entity: Int64
  let field: Int64
  let value: ForeignID
}

extension Statement {
  fileprivate func bind(_ row: MatchRow) -> Statement { bind(row.entity).bind(row.field).bind(row.value) }
}
