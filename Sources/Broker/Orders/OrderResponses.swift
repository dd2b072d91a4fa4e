import CDR
import CRMCore
import Identity
public import InterchangeIDL

// What a destination says later of what it was sent. Late and repeated responses never come this far: an item whose version is no newer
// than what was applied is recorded as stale or unchanged.

extension BrokerStep {
  /// Brings a delivery up to date with the destination's response.
  ///
  /// It settles a delivery that was sent and of which nobody heard the answer. An answer that was heard is revised: an order may be refused
  /// after it was taken, and taken after it was refused. How a change or a cancellation ended is not turned round by it, since others may
  /// have followed: a person is told.
  ///
  /// - Parameter set: loaded by ``needs(settling:numbers:_:)``.
  public static func respond(
    _ id: Int64, _ response: Interchange.V1.OrderResponse, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard var delivery = set.deliveries[id] else { return }
    let isRefusal = response.outcome == "refused"
    let verdict = Interchange.V1.OrderVerdict(
      outcome: response.outcome, orderNumber: response.orderNumber, customerNumber: response.customerNumber, code: response.code,
      explanation: response.explanation, lines: response.lines, bookedAt: response.bookedAt)
    if let objection = objection(to: verdict, of: delivery, environment) {
      return ignore(response, of: delivery, objection, in: &set, environment)
    }
    switch delivery.state {
    case .cancelled:
      if !isRefusal { ignore(response, of: delivery, "delivery \(id) was cancelled here", in: &set, environment) }
      return
    case .ready where delivery.attempts == 0, .waiting where delivery.attempts == 0, .blocked where delivery.attempts == 0,
      .parked where delivery.attempts == 0:
      if !isRefusal { ignore(response, of: delivery, "delivery \(id) was never sent", in: &set, environment) }
      return
    case .waiting:
      delivery.state = .uncertain
      delivery.waitingFor = nil
      set.change(.putDelivery(delivery))
      return try answered(id, verdict, in: &set, environment, who: delivery.destination)
    case .ready, .blocked, .sending, .uncertain, .parked:
      return try answered(id, verdict, in: &set, environment, who: delivery.destination)
    case .refused where delivery.action == .create && !isRefusal:
      // It uses credit again, and is linked, as if it had been taken at once.
      let order = try Interchange.V1.Order(cdr: delivery.order)
      let contract = set.objects[key("Contract", delivery.contract)]
      delivery.state = .uncertain
      set.change(.putDelivery(delivery))
      if let contract {
        commit(
          delivery, Int64(truncatingIfNeeded: order.grossTotal.unscaled), try Interchange.V1.Contract(cdr: contract.body), in: &set,
          environment)
      }
      return try answered(id, verdict, in: &set, environment, who: delivery.destination)
    case .ordered, .confirmed, .refused:
      let stands = delivery.state != .refused
      delivery.changedAt = environment.now
      delivery.code = response.code
      delivery.explanation = response.explanation
      delivery.lines = try response.lines.cdr()
      if delivery.action == .create {
        if isRefusal { delivery.state = .refused }
      } else if stands == isRefusal {
        delivery.explanation += " the destination now says \(response.outcome), where it said otherwise; check it by hand."
      }
      try finish(delivery, in: &set, environment)
    }
  }

  /// A response that changes nothing here is for a person to look at: the destination says that it has what it cannot have.
  public static func ignore(
    _ response: Interchange.V1.OrderResponse, of delivery: DeliveryRow, _ why: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) {
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: delivery.destination, action: "order-response-ignored", subject: response.id,
          reason: "it says \"\(response.outcome)\" of the contract \(delivery.contract): \(why); check it by hand")))
  }
}
