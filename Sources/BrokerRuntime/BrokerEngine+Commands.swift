public import Broker
public import CDR
import CRMCore
public import Identity
public import InterchangeIDL
import Mapping
public import StoreAPI

// What people do by hand. Each is one transaction with all its consequences, and audited.
extension BrokerEngine {
  /// States that two ids mean the same thing, and lets go what waited for that.
  ///
  /// - Returns: whether anything changed.
  /// - Throws: `LinkConflict`, which says what stands there already; `StoreError`.
  @discardableResult
  public func join(_ left: LinkKey, _ right: LinkKey, replacing: Bool = false, who: String, reason: String) async throws -> Bool {
    try await transact { [self] transaction, environment in
      var needs = BrokerStep.needs(linking: [left, right])
      var set = try transaction.load(needs)
      if replacing {
        // Of the links that may end.
        needs.links.formUnion(set.linksOfThing.values.joined().map(\.key))
        set = try transaction.load(needs)
      }
      let changed = try BrokerStep.join(left, right, replacing: replacing, who: who, reason: reason, in: &set, environment)
      try settle(set, linked: changed ? [] : [left, right], transaction, &environment)
      return changed
    }
  }

  /// States that an id does not mean its thing any more.
  ///
  /// - Throws: `LinkConflict`, `StoreError`.
  @discardableResult
  public func unlink(_ key: LinkKey, who: String, reason: String) async throws -> Bool {
    try await transact { [self] transaction, environment in
      var set = try transaction.load(BrokerStep.needs(linking: [key]))
      let changed = try BrokerStep.unlink(key, who: who, reason: reason, in: &set, environment)
      try settle(set, transaction, &environment)
      return changed
    }
  }

  /// Lets the next news of an id count, whatever version they bear: the last state bears one that is wrong.
  ///
  /// - Returns: the version that counted until now, and the held items that were given up with it.
  /// - Throws: ``ContractRefusal`` where nothing of the id counts; `StoreError`.
  public func resetVersion(of key: LinkKey, who: String, reason: String) async throws -> (former: Int64?, discarded: [HeldRow]) {
    try await transact { [self] transaction, environment in
      var set = try transaction.load(BrokerStep.needs(resetting: key))
      let result = try BrokerStep.resetVersion(of: key, who: who, reason: reason, in: &set, environment)
      try settle(set, transaction, &environment)
      return result
    }
  }

  /// Runs held items again because a person says so.
  ///
  /// - Parameter asNew: they are things of their own, though an id or a value of theirs looks like a known one.
  /// - Returns: what became of each of them that still waited.
  public func release(heldIDs: [Int64], asNew: Bool = false, who: String, reason: String) async throws -> [ItemRow] {
    try await transact { [self] transaction, environment in
      let held = try heldIDs.compactMap { try transaction.held(id: $0) }.filter { $0.state == .waiting }
      if held.isEmpty { return [] }
      var (set, rows) = try release(held, asNew: asNew, transaction, &environment)
      for row in held {
        set.change(
          .insertAudit(
            AuditRow(
              at: environment.now, who: who, action: asNew ? "release-as-new" : "release", subject: "held item \(row.id), \(row.key)",
              reason: reason)))
      }
      try settle(set, transaction, &environment)
      return rows
    }
  }

  /// Changes a system as it stands at that moment.
  ///
  /// - Parameter change: makes the new row of the row of the name, nil where there is none; what it throws is thrown, and nothing changed.
  /// - Returns: the row before and after.
  public func changeSystem(
    named name: String, who: String, action: String, reason: String = "",
    _ change: @escaping @Sendable (SystemRow?, any StoreReader) throws -> SystemRow
  ) async throws -> (former: SystemRow?, row: SystemRow) {
    try await putSystem(who: who, action: action, reason: reason) { reader in
      let former = try reader.system(named: name)
      return (former, try change(former, reader))
    }
  }

  /// Adds or changes a system. Contracts that other systems signed and that waited for one which takes their orders are signed.
  public func putSystem(_ row: SystemRow, who: String, action: String, reason: String = "") async throws {
    _ = try await putSystem(who: who, action: action, reason: reason) { _ in (nil, row) }
  }

