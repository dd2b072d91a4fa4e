import CDR
import CRMCore
import Identity
public import InterchangeIDL

/// Why a command on a contract is refused: a stable code and words that say what to do.
public struct ContractRefusal: Error, Hashable, Sendable {
  public var code: String
  public var explanation: String
  public init(_ code: String, _ explanation: String) {
    self.code = code
    self.explanation = explanation
  }
}

/// A contract with what its order carries along.
public struct SignedContract: Sendable {
  public var contract: Interchange.V1.Contract
  public var customer: Interchange.V1.Party
  public var contact: Interchange.V1.Contact?
  /// The systems that take the order, by name.
  public var destinations: [String]

  public init(contract: Interchange.V1.Contract, customer: Interchange.V1.Party, contact: Interchange.V1.Contact?, destinations: [String]) {
    self.contract = contract
    self.customer = customer
    self.contact = contact
    self.destinations = destinations
  }
}

extension BrokerStep {
  static func key(_ entity: String, _ id: String) -> LinkKey { LinkKey(entity: entity, system: crmSystem, id: ForeignID(id)) }

  /// The rows that drafting a contract looks at.
  ///
  /// - Parameters:
  ///   - number: the contract's number; empty where it gets its own id for one.
  ///   - systems: all systems, by name.
  public static func needsForContract(number: String, systems: [String]) -> Needs {
    var needs = Needs()
    needs.counters = [EntityKind.contract.counter]
    needs.addContracts(number: number, systems)
    return needs
  }

