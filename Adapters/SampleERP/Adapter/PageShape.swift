import BrokerRuntime
import CDR

/// The operation that reads a feed, and where its page keeps the changes, the next watermark and whether more follow.
///
/// Found by type: a page has one list of structs, one `long long` and one `boolean`, whatever they are called.
struct PageShape: Sendable {
  let operation: OperationDescription
  let elementType: RecordType
  private let list: Int
  private let mark: Int
  private let more: Int

  /// - Throws: ``AdapterFailure`` with code `IDL_UNFIT`.
  init(_ operation: OperationDescription) throws {
    guard operation.parameters.count == 2, case .record(let page) = operation.result.resolved,
      let list = Self.only(page, where: { Self.element($0) != nil }), let element = Self.element(page.fields[list].type),
      let mark = Self.only(page, where: { $0.resolved == .longLong }), let more = Self.only(page, where: { $0.resolved == .boolean })
    else {
      throw AdapterFailure(
        .notExecuted, code: "IDL_UNFIT",
        message: "\(operation.name) does not take a watermark and a limit, or give a list of structs, a long long and a boolean")
    }
    self.operation = operation
    elementType = element
    self.list = list
    self.mark = mark
    self.more = more
  }

  /// The changes, the next watermark, and whether nothing more is there now.
  func parts(of answer: Value) throws -> (records: [Record], next: Int64, isLast: Bool) {
    guard case .record(let page) = answer, case .list(let values) = page.slots[list], case .whole(let next) = page.slots[mark],
      case .boolean(let more) = page.slots[more]
    else { throw AdapterFailure(.unknown, code: "ANSWER_INVALID", message: "the answer to \(operation.name) is no page") }
    let records = values.compactMap { if case .record(let record) = $0 { record } else { nil } }
    return (records, Int64(next.value), !more)
  }

  private static func only(_ page: RecordType, where fits: (TypeCode) -> Bool) -> Int? {
    let found = page.fields.indices.filter { fits(page.fields[$0].type) }
    return found.count == 1 ? found[0] : nil
  }

  private static func element(_ type: TypeCode) -> RecordType? {
    if case .sequence(let element, _) = type.resolved, case .record(let record) = element.resolved { return record }
    return nil
  }
}
