import Broker
import CRMCore
import StoreAPI

// Credit control: what is written, and what is read.

extension SQLiteTransaction {
  func apply(_ change: CreditChange) throws {
    switch change {
    case .putEntry(let row):
      try connection.statement("INSERT INTO account_entry VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET party = excluded.party")
        .bind(names.assignedNumber(of: row.entity)).bind(row.id).bind(row.party).run()
    case .removeEntry(let entity, let id):
      try connection.statement("DELETE FROM account_entry WHERE entity = ? AND id = ?").bind(names.number(of: entity)).bind(id).run()
    case .putCommitment(let row):
      try connection.statement("INSERT OR REPLACE INTO commitment VALUES (?, ?, ?, ?, ?, ?, ?, ?)").bind(row.delivery).bind(row.contract)
        .bind(names.assignedNumber(of: row.destination)).bind(row.party).bind(row.currency).bind(row.amount).bind(row.signedAt)
        .bind(row.bookedAt).run()
    case .book(let delivery, _, let time):
      try connection.statement("UPDATE commitment SET booked_at = ? WHERE delivery = ?").bind(time).bind(delivery).run()
    case .removeCommitment(let delivery, _):
      try connection.statement("DELETE FROM commitment WHERE delivery = ?").bind(delivery).run()
    case .removeBooked(let destination, let party, let currency, let time):
      try connection.statement("DELETE FROM commitment WHERE party = ? AND destination = ? AND currency = ? AND booked_at <= ?")
        .bind(party).bind(names.number(of: destination)).bind(currency).bind(time).run()
    case .putHold(let row):
      try connection.statement("INSERT OR REPLACE INTO credit_hold VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").bind(row.id)
        .bind(row.contract).bind(row.party).bind(row.delivery).bind(row.code).bind(row.explanation).bind(row.state.rawValue)
        .bind(row.since).bind(row.changedAt).bind(row.endedBy).bind(row.endedBecause).run()
    case .putPolicy(let row):
      try connection.statement("INSERT OR REPLACE INTO credit_policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").bind(row.system)
        .bind(row.area).bind(row.policy.control.rawValue).bind(row.policy.staleAfter).bind(row.policy.graceDays).bind(row.policy.asks)
        .bind(row.policy.fallback.rawValue).bind(row.termsFrom).bind(row.changedAt).bind(row.changedBy).run()
    }
  }

  func creditPolicies() throws -> [CreditPolicyRow] {
    try connection.statement("SELECT * FROM credit_policy ORDER BY system, area").all { row in
      let (system, area) = try (row.readText(), row.readText())
      var policy = CreditPolicy()
      policy.control = try row.read(CreditPolicy.Control.self)
      policy.staleAfter = row.readIfPresent { $0.readInt64() }
      policy.graceDays = row.readInt()
      policy.asks = row.readBool()
      policy.fallback = try row.read(CreditPolicy.Fallback.self)
      return try CreditPolicyRow(
        system: system, area: area, policy: policy, termsFrom: row.readText(), changedAt: row.readInt64(), changedBy: row.readText())
    }
  }

  func accountEntries(ofParty id: String) throws -> [AccountEntryRow] {
    let rows = try connection.statement("SELECT entity, id, party FROM account_entry WHERE party = ?").bind(id).all { [names] row in
      try AccountEntryRow(entity: row.readName(names), id: row.readText(), party: row.readText())
    }
    return rows.sorted { ($0.entity, $0.id) < ($1.entity, $1.id) }
  }

  func commitments(ofParty id: String) throws -> [CommitmentRow] {
    try connection.statement("SELECT * FROM commitment WHERE party = ? ORDER BY delivery").bind(id).all { [names] row in
      try CommitmentRow(
        delivery: row.readInt64(), contract: row.readText(), destination: row.readName(names), party: row.readText(),
        currency: row.readText(),
        amount: row.readInt64(), signedAt: row.readInt64(), bookedAt: row.readIfPresent { $0.readInt64() })
    }
  }

  func creditHolds(state: CreditHoldRow.State?, party: String?, after: Int64, limit: Int) throws -> [CreditHoldRow] {
    let find: Statement
    if state == .waiting, let party {
      find = try connection.statement("SELECT * FROM credit_hold WHERE party = ? AND state = 'waiting' AND id > ? ORDER BY id LIMIT ?")
      find.bind(party)
    } else {
      find = try connection.statement(
        "SELECT * FROM credit_hold WHERE coalesce(state = ?, 1) AND coalesce(party = ?, 1) AND id > ? ORDER BY id LIMIT ?")
      find.bind(state?.rawValue).bind(party)
    }
    return try find.bind(after).bind(max(0, limit)).all(readHold)
  }

  func creditHolds(ofContract id: String) throws -> [CreditHoldRow] {
    try connection.statement("SELECT * FROM credit_hold WHERE contract = ? ORDER BY id").bind(id).all(readHold)
  }

  private func readHold(_ row: Statement) throws -> CreditHoldRow {
    let (id, contract, party) = try (row.readInt64(), row.readText(), row.readText())
    let delivery = row.readIfPresent { $0.readInt64() }
    let (code, explanation, state) = try (row.readText(), row.readText(), row.read(CreditHoldRow.State.self))
    return try CreditHoldRow(
      id: id, contract: contract, party: party, delivery: delivery, code: code, explanation: explanation, state: state,
      since: row.readInt64(), changedAt: row.readInt64(), endedBy: row.readText(), endedBecause: row.readText())
  }
}
