import Broker
import CDR
public import CRMCore
import Identity
public import InterchangeIDL
import StoreAPI

// What becomes of signed contracts: amended, cancelled, called off. Each is one transaction with all its consequences, and audited.
extension BrokerEngine {
  /// Changes a contract: what was not sent is replaced, an order that a destination has gets a change, which is on its way when this
  /// returns.
  ///
  /// - Parameters:
  ///   - new: the whole contract as it is to be, with the CRM core's ids; its id does not count.
  /// - Throws: ``ContractRefusal`` with everything that is in the way.
  public func amend(contractID: String, to new: Interchange.V1.Contract, who: String, reason: String) async throws {
    try await transact { [self] transaction, environment in
      try amend(contractID, to: new, who, reason, transaction, &environment)
    }
    CrashPoint.afterStore.reached()
  }

  func amend(
    _ id: String, to new: Interchange.V1.Contract, _ who: String, _ reason: String, _ transaction: any StoreTransaction,
    _ environment: inout StepEnvironment
  ) throws {
    let signed = try signedContract(id, as: new, transaction)
    try expectReferences(of: new, transaction)
    let isDraft = signed.contract.status == ContractState.draft.rawValue
    let inactive = try inactive(in: new, from: isDraft ? nil : signed.contract, transaction)
    if isDraft {
      // It is decided when it is signed.
      if !inactive.isEmpty, policies.inactive == .refuse { throw ContractRefusal(inactive) }
    } else {
      try expectActive(inactive, of: id, "amend", who: who, transaction, environment)
    }
    try expectAmounts(of: new, id, isDraft ? nil : "amend", who: who, transaction, environment)
    var needs = BrokerStep.needs(signing: signed.contract)
    needs.lanes = try lanes(ofContract: id, transaction)
    var set = try transaction.load(needs)
    try BrokerStep.amend(signed, to: new, who: who, reason: reason, in: &set, &environment)
    try settle(set, transaction, &environment)
    // Whose contract it is has signed what it says now.
    if isDraft, let row = try transaction.object(entity: EntityKind.contract.name, id: id), try signer(of: row, transaction) == who {
      try signHere(row, of: who, transaction, &environment)
    }
  }

  /// Cancels a contract, or one of its call-offs: orders that destinations have are asked to be cancelled there, on their way when this
  /// returns.
  ///
  /// - Parameter callOff: nil for all of the contract.
  /// - Throws: ``ContractRefusal`` where a call about an order is under way.
  public func cancel(contractID: String, callOff: Int? = nil, who: String, reason: String) async throws {
    try await transact { [self] transaction, environment in
      try cancel(contractID, callOff, who, reason, transaction, &environment)
    }
    CrashPoint.afterStore.reached()
  }

  func cancel(
    _ id: String, _ callOff: Int?, _ who: String, _ reason: String, _ transaction: any StoreTransaction,
    _ environment: inout StepEnvironment
  ) throws {
    let contract = try contract(id, transaction)
    var needs = BrokerStep.needs(signing: contract)
    needs.lanes = try lanes(ofContract: id, transaction)
    var set = try transaction.load(needs)
    try BrokerStep.cancel(contract, callOff: callOff, who: who, reason: reason, in: &set, environment)
    try settle(set, transaction, &environment)
  }

  /// Calls a part of a contract's quantities off: its orders are on their way when this returns.
  ///
  /// - Returns: which call-off of the contract it is, from 1.
  /// - Throws: ``ContractRefusal`` with everything that is wrong with it.
  @discardableResult
  public func callOff(_ callOff: CallOff, contractID: String, who: String) async throws -> Int {
    let number = try await transact { [self] transaction, environment in
      try self.callOff(callOff, contractID, who, transaction, &environment)
    }
    CrashPoint.afterStore.reached()
    return number
  }

  @discardableResult
  func callOff(
    _ callOff: CallOff, _ id: String, _ who: String, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws -> Int {
    let signed = try signedContract(id, transaction)
    let lines = callOff.lines.isEmpty ? nil : Set(callOff.lines.map(\.number))
    let inactive = try inactive(in: signed.contract, lines: lines, transaction)
    try expectActive(inactive, of: id, "call-off", who: who, transaction, environment)
    var set = try transaction.load(BrokerStep.needs(signing: signed.contract))
    let number = try BrokerStep.callOff(callOff, of: signed, who: who, in: &set, &environment)
    try settle(set, transaction, &environment)
    return number
  }

  // MARK: - How a contract stands

  /// How a contract stands, with its orders.
  public func status(ofContract id: String) async throws -> Interchange.V1.ContractStatus {
    try await store.read { [self] reader in try status(id, reader) }
  }

  func status(_ id: String, _ reader: any StoreReader) throws -> Interchange.V1.ContractStatus {
    let contract = try contract(id, reader)
    let deliveries = try reader.deliveries(ofContract: id)
    let holds = try reader.creditHolds(ofContract: id).filter { $0.state == .waiting }.map(\.words)
    return Interchange.V1.ContractStatus(
      id: id, number: contract.number, state: contract.status,
      explanation: (holds + deliveries.map { "\($0.destination): \($0.words)" }).joined(separator: "; "),
      orders: try deliveries.map { row in
        Interchange.V1.OrderReference(
          system: row.destination, orderNumber: row.orderNumber, customerNumber: row.customerNumber, key: row.correlationKey,
          state: row.state.rawValue, explanation: row.words,
          lines: row.lines.isEmpty ? [] : try [Interchange.V1.LineVerdict](cdr: row.lines), action: row.action.rawValue,
          revision: Int32(truncatingIfNeeded: row.revision), callOff: Int32(truncatingIfNeeded: row.callOff))
      },
      lines: try contract.lineStatuses(deliveries))
  }
}

extension Interchange.V1.Contract {
  /// What is called off of each line; empty for a contract that is ordered as a whole.
  func lineStatuses(_ deliveries: [DeliveryRow]) throws -> [Interchange.V1.ContractLineStatus] {
    if !calledOff { return [] }
    return try CallOffs.lines(of: self, orders: try CallOffRows.orders(deliveries)).map { line in
      Interchange.V1.ContractLineStatus(
        number: line.number, contracted: try Interchange.V1.QuantityAmount(line.contracted),
        calledOff: try Interchange.V1.QuantityAmount(line.calledOff), left: try Interchange.V1.QuantityAmount(line.left))
    }
  }
}
