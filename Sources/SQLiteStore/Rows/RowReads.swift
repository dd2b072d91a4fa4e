import Broker
import CDR
import Identity
import StoreAPI

// What is read of messages, objects and links, apart from ``SQLiteTransaction/load(_:)``.

extension SQLiteTransaction {
  func message(system: String, messageID: String) throws -> MessageRow? {
    guard let number = try names.number(of: system) else { return nil }
    return try connection.statement(
      "SELECT message.*, body FROM message JOIN message_body ON message_body.message = sequence WHERE system = ? AND message_id = ?"
    ).bind(number).bind(messageID).first(readMessage)
  }

  func message(sequence: Int64) throws -> MessageRow? {
    try connection.statement(
      "SELECT message.*, body FROM message JOIN message_body ON message_body.message = sequence WHERE sequence = ?"
    ).bind(sequence).first(readMessage)
  }

  func messages(system: String?, before: Int64?, limit: Int) throws -> [MessageRow] {
    let before = before ?? .max
    guard let system else {
      return try connection.statement(
        """
        SELECT sequence, system, message_id, operation, digest, little_endian, giop_minor, code_set, aligned_at, received_at, item_count,
          outcome, x'', x'' FROM message WHERE sequence < ? ORDER BY sequence DESC LIMIT ?
        """
      ).bind(before).bind(max(0, limit)).all(readMessage)
    }
    return try connection.statement(
      """
      SELECT sequence, system, message_id, operation, digest, little_endian, giop_minor, code_set, aligned_at, received_at, item_count,
        outcome, x'', x'' FROM message WHERE system = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?
      """
    ).bind(names.number(of: system)).bind(before).bind(max(0, limit)).all(readMessage)
  }

  private func readMessage(_ row: Statement) throws -> MessageRow {
    let (sequence, system, messageID, operation) = try (row.readInt64(), row.readName(names), row.readText(), row.readText())
    let (digest, isLittle, minor, codeSet) = (row.readOctets(), row.readBool(), row.readInt64(), row.readInt64())
    guard let version = UInt8(exactly: minor).flatMap(WireFormat.Version.init(rawValue:)),
      let characters = UInt32(exactly: codeSet).flatMap(WireFormat.CharacterCodeSet.init(rawValue:))
    else {
      throw StoreError(
        .corrupt, "\(connection.path) holds message \(sequence) in the unknown format \(minor), \(codeSet).",
        hint: "Restore the file from a backup.")
    }
    let format = WireFormat(byteOrder: isLittle ? .littleEndian : .bigEndian, version: version, characterCodeSet: characters)
    let (alignedAt, receivedAt, itemCount, outcome) = try (row.readInt(), row.readInt64(), row.readInt(), row.readText())
    let (receipt, body) = (row.readOctets(), row.readOctets())
    return MessageRow(
      sequence: sequence, system: system, messageID: messageID, operation: operation, digest: digest, body: body, format: format,
      alignedAt: alignedAt, receivedAt: receivedAt, itemCount: itemCount, outcome: outcome, receipt: receipt)
  }

  func items(ofMessage sequence: Int64) throws -> [ItemRow] {
    try connection.statement("SELECT * FROM item WHERE message = ? ORDER BY number").bind(sequence).all { [names] row in
      try ItemRow(
        message: row.readInt64(), number: row.readInt(), entity: row.readName(names), key: row.readText(),
        outcome: row.read(ItemOutcome.self), code: row.readText(), path: row.readText(), explanation: row.readText(),
        common: row.readIfPresent { try $0.readCommonID() })
    }
  }

  func object(entity: String, id: String) throws -> ObjectRow? {
    guard let number = try names.number(of: entity) else { return nil }
    return try connection.statement("SELECT * FROM object WHERE entity = ? AND id = ?").bind(number).bind(id).first(readObject)
  }

  func objects(entity: String, search: String?, after: String, limit: Int) throws -> [ObjectRow] {
    guard let number = try names.number(of: entity), limit > 0 else { return [] }
    let search = SearchText(search ?? "")
    let find = try connection.statement(
      "SELECT code, name, entity, id, common, code, name, status, changed_at, changed_by, body FROM object WHERE entity = ? AND id > ? ORDER BY id"
    )
    find.bind(number).bind(after)
    defer { find.reset() }
    var found: [ObjectRow] = []
    // Only a row that is wanted is read whole.
    while try found.count < limit && find.step() {
      if search.isPart(of: try find.readText(), try find.readText()) { found.append(try readObject(find)) }
    }
    return found
  }

  func drafts(entity: String, after: String, limit: Int) throws -> [ObjectRow] {
    guard let number = try names.number(of: entity) else { return [] }
    return try connection.statement("SELECT * FROM object WHERE entity = ? AND status = 'draft' AND id > ? ORDER BY id LIMIT ?")
      .bind(number).bind(after).bind(max(0, limit)).all(readObject)
  }

  func objectCount(entity: String) throws -> Int {
    try connection.statement("SELECT count(*) FROM object WHERE entity = ?").bind(names.number(of: entity)).first { $0.readInt() } ?? 0
  }

  func readObject(_ row: Statement) throws -> ObjectRow {
    let (entity, id, common) = try (row.readName(names), row.readText(), row.readCommonID())
    let (code, name, status) = try (row.readText(), row.readText(), row.readText())
    let (changedAt, changedBy, body) = try (row.readInt64(), row.readName(names), row.readOctets())
    return ObjectRow(
      entity: entity, id: id, common: common, code: code, name: name, status: status, body: body, changedAt: changedAt,
      changedBy: changedBy)
  }
}
