import Broker
import CDR
import Identity
import StoreAPI

// What is written for messages, things and objects, but for the rows that `NewRows` collects.

extension SQLiteTransaction {
  func insert(_ row: MessageRow) throws {
    try connection.statement("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.sequence).bind(names.assignedNumber(of: row.system)).bind(row.messageID).bind(row.operation).bind(row.digest)
      .bind(row.format.byteOrder == .littleEndian).bind(Int(row.format.version.rawValue)).bind(Int(row.format.characterCodeSet.rawValue))
      .bind(row.alignedAt).bind(row.receivedAt).bind(row.itemCount).bind(row.outcome).bind(row.receipt)
      .run(inserting: "message ‘\(row.messageID)’ of \(row.system)")
    if writtenBody != row.sequence { try insertBody(row.body, ofMessage: row.sequence) }
  }

  func insertBody(_ body: [UInt8], ofMessage sequence: Int64) throws {
    try connection.statement("INSERT INTO message_body VALUES (?, ?)").bind(sequence).bind(body)
      .run(inserting: "body of message \(sequence)")
    writtenBody = sequence
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

  /// A link that ended before it came here.
  func insertEnded(_ link: Link, _ state: SourceState?) throws {
    let ended = try nextEnded(of: link.key)
    let insert = try connection.statement("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try insert
      .bind(writing: link.key, names).bind(ended).bind(link.common).bind(link.validFrom).bind(link.validTo)
      .bind(link.who).bind(link.why).bind(link.endedBy).bind(link.endedBecause)
      .bind(state?.version).bind(state.map { Int64(bitPattern: $0.fingerprint) }).bind(state?.message)
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

  func put(_ state: SourceState, of key: LinkKey) throws {
    let ofOpen = try connection.statement(
      "UPDATE link SET version = ?, fingerprint = ?, message = ? WHERE entity = ? AND system = ? AND foreign_id = ? AND ended = 0")
    try ofOpen.bind(state, of: key, names).run()
    if connection.changedRows > 0 { return }
    let ofEnded = try connection.statement(
      """
      UPDATE link SET version = ?1, fingerprint = ?2, message = ?3 WHERE entity = ?4 AND system = ?5 AND foreign_id = ?6
        AND ended = (SELECT max(ended) FROM link WHERE entity = ?4 AND system = ?5 AND foreign_id = ?6)
      """)
    try ofEnded.bind(state, of: key, names).run()
    if connection.changedRows == 0 { throw StoreError.missing("link of \(key)") }
  }
}

extension Statement {
  fileprivate func bind(_ state: SourceState, of key: LinkKey, _ names: Names) throws -> Statement {
    bind(state.version).bind(Int64(bitPattern: state.fingerprint)).bind(state.message)
    return try bind(writing: key, names)
  }
}
