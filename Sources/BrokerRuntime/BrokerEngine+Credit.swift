public import Broker
import CDR
public import CRMCore
import Identity
import InterchangeIDL
import Logging
import StoreAPI

// Credit control: what follows from newer figures, and what people do by hand.
extension BrokerEngine {
  // MARK: - Newer figures

  /// Brings the accounts of parties up to date with the terms and receivables that a step wrote, and releases the contracts on hold
  /// that they allow, all in the step's transaction: nothing polls.
  ///
  /// - Returns: whether a delivery was made.
  func settleCredit(after step: WorkingSet, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment) throws -> Bool {
    var parties = step.credit.eased
    if !step.credit.writtenObjects.isEmpty {
      let account = try BrokerStep.accountChanges(of: step.credit.writtenObjects)
      try transaction.apply(account.changes.map { .credit($0) })
      parties.formUnion(account.parties)
    }
    for party in parties.sorted() where try !transaction.commitments(ofParty: party).isEmpty {
      var needs = Needs()
      needs.creditOfParties = [party]
      let settled = try BrokerStep.settledCommitments(of: party, in: try transaction.load(needs))
      try transaction.apply(settled.map { .credit($0) })
    }
    if parties.isEmpty && !step.credit.changedPolicy { return false }
    var released = false
    for hold in try waitingHolds(of: step.credit.changedPolicy ? nil : parties, transaction) {
      if try recheck(hold, transaction, &environment) { released = true }
    }
    return released
  }

  /// The contracts on hold of the parties, or all, oldest first.
  private func waitingHolds(of parties: Set<String>?, _ reader: any StoreReader) throws -> [CreditHoldRow] {
    // Nearly always none is on hold.
    if try reader.creditHolds(state: .waiting, party: nil, after: 0, limit: 1).isEmpty { return [] }
    if let parties, parties.count <= 1_000 {
      return try parties.flatMap { try reader.creditHolds(state: .waiting, party: $0, after: 0, limit: .max) }.sorted { $0.id < $1.id }
    }
    let all = try reader.creditHolds(state: .waiting, party: nil, after: 0, limit: .max)
    return parties.map { parties in all.filter { parties.contains($0.party) } } ?? all
  }

  /// Looks at one contract on hold again. One that cannot be looked at stays on hold for a person: whoever brought the figures has nothing
  /// to do with it.
  private func recheck(
    _ hold: CreditHoldRow, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws -> Bool {
    do {
      let signed = try signedContract(hold.contract, transaction)
      var set = try transaction.load(BrokerStep.needs(signing: signed.contract))
      let isReleased = try BrokerStep.recheck(hold, signed, in: &set, &environment)
      try transaction.apply(set.takeChanges())
      return isReleased
    } catch let refusal as ContractRefusal {
      log.warning("a contract stays on credit hold", metadata: ["contract": "\(hold.contract)", "why": "\(refusal.explanation)"])
      return false
    }
  }

  // MARK: - What people do

  /// Takes a contract off credit hold, against what credit control says: its orders are on their way when this returns.
  ///
  /// - Throws: ``ContractRefusal`` with code `NOT_ON_CREDIT_HOLD`.
  public func releaseCredit(contractID: String, who: String, reason: String) async throws {
    try await transact { [self] transaction, environment in
      let signed = try signedContract(contractID, transaction)
      var set = try transaction.load(BrokerStep.needs(signing: signed.contract))
      try BrokerStep.releaseCredit(signed, who: who, reason: reason, in: &set, &environment)
      try settle(set, transaction, &environment)
    }
  }

  /// Sets how a system's orders are controlled, and looks at all contracts on hold again.
  public func putCreditPolicy(_ row: CreditPolicyRow, who: String, reason: String) async throws {
    try await transact { [self] transaction, environment in
      var set = WorkingSet()
      set.change(.credit(.putPolicy(row)))
      set.change(
        .insertAudit(
          AuditRow(
            at: environment.now, who: who, action: "credit-policy",
            subject: "\(row.system)\(row.area.isEmpty ? "" : ", area \(row.area)"): \(row.policy.words)", reason: reason)))
      try settle(set, transaction, &environment)
    }
  }

  /// What credit control would say of a contract now, for each system that takes orders. Nothing is changed.
  public func creditDecisions(onContract id: String) async throws -> [(destination: String, decision: CreditDecision)] {
    let now = now()
    return try await store.read { [self] reader in
      let signed = try signedContract(id, reader)
      let set = try reader.load(BrokerStep.needs(signing: signed.contract))
      return try BrokerStep.creditDecisions(on: signed.contract, for: signed.destinations, in: set, now: now, zone: policies.zone)
    }
  }
}

extension CreditHoldRow {
  /// How it stands, in words for people.
  public var words: String {
    switch state {
    case .waiting: "on credit hold: \(explanation)"
    case .released: "was on credit hold (\(explanation)), released by \(endedBy): \(endedBecause)"
    case .cancelled: "was on credit hold (\(explanation)) when \(endedBy) cancelled the contract: \(endedBecause)"
    case .unasked: explanation
    }
  }
}

extension CreditPolicy {
  /// `control on, stale after 24 hours, 5 days of grace, asks, else stored`
  public var words: String {
    let stale = staleAfter.map { "stale after \(Credit.words(microseconds: $0))" } ?? "never stale"
    return "control \(control.rawValue), \(stale), \(graceDays) days of grace, \(asks ? "asks, else \(fallback.rawValue)" : "does not ask")"
  }
}
