import Broker
import CRMCore
import InterchangeIDL
import Logging
import Mapping
import StoreAPI

// Amounts that their currency cannot have, and orders that would be booked otherwise than they were signed: by policy alone.
extension BrokerEngine {
  /// Refuses amounts of a contract where the policy says so; else the audit says that they went on.
  ///
  /// - Parameters:
  ///   - action: what is done with the contract; nil where it leaves no trace, as a draft.
  ///   - byHand: whether a person looks at it, who may do what waits for one.
  /// - Throws: ``ContractRefusal``.
  func expectAmounts(
    of contract: Interchange.V1.Contract, _ id: String, _ action: String?, who: String, byHand: Bool = false,
    _ transaction: any StoreTransaction, _ environment: StepEnvironment
  ) throws {
    let findings = policies.amounts.findings(in: contract)
    if findings.isEmpty { return }
    if policies.amounts.stops(findings, isLookedAt: byHand) { throw ContractRefusal(amounts: findings) }
    guard let action else { return }
    let words = findings.words
    try transaction.apply([
      .insertAudit(AuditRow(at: environment.now, who: who, action: "\(action)-amounts", subject: id, reason: words))
    ])
  }

  /// What keeps an order from being sent, or is to be told when it is. One that may have been sent is not looked at any more, nor is a
  /// cancellation.
  func amounts(in delivery: DeliveryRow, _ order: Interchange.V1.Order, _ outcome: MappingOutcome?) -> (
    refusal: ContractRefusal?, told: [Finding]
  ) {
    guard delivery.attempts == 0, let outcome else { return (nil, []) }
    // Signed before anybody looked, or under another policy.
    let impossible = order.amountFindings
    if !impossible.isEmpty, policies.amounts.paid == .refuse { return (ContractRefusal(amounts: impossible), []) }
    let differences = outcome.isRejected || outcome.isHeld ? [] : BookedAmounts.differences(in: order, outcome.changedAmounts)
    if !differences.isEmpty, policies.amounts.deliveries == .block { return (ContractRefusal(booked: differences), []) }
    return (nil, impossible + differences)
  }

  /// Says of an order that is sent now that it is booked otherwise than it was signed, in the log and in the audit.
  func tellAmounts(
    _ row: DeliveryRow, _ findings: [Finding], _ action: DeliveryAction, in set: inout WorkingSet, _ environment: StepEnvironment
  ) {
    if case .none = action { return }
    if findings.isEmpty { return }
    let words = findings.words
    log.warning(
      "an order is sent with other amounts than were signed, or with ones that its currency cannot have",
      metadata: ["contract": "\(row.contract)", "what": "\(words)"])
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: "broker", action: "send-amounts", subject: "contract \(row.contract), delivery \(row.id)",
          reason: words)))
  }

  /// Says of an order that its destination has booked with another sum than was signed, in the log and in the audit.
  func tellBooked(
    _ delivery: DeliveryRow, _ status: Interchange.V1.OrderStatus, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard let difference = try delivery.difference(to: status) else { return }
    log.warning(
      "an order is booked otherwise than it was signed",
      metadata: ["contract": "\(delivery.contract)", "system": "\(delivery.destination)", "what": "\(difference)"])
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: delivery.destination, action: "booked-differently",
          subject: "contract \(delivery.contract), delivery \(delivery.id)", reason: difference)))
  }
}
