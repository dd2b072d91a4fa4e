import Broker
import CRMCore
import Identity
import StoreAPI

// What is written for held items, deliveries and systems.

extension SQLiteTransaction {
  func insert(_ row: HeldRow) throws {
    try connection.statement("INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.id).bind(row.message).bind(row.item).bind(writing: row.key, names).bind(row.version).bind(row.sourceType).bind(row.code)
      .bind(row.explanation).bind(row.state.rawValue).bind(row.since).bind(row.changedAt).bind(row.source)
      .bind(row.shape.map(shapes.assignedNumber)).bind(row.isNew ? Int64(1) : nil)
      .run(inserting: "held item \(row.id)")
    try insertCauses(of: row)
  }

  func update(_ row: HeldRow) throws {
    try connection.statement(
      """
      UPDATE held SET entity = ?, system = ?, foreign_id = ?, version = ?, code = ?, explanation = ?, state = ?, changed_at = ?, shape = ?,
        is_new = ?
      WHERE id = ?
      """
    ).bind(writing: row.key, names).bind(row.version).bind(row.code).bind(row.explanation).bind(row.state.rawValue).bind(row.changedAt)
      .bind(row.shape.map(shapes.assignedNumber)).bind(row.isNew ? Int64(1) : nil).bind(row.id).run()
    if connection.changedRows == 0 { throw StoreError.missing("held item \(row.id)") }
    try connection.statement("DELETE FROM held_cause WHERE held = ?").bind(row.id).run()
    try insertCauses(of: row)
  }

  private func insertCauses(of row: HeldRow) throws {
    for (position, cause) in row.causes.enumerated() {
      let columns = CauseColumns(cause)
      try connection.statement("INSERT INTO held_cause VALUES (?, ?, ?, ?, ?, ?)").bind(row.id).bind(position).bind(columns.kind)
        .bind(names.assignedNumber(of: columns.name)).bind(names.assignedNumber(of: columns.system)).bind(columns.value).run()
    }
  }

  func put(_ row: DeliveryRow) throws {
    let insert = try connection.statement(
      "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try insert.bind(row.id).bind(names.assignedNumber(of: row.destination)).bind(row.contract).bind(row.party).bind(row.correlationKey)
      .bind(row.customerKey).bind(row.state.rawValue)
    if let key = row.waitingFor {
      _ = try insert.bind(writing: key, names)
    } else {
      insert.bindNull().bindNull().bindNull()
    }
    try insert.bind(row.attempts).bind(row.nextAttemptAt).bind(row.createdAt).bind(row.changedAt).bind(row.orderNumber)
      .bind(row.customerNumber).bind(row.code).bind(row.explanation).bind(row.progress?.rawValue ?? "").bind(row.orderStatus)
      .bind(row.action.rawValue).bind(row.revision).bind(row.original).bind(row.callOff).bind(row.order).bind(row.lines)
      .bind(row.amendment).bind(row.mayBeThere).bind(row.failures).bind(row.failingSince).run()
  }

  func put(_ row: SystemRow) throws {
    try connection.statement("INSERT OR REPLACE INTO system VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.name).bind(row.type).bind(row.adapter).bind(row.secretHash).bind(row.reference).bind(row.guarantee.rawValue)
      .bind(row.takesOrders).bind(row.state.rawValue).bind(row.createdAt).bind(row.changedAt).run()
  }
}

/// A cause as it is kept.
struct CauseColumns {
  let kind: String
  /// The entity or the value map.
  let name: String
  let system: String
  let value: String

  init(_ cause: HeldRow.Cause) {
    switch cause {
    case .link(let key): (kind, name, system, value) = ("link", key.entity, key.system, key.id.text)
    case .value(let table, let system, let value): (kind, name, self.system, self.value) = ("value", table, system, value)
    }
  }
}
