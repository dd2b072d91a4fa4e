public import CDR
public import CRMCore
import Identity
public import InterchangeIDL

// Credit control: every decision is taken in the transaction that carries it out, and the store has one writer, so that two contracts of
// a party are never measured against the same room.

extension BrokerStep {
  /// What credit control says of a contract, for each destination.
  ///
  /// - Parameter set: loaded by ``needs(signing:)``.
  public static func creditDecisions(
    on contract: Interchange.V1.Contract, for destinations: [String], in set: WorkingSet, now: Int64
  ) throws(CDRError) -> [(destination: String, decision: CreditDecision)] {
    let account = try CreditAccount(contract.party, set)
    return destinations.map { ($0, CreditControl.decide(account.question(for: $0, contract, now: now))) }
  }

  /// Puts the contract on hold where a destination's terms do not allow it.
  ///
  /// - Returns: whether it is on hold.
  static func holdForCredit(
    _ contract: Interchange.V1.Contract, _ common: CommonID, _ destinations: [String], in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws -> Bool {
    let reasons = try creditDecisions(on: contract, for: destinations, in: set, now: environment.now).flatMap(\.decision.reasons)
    guard let first = reasons.first else { return false }
    try hold(contract, common, first.code, reasons.map(\.explanation).joined(separator: "; "), delivery: nil, in: &set, environment)
    return true
  }

  private static func hold(
    _ contract: Interchange.V1.Contract, _ common: CommonID, _ code: CreditReason.Code, _ explanation: String, delivery: Int64?,
    in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var contract = contract
    contract.status = ContractState.creditHold.rawValue
    contract.changedAt = environment.now
    try put(contract, common, in: &set, environment)
    let row = CreditHoldRow(
      id: set.next("credit-hold"), contract: contract.id, party: contract.party, delivery: delivery, code: code.rawValue,
      explanation: explanation, since: environment.now, changedAt: environment.now)
    set.change(.credit(.putHold(row)))
  }

  /// Records that the contract's orders may be on their way to the destinations.
  static func commit(_ contract: Interchange.V1.Contract, to destination: String, in set: inout WorkingSet, _ environment: StepEnvironment)
  {
    let row = CommitmentRow(
      contract: contract.id, destination: destination, party: contract.party, currency: contract.currency,
      amount: Int64(truncatingIfNeeded: contract.grossTotal.unscaled), signedAt: environment.now)
    set.change(.credit(.putCommitment(row)))
  }

  /// Looks at a contract on hold again, with figures that have changed.
  ///
  /// - Parameter signed: with the destinations that take orders now.
  /// - Returns: whether it is released; else its hold says why it is on hold now.
  public static func recheck(
    _ hold: CreditHoldRow, _ signed: SignedContract, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> Bool {
    guard signed.contract.status == ContractState.creditHold.rawValue, !signed.destinations.isEmpty else { return false }
    let destinations = hold.delivery.map { id in set.deliveries[id].map { [$0.destination] } ?? [] } ?? signed.destinations
    let reasons = try creditDecisions(on: signed.contract, for: destinations, in: set, now: environment.now).flatMap(\.decision.reasons)
    guard let first = reasons.first else {
      try release(hold, signed, who: "broker", reason: "newer figures allow it", in: &set, &environment)
      return true
    }
    var hold = hold
    hold.code = first.code.rawValue
    hold.explanation = reasons.map(\.explanation).joined(separator: "; ")
    hold.changedAt = environment.now
    set.change(.credit(.putHold(hold)))
    return false
  }

  /// A person takes a contract off hold, against what credit control says.
  ///
  /// - Throws: ``ContractRefusal`` where it is not on hold, or where no system takes orders.
  public static func releaseCredit(
    _ signed: SignedContract, who: String, reason: String, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws {
    let contract = signed.contract
    guard let hold = set.credit.holds.first(where: { $0.contract == contract.id && $0.state == .waiting }) else {
      throw ContractRefusal("NOT_ON_CREDIT_HOLD", "the contract \(contract.id) is not on credit hold; it is \(contract.status)")
    }
    if signed.destinations.isEmpty { throw ContractRefusal.noDestination }
    try release(hold, signed, who: who, reason: reason, in: &set, &environment)
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: who, action: "credit-release", subject: "contract \(contract.id), \(hold.code)", reason: reason)))
  }

  private static func release(
    _ hold: CreditHoldRow, _ signed: SignedContract, who: String, reason: String, in set: inout WorkingSet,
    _ environment: inout StepEnvironment
  ) throws {
    var signed = signed
    signed.contract.status = ContractState.signed.rawValue
    signed.contract.changedAt = environment.now
    if let id = hold.delivery {
      guard let link = set.links[LinkKey(entity: "Contract", system: crmSystem, id: ForeignID(signed.contract.id))],
        var delivery = set.deliveries[id], delivery.state == .waiting
      else { throw ContractRefusal("NOT_ON_CREDIT_HOLD", "the delivery \(id) of the contract \(hold.contract) does not wait") }
      try put(signed.contract, link.common, in: &set, environment)
      delivery.state = .ready
      delivery.nextAttemptAt = environment.now
      delivery.changedAt = environment.now
      delivery.code = ""
      delivery.explanation = ""
      set.change(.putDelivery(delivery))
    } else {
      try placeOrders(signed, in: &set, &environment)
    }
    var hold = hold
    hold.state = .released
    end(&hold, who, reason, in: &set, environment)
  }

