import Broker
import Identity

/// The rows of credit control in memory.
struct MemoryCredit: Sendable {
  struct EntryKey: Hashable {
    var entity: String
    var id: String
  }

  var entries: [EntryKey: AccountEntryRow] = [:]
  /// By delivery.
  var commitments: [Int64: CommitmentRow] = [:]
  var holds: [Int64: CreditHoldRow] = [:]
  var policies: [[String]: CreditPolicyRow] = [:]

  mutating func apply(_ change: CreditChange) {
    switch change {
    case .putEntry(let row): entries[EntryKey(entity: row.entity, id: row.id)] = row
    case .removeEntry(let entity, let id): entries[EntryKey(entity: entity, id: id)] = nil
    case .putCommitment(let row): commitments[row.delivery] = row
    case .book(let delivery, _, let time): commitments[delivery]?.bookedAt = time
    case .removeCommitment(let delivery, _): commitments[delivery] = nil
    case .removeBooked(let destination, let party, let currency, let time):
      commitments = commitments.filter { _, row in
        row.destination != destination || row.party != party || row.currency != currency || row.bookedAt.map { $0 > time } ?? true
      }
    case .putHold(let row): holds[row.id] = row
    case .putPolicy(let row): policies[[row.system, row.area]] = row
    }
  }
}

extension MemoryTransaction {
  func creditPolicies() throws -> [CreditPolicyRow] {
    rows.credit.policies.values.sorted { (ForeignID($0.system), ForeignID($0.area)) < (ForeignID($1.system), ForeignID($1.area)) }
  }

  func accountEntries(ofParty id: String) throws -> [AccountEntryRow] {
    rows.credit.entries.values.filter { $0.party == id }.sorted { ($0.entity, $0.id) < ($1.entity, $1.id) }
  }

  func commitments(ofParty id: String) throws -> [CommitmentRow] {
    rows.credit.commitments.values.filter { $0.party == id }.sorted { $0.delivery < $1.delivery }
  }

  func creditHolds(state: CreditHoldRow.State?, party: String?, after: Int64, limit: Int) throws -> [CreditHoldRow] {
    let found = rows.credit.holds.values.filter { row in
      row.id > after && (state == nil || row.state == state) && (party == nil || row.party == party)
    }
    return Array(found.sorted { $0.id < $1.id }.prefix(max(0, limit)))
  }

  func creditHolds(ofContract id: String) throws -> [CreditHoldRow] {
    rows.credit.holds.values.filter { $0.contract == id }.sorted { $0.id < $1.id }
  }
}
