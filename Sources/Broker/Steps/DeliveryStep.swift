public import CDR
import CRMCore
public import Identity
public import InterchangeIDL
public import Mapping

/// How a call to a destination ended without an answer.
public struct DeliveryFailure: Hashable, Sendable {
  /// Whether the destination may have carried the call out.
  public enum Execution: Sendable { case notExecuted, unknown }
  public var execution: Execution
  public var code: String
  public var explanation: String
  /// The destination had said just before that it has nothing under the key, and that nothing under it can arrive there any more.
  public var wasAbsentBefore: Bool

  public init(_ execution: Execution, code: String, explanation: String, wasAbsentBefore: Bool = false) {
    self.execution = execution
    self.code = code
    self.explanation = explanation
    self.wasAbsentBefore = wasAbsentBefore
  }

  /// The system was away, or too busy, which is no fault of what was sent.
  public var isOutage: Bool { Self.outages.contains(code) }

  /// System exceptions (CORBA 3.3, 4.12.4) and the codes of channels and mappings that say so.
  private static let outages: Set<String> = [
    "TRANSIENT", "COMM_FAILURE", "TIMEOUT", "NO_RESPONSE", "NO_RESOURCES", "REBIND", "NOT_CONNECTED", "CONNECTION_LOST", "ANSWER_TOO_LATE",
    "HTTP_429", "HTTP_502", "HTTP_503", "HTTP_504", "INTERFACE_BUSY", "BROKER_STOPPED",
  ]
}

/// What is to be done with a delivery whose time has come.
public enum DeliveryAction: Sendable {
  /// Our key is reserved: send the order as soon as the changes are on disk. A cancellation has none.
  case send(DeliveryRow, Record?)
  /// Ask by key first; the key is fenced by the answer.
  case probe(DeliveryRow, Record?)
  /// It waits, or was looked at too early.
  case none
}

extension BrokerStep {
  /// The rows that ``prepare(_:_:guarantee:in:_:)`` looks at.
  public static func needs(preparing delivery: DeliveryRow, _ outcome: MappingOutcome?) -> Needs {
    var needs = Needs()
    needs.deliveries = [delivery.id]
    needs.things = [delivery.party]
    needs.systems = [crmSystem, delivery.destination]
    needs.lanes = [(delivery.destination, delivery.party)]
    for item in outcome?.items ?? [] {
      for reference in item.references {
        needs.links.insert(LinkKey(entity: reference.entity, system: crmSystem, id: ForeignID(reference.foreignID)))
      }
    }
    return needs
  }

  /// Reserves our key for a delivery and gives the order in the destination's ids, or lets it wait.
  ///
  /// - Parameters:
  ///   - row: the delivery as it was when its order was mapped; one that was replaced since is looked at again.
  ///   - outcome: the order, mapped to the destination's dialect; nil for a cancellation, which carries none.
  public static func prepare(
    _ row: DeliveryRow, _ outcome: MappingOutcome?, guarantee: CreateGuarantee, in set: inout WorkingSet, _ environment: StepEnvironment
  ) -> DeliveryAction {
    guard var delivery = set.deliveries[row.id], delivery.isDue(at: environment.now), delivery.order == row.order else { return .none }
    delivery.changedAt = environment.now
    guard let outcome else { return reserve(delivery, nil, guarantee, in: &set) }
    guard let item = outcome.items.first, !outcome.isRejected else {
      return block(delivery, "MAPPING_FAILED", outcome.problems.map(\.description).joined(separator: "; "), in: &set, environment)
    }
    if outcome.isHeld {
      // A word without a translation, or a condition of the mapping: the order would go out incomplete.
      let values = outcome.items.flatMap(\.heldValues)
      let problems = outcome.problems.filter { $0.severity == .hold }
      return block(
        delivery, values.isEmpty ? problems.first?.code.rawValue ?? "HELD" : "UNMAPPED_VALUE",
        (values.map { "\($0.field): the value map \($0.table) has no row for \"\($0.value)\"" } + problems.map(\.description))
          .joined(separator: "; "), in: &set, environment)
    }
    let answers = item.references.map { reference -> String? in
      let key = LinkKey(entity: reference.entity, system: crmSystem, id: ForeignID(reference.foreignID))
      return set.links[key].flatMap { foreignID(of: $0.common, in: delivery.destination, set) }
    }
    let resolution = item.resolving(answers)
    if let missing = resolution.waiting.first {
      let key = LinkKey(entity: missing.entity, system: crmSystem, id: ForeignID(missing.foreignID))
      return wait(
        delivery, for: key, "UNKNOWN_\(missing.entity.uppercased())",
        "\(missing.field): \(key) has no id in \(delivery.destination) yet; `tessera identity link \(key.entity) \(crmSystem):\(key.id.text) \(delivery.destination):ID --reason …` links it",
        in: &set)
    }
    if resolution.isRejected {
      return block(delivery, "MAPPING_FAILED", resolution.problems.map(\.description).joined(separator: "; "), in: &set, environment)
    }
    if delivery.action == .create, foreignID(of: delivery.party, in: delivery.destination, set) == nil {
      if let lane = set.lanes.first(where: { $0.destination == delivery.destination && $0.party == delivery.party }),
        lane.holder != delivery.id
      {
        guard let party = foreignID(of: delivery.party, in: crmSystem, set) else {
          return block(delivery, "CUSTOMER_UNKNOWN", "the CRM core has no id for the customer any more", in: &set, environment)
        }
        return wait(
          delivery, for: LinkKey(entity: "Party", system: crmSystem, id: ForeignID(party)), "CUSTOMER_BEING_CREATED",
          "another order (delivery \(lane.holder)) creates the customer in \(delivery.destination) first", in: &set)
      }
      set.change(.putLane(CustomerLaneRow(destination: delivery.destination, party: delivery.party, holder: delivery.id)))
    }
    return reserve(delivery, resolution.record, guarantee, in: &set)
  }

