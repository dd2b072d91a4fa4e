public import BrokerRuntime
public import CDR
import ORBCore

extension SampleERPAdapter: OrderChangingAdapter {
  public var takesChanges: Bool { change != nil && cancel != nil }

  public func changeOrder(_ order: PlacedOrder, revision: Int, to record: Record) async throws -> Record {
    try await book(change, [.text(order.number), .text(Self.key(order, revision)), .record(record)])
  }

  public func cancelOrder(_ order: PlacedOrder, revision: Int, reason: String) async throws -> Record {
    try await book(cancel, [.text(order.number), .text(Self.key(order, revision)), .text(reason)])
  }

  public func findChange(_ order: PlacedOrder, revision: Int) async throws -> Record? {
    // The books tell of a change as they do of an order.
    try await findOrder(key: Self.key(order, revision))
  }

  private static func key(_ order: PlacedOrder, _ revision: Int) -> String { "\(order.key).\(revision)" }

  private func book(_ operation: OperationDescription?, _ arguments: [Value]) async throws -> Record {
    guard let operation else {
      throw AdapterFailure(.notExecuted, code: "CHANGE_NOT_OFFERED", message: "the ERP's interface changes no orders")
    }
    do { return try Self.record(try await call(operation, arguments)) } catch let exception as DynamicUserException {
      // All that the operation may raise says that nothing was booked; a refused change is a verdict.
      throw AdapterFailure(.notExecuted, code: "NOT_BOOKED", message: "the ERP could not book the change: \(exception)")
    }
  }

  /// An operation that takes an order's number, a key and what is wanted, and gives the same verdict as a create; nil where the interface
  /// has none like it.
  static func changing(_ name: String, _ create: OperationDescription, _ interface: InterfaceDescription) -> OperationDescription? {
    guard let operation = interface.operation(named: name), operation.parameters.count == 3,
      operation.result.resolved == create.result.resolved
    else { return nil }
    return operation
  }
}
