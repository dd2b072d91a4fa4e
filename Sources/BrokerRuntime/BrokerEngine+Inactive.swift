import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Logging
import StoreAPI

// Products and customers that are inactive are ordered by policy alone: when a contract is drafted, signed, amended or called off, and when
// its order is sent.
extension BrokerEngine {
  /// What of a contract is inactive.
  ///
  /// - Parameters:
  ///   - former: the contract as it was, of which only what is more counts; nil where all of it does.
  ///   - lines: the numbers of the lines that count; nil for all.
  func inactive(
    in contract: Interchange.V1.Contract, from former: Interchange.V1.Contract? = nil, lines: Set<Int32>? = nil, _ reader: any StoreReader
  ) throws -> [InactiveThing] {
    var named = contract
    if let lines { named.lines.removeAll { !lines.contains($0.number) } }
    let products = InactiveThing.raised(in: named, from: former)
    if former != nil, products.isEmpty { return [] }
    return try InactiveThing.among(party: contract.party, products: products) { try reader.object(entity: $0, id: $1) }
  }

  /// Refuses what is inactive where the policy says so; else the audit says that it went on.
  ///
  /// - Throws: ``ContractRefusal``.
  func expectActive(
    _ inactive: [InactiveThing], of contract: String, _ action: String, who: String, _ transaction: any StoreTransaction,
    _ environment: StepEnvironment
  ) throws {
    if inactive.isEmpty { return }
    if policies.inactive == .refuse { throw ContractRefusal(inactive) }
    let words = inactive.map(\.words).joined(separator: "; ")
    try transaction.apply([
      .insertAudit(AuditRow(at: environment.now, who: who, action: "\(action)-inactive", subject: contract, reason: words))
    ])
  }

  /// What an order that is to be sent would order though it is inactive. One that may have been sent is not looked at any more, nor is a
  /// cancellation, nor a change that raises nothing.
  func inactive(in delivery: DeliveryRow, _ order: Interchange.V1.Order, _ reader: any StoreReader) throws -> [InactiveThing] {
    if delivery.attempts > 0 || delivery.action == .cancel { return [] }
    var lines = order.lines.enumerated().map { (index: $0, line: $1) }
    if let original = try delivery.original.flatMap({ try reader.delivery(id: $0) }) {
      let before = Dictionary(try Interchange.V1.Order(cdr: original.order).lines.map { ($0.number, $0) }) { first, _ in first }
      lines.removeAll { _, line in
        before[line.number].map { $0.product == line.product && line.quantity.decimal <= $0.quantity.decimal } ?? false
      }
      if lines.isEmpty { return [] }
    }
    return try InactiveThing.among(
      party: order.customer.id, products: lines.map { ("lines[\($0.index + 1)]/product", $0.line.product) }
    ) { try reader.object(entity: $0, id: $1) }
  }

  /// Says of an order that is sent now that it orders what is inactive, in the log and in the audit.
  func tellInactive(
    _ row: DeliveryRow, _ inactive: [InactiveThing], _ action: DeliveryAction, in set: inout WorkingSet, _ environment: StepEnvironment
  ) {
    if case .none = action { return }
    let words = inactive.map(\.words).joined(separator: "; ")
    log.warning("an order of what is inactive is sent", metadata: ["contract": "\(row.contract)", "what": "\(words)"])
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: "broker", action: "send-inactive", subject: "contract \(row.contract), delivery \(row.id)",
          reason: words)))
  }

  /// Keeps an order from being sent that a policy does not let go, until what it says against it is gone; it is looked at every minute.
  func keep(
    _ row: DeliveryRow, _ refusal: ContractRefusal, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws {
    var set = try transaction.load(BrokerStep.needs(blocking: row))
    BrokerStep.block(row.id, refusal.code, refusal.explanation, in: &set, environment)
    try settle(set, transaction, &environment)
  }
}
