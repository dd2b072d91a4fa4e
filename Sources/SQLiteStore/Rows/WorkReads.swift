import Broker
import CRMCore
import Identity
import StoreAPI

// What is read of held items, deliveries and systems.

extension SQLiteTransaction {
  // MARK: Held items

  func held(id: Int64) throws -> HeldRow? {
    try connection.statement("SELECT * FROM held WHERE id = ?").bind(id).first(readHeld).map(withCauses)
  }

  func held(waitingFor causes: [HeldRow.Cause], limit: Int) throws -> [HeldRow] {
    // Nearly always nothing waits, and many links were made.
    let any = try connection.statement("SELECT 1 FROM held WHERE state = 'waiting' LIMIT 1")
    guard try any.first({ $0.readInt64() }) != nil else { return [] }
    var ids: Set<Int64> = []
    let find = try connection.statement(
      """
      SELECT held FROM held_cause JOIN held ON id = held
      WHERE kind = ? AND held_cause.name = ? AND held_cause.system = ? AND value = ? AND state = 'waiting'
      """)
    for columns in Set(causes).map(CauseColumns.init) {
      guard let name = try names.number(of: columns.name), let system = try names.number(of: columns.system) else { continue }
      ids.formUnion(try find.bind(columns.kind).bind(name).bind(system).bind(columns.value).all { $0.readInt64() })
    }
    return try ids.sorted().prefix(max(0, limit)).compactMap { try held(id: $0) }
  }

  func held(state: HeldRow.State?, entity: String?, system: String?, after: Int64, limit: Int) throws -> [HeldRow] {
    // A name that no row bears has no number, and -1 is none.
    let entity = try entity.map { try names.number(of: $0) ?? -1 }
    let system = try system.map { try names.number(of: $0) ?? -1 }
    let find: Statement
    if let state {
      // A bare parameter is compared with the states of partial indexes, for which SQLite prepares the statement anew at each use.
      find = try connection.statement(
        "SELECT * FROM held WHERE state = ? || '' AND id > ? AND coalesce(entity = ?, 1) AND coalesce(system = ?, 1) ORDER BY id LIMIT ?")
      find.bind(state.rawValue)
    } else {
      find = try connection.statement(
        "SELECT * FROM held WHERE id > ? AND coalesce(entity = ?, 1) AND coalesce(system = ?, 1) ORDER BY id LIMIT ?")
    }
    return try find.bind(after).bind(entity).bind(system).bind(max(0, limit)).all(readHeld).map(withCauses)
  }

  /// Without its causes.
  private func readHeld(_ row: Statement) throws -> HeldRow {
    let (id, message, item, key, version) = try (row.readInt64(), row.readInt64(), row.readInt(), row.readKey(names), row.readInt64())
    let (sourceType, code, explanation) = try (row.readText(), row.readText(), row.readText())
    let (state, since, changedAt, source) = try (row.read(HeldRow.State.self), row.readInt64(), row.readInt64(), row.readOctets())
    let shape = try row.readIfPresent { [shapes] in try shapes.shape(of: $0.readInt64()) }
    let isNew = row.readIfPresent { $0.readInt64() == 1 } ?? false
    return HeldRow(
      id: id, message: message, item: item, key: key, version: version, sourceType: sourceType, source: source, shape: shape, code: code,
      explanation: explanation, causes: [], state: state, since: since, changedAt: changedAt, isNew: isNew)
  }

  private func withCauses(_ row: HeldRow) throws -> HeldRow {
    var row = row
    row.causes = try connection.statement("SELECT kind, name, system, value FROM held_cause WHERE held = ? ORDER BY position")
      .bind(row.id).all { [names] columns in
        let isLink = try columns.readText() == "link"
        let (name, system, value) = try (columns.readName(names), columns.readName(names), columns.readText())
        return isLink
          ? .link(LinkKey(entity: name, system: system, id: ForeignID(value))) : .value(table: name, system: system, value: value)
      }
    return row
  }

  // MARK: Deliveries

  func delivery(id: Int64) throws -> DeliveryRow? {
    try connection.statement("SELECT * FROM delivery WHERE id = ?").bind(id).first(readDelivery)
  }

  func delivery(correlationKey: String) throws -> DeliveryRow? {
    try connection.statement("SELECT * FROM delivery WHERE correlation_key = ? ORDER BY id").bind(correlationKey).first(readDelivery)
  }

  func deliveries(waitingFor keys: [LinkKey]) throws -> [DeliveryRow] {
    let any = try connection.statement("SELECT 1 FROM delivery WHERE state = 'waiting' LIMIT 1")
    guard try any.first({ $0.readInt64() }) != nil else { return [] }
    let find = try connection.statement(
      "SELECT * FROM delivery WHERE waiting_entity = ? AND waiting_system = ? AND waiting_id = ? AND state = 'waiting'")
    var found: [DeliveryRow] = []
    for key in Set(keys) where try find.bind(key, names) { found += try find.all(readDelivery) }
    return found.sorted { $0.id < $1.id }
  }

  // Told which index, since SQLite takes the one of states for two of them; the condition is the index's own, word by word.

