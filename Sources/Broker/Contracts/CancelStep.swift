import CDR
import CRMCore
import Identity
public import InterchangeIDL

extension BrokerStep {
  /// Cancels a contract, or one call-off of it: an order that was not sent is not sent any more; one that its destination has is asked to
  /// be cancelled there, and the contract is `cancelling` until all destinations have answered. Cancelling it again changes nothing.
  ///
  /// - Parameter callOff: nil for all of the contract.
  /// - Throws: ``ContractRefusal`` where a call about an order is on its way, so that nobody knows what there is to be cancelled.
  public static func cancel(
    _ contract: Interchange.V1.Contract, callOff: Int? = nil, who: String, reason: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws {
    guard let link = set.links[key("Contract", contract.id)] else { throw ContractRefusal.unknown(contract) }
    if contract.status == ContractState.cancelled.rawValue { return }
    let all = set.deliveries.values.filter { $0.contract == contract.id }.sorted { $0.id < $1.id }
    let creates = all.filter { $0.action == .create && (callOff == nil || $0.callOff == callOff) }
    if let callOff, creates.isEmpty {
      throw ContractRefusal("CALL_OFF_UNKNOWN", "the contract \(contract.id) has no call-off \(callOff)")
    }
    for create in creates {
      let own = all.filter { $0.id == create.id || $0.original == create.id }
      if let open = own.first(where: { $0.isOpen && !$0.isUnsent && $0.action != .cancel }) { throw ContractRefusal.underWay(open) }
    }
    var isAsked = false
    for create in creates {
      if create.isUnsent {
        try withdraw(create, who: who, reason: reason, in: &set, environment)
      } else if create.isStanding {
        isAsked = true
        let own = all.filter { $0.original == create.id && $0.isOpen }
        for change in own where change.action == .change { try withdraw(change, who: who, reason: reason, in: &set, environment) }
        if own.contains(where: { $0.action == .cancel }) { continue }
        try askToCancel(create, reason: reason, in: &set, environment)
      }
    }
    if callOff == nil {
      endHolds(of: contract.id, delivery: nil, who: who, reason: reason, in: &set, environment)
      var contract = contract
      contract.status = (isAsked ? ContractState.cancelling : .cancelled).rawValue
      contract.changedAt = environment.now
      try put(contract, link.common, in: &set, environment)
    } else {
      try bringUpToDate(contract.id, in: &set, environment)
    }
    let subject = callOff.map { "\(contract.id), call-off \($0)" } ?? contract.id
    set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: "cancel", subject: subject, reason: reason)))
  }

  /// Takes back a delivery of which nothing was sent, with the credit that it used and its hold.
  static func withdraw(
    _ delivery: DeliveryRow, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var delivery = delivery
    delivery.state = .cancelled
    delivery.waitingFor = nil
    delivery.code = ""
    delivery.explanation = reason
    delivery.changedAt = environment.now
    set.change(.putDelivery(delivery))
    freeLane(of: delivery, in: &set)
    set.change(.credit(.removeCommitment(delivery: delivery.id, party: try customer(of: delivery))))
    endHolds(of: delivery.contract, delivery: delivery.id, who: who, reason: reason, in: &set, environment)
  }

  private static func askToCancel(
    _ create: DeliveryRow, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var order = try Interchange.V1.Order(cdr: create.order)
    order.attributes.removeAll { $0.name == cancelReason }
    order.attributes.append(Interchange.V1.NameValue(name: cancelReason, value: reason))
    set.change(.putDelivery(try following(create, .cancel, order, in: &set, environment)))
  }

  /// The attribute of the order of a cancellation that says why.
  static let cancelReason = "cancelReason"

  /// A delivery that changes or cancels what another created; it is not written yet.
  static func following(
    _ create: DeliveryRow, _ action: DeliveryRow.Action, _ order: Interchange.V1.Order, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws -> DeliveryRow {
    let revision = 1 + (set.deliveries.values.lazy.filter { $0.original == create.id }.map(\.revision).max() ?? create.revision)
    return DeliveryRow(
      id: set.next("delivery"), destination: create.destination, contract: create.contract, party: create.party,
      correlationKey: "\(create.correlationKey).\(revision)", customerKey: create.customerKey, state: .ready,
      nextAttemptAt: environment.now, createdAt: environment.now, changedAt: environment.now, order: try order.cdr(),
      orderNumber: create.orderNumber, customerNumber: create.customerNumber, action: action, revision: revision, original: create.id,
      callOff: create.callOff)
  }
}

extension DeliveryRow {
  /// Why the order is to be cancelled; empty for everything but a cancellation.
  public var cancelReason: String {
    get throws(CDRError) {
      guard action == .cancel else { return "" }
      return try Interchange.V1.Order(cdr: order).attributes.last { $0.name == BrokerStep.cancelReason }?.value ?? ""
    }
  }
}