  private static func reserve(
    _ delivery: DeliveryRow, _ record: Record?, _ guarantee: CreateGuarantee, in set: inout WorkingSet
  ) -> DeliveryAction {
    let asksFirst = guarantee == .strongProbe && delivery.attempts > 0
    var delivery = delivery
    delivery.state = .sending
    delivery.attempts += 1
    delivery.waitingFor = nil
    delivery.code = ""
    delivery.explanation = ""
    set.change(.putDelivery(delivery))
    return asksFirst ? .probe(delivery, record) : .send(delivery, record)
  }

  private static func foreignID(of thing: CommonID, in system: String, _ set: WorkingSet) -> String? {
    set.linksOfThing[thing]?.first { $0.key.system == system }?.key.id.text
  }

  private static func wait(_ delivery: DeliveryRow, for key: LinkKey, _ code: String, _ explanation: String, in set: inout WorkingSet)
    -> DeliveryAction
  {
    var delivery = delivery
    delivery.state = .waiting
    delivery.waitingFor = key
    delivery.code = code
    delivery.explanation = explanation
    set.change(.putDelivery(delivery))
    freeLane(of: delivery, in: &set)
    return .none
  }

  /// The order cannot be sent as things stand here: nothing was sent, and a corrected mapping file will be tried.
  private static func block(
    _ delivery: DeliveryRow, _ code: String, _ explanation: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) -> DeliveryAction {
    var delivery = delivery
    delivery.state = .blocked
    delivery.waitingFor = nil
    delivery.code = code
    delivery.explanation = explanation
    delivery.nextAttemptAt = environment.now + DeliveryRow.longestWait
    set.change(.putDelivery(delivery))
    freeLane(of: delivery, in: &set)
    return .none
  }

  /// The rows that ``block(_:_:_:in:_:)`` looks at.
  public static func needs(blocking delivery: DeliveryRow) -> Needs {
    var needs = Needs()
    needs.deliveries = [delivery.id]
    needs.things = [delivery.party]
    needs.systems = [crmSystem]
    needs.lanes = [(delivery.destination, delivery.party)]
    return needs
  }

  /// The installation cannot send the order now: nothing was sent, a person has to put it right, and it is looked at again in a minute.
  public static func block(_ id: Int64, _ code: String, _ explanation: String, in set: inout WorkingSet, _ environment: StepEnvironment) {
    guard var delivery = set.deliveries[id], delivery.isToBeSent else { return }
    delivery.changedAt = environment.now
    _ = block(delivery, code, explanation, in: &set, environment)
  }

  /// Lets another order of a customer whom its destination does not know create him there, where this one holds the right to and can have
  /// created nobody.
  static func freeLane(of delivery: DeliveryRow, in set: inout WorkingSet) {
    if delivery.mayBeThere { return }
    if set.lanes.contains(where: {
      $0.destination == delivery.destination && $0.party == delivery.party && $0.holder == delivery.id
    }) {
      set.change(.removeLane(destination: delivery.destination, party: delivery.party))
    }
  }