  func dueDeliveries(now: Int64, limit: Int) throws -> [DeliveryRow] {
    let due = try connection.statement(
      """
      SELECT * FROM delivery INDEXED BY delivery_due WHERE state IN ('ready', 'blocked') AND next_attempt_at <= ?
      ORDER BY next_attempt_at, id LIMIT ?
      """
    ).bind(now).bind(max(0, limit)).all(readDelivery)
    if due.count >= limit { return due }
    let wrong = try connection.statement(
      """
      SELECT * FROM delivery INDEXED BY delivery_due WHERE state IN ('ready', 'blocked') AND next_attempt_at > ?
      ORDER BY next_attempt_at, id LIMIT ?
      """
    ).bind(DeliveryRow.latestDueTime(at: now)).bind(limit - due.count).all(readDelivery)
    return due + wrong
  }

  func nextDeliveryTime() throws -> Int64? {
    try connection.statement(
      """
      SELECT next_attempt_at FROM delivery INDEXED BY delivery_due WHERE state IN ('ready', 'blocked') ORDER BY next_attempt_at LIMIT 1
      """
    ).first { $0.readInt64() }
  }

  func deliveries(ofContract id: String) throws -> [DeliveryRow] {
    try connection.statement("SELECT * FROM delivery WHERE contract = ? ORDER BY id").bind(id).all(readDelivery)
  }

  func deliveries(state: DeliveryRow.State?, after: Int64, limit: Int) throws -> [DeliveryRow] {
    guard let state else {
      return try connection.statement("SELECT * FROM delivery WHERE id > ? ORDER BY id LIMIT ?").bind(after).bind(max(0, limit))
        .all(readDelivery)
    }
    // As with ``held(state:entity:system:after:limit:)``.
    return try connection.statement("SELECT * FROM delivery WHERE state = ? || '' AND id > ? ORDER BY id LIMIT ?").bind(state.rawValue)
      .bind(after).bind(max(0, limit)).all(readDelivery)
  }

  private func readDelivery(_ row: Statement) throws -> DeliveryRow {
    let (id, destination, contract, party) = try (row.readInt64(), row.readName(names), row.readText(), row.readCommonID())
    let (correlationKey, customerKey, state) = try (row.readText(), row.readText(), row.read(DeliveryRow.State.self))
    let waitingFor = try readOptionalKey(row)
    let (attempts, nextAttemptAt, createdAt, changedAt) = (row.readInt(), row.readInt64(), row.readInt64(), row.readInt64())
    let (orderNumber, customerNumber) = try (row.readText(), row.readText())
    let (code, explanation, progress, orderStatus) = try (row.readText(), row.readText(), row.readText(), row.readText())
    let action = try row.read(DeliveryRow.Action.self)
    let revision = row.readInt()
    let original = row.readIfPresent { $0.readInt64() }
    let callOff = row.readInt()
    let (order, lines, amendment) = (row.readOctets(), row.readOctets(), row.readOctets())
    let (mayBeThere, failures, failingSince) = (row.readBool(), row.readInt(), row.readIfPresent { $0.readInt64() })
    return DeliveryRow(
      id: id, destination: destination, contract: contract, party: party, correlationKey: correlationKey, customerKey: customerKey,
      state: state, waitingFor: waitingFor, attempts: attempts, nextAttemptAt: nextAttemptAt, createdAt: createdAt,
      changedAt: changedAt, order: order, orderNumber: orderNumber, customerNumber: customerNumber, code: code,
      explanation: explanation, lines: lines, progress: OrderProgress(rawValue: progress), orderStatus: orderStatus, action: action,
      revision: revision, original: original, callOff: callOff, amendment: amendment, mayBeThere: mayBeThere, failures: failures,
      failingSince: failingSince)
  }

  private func readOptionalKey(_ row: Statement) throws -> LinkKey? {
    let entity = try row.readIfPresent { [names] in try $0.readName(names) }
    let system = try row.readIfPresent { [names] in try $0.readName(names) }
    let id = try row.readIfPresent { try $0.readText() }
    guard let entity, let system, let id else { return nil }
    return LinkKey(entity: entity, system: system, id: ForeignID(id))
  }

  // MARK: Systems

  func system(named name: String) throws -> SystemRow? {
    try connection.statement("SELECT * FROM system WHERE name = ?").bind(name).first(readSystem)
  }

  func systems() throws -> [SystemRow] { try connection.statement("SELECT * FROM system ORDER BY name").all(readSystem) }

  private func readSystem(_ row: Statement) throws -> SystemRow {
    try SystemRow(
      name: row.readText(), type: row.readText(), adapter: row.readText(), secretHash: row.readText(), reference: row.readText(),
      guarantee: row.read(CreateGuarantee.self), takesOrders: row.readBool(), state: row.read(SystemRow.State.self),
      createdAt: row.readInt64(), changedAt: row.readInt64())
  }

  func watermark(system: String, feed: String) throws -> String? {
    try connection.statement("SELECT position FROM watermark WHERE system = ? AND feed = ?").bind(system).bind(feed)
      .first { try $0.readText() }
  }

  func audit(after: Int64, limit: Int) throws -> [AuditRow] {
    try connection.statement("SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?").bind(after).bind(max(0, limit)).all { row in
      try AuditRow(
        id: row.readInt64(), at: row.readInt64(), who: row.readText(), action: row.readText(), subject: row.readText(),
        reason: row.readText())
    }
  }
}
