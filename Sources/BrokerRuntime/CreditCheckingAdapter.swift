public import CDR

/// An adapter whose system can be asked, before an order is sent, whether its customer may order for so much.
public protocol CreditCheckingAdapter: Adapter {
  /// The type that a mapping must make of a `CreditQuestion`; nil where the system has no such question.
  var creditQuestionType: String? { get }
  /// The type of the system's answer, which a mapping makes a `CreditVerdict`.
  var creditVerdictType: String { get }
  /// Asks.
  ///
  /// - Parameter key: the correlation key of the order that would follow.
  /// - Returns: the verdict in the system's dialect; nil where the system has no say in it, or knows no such customer.
  /// - Throws: ``AdapterFailure``.
  func checkCredit(key: String, question: Record) async throws -> Record?
}