  /// The rows that the outcome of a call concerns.
  public static func needs(
    settling delivery: DeliveryRow, numbers: (order: String, customer: String)? = nil, _ environment: StepEnvironment
  ) -> Needs {
    var needs = Needs()
    needs.deliveries = [delivery.id]
    needs.things = [delivery.party]
    if let order = CommonID(delivery.correlationKey) { needs.things.insert(order) }
    needs.systems = [crmSystem, delivery.destination]
    needs.links = [LinkKey(entity: "Contract", system: crmSystem, id: ForeignID(delivery.contract))]
    if let numbers {
      if let key = environment.key("Order", delivery.destination, numbers.order) { needs.links.insert(key) }
      if let key = environment.key("Party", delivery.destination, numbers.customer) { needs.links.insert(key) }
    }
    needs.objectsOfLinks = true
    needs.lanes = [(delivery.destination, delivery.party)]
    needs.deliveriesOfContracts = [delivery.contract]
    if delivery.action != .create, let customer = try? customer(of: delivery) { needs.creditOfParties = [customer] }
    return needs
  }

  /// The destination answered. News about a delivery that is already settled change nothing.
  public static func answered(
    _ id: Int64, _ verdict: Interchange.V1.OrderVerdict, in set: inout WorkingSet, _ environment: StepEnvironment, who: String = "broker"
  ) throws {
    guard var delivery = set.deliveries[id], [.sending, .uncertain, .ready, .blocked, .parked].contains(delivery.state) else { return }
    delivery.changedAt = environment.now
    delivery.mayBeThere = false
    delivery.failures = 0
    delivery.failingSince = nil
    delivery.code = verdict.code
    delivery.explanation = verdict.explanation
    delivery.lines = try verdict.lines.cdr()
    if delivery.action != .create { return try answered(delivery, changing: verdict, in: &set, environment) }
    if verdict.outcome == "refused" {
      delivery.state = .refused
    } else {
      set.change(.credit(.book(delivery: delivery.id, party: try customer(of: delivery), at: bookedAt(verdict, environment))))
      delivery.state = .ordered
      delivery.orderNumber = verdict.orderNumber
      delivery.customerNumber = verdict.customerNumber
      if let order = CommonID(delivery.correlationKey) {
        link("Order", verdict.orderNumber, order, &delivery, who, in: &set, environment)
      }
      link("Party", verdict.customerNumber, delivery.party, &delivery, who, in: &set, environment)
    }
    try finish(delivery, in: &set, environment)
  }

  /// When the destination booked what it answers to, by its own clock. A time that has not come yet is none: no terms would ever be as new,
  /// and the order would count twice for ever.
  private static func bookedAt(_ verdict: Interchange.V1.OrderVerdict, _ environment: StepEnvironment) -> Int64 {
    guard let time = verdict.bookedAt, EntityKind.fault(of: time, environment.now) == nil else { return environment.now }
    return time
  }

  /// What keeps a destination's answer from being believed: nobody could find the order again that it is to have made. Nil where nothing
  /// does.
  public static func objection(
    to verdict: Interchange.V1.OrderVerdict, of delivery: DeliveryRow, _ environment: StepEnvironment
  ) -> String? {
    switch verdict.outcome {
    case "refused": return nil
    case "accepted", "partial": break
    default: return "the outcome \"\(verdict.outcome)\" is none of accepted, partial, refused and not-executed"
    }
    // A change or a cancellation is about an order whose number is known.
    if delivery.action != .create || isNumber(verdict.orderNumber, of: delivery, environment) { return nil }
    return verdict.orderNumber.allSatisfy(\.isWhitespace)
      ? "it says \"\(verdict.outcome)\" and gives no number of the order"
      : "it says \"\(verdict.outcome)\", and the number \"\(verdict.orderNumber)\" of the order can be none"
  }

  /// Whether an order of the delivery's destination can have the number.
  static func isNumber(_ number: String, of delivery: DeliveryRow, _ environment: StepEnvironment) -> Bool {
    !number.allSatisfy(\.isWhitespace) && environment.key("Order", delivery.destination, number) != nil
  }

  /// The order for which a number stands already that the destination gives of another: a change or a cancellation under it would befall
  /// that one. Nil where it stands for none, or for this order.
  public static func otherOrder(
    under number: String, than delivery: DeliveryRow, in set: WorkingSet, _ environment: StepEnvironment
  ) -> CommonID? {
    guard delivery.action == .create, let key = environment.key("Order", delivery.destination, number),
      let known = set.links[key]?.common, known != CommonID(delivery.correlationKey)
    else { return nil }
    return known
  }

