import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Logging
import StoreAPI

// What follows from news of orders, in the transaction that took them in.
extension BrokerEngine {
  /// Brings deliveries and contracts up to date with the order statuses that a step wrote, and with those that wait for one of the links
  /// that it made.
  ///
  /// - Returns: the parties whose exposure has become smaller.
  func followOrders(
    after step: WorkingSet, _ transaction: any StoreTransaction, _ environment: StepEnvironment
  ) throws -> Set<String> {
    var written = step.writtenOrderStatuses
    for link in step.madeLinks where link.key.entity == EntityKind.order.name && link.key.system != crmSystem {
      if let row = try recognise(link, transaction, environment) { written.append(row) }
    }
    var eased: Set<String> = []
    for row in written {
      let status = try Interchange.V1.OrderStatus(cdr: row.body)
      if status.placed.isEmpty { continue }
      let key = LinkKey(entity: EntityKind.order.name, system: crmSystem, id: ForeignID(status.placed))
      // The order of a contract of ours; its common id is the key that was sent along.
      guard let link = try transaction.history(of: key).last(where: { $0.validTo == nil }),
        let delivery = try transaction.delivery(correlationKey: link.common.description)
      else { continue }
      var set = try transaction.load(BrokerStep.needs(following: delivery))
      try BrokerStep.follow(delivery.id, status, in: &set, environment)
      try tellBooked(delivery, status, in: &set, environment)
      try transaction.apply(set.takeChanges())
      eased.formUnion(set.credit.eased)
    }
    return eased
  }

  /// Brings the delivery that an order response answers up to date, with all that follows; one that answers nothing of ours is audited.
  func respond(_ row: ObjectRow, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment) throws {
    let response = try Interchange.V1.OrderResponse(cdr: row.body)
    if response.status != "active" { return }
    let key = response.revision <= 1 ? response.key : "\(response.key).\(response.revision)"
    guard let delivery = try transaction.delivery(correlationKey: key), delivery.destination == row.changedBy else {
      let reason = "\(row.changedBy) was sent no order, and no change of one, under the key \"\(key)\""
      log.warning("an order response answers nothing", metadata: ["response": "\(row.id)", "why": "\(reason)"])
      return try transaction.apply([
        .insertAudit(
          AuditRow(at: environment.now, who: row.changedBy, action: "order-response-ignored", subject: row.id, reason: reason))
      ])
    }
    let numbers = (response.orderNumber, response.customerNumber)
    var set = try transaction.load(BrokerStep.needs(settling: delivery, numbers: numbers, environment))
    do {
      if response.outcome != "refused" { try refuseTaken(response.orderNumber, of: delivery, in: set, transaction, environment) }
      try BrokerStep.respond(delivery.id, response, in: &set, environment)
    } catch let taken as ContractRefusal where taken.code == "NUMBER_TAKEN" {
      BrokerStep.ignore(response, of: delivery, taken.explanation, in: &set, environment)
    }
    try settle(set, transaction, &environment)
  }

  /// News under the number that was linked now, whose sender could not say that the order was ours.
  private func recognise(_ link: Link, _ transaction: any StoreTransaction, _ environment: StepEnvironment) throws -> ObjectRow? {
    let key = LinkKey(entity: EntityKind.orderStatus.name, system: link.key.system, id: link.key.id)
    guard let news = try transaction.history(of: key).last(where: { $0.validTo == nil }) else { return nil }
    var needs = Needs()
    needs.things = [news.common, link.common]
    needs.objectsOfLinks = true
    var set = try transaction.load(needs)
    guard let id = set.id(of: news.common, in: crmSystem), let order = set.id(of: link.common, in: crmSystem),
      let row = try transaction.object(entity: EntityKind.orderStatus.name, id: id)
    else { return nil }
    let status = try Interchange.V1.OrderStatus(cdr: row.body)
    if !status.placed.isEmpty { return nil }
    try BrokerStep.recognise(status, row, asNewsOf: order, in: &set, environment)
    try transaction.apply(set.takeChanges())
    return set.writtenOrderStatuses.last
  }
}
