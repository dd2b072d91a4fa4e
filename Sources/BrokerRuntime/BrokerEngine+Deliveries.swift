import Broker
import Identity
import StoreAPI

// What people do about deliveries that do not go on by themselves. Each is one transaction with all its consequences, and audited.
extension BrokerEngine {
  /// A person found out how a delivery ended of which nobody knows, or entered by hand what could not be sent.
  ///
  /// - Parameter orderNumber: nil where the destination has no such order: it is sent again, or stays parked.
  /// - Throws: ``ContractRefusal`` with code `NOT_UNCERTAIN` or `NUMBER_INVALID`.
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
      try body(&set, environment, try transaction.system(named: delivery.destination)?.guarantee ?? .none)
      try settle(set, transaction, &environment)
    }
  }

  /// Who may create a contract's customer at each destination: the right of a delivery that is taken back becomes free.
  func lanes(ofContract id: String, _ reader: any StoreReader) throws -> [(destination: String, party: CommonID)] {
    var known: Set<String> = []
    return try reader.deliveries(ofContract: id).filter { known.insert($0.destination).inserted }.map { ($0.destination, $0.party) }
  }
}
