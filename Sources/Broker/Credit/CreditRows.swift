public import CRMCore

/// An object that credit control looks at when a contract of the party is signed: credit terms, or a receivable that is open.
public struct AccountEntryRow: Hashable, Sendable {
  /// `CreditTerms` or `Receivable`.
  public var entity: String
  /// The CRM core's id of it.
  public var id: String
  /// The CRM core's id of the party.
  public var party: String

  public init(entity: String, id: String, party: String) {
    self.entity = entity
    self.id = id
    self.party = party
  }
}

/// What one delivery adds to what a party owes one system, for as long as that system's credit figures may not hold it: an order, or
/// the difference that a change makes.
public struct CommitmentRow: Hashable, Sendable {
  public var delivery: Int64
  public var contract: String
  public var destination: String
  /// The CRM core's id of the party.
  public var party: String
  public var currency: String
  /// With tax, in ten-thousandths of the currency.
  public var amount: Int64
  public var signedAt: Int64
  /// When the destination booked the order, by its own clock; by ours where it does not say. Nil before it has.
  public var bookedAt: Int64?

  public init(
    delivery: Int64, contract: String, destination: String, party: String, currency: String, amount: Int64, signedAt: Int64,
    bookedAt: Int64? = nil
  ) {
    self.delivery = delivery
    self.contract = contract
    self.destination = destination
    self.party = party
    self.currency = currency
    self.amount = amount
    self.signedAt = signedAt
    self.bookedAt = bookedAt
  }
}

/// A contract that credit control keeps from becoming an order, and how that ended.
public struct CreditHoldRow: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case waiting
    /// By newer figures, or by a person.
    case released
    /// The contract was cancelled.
    case cancelled
    /// Nothing was ever held: the destination could not be asked, and the stored terms allowed the order.
    case unasked
  }

  public var id: Int64
  public var contract: String
  public var party: String
  /// The delivery that waits, where the destination itself refused the credit before the order was sent; nil where there is none yet.
  public var delivery: Int64?
  /// The first reason's.
  public var code: String
  /// All reasons, with the figures.
  public var explanation: String
  public var state: State
  public var since: Int64
  public var changedAt: Int64
  /// Who ended it, and why: `broker` where newer figures did.
  public var endedBy: String
  public var endedBecause: String

  public init(
    id: Int64, contract: String, party: String, delivery: Int64? = nil, code: String, explanation: String, state: State = .waiting,
    since: Int64, changedAt: Int64, endedBy: String = "", endedBecause: String = ""
  ) {
    self.id = id
    self.contract = contract
    self.party = party
    self.delivery = delivery
    self.code = code
    self.explanation = explanation
    self.state = state
    self.since = since
    self.changedAt = changedAt
    self.endedBy = endedBy
    self.endedBecause = endedBecause
  }
}

/// How the orders for a system are controlled; what has no row follows the defaults of `CreditPolicy`.
public struct CreditPolicyRow: Hashable, Sendable {
  public var system: String
  /// Empty for all areas of the system that have no row of their own.
  public var area: String
  public var policy: CreditPolicy
  /// The system whose terms and receivables count; empty for ``system`` itself.
  public var termsFrom: String
  public var changedAt: Int64
  public var changedBy: String

  public init(system: String, area: String, policy: CreditPolicy, termsFrom: String, changedAt: Int64, changedBy: String) {
    self.system = system
    self.area = area
    self.policy = policy
    self.termsFrom = termsFrom
    self.changedAt = changedAt
    self.changedBy = changedBy
  }
}

/// One change of the rows of credit control.
public enum CreditChange: Hashable, Sendable {
  case putEntry(AccountEntryRow)
  case removeEntry(entity: String, id: String)
  case putCommitment(CommitmentRow)
  /// The destination has booked what the delivery brought. Without a commitment nothing happens.
  case book(delivery: Int64, party: String, at: Int64)
  /// The delivery will add nothing there.
  case removeCommitment(delivery: Int64, party: String)
  /// The destination's figures hold what it booked until then: the party's commitments there that it had booked by that time go.
  case removeBooked(destination: String, party: String, currency: String, until: Int64)
  case putHold(CreditHoldRow)
  case putPolicy(CreditPolicyRow)
}

/// The rows of credit control that a store loaded for one step, with the step's own changes laid over them.
public struct CreditRows: Sendable {
  /// By system and area; all there are.
  public internal(set) var policies: [CreditPolicyRow] = []
  /// Of the parties that were asked for; the objects themselves stand among the objects of the set.
  public internal(set) var entries: [AccountEntryRow] = []
  public internal(set) var commitments: [CommitmentRow] = []
  /// The waiting holds of the parties that were asked for, oldest first.
  public internal(set) var holds: [CreditHoldRow] = []
  /// Credit terms and receivables that the step wrote.
  public private(set) var writtenObjects: [ObjectRow] = []
  /// Parties whose exposure may have become smaller.
  public private(set) var eased: Set<String> = []
  /// A policy changed: all contracts on hold are looked at again.
  public private(set) var changedPolicy = false

  public init() {}

  public mutating func load(_ policy: CreditPolicyRow) { policies.append(policy) }
  public mutating func load(_ entry: AccountEntryRow) { entries.append(entry) }
  public mutating func load(_ commitment: CommitmentRow) { commitments.append(commitment) }
  public mutating func load(_ hold: CreditHoldRow) { holds.append(hold) }

  /// Parties whose exposure another step made smaller.
  public mutating func ease(_ parties: Set<String>) { eased.formUnion(parties) }

  mutating func noteWritten(_ object: ObjectRow) {
    if object.entity == EntityKind.creditTerms.name || object.entity == EntityKind.receivable.name { writtenObjects.append(object) }
  }

  mutating func change(_ change: CreditChange) {
    switch change {
    case .putEntry(let entry):
      entries.removeAll { $0.entity == entry.entity && $0.id == entry.id }
      entries.append(entry)
    case .removeEntry(let entity, let id): entries.removeAll { $0.entity == entity && $0.id == id }
    case .putCommitment(let row):
      commitments.removeAll { $0.delivery == row.delivery }
      commitments.append(row)
    case .book(let delivery, let party, let time):
      // Its figures may hold the order already, where they were read before its answer was.
      eased.insert(party)
      for index in commitments.indices where commitments[index].delivery == delivery { commitments[index].bookedAt = time }
    case .removeCommitment(let delivery, let party):
      eased.insert(party)
      commitments.removeAll { $0.delivery == delivery }
    case .removeBooked(let destination, let party, let currency, let time):
      commitments.removeAll {
        $0.destination == destination && $0.party == party && $0.currency == currency && $0.bookedAt.map { $0 <= time } == true
      }
    case .putHold(let hold):
      holds.removeAll { $0.id == hold.id }
      if hold.state == .waiting { holds.append(hold) }
    case .putPolicy(let row):
      policies.removeAll { $0.system == row.system && $0.area == row.area }
      policies.append(row)
      changedPolicy = true
    }
  }
}
