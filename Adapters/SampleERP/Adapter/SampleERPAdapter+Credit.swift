public import BrokerRuntime
public import CDR
import ORBCore

/// The question for credit: an operation that takes one struct and gives another, where the IDL has it.
struct CreditShape: Sendable {
  let operation: OperationDescription
  let questionType: String
  let verdictType: String

  /// Nil where the interface has no such operation.
  ///
  /// - Throws: ``AdapterFailure`` with code `IDL_UNFIT`.
  init?(_ interface: InterfaceDescription) throws {
    guard let operation = interface.operation(named: "may_order") else { return nil }
    guard operation.parameters.count == 1, case .record(let question) = operation.parameters[0].type.resolved,
      case .record(let verdict) = operation.result.resolved
    else {
      throw AdapterFailure(.notExecuted, code: "IDL_UNFIT", message: "\(operation.name) does not take one struct and give another")
    }
    self.operation = operation
    questionType = SampleERPAdapter.typeName(question)
    verdictType = SampleERPAdapter.typeName(verdict)
  }
}

extension SampleERPAdapter: CreditCheckingAdapter {
  public var creditQuestionType: String? { credit?.questionType }
  public var creditVerdictType: String { credit?.verdictType ?? "" }

  public func checkCredit(key: String, question: Record) async throws -> Record? {
    guard let credit else { return nil }
    // All that the operation may raise says that there is no such customer.
    do { return try Self.record(try await call(credit.operation, [.record(question)])) } catch is DynamicUserException { return nil }
  }
}