  /// Writes a new contract, not yet signed.
  ///
  /// - Returns: the contract with its id.
  /// - Throws: ``ContractRefusal`` with everything that is wrong with it.
  public static func draft(
    _ draft: Interchange.V1.Contract, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> Interchange.V1.Contract {
    var contract = draft
    let kind = EntityKind.contract
    contract.id = kind.id(number: set.counters[kind.counter] ?? 1)
    if contract.number.isEmpty { contract.number = contract.id }
    contract.status = ContractState.draft.rawValue
    contract.changedAt = environment.now
    let findings = contract.examine()
    if let first = findings.first {
      throw ContractRefusal(first.code, findings.words)
    }
    if let other = signedContract(numbered: contract.number, besides: nil, in: set) { throw ContractRefusal.numberTaken(contract, other) }
    _ = set.next(kind.counter)
    let common = environment.makeCommonID()
    set.change(
      .insertLink(Link(key: key(kind.name, contract.id), common: common, validFrom: environment.now, who: "broker", why: "drafted")))
    try put(contract, common, in: &set, environment)
    number(common, from: "", to: contract.number, in: &set)
    return contract
  }

  /// A contract is found by its number from now on.
  static func number(_ common: CommonID, from former: String, to number: String, in set: inout WorkingSet) {
    if former == number { return }
    let values = { (number: String) in number.isEmpty ? [] : [MatchValue(field: Needs.numberField, value: number)] }
    set.change(
      .putMatchValues(MatchValuesChange(common, entity: EntityKind.contract.name, from: values(former), to: values(number))))
  }

  /// Another contract with the number that was signed, as far as the same system, or the CRM core itself, has given the number: whoever
  /// signs it once more has mostly typed the contract in twice. A number whose contract was cancelled or refused is free again.
  ///
  /// - Parameter own: the contract itself; nil for one that is not there yet.
  private static func signedContract(numbered number: String, besides own: CommonID?, in set: WorkingSet) -> ObjectRow? {
    let ended = [ContractState.draft, .cancelled, .refused].map(\.rawValue)
    func origins(_ thing: CommonID) -> Set<String> {
      Set((set.linksOfThing[thing] ?? []).lazy.filter { $0.key.entity == EntityKind.contract.name }.map(\.key.system)).subtracting([
        crmSystem
      ])
    }
    let mine = own.map(origins) ?? []
    for thing in set.matches[EntityKind.contract.name]?[MatchValue(field: Needs.numberField, value: number)] ?? [] where thing != own {
      guard let id = set.id(of: thing, in: crmSystem), let row = set.objects[key("Contract", id)], !ended.contains(row.status) else {
        continue
      }
      let theirs = origins(thing)
      if mine.isEmpty && theirs.isEmpty || !mine.isDisjoint(with: theirs) { return row }
    }
    return nil
  }

  static func put(_ contract: Interchange.V1.Contract, _ common: CommonID, in set: inout WorkingSet, _ environment: StepEnvironment) throws
  {
    set.change(
      .putObject(
        ObjectRow(
          entity: EntityKind.contract.name, id: contract.id, common: common, code: contract.number, name: "", status: contract.status,
          body: try contract.cdr(), changedAt: environment.now, changedBy: crmSystem)))
  }

  /// The rows that ``sign(_:in:_:)`` looks at.
  ///
  /// - Parameter systems: all systems, by name, for who may sign; nobody else asks whose number the contract has.
  public static func needs(signing contract: Interchange.V1.Contract, systems: [String] = []) -> Needs {
    var needs = Needs()
    needs.links = [key("Contract", contract.id), key("Party", contract.party)]
    needs.systems = [crmSystem]
    if !systems.isEmpty { needs.addContracts(number: contract.number, systems) }
    needs.objectsOfLinks = true
    needs.deliveriesOfContracts = [contract.id]
    needs.counters = [EntityKind.order.counter, "delivery", "credit-hold"]
    needs.creditOfParties = [contract.party]
    return needs
  }

  /// Signs a contract: one order for each destination is on its way from here on, unless credit control holds it, or the contract is
  /// called off over time. Signing it again changes nothing.
  ///
  /// - Throws: ``ContractRefusal`` where it cannot be signed.
  public static func sign(_ signed: SignedContract, in set: inout WorkingSet, _ environment: inout StepEnvironment) throws {
    var contract = signed.contract
    guard let link = set.links[key("Contract", contract.id)] else {
      throw ContractRefusal("CONTRACT_UNKNOWN", "the contract \(contract.id) is not known")
    }
    if [ContractState.cancelled.rawValue, ContractState.cancelling.rawValue].contains(contract.status) {
      throw ContractRefusal(
        "CONTRACT_NOT_DRAFT", "the contract \(contract.id) is \(contract.status); only a draft can be signed: draft it anew")
    }
    if set.deliveries.values.contains(where: { $0.contract == contract.id }) || contract.status == ContractState.creditHold.rawValue {
      return
    }
    if contract.calledOff && contract.status == ContractState.signed.rawValue { return }
    guard contract.status == ContractState.draft.rawValue else {
      throw ContractRefusal("CONTRACT_NOT_DRAFT", "the contract \(contract.id) is \(contract.status); only a draft can be signed")
    }
    if let other = signedContract(numbered: contract.number, besides: link.common, in: set) {
      throw ContractRefusal.numberTaken(contract, other)
    }
    if signed.destinations.isEmpty { throw ContractRefusal.noDestination }
    if contract.calledOff {
      // Nothing is ordered yet, so that there is nothing to be measured: each call-off is.
      contract.status = ContractState.signed.rawValue
      contract.changedAt = environment.now
      return try put(contract, link.common, in: &set, environment)
    }
    if try holdForCredit(contract, link.common, signed.destinations, in: &set, environment) { return }
    contract.status = ContractState.signed.rawValue
    contract.changedAt = environment.now
    var signed = signed
    signed.contract = contract
    try placeOrders(signed, in: &set, &environment)
  }

  /// Writes a contract that is signed, and a delivery with its order for each destination.
  static func placeOrders(_ signed: SignedContract, in set: inout WorkingSet, _ environment: inout StepEnvironment) throws {
    let contract = signed.contract
    guard let link = set.links[key("Contract", contract.id)] else { throw ContractRefusal.unknown(contract) }
    try put(contract, link.common, in: &set, environment)
    for destination in signed.destinations {
      let row = try place(signed, at: destination, in: &set, &environment)
      commit(row, try amount(of: row, in: set), contract, in: &set, environment)
    }
  }

  /// Writes a delivery with the order that a contract, or the part of one that is called off, becomes at a destination.
  ///
  /// - Parameter callOff: from 1; 0 for a contract that is ordered as a whole.
  static func place(
    _ signed: SignedContract, at destination: String, callOff: Int = 0, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> DeliveryRow {
    let contract = signed.contract
    guard let party = set.links[key("Party", contract.party)] else { throw ContractRefusal.unknown(contract) }
    let orderID = EntityKind.order.id(number: set.next(EntityKind.order.counter))
    let common = environment.makeCommonID()
    let why = "contract \(contract.id) \(callOff == 0 ? "signed" : "called off")"
    set.change(.insertLink(Link(key: key("Order", orderID), common: common, validFrom: environment.now, who: "broker", why: why)))
    let order = ContractRules.order(
      orderID, of: contract, customer: signed.customer, contact: signed.contact, customerKey: party.common.description,
      callOff: callOff, at: environment.now)
    let row = DeliveryRow(
      id: set.next("delivery"), destination: destination, contract: contract.id, party: party.common,
      correlationKey: common.description, customerKey: party.common.description, state: .ready, nextAttemptAt: environment.now,
      createdAt: environment.now, changedAt: environment.now, order: try order.cdr(), callOff: callOff)
    set.change(.putDelivery(row))
    return row
  }
}

extension ContractRefusal {
  static func unknown(_ contract: Interchange.V1.Contract) -> ContractRefusal {
    ContractRefusal("CONTRACT_UNKNOWN", "the contract \(contract.id), or its party \(contract.party), is not known")
  }

  static func numberTaken(_ contract: Interchange.V1.Contract, _ other: ObjectRow) -> ContractRefusal {
    ContractRefusal(
      "NUMBER_TAKEN",
      "the contract number \"\(contract.number)\" is that of \(other.id), which is \(other.status); is it the same contract? A new one needs a number of its own"
    )
  }

  /// A call about the order is on its way, or nobody knows how it ended.
  static func underWay(_ delivery: DeliveryRow) -> ContractRefusal {
    let what =
      switch delivery.action {
      case .create: "the order"
      case .change: "a change of the order"
      case .cancel: "the cancellation of the order"
      }
    let why =
      switch delivery.state {
      case .uncertain, .parked: "nobody knows whether it was taken: settle it first with `tessera contracts settle`"
      case .sending: "it is being sent; try again when the destination has answered"
      default:
        "it was sent \(delivery.attempts) times without an answer, and may be there: try again when the destination has answered, or settle it with `tessera contracts settle`"
      }
    return ContractRefusal("CONTRACT_UNDER_WAY", "\(what) for \(delivery.destination) is \(delivery.state.rawValue): \(why)")
  }
}

extension Needs {
  /// The match value by which contracts are found.
  static let numberField = "number"

  /// Adds the contracts with a number, and who gave it to them.
  mutating func addContracts(number: String, _ systems: [String]) {
    if number.isEmpty { return }
    matches[EntityKind.contract.name, default: []].insert(MatchValue(field: Self.numberField, value: number))
    self.systems.formUnion(systems)
    self.systems.insert(crmSystem)
    objectsOfLinks = true
  }
}
