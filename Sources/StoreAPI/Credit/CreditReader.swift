public import Broker

/// Reads the rows of credit control.
public protocol CreditReader {
  /// By system and area.
  func creditPolicies() throws -> [CreditPolicyRow]
  /// Terms and open receivables of the party, by entity and id.
  func accountEntries(ofParty id: String) throws -> [AccountEntryRow]
  /// By contract and destination.
  func commitments(ofParty id: String) throws -> [CommitmentRow]
  /// Oldest first; `after` is an id, for the next page.
  func creditHolds(state: CreditHoldRow.State?, party: String?, after: Int64, limit: Int) throws -> [CreditHoldRow]
  /// All there were, oldest first.
  func creditHolds(ofContract id: String) throws -> [CreditHoldRow]
}

extension CreditReader where Self: StoreReader {
  /// Loads what credit control knows of the parties.
  package func loadCredit(_ needs: Needs, into set: inout WorkingSet) throws {
    if needs.creditOfParties.isEmpty { return }
    for policy in try creditPolicies() { set.credit.load(policy) }
    for party in needs.creditOfParties.sorted() {
      for entry in try accountEntries(ofParty: party) {
        set.credit.load(entry)
        try object(entity: entry.entity, id: entry.id).map { set.load($0) }
      }
      for commitment in try commitments(ofParty: party) { set.credit.load(commitment) }
      for hold in try creditHolds(state: .waiting, party: party, after: 0, limit: .max) { set.credit.load(hold) }
    }
  }
}