  private func putSystem(
    who: String, action: String, reason: String,
    _ make: @escaping @Sendable (any StoreReader) throws -> (former: SystemRow?, row: SystemRow)
  ) async throws -> (former: SystemRow?, row: SystemRow) {
    var (made, last) = try await transact { [self] transaction, environment -> ((former: SystemRow?, row: SystemRow), String?) in
      let made = try make(transaction)
      var row = made.row
      if row == made.former { return (made, nil) }
      row.changedAt = environment.now
      var set = WorkingSet()
      set.change(.putSystem(row))
      let changes = made.former.map { row.changes(since: $0) } ?? []
      let subject = row.name + (changes.isEmpty ? "" : ": \(changes.joined(separator: ", "))")
      set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: action, subject: subject, reason: reason)))
      try settle(set, transaction, &environment)
      return ((made.former, row), row.takesOrders && row.state == .active ? try signUnsigned(transaction, &environment) : nil)
    }
    while let after = last {
      last = try await transact { [self] transaction, environment in try signUnsigned(after: after, transaction, &environment) }
    }
    return made
  }

  // MARK: - Objects of the CRM core

  /// Takes objects that the CRM itself brings: a first load, or a form that a person filled in. They go the way of every message, as
  /// items of the system `crm`; an empty id makes a new object.
  ///
  /// - Parameters:
  ///   - records: canonical records of the entity.
  ///   - isNamedByContent: `messageID` stands for what the records were made of: such a message is taken anew where it would be answered
  ///     otherwise now, however often it came.
  ///   - allowsRepeatedCodes: whether a new thing may have the code of another.
  public func importObjects(
    entity: String, records: [Record], messageID: String, isNamedByContent: Bool = false, who: String, allowsRepeatedCodes: Bool = false
  ) async throws -> BrokerStep.ReceiveAnswer {
    guard let kind = EntityKind.named(entity) else {
      throw ContractRefusal("ENTITY_UNKNOWN", "\(entity) is no kind of object of the CRM core")
    }
    // Of the objects as they were given: their numbers are ours.
    let digest = Secrets.sha256(try records.flatMap { try $0.cdr() })
    return try await transact { [self] transaction, environment in
      let known = try Self.latest(PartID(document: messageID), of: crmSystem, transaction).known
      if !isNamedByContent, let known, known.digest == digest { return .repeated(receipt: known.receipt, of: known.sequence) }
      var counterNeeds = Needs()
      counterNeeds.counters = [kind.counter]
      var next = try transaction.load(counterNeeds).counters[kind.counter] ?? 1
      let records = try records.map { record in
        let id = kind.text(kind.idSlot, of: record)
        guard id.isEmpty else {
          if try transaction.object(entity: entity, id: id) != nil { return record }
          throw ContractRefusal(
            "ID_UNKNOWN", "the CRM core has no \(entity) \"\(id)\"; leave the id empty for a new one, the CRM core numbers it")
        }
        var record = record
        record.slots[kind.idSlot] = .text(kind.id(number: next))
        next += 1
        return record
      }
      let plan = try mappings.neededPlan(from: entity, system: crmSystem, systemType: crmSystem)
      let mapping = plan.bound(to: mappingContext(environment.now))
      let items = records.enumerated().map { index, record in
        InboundItem(
          number: index + 1, sourceType: entity, source: record, outcome: mapping.run(record), of: crmSystem, environment,
          demand: allowsRepeatedCodes ? .mayRepeatCode : .any)
      }
      let body = try records.flatMap { try $0.cdr() }
      // Content that came before has the digest that it had, whatever times were given to its records.
      var batch = InboundBatch(
        system: crmSystem, messageID: messageID, operation: "import\(entity)", digest: isNamedByContent ? known?.digest ?? digest : digest,
        body: body, format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, items: items)
      var needs = batch.needs()
      var set =
        isNamedByContent ? try Self.placeByContent(&batch, &needs, transaction, environment) : try transaction.load(needs)
      let answer = try BrokerStep.receive(batch, in: &set, &environment)
      guard case .receipt = answer else { return answer }
      set.change(.putCounter(kind.counter, next: next))
      set.change(
        .insertAudit(AuditRow(at: environment.now, who: who, action: "import", subject: "\(records.count) of \(entity)", reason: messageID))
      )
      try settle(set, transaction, &environment)
      return answer
    }
  }

  // MARK: - Contracts

  /// Writes a new contract; its id and, where empty, its number are given here.
  public func draft(_ contract: Interchange.V1.Contract) async throws -> Interchange.V1.Contract {
    try await transact { [self] transaction, environment in
      try expectReferences(of: contract, transaction)
      let inactive = try inactive(in: contract, transaction)
      if !inactive.isEmpty, policies.inactive == .refuse { throw ContractRefusal(inactive) }
      try expectAmounts(of: contract, contract.id, nil, who: crmSystem, transaction, environment)
      let systems = try contract.number.isEmpty ? [] : transaction.systems().map(\.name)
      var set = try transaction.load(BrokerStep.needsForContract(number: contract.number, systems: systems))
      let draft = try BrokerStep.draft(contract, in: &set, &environment)
      try settle(set, transaction, &environment)
      return draft
    }
  }

  /// - Throws: ``ContractRefusal`` where the contract names something that the CRM core does not have.
  func expectReferences(of contract: Interchange.V1.Contract, _ reader: any StoreReader) throws {
    for (entity, id, field) in contract.references where try reader.object(entity: entity, id: id) == nil {
      throw ContractRefusal("\(entity.uppercased())_UNKNOWN", "\(field): the CRM core has no \(entity) \"\(id)\"")
    }
  }

  /// Signs a contract: its orders are on their way when this returns.
  public func sign(contractID: String, who: String) async throws {
    try await transact { [self] transaction, environment in try sign(contractID, who, byHand: true, transaction, &environment) }
    CrashPoint.afterStore.reached()
  }

  /// - Parameter byHand: whether a person signs, who may sign what waits for one.
  func sign(
    _ id: String, _ who: String, byHand: Bool = false, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws {
    let signed = try signedContract(id, transaction)
    if signed.contract.status == ContractState.draft.rawValue {
      let inactive = try inactive(in: signed.contract, transaction)
      try expectActive(inactive, of: id, "sign", who: who, transaction, environment)
      try expectAmounts(of: signed.contract, id, "sign", who: who, byHand: byHand, transaction, environment)
    }
    let systems = try transaction.systems().map(\.name)
    var set = try transaction.load(BrokerStep.needs(signing: signed.contract, systems: systems))
    try BrokerStep.sign(signed, in: &set, &environment)
    if set.hasChanges {
      set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: "sign", subject: id, reason: "")))
    }
    try settle(set, transaction, &environment)
  }

  /// A contract with what its orders carry along, and the systems that take orders now.
  ///
  /// - Parameter new: the contract as it is to be, whose contact person counts then.
  func signedContract(_ id: String, as new: Interchange.V1.Contract? = nil, _ reader: any StoreReader) throws -> SignedContract {
    let contract = try contract(id, reader)
    let person = new?.contactPerson ?? contract.contactPerson
    guard let customer = try reader.object(entity: "Party", id: contract.party) else {
      throw ContractRefusal("PARTY_UNKNOWN", "the contract's party \"\(contract.party)\" is not known")
    }
    let contact = try person.isEmpty ? nil : reader.object(entity: "Contact", id: person)
    return SignedContract(
      contract: contract, customer: try Interchange.V1.Party(cdr: customer.body),
      contact: try contact.map { try Interchange.V1.Contact(cdr: $0.body) },
      destinations: try reader.systems().filter { $0.takesOrders && $0.state == .active }.map(\.name))
  }

  func contract(_ id: String, _ reader: any StoreReader) throws -> Interchange.V1.Contract {
    guard let row = try reader.object(entity: "Contract", id: id) else {
      throw ContractRefusal("CONTRACT_UNKNOWN", "there is no contract \"\(id)\"")
    }
    return try Interchange.V1.Contract(cdr: row.body)
  }
}

extension Interchange.V1.Contract {
  /// Ids of the CRM core that must exist.
  var references: [(entity: String, id: String, field: String)] {
    [("Party", party, "party")] + (contactPerson.isEmpty ? [] : [("Contact", contactPerson, "contactPerson")])
      + (renews.isEmpty ? [] : [("Contract", renews, "renews")])
      + lines.enumerated().flatMap { index, line in
        [("Product", line.product, "lines[\(index + 1)]/product")]
          + (line.unit.isEmpty ? [] : [("Unit", line.unit, "lines[\(index + 1)]/unit")])
      }
  }
}