  /// Links a number that a destination gave; one that stands for another thing is reported, never moved.
  private static func link(
    _ entity: String, _ number: String, _ thing: CommonID, _ delivery: inout DeliveryRow, _ who: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) {
    guard let key = environment.key(entity, delivery.destination, number) else {
      if !number.isEmpty { delivery.explanation += " the number \"\(number)\" of the \(entity) can be none, and is not linked." }
      return
    }
    if let known = set.links[key] {
      if known.common != thing { delivery.explanation += " \(key) already means another thing, \(known.common); check it by hand." }
    } else if let other = set.linksOfThing[thing]?.first(where: { $0.key.system == delivery.destination && $0.key.entity == entity }) {
      delivery.explanation += " the destination now answers \(number), where \(other.key) is linked; check it by hand."
    } else {
      set.change(.insertLink(Link(key: key, common: thing, validFrom: environment.now, who: who, why: "delivery \(delivery.id)")))
    }
  }

  /// A call ended without an answer, or was under way when the broker stopped. It is tried again after a while, or parked where it has failed
  /// beyond the limits.
  public static func failed(
    _ id: Int64, _ failure: DeliveryFailure, guarantee: CreateGuarantee, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard var delivery = set.deliveries[id], delivery.state == .sending else { return }
    delivery.changedAt = environment.now
    delivery.code = failure.code
    delivery.explanation = failure.explanation
    if failure.wasAbsentBefore { delivery.mayBeThere = false }
    if failure.execution == .unknown { delivery.mayBeThere = true }
    if failure.execution == .unknown, guarantee == .none {
      delivery.state = .uncertain
      return try finish(delivery, in: &set, environment)
    }
    // A time that is still to come was written by a clock that was wrong.
    delivery.failingSince = min(delivery.failingSince ?? environment.now, environment.now)
    if !failure.isOutage { delivery.failures += 1 }
    if let reason = environment.policies.deliveryLimits.reasonToPark(delivery, now: environment.now) {
      return try park(delivery, reason, in: &set, environment)
    }
    delivery.state = .ready
    delivery.nextAttemptAt = environment.now + backoff(attempts: delivery.attempts)
    set.change(.putDelivery(delivery))
  }

  /// Microseconds until the next attempt: a quarter of a second, doubled each time, at most a minute.
  static func backoff(attempts: Int) -> Int64 { min(DeliveryRow.longestWait, 250_000 << Int64(min(max(attempts - 1, 0), 10))) }

  /// Writes the delivery, frees the customer's lane where it is done, and brings the contract's status up to date.
  static func finish(_ delivery: DeliveryRow, in set: inout WorkingSet, _ environment: StepEnvironment) throws {
    set.change(.putDelivery(delivery))
    switch delivery.state {
    case .ordered, .refused, .parked, .blocked, .waiting: freeLane(of: delivery, in: &set)
    case .ready, .sending, .uncertain, .confirmed, .cancelled: break
    }
    if delivery.state == .refused {
      set.change(.credit(.removeCommitment(delivery: delivery.id, party: try customer(of: delivery))))
    }
    try bringUpToDate(delivery.contract, in: &set, environment)
  }

  // MARK: - Changes and cancellations

  /// What follows from the answer to a change or a cancellation: the order is as it says from now on, or stays as it was.
  private static func answered(
    _ delivery: DeliveryRow, changing verdict: Interchange.V1.OrderVerdict, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var delivery = delivery
    guard verdict.outcome != "refused", var create = delivery.original.flatMap({ set.deliveries[$0] }) else {
      delivery.state = .refused
      return try finish(delivery, in: &set, environment)
    }
    if !verdict.orderNumber.isEmpty, verdict.orderNumber != create.orderNumber {
      delivery.explanation +=
        " the destination now answers \(verdict.orderNumber), where \(create.orderNumber) is linked; check it by hand."
    }
    delivery.state = .confirmed
    create.changedAt = environment.now
    if delivery.action == .cancel {
      create.progress = .cancelled
      forgetCommitments(of: create, party: try customer(of: create), in: &set)
    } else {
      let amount = try amount(of: delivery, in: set)
      if amount > 0 {
        set.change(.credit(.book(delivery: delivery.id, party: try customer(of: create), at: bookedAt(verdict, environment))))
      } else {
        reduceCommitments(of: create, by: -amount, in: &set)
      }
      if try OrderNewsLines.isMore(delivery.order, than: create.order), [.shipped, .invoiced].contains(create.progress) {
        // What was added is still to come; the next news say how far.
        create.progress = .partlyShipped
      }
      create.order = delivery.order
      create.lines = delivery.lines
    }
    set.change(.putDelivery(create))
    set.change(.putDelivery(delivery))
    let amended = delivery.amendment.isEmpty ? nil : try Interchange.V1.Contract(cdr: delivery.amendment)
    try bringUpToDate(delivery.contract, amended: amended, in: &set, environment)
  }
}
