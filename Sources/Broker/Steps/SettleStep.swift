import Identity
import InterchangeIDL

// What ends a delivery by hand, or lets it begin anew: what failed for ever is parked, and a person decides.

extension BrokerStep {
  /// A person found out how a delivery ended of which nobody knows, or entered at the destination by hand what could not be sent.
  ///
  /// - Parameter orderNumber: the destination's number; nil where it has no such order. It is sent again then, but stays parked where it was.
  /// - Throws: ``ContractRefusal`` where there is nothing to be settled.
  public static func settle(
    _ id: Int64, orderNumber: String?, customerNumber: String = "", who: String, reason: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws {
    if let delivery = set.deliveries[id], delivery.canBeCorrected, let orderNumber {
      return try correct(delivery, to: orderNumber, who: who, reason: reason, in: &set, environment)
    }
    guard var delivery = set.deliveries[id], delivery.canBeSettled(isDone: orderNumber != nil) else {
      let state = set.deliveries[id].map {
        "it is \($0.state.rawValue)\($0.isUnsent && $0.attempts > 0 ? ", and nothing of it can be there" : "")"
      }
      throw ContractRefusal("NOT_UNCERTAIN", "delivery \(id) is not uncertain: \(state ?? "there is none")")
    }
    if let orderNumber, delivery.action == .create, !isNumber(orderNumber, of: delivery, environment) {
      throw ContractRefusal("NUMBER_INVALID", "\"\(orderNumber)\" can be no number of an order in \(delivery.destination)")
    }
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: who, action: delivery.settling(isDone: orderNumber != nil),
          subject: "contract \(delivery.contract), delivery \(id)\(orderNumber.map { ", order \($0)" } ?? "")", reason: reason)))
    if let orderNumber {
      if delivery.state == .waiting {
        delivery.state = .uncertain
        delivery.waitingFor = nil
        set.change(.putDelivery(delivery))
      }
      try answered(
        id,
        Interchange.V1.OrderVerdict(
          outcome: "accepted", orderNumber: orderNumber, customerNumber: customerNumber, code: DeliveryRow.settled,
          explanation: "settled by \(who): \(reason)", lines: [], bookedAt: nil),
        in: &set, environment, who: who)
    } else {
      let isParked = delivery.state == .parked
      delivery.mayBeThere = false
      if delivery.state == .uncertain { delivery.start(at: environment.now) }
      delivery.changedAt = environment.now
      delivery.code = DeliveryRow.settled
      delivery.explanation =
        "settled by \(who) as not \(delivery.action == .create ? "ordered" : "carried out"): \(reason); \(isParked ? "it stays parked" : "it is sent again")"
      try finish(delivery, in: &set, environment)
    }
  }

  /// A person gave a wrong number before: a change or a cancellation would befall whatever has it.
  private static func correct(
    _ delivery: DeliveryRow, to orderNumber: String, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard let key = environment.key("Order", delivery.destination, orderNumber), isNumber(orderNumber, of: delivery, environment),
      let order = CommonID(delivery.correlationKey)
    else { throw ContractRefusal("NUMBER_INVALID", "\"\(orderNumber)\" can be no number of an order in \(delivery.destination)") }
    if orderNumber == delivery.orderNumber {
      throw ContractRefusal("NOT_UNCERTAIN", "delivery \(delivery.id) is ordered as \(orderNumber) already")
    }
    if let open = set.deliveries.values.first(where: { $0.original == delivery.id && $0.isOpen }) { throw ContractRefusal.underWay(open) }
    var corrected = delivery
    corrected.orderNumber = orderNumber
    corrected.changedAt = environment.now
    corrected.explanation = "settled by \(who): \(reason); it was said to be \(delivery.orderNumber) before"
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: who, action: "settle-corrected",
          subject: "contract \(delivery.contract), delivery \(delivery.id), order \(orderNumber) instead of \(delivery.orderNumber)",
          reason: reason)))
    let former = set.linksOfThing[order, default: []].filter {
      $0.key.system == delivery.destination && $0.key.entity == key.entity && $0.key != key
    }
    for link in former { set.change(.endLink(link.key, at: environment.now, who: who, why: reason)) }
    if set.links[key] == nil {
      set.change(.insertLink(Link(key: key, common: order, validFrom: environment.now, who: who, why: "delivery \(delivery.id)")))
    }
    set.change(.putDelivery(corrected))
  }

  // MARK: - Parked

  /// Nothing is tried any more until a person says so. Where nothing of it can be there, other orders of the customer go on.
  static func park(
    _ delivery: DeliveryRow, _ reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var delivery = delivery
    delivery.state = .parked
    delivery.waitingFor = nil
    delivery.changedAt = environment.now
    delivery.explanation = delivery.explanation.isEmpty ? reason : "\(reason), last with: \(delivery.explanation)"
    try finish(delivery, in: &set, environment)
  }

  /// A person stops what is tried again and again, before the limits do.
  ///
  /// - Throws: ``ContractRefusal`` with code `NOT_TRIED` where nothing is being tried.
  public static func park(
    _ id: Int64, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    let delivery = try delivery(id, in: set)
    guard [.ready, .blocked, .waiting].contains(delivery.state), !delivery.isOnCreditHold else {
      let hint =
        switch delivery.state {
        case .sending: "it is being sent; try again when the destination has answered"
        case .waiting: "`tessera credit release` or `tessera contracts cancel` ends its credit hold"
        default: "only what is ready, blocked or waiting can be parked"
        }
      throw ContractRefusal("NOT_TRIED", "delivery \(id) is \(delivery.state.rawValue): \(hint)")
    }
    audit("park", delivery, who, reason, in: &set, environment)
    try park(delivery, "\(DeliveryRow.parkedByPerson)\(who): \(reason)", in: &set, environment)
  }

  /// A person has a delivery tried again at once, with its failures forgotten.
  ///
  /// - Throws: ``ContractRefusal`` with code `NOT_RETRYABLE` where trying again does nothing, or might make a second order.
  public static func retry(
    _ id: Int64, guarantee: CreateGuarantee, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var delivery = try delivery(id, in: set)
    guard [.parked, .blocked, .ready].contains(delivery.state), !(delivery.mayBeThere && guarantee == .none) else {
      let hint =
        switch delivery.state {
        case .uncertain, .parked, .blocked, .ready:
          "the destination may have it and promises nothing of a second call: settle it first with `tessera contracts settle`"
        case .waiting: "it goes on by itself when what it waits for is there"
        case .sending: "it is being sent"
        default: "it has come to its end"
        }
      throw ContractRefusal("NOT_RETRYABLE", "delivery \(id) is \(delivery.state.rawValue): \(hint)")
    }
    audit("retry", delivery, who, reason, in: &set, environment)
    delivery.start(at: environment.now)
    try finish(delivery, in: &set, environment)
  }

  /// A person takes back a delivery of which nothing was sent: a contract's order is not sent to its destination, an order that was to be
  /// changed or cancelled stays as it is.
  ///
  /// - Throws: ``ContractRefusal`` with code `MAY_BE_THERE` or `NOT_OPEN`.
  public static func withdraw(
    _ id: Int64, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    let delivery = try delivery(id, in: set)
    guard delivery.isUnsent else {
      if !delivery.isOpen {
        throw ContractRefusal("NOT_OPEN", "delivery \(id) is \(delivery.state.rawValue): it has come to its end")
      }
      throw ContractRefusal(
        "MAY_BE_THERE",
        "delivery \(id) is \(delivery.state.rawValue), and \(delivery.destination) may have it: look there and settle it first with `tessera contracts settle`"
      )
    }
    audit("withdraw", delivery, who, reason, in: &set, environment)
    try withdraw(delivery, who: who, reason: reason, in: &set, environment)
    try bringUpToDate(delivery.contract, in: &set, environment)
  }

  private static func delivery(_ id: Int64, in set: WorkingSet) throws(ContractRefusal) -> DeliveryRow {
    if let delivery = set.deliveries[id] { return delivery }
    throw ContractRefusal("DELIVERY_UNKNOWN", "there is no delivery \(id)")
  }

  private static func audit(
    _ action: String, _ delivery: DeliveryRow, _ who: String, _ reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) {
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: who, action: "\(action)-delivery", subject: "contract \(delivery.contract), delivery \(delivery.id)",
          reason: reason)))
  }
}

extension DeliveryRow {
  /// Is to be sent at once, as if it had never failed.
  mutating func start(at now: Int64) {
    state = .ready
    waitingFor = nil
    nextAttemptAt = now
    changedAt = now
    code = ""
    explanation = ""
    failures = 0
    failingSince = nil
  }

  /// What the audit calls a person's word on how it ended.
  fileprivate func settling(isDone: Bool) -> String {
    action == .create ? (isDone ? "settle-ordered" : "settle-not-ordered") : (isDone ? "settle-carried-out" : "settle-not-carried-out")
  }
}
