import Broker
import Identity
import StoreAPI

// What people do about deliveries that do not go on by themselves. Each is one transaction with all its consequences, and audited.
extension BrokerEngine {
  /// A person found out how a delivery ended of which nobody knows, or entered by hand what could not be sent.
  ///
  /// - Parameter orderNumber: nil where the destination has no such order: it is sent again, or stays parked.
  /// - Throws: ``ContractRefusal`` with code `NOT_UNCERTAIN`, `NUMBER_INVALID`, or `NUMBER_TAKEN` where the number is that of another order,
  ///   or of another customer.
  public func settle(deliveryID: Int64, orderNumber: String?, customerNumber: String = "", who: String, reason: String) async throws {
    try await change(deliveryID, numbers: orderNumber.map { ($0, customerNumber) }, otherwise: "NOT_UNCERTAIN") { set, environment, _ in
      try BrokerStep.settle(
        deliveryID, orderNumber: orderNumber, customerNumber: customerNumber, who: who, reason: reason, in: &set, environment)
    }
  }

  /// Stops what is tried again and again.
  ///
  /// - Throws: ``ContractRefusal`` with code `NOT_TRIED` or `DELIVERY_UNKNOWN`.
  public func park(deliveryID: Int64, who: String, reason: String) async throws {
    try await change(deliveryID) { set, environment, _ in
      try BrokerStep.park(deliveryID, who: who, reason: reason, in: &set, environment)
    }
  }

  /// Has a delivery tried again at once.
  ///
  /// - Throws: ``ContractRefusal`` with code `NOT_RETRYABLE` or `DELIVERY_UNKNOWN`.
  public func retry(deliveryID: Int64, who: String, reason: String) async throws {
    try await change(deliveryID) { set, environment, guarantee in
      try BrokerStep.retry(deliveryID, guarantee: guarantee, who: who, reason: reason, in: &set, environment)
    }
  }

  /// Takes back a delivery of which nothing was sent.
  ///
  /// - Throws: ``ContractRefusal`` with code `MAY_BE_THERE`, `NOT_OPEN` or `DELIVERY_UNKNOWN`.
  public func withdraw(deliveryID: Int64, who: String, reason: String) async throws {
    try await change(deliveryID) { set, environment, _ in
      try BrokerStep.withdraw(deliveryID, who: who, reason: reason, in: &set, environment)
    }
  }

  private func change(
    _ id: Int64, numbers: (order: String, customer: String)? = nil, otherwise code: String = "DELIVERY_UNKNOWN",
    _ body: @escaping @Sendable (inout WorkingSet, StepEnvironment, CreateGuarantee) throws -> Void
  ) async throws {
    try await transact { [self] transaction, environment in
      guard let delivery = try transaction.delivery(id: id) else { throw ContractRefusal(code, "there is no delivery \(id)") }
      var needs = BrokerStep.needs(settling: delivery, numbers: numbers, environment)
      needs.creditOfParties.insert(try BrokerStep.customer(of: delivery))
      var set = try transaction.load(needs)
      if let numbers {
        try refuseTaken(numbers.order, of: delivery, in: set, transaction, environment)
        try refuseTaken(customer: numbers.customer, of: delivery, in: set, environment)
      }
      try body(&set, environment, try transaction.system(named: delivery.destination)?.guarantee ?? .none)
      try settle(set, transaction, &environment)
    }
  }

  /// - Throws: ``ContractRefusal`` with code `NUMBER_TAKEN` where the number is that of another order: a later change or cancellation would
  ///   befall that one.
  func refuseTaken(
    _ number: String, of delivery: DeliveryRow, in set: WorkingSet, _ reader: any StoreReader, _ environment: StepEnvironment
  ) throws {
    guard let other = BrokerStep.otherOrder(under: number, than: delivery, in: set, environment) else { return }
    let contract = try reader.delivery(correlationKey: other.description).map { " of the contract \($0.contract)" } ?? ""
    throw ContractRefusal(
      "NUMBER_TAKEN",
      "\"\(number)\" is at \(delivery.destination) the number of another order, \(set.id(of: other, in: crmSystem) ?? "\(other)")\(contract); "
        + "look there under which number the order of the contract \(delivery.contract) stands")
  }

  /// - Throws: ``ContractRefusal`` with code `NUMBER_TAKEN` where a person gives the number of another customer.
  private func refuseTaken(
    customer number: String, of delivery: DeliveryRow, in set: WorkingSet, _ environment: StepEnvironment
  ) throws {
    guard delivery.action == .create, let key = environment.key("Party", delivery.destination, number),
      let other = set.links[key]?.common, other != delivery.party
    else { return }
    throw ContractRefusal(
      "NUMBER_TAKEN",
      "\"\(number)\" is at \(delivery.destination) the number of another customer, \(set.id(of: other, in: crmSystem) ?? "\(other)"); "
        + "the contract's is \(set.id(of: delivery.party, in: crmSystem) ?? "\(delivery.party)")")
  }

  /// Who may create a contract's customer at each destination: the right of a delivery that is taken back becomes free.
  func lanes(ofContract id: String, _ reader: any StoreReader) throws -> [(destination: String, party: CommonID)] {
    var known: Set<String> = []
    return try reader.deliveries(ofContract: id).filter { known.insert($0.destination).inserted }.map { ($0.destination, $0.party) }
  }
}
