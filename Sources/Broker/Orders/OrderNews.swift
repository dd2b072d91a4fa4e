import CDR
import CRMCore
import Identity
public import InterchangeIDL

// What the news of an order changes in what the CRM core knows of its delivery and its contract. Late and repeated news never come this
// far: an item whose version is no newer than what was applied is recorded as stale or unchanged.

extension BrokerStep {
  /// The rows that ``follow(_:_:in:_:)`` looks at.
  public static func needs(following delivery: DeliveryRow) -> Needs {
    var needs = Needs()
    needs.deliveriesOfContracts = [delivery.contract]
    needs.links = [LinkKey(entity: EntityKind.contract.name, system: crmSystem, id: ForeignID(delivery.contract))]
    needs.objectsOfLinks = true
    return needs
  }

  /// Brings a delivery and its contract up to date with the news of the order.
  ///
  /// What the ERP takes back uses no credit any more; what it takes up again does, until its figures hold it.
  public static func follow(
    _ id: Int64, _ status: Interchange.V1.OrderStatus, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard var delivery = set.deliveries[id] else { return }
    let progress = OrderProgress(status, ordered: Set(try delivery.takenOrder.lines.map(\.number)))
    let former = delivery.progress
    if former == progress && delivery.orderStatus == status.id { return }
    delivery.progress = progress
    delivery.orderStatus = status.id
    delivery.changedAt = environment.now
    set.change(.putDelivery(delivery))
    let key = LinkKey(entity: EntityKind.contract.name, system: crmSystem, id: ForeignID(delivery.contract))
    guard let row = set.objects[key] else { return }
    let contract = try Interchange.V1.Contract(cdr: row.body)
    if progress == .cancelled {
      forgetCommitments(of: delivery, party: contract.party, in: &set)
      set.change(
        .insertAudit(
          AuditRow(
            at: environment.now, who: delivery.destination, action: "order-cancelled", subject: "\(contract.id), order \(status.number)",
            reason: "order status \(status.id)")))
    } else if former == .cancelled {
      commit(delivery, try amount(of: delivery, in: set), contract, in: &set, environment)
      set.change(.credit(.book(delivery: delivery.id, party: contract.party, at: status.changedAt)))
    }
    try bringUpToDate(contract.id, in: &set, environment)
  }

  /// An order that is no more adds nothing, nor do its changes.
  static func forgetCommitments(of create: DeliveryRow, party: String, in set: inout WorkingSet) {
    for id in set.deliveries.values.lazy.filter({ $0.id == create.id || $0.original == create.id }).map(\.id).sorted() {
      set.change(.credit(.removeCommitment(delivery: id, party: party)))
    }
  }

  /// The news of an order that came before anybody knew that we had placed it.
  ///
  /// - Parameter order: the CRM core's id of the order.
  public static func recognise(
    _ status: Interchange.V1.OrderStatus, _ row: ObjectRow, asNewsOf order: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    var status = status
    status.placed = order
    var row = row
    row.body = try status.cdr()
    row.changedAt = environment.now
    set.change(.putObject(row))
  }
}
