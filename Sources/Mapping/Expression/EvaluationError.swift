/// Why an expression or a field has no result for one document.
struct EvaluationError: Error, Sendable, Hashable {
  var code: MappingProblem.Code
  var message: String
  /// The bad value as the document has it.
  var value: String = ""
  var hint: String = ""
}
