public import CDR
public import CRMCore
public import Identity
public import InterchangeIDL

// Credit control: every decision is taken in the transaction that carries it out, and the store has one writer, so that two contracts of
// a party are never measured against the same room.

extension BrokerStep {
  /// What credit control says of a contract, for each destination.
  ///
  /// - Parameter set: loaded by ``needs(signing:)``.
  public static func creditDecisions(
    on contract: Interchange.V1.Contract, for destinations: [String], in set: WorkingSet, now: Int64, zone: DayZone
  ) throws(CDRError) -> [(destination: String, decision: CreditDecision)] {
    let account = try CreditAccount(contract.party, set)
    return destinations.map { ($0, CreditControl.decide(account.question(for: $0, contract, now: now, zone: zone))) }
  }

  /// Puts the contract on hold where a destination's terms do not allow it.
  ///
  /// - Returns: whether it is on hold.
  static func holdForCredit(
    _ contract: Interchange.V1.Contract, _ common: CommonID, _ destinations: [String], in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws -> Bool {
    let reasons = try creditDecisions(on: contract, for: destinations, in: set, now: environment.now, zone: environment.policies.zone)
      .flatMap(\.decision.reasons)
    guard let first = reasons.first else { return false }
    var contract = contract
    contract.status = ContractState.creditHold.rawValue
    contract.changedAt = environment.now
    try put(contract, common, in: &set, environment)
    hold(contract, first.code, reasons.map(\.explanation).joined(separator: "; "), delivery: nil, in: &set, environment)
    return true
  }

  private static func hold(
    _ contract: Interchange.V1.Contract, _ code: CreditReason.Code, _ explanation: String, delivery: Int64?, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) {
    let row = CreditHoldRow(
      id: set.next("credit-hold"), contract: contract.id, party: contract.party, delivery: delivery, code: code.rawValue,
      explanation: explanation, since: environment.now, changedAt: environment.now)
    set.change(.credit(.putHold(row)))
  }

  // MARK: - Deliveries

  /// The CRM core's id of the customer whose order a delivery brings: the party of its commitments.
  public static func customer(of delivery: DeliveryRow) throws(CDRError) -> String {
    try Interchange.V1.Order(cdr: delivery.order).customerNumber
  }

  /// What a delivery adds to what its party owes, in ten-thousandths: an order all of its amount, a change the difference, which may be
  /// below 0, a cancellation nothing.
  ///
  /// - Parameter set: with all deliveries of the contract.
  public static func amount(of delivery: DeliveryRow, in set: WorkingSet) throws(CDRError) -> Int64 {
    if delivery.action == .cancel { return 0 }
    var amount = try Interchange.V1.Order(cdr: delivery.order).grossTotal.unscaled
    if let original = delivery.original.flatMap({ set.deliveries[$0] }) {
      amount -= try Interchange.V1.Order(cdr: original.order).grossTotal.unscaled
    }
    // Money has 18 digits, so that a difference fits.
    return Int64(truncatingIfNeeded: amount)
  }

  /// What credit control says of a delivery by the stored figures; its own commitment does not count.
  ///
  /// - Parameter set: loaded by ``needs(signing:)``.
  public static func creditDecision(
    on delivery: DeliveryRow, of contract: Interchange.V1.Contract, in set: WorkingSet, now: Int64, zone: DayZone
  ) throws(CDRError) -> CreditDecision {
    let amount = DecimalNumber(unscaled: Int128(try amount(of: delivery, in: set)), scale: 4) ?? Credit.zero
    return CreditControl.decide(
      try CreditAccount(contract.party, set).question(
        for: delivery.destination, delivery: delivery.id, currency: contract.currency, amount: amount, area: contract.creditArea, now: now,
        zone: zone))
  }

  /// Lets a delivery that is ready go on as far as credit control is concerned, or keeps it on credit hold. A change that raises nothing
  /// is not asked about.
  static func holdOrCommit(
    _ delivery: DeliveryRow, _ contract: Interchange.V1.Contract, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    let amount = try amount(of: delivery, in: set)
    if delivery.action == .change && amount <= 0 { return }
    let reasons = try creditDecision(on: delivery, of: contract, in: set, now: environment.now, zone: environment.policies.zone).reasons
    guard let first = reasons.first else { return commit(delivery, amount, contract, in: &set, environment) }
    var delivery = delivery
    delivery.state = .waiting
    delivery.code = first.code.rawValue
    delivery.explanation = reasons.map(\.explanation).joined(separator: "; ")
    set.change(.putDelivery(delivery))
    freeLane(of: delivery, in: &set)
    hold(contract, first.code, delivery.explanation, delivery: delivery.id, in: &set, environment)
  }

  /// Records that what a delivery adds may be on its way to its destination.
  static func commit(
    _ delivery: DeliveryRow, _ amount: Int64, _ contract: Interchange.V1.Contract, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) {
    if amount <= 0 { return }
    let row = CommitmentRow(
      delivery: delivery.id, contract: contract.id, destination: delivery.destination, party: contract.party, currency: contract.currency,
      amount: amount, signedAt: environment.now)
    set.change(.credit(.putCommitment(row)))
  }

  /// A destination confirmed that an order is less from now on: so are the commitments of it that its figures may not hold yet.
  static func reduceCommitments(of create: DeliveryRow, by amount: Int64, in set: inout WorkingSet) {
    let own = Set(set.deliveries.values.lazy.filter { $0.id == create.id || $0.original == create.id }.map(\.id))
    var left = amount
    for var row in set.credit.commitments.sorted(by: { $0.delivery > $1.delivery }) where own.contains(row.delivery) && left > 0 {
      let part = min(left, row.amount)
      left -= part
      row.amount -= part
      if row.amount > 0 {
        set.change(.credit(.putCommitment(row)))
        set.credit.ease([row.party])
      } else {
        set.change(.credit(.removeCommitment(delivery: row.delivery, party: row.party)))
      }
    }
  }

  /// Looks at a contract on hold again, with figures that have changed.
  ///
  /// - Parameter signed: with the destinations that take orders now.
  /// - Returns: whether it is released; else its hold says why it is on hold now.
  public static func recheck(
    _ hold: CreditHoldRow, _ signed: SignedContract, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> Bool {
    let reasons: [CreditReason]
    if let id = hold.delivery {
      guard let delivery = set.deliveries[id], delivery.isOnCreditHold else { return false }
      reasons = try creditDecision(on: delivery, of: signed.contract, in: set, now: environment.now, zone: environment.policies.zone)
        .reasons
    } else {
      guard signed.contract.status == ContractState.creditHold.rawValue, !signed.destinations.isEmpty else { return false }
      reasons = try creditDecisions(
        on: signed.contract, for: signed.destinations, in: set, now: environment.now, zone: environment.policies.zone
      )
      .flatMap(\.decision.reasons)
    }
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
    let holds = set.credit.holds.filter { $0.contract == contract.id && $0.state == .waiting }
    if holds.isEmpty {
      throw ContractRefusal("NOT_ON_CREDIT_HOLD", "the contract \(contract.id) is not on credit hold; it is \(contract.status)")
    }
    if signed.destinations.isEmpty { throw ContractRefusal.noDestination }
    for hold in holds {
      try release(hold, signed, who: who, reason: reason, in: &set, &environment)
      set.change(
        .insertAudit(
          AuditRow(
            at: environment.now, who: who, action: "credit-release", subject: "contract \(contract.id), \(hold.code)", reason: reason)))
    }
  }

  private static func release(
    _ hold: CreditHoldRow, _ signed: SignedContract, who: String, reason: String, in set: inout WorkingSet,
    _ environment: inout StepEnvironment
  ) throws {
    if let id = hold.delivery {
      guard var delivery = set.deliveries[id], delivery.state == .waiting else {
        throw ContractRefusal("NOT_ON_CREDIT_HOLD", "the delivery \(id) of the contract \(hold.contract) does not wait")
      }
      delivery.state = .ready
      delivery.nextAttemptAt = environment.now
      delivery.changedAt = environment.now
      delivery.code = ""
      delivery.explanation = ""
      set.change(.putDelivery(delivery))
      commit(delivery, try amount(of: delivery, in: set), signed.contract, in: &set, environment)
      try bringUpToDate(hold.contract, in: &set, environment)
    } else {
      var signed = signed
      signed.contract.status = ContractState.signed.rawValue
      signed.contract.changedAt = environment.now
      try placeOrders(signed, in: &set, &environment)
    }
    var hold = hold
    hold.state = .released
    end(&hold, who, reason, in: &set, environment)
  }

  /// Ends the holds of a delivery that is taken back or replaced, or of a contract that has none yet.
  static func endHolds(
    of contract: String, delivery: Int64?, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) {
    for var hold in set.credit.holds where hold.contract == contract && hold.delivery == delivery {
      hold.state = .cancelled
      end(&hold, who, reason, in: &set, environment)
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
  ///
  /// - Parameter asked: the delivery as it was when the destination was asked; one that was replaced since is asked about again.
  public static func refuseCredit(
    _ asked: DeliveryRow, _ reason: CreditReason, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard var delivery = set.deliveries[asked.id], delivery.isToBeSent, delivery.attempts == 0, delivery.order == asked.order,
      let row = set.objects[LinkKey(entity: "Contract", system: crmSystem, id: ForeignID(delivery.contract))]
    else { return }
    delivery.state = .waiting
    delivery.waitingFor = nil
    delivery.code = reason.code.rawValue
    delivery.explanation = reason.explanation
    delivery.changedAt = environment.now
    set.change(.putDelivery(delivery))
    let contract = try Interchange.V1.Contract(cdr: row.body)
    hold(contract, reason.code, reason.explanation, delivery: asked.id, in: &set, environment)
    try bringUpToDate(contract.id, in: &set, environment)
  }

  /// The destination could not be asked, and the stored terms decided: nothing is held, and it is written down.
  public static func noteUnasked(_ id: Int64, _ explanation: String, in set: inout WorkingSet, _ environment: StepEnvironment) throws {
    guard let delivery = set.deliveries[id], delivery.isToBeSent,
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
