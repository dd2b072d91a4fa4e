public import CDR
import CRMCore
import Identity
public import InterchangeIDL

/// How a contract stands, worked out from its orders, their changes and their cancellations.
enum ContractStanding {
  /// - Parameter deliveries: all of the contract.
  static func state(of contract: Interchange.V1.Contract, _ deliveries: [DeliveryRow]) throws(CDRError) -> ContractState {
    let current = ContractState(rawValue: contract.status) ?? .signed
    let creates = deliveries.filter { $0.action == .create }
    let open = deliveries.filter { $0.action != .create && $0.isOpen }
    if current == .cancelling {
      if open.contains(where: { $0.action == .cancel && !$0.isUncertain }) { return .cancelling }
      if !creates.contains(where: { $0.isStanding || $0.isOpen }) && open.isEmpty { return .cancelled }
    }
    return contract.calledOff
      ? try called(contract, current, creates, open, deliveries) : whole(current, creates.filter { $0.state != .cancelled }, creates, open)
  }

  /// Of a contract that is one order for each destination.
  private static func whole(
    _ current: ContractState, _ live: [DeliveryRow], _ creates: [DeliveryRow], _ open: [DeliveryRow]
  ) -> ContractState {
    if live.isEmpty { return creates.isEmpty ? current : .cancelled }
    if live.contains(where: \.isOnCreditHold) { return .creditHold }
    if (live + open).contains(where: \.isUncertain) { return .uncertain }
    if live.contains(where: { $0.state == .refused }) { return .refused }
    if !live.allSatisfy({ $0.state == .ordered }) { return .signed }
    if open.contains(where: { $0.action == .cancel }) { return .cancelling }
    return open.isEmpty ? OrderProgress.contractState(of: live.map(\.progress)) : .changing
  }

  /// Of a contract that is called off: as long as something is left of it, it is signed, however its orders stand.
  private static func called(
    _ contract: Interchange.V1.Contract, _ current: ContractState, _ creates: [DeliveryRow], _ open: [DeliveryRow],
    _ deliveries: [DeliveryRow]
  ) throws(CDRError) -> ContractState {
    if current == .draft || current == .cancelled { return current }
    if (creates + open).contains(where: \.isUncertain) { return .uncertain }
    let lines = CallOffs.lines(of: contract, orders: try CallOffRows.orders(deliveries))
    let live = creates.filter { $0.isStanding }
    if live.isEmpty || lines.contains(where: { $0.left > DecimalNumber(0) }) || creates.contains(where: \.isOpen) { return .signed }
    if open.contains(where: { $0.action == .cancel }) { return .cancelling }
    return open.isEmpty ? OrderProgress.contractState(of: live.map(\.progress)) : .changing
  }
}

/// The call-offs of a contract among its deliveries.
public enum CallOffRows {
  /// The orders that use up quantities, one for each call-off: those that a destination refused or cancelled do not, nor do the lines
  /// that every destination refused.
  public static func orders(_ deliveries: [DeliveryRow]) throws(CDRError) -> [Interchange.V1.Order] {
    var orders: [Interchange.V1.Order] = []
    for number in Set(deliveries.lazy.filter { $0.action == .create && $0.callOff > 0 }.map(\.callOff)).sorted() {
      var order: Interchange.V1.Order?
      for delivery in deliveries.sorted(by: { $0.id < $1.id })
      where delivery.callOff == number && delivery.action == .create && (delivery.isOpen || delivery.isStanding) {
        let taken = try delivery.takenOrder
        if order.map({ taken.lines.count > $0.lines.count }) ?? true { order = taken }
      }
      if let order { orders.append(order) }
    }
    return orders
  }
}

extension DeliveryRow {
  /// The order as far as the destination has not refused lines of it; its totals stay those of the whole.
  public var takenOrder: Interchange.V1.Order {
    get throws(CDRError) {
      var order = try Interchange.V1.Order(cdr: self.order)
      if lines.isEmpty { return order }
      let refused = Set(try [Interchange.V1.LineVerdict](cdr: lines).lazy.filter { $0.outcome == "refused" }.map(\.number))
      order.lines.removeAll { refused.contains($0.number) }
      return order
    }
  }
}

extension BrokerStep {
  /// Brings a contract's state up to date with its deliveries.
  ///
  /// - Parameter amended: the contract as it is from now on; nil where only its state may change.
  static func bringUpToDate(
    _ id: String, amended: Interchange.V1.Contract? = nil, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard let row = set.objects[key("Contract", id)] else { return }
    let former = try Interchange.V1.Contract(cdr: row.body)
    var contract = amended ?? former
    contract.status = former.status
    contract.status = try ContractStanding.state(of: contract, set.deliveries.values.filter { $0.contract == id }).rawValue
    if amended == nil, contract.status == former.status { return }
    contract.changedAt = environment.now
    try put(contract, row.common, in: &set, environment)
  }
}