  /// Ends the hold of a contract that is cancelled, and forgets what it would have added to the exposure.
  static func forgetCredit(
    of contract: Interchange.V1.Contract, _ destinations: [String], who: String, reason: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) {
    for var hold in set.credit.holds where hold.contract == contract.id {
      hold.state = .cancelled
      end(&hold, who, reason, in: &set, environment)
    }
    for destination in destinations {
      set.change(.credit(.removeCommitment(contract: contract.id, destination: destination, party: contract.party)))
    }
  }

  private static func end(
    _ hold: inout CreditHoldRow, _ who: String, _ reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) {
    hold.changedAt = environment.now
    hold.endedBy = who
    hold.endedBecause = reason
    set.change(.credit(.putHold(hold)))
  }

  // MARK: - What a destination says before its order is sent

  /// The destination refuses the credit, or could not be asked where it must be: the order waits, and its contract is on hold.
  public static func refuseCredit(
    _ id: Int64, _ reason: CreditReason, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard var delivery = set.deliveries[id], delivery.state == .ready, delivery.attempts == 0,
      let row = set.objects[LinkKey(entity: "Contract", system: crmSystem, id: ForeignID(delivery.contract))]
    else { return }
    delivery.state = .waiting
    delivery.waitingFor = nil
    delivery.code = reason.code.rawValue
    delivery.explanation = reason.explanation
    delivery.changedAt = environment.now
    set.change(.putDelivery(delivery))
    try hold(
      try Interchange.V1.Contract(cdr: row.body), row.common, reason.code, reason.explanation, delivery: id, in: &set, environment)
  }

  /// The destination could not be asked, and the stored terms decided: nothing is held, and it is written down.
  public static func noteUnasked(_ id: Int64, _ explanation: String, in set: inout WorkingSet, _ environment: StepEnvironment) throws {
    guard let delivery = set.deliveries[id], delivery.state == .ready,
      let row = set.objects[LinkKey(entity: "Contract", system: crmSystem, id: ForeignID(delivery.contract))]
    else { return }
    let contract = try Interchange.V1.Contract(cdr: row.body)
    let hold = CreditHoldRow(
      id: set.next("credit-hold"), contract: contract.id, party: contract.party, delivery: id, code: CreditReason.Code.notAsked.rawValue,
      explanation: explanation, state: .unasked, since: environment.now, changedAt: environment.now, endedBy: "broker")
    set.change(.credit(.putHold(hold)))
  }

  // MARK: - Figures that came in

  /// What the credit terms and receivables that a step wrote change in the accounts of their parties.
  public static func accountChanges(of objects: [ObjectRow]) throws(CDRError) -> (changes: [CreditChange], parties: Set<String>) {
    var changes: [CreditChange] = []
    var parties: Set<String> = []
    for object in objects {
      let entry: AccountEntryRow
      var isOpen = true
      if object.entity == EntityKind.creditTerms.name {
        entry = AccountEntryRow(entity: object.entity, id: object.id, party: try Interchange.V1.CreditTerms(cdr: object.body).party)
      } else {
        let receivable = try Interchange.V1.Receivable(cdr: object.body)
        isOpen = receivable.isOpen
        entry = AccountEntryRow(entity: object.entity, id: object.id, party: receivable.party)
      }
      changes.append(isOpen ? .putEntry(entry) : .removeEntry(entity: entry.entity, id: entry.id))
      parties.insert(entry.party)
    }
    return (changes, parties)
  }

  /// The commitments of a party that the figures of the systems hold by now.
  ///
  /// - Parameter set: loaded with the party among ``Needs/creditOfParties``.
  public static func settledCommitments(of party: String, in set: WorkingSet) throws(CDRError) -> [CreditChange] {
    let account = try CreditAccount(party, set)
    // Where several areas of a system are in one currency, all of them must have got so far.
    var times: [[String]: Int64] = [:]
    for (system, terms) in account.terms where terms.status == "active" {
      let key = [system, terms.currency]
      times[key] = min(times[key] ?? .max, terms.asOf)
    }
    return times.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { key, time in
      account.destinations(ruledBy: key[0]).map {
        .removeBooked(destination: $0, party: party, currency: key[1], until: time)
      }
    }
  }
}

extension ContractRefusal {
  static let noDestination = ContractRefusal(
    "NO_DESTINATION", "no active system takes orders; add one with `tessera systems add … --orders`")
}
