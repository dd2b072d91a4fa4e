import CDR

/// A checked expression: names are slots, literals are values, and every operand has the kind that its operator needs.
indirect enum Expression: Sendable {
  case constant(Value)
  /// The most frequent path: one field of a record.
  case field(frame: Int, slot: Int, text: String)
  /// Single and optional fields only.
  case descent(frame: Int, slots: [Int], text: String)
  /// `.`
  case node(frame: Int)
  case path(PathPlan)
  case position(frame: Int)
  case documentTime
  case not(Expression)
  case and(Expression, Expression)
  case or(Expression, Expression)
  case equality(Expression, Expression, ComparedAs, isEqual: Bool)
  case order(Syntax.Operator, Expression, Expression)
  case arithmetic(Syntax.Operator, Expression, Expression)
  case negation(Expression)
  case conditional(Expression, Expression, Expression)
  case coalesce([Expression])
  case count(PathPlan)
  case sum(PathPlan)
  case call(Function, [Expression])
  case decimal(Expression, DecimalMarks)
  case round(Expression, scale: Int, DecimalNumber.Rounding)
  case quotient(Expression, Expression, scale: Int, DecimalNumber.Rounding)
  case truth(Expression)
  case date(Expression, from: DateForms, to: DateFormat)
  case time(Expression, DateForms, offset: Int64)
  case timeText(Expression, DateFormat, offset: Int64)

  enum ComparedAs: Sendable { case text, number, boolean }

  /// The path as it was written, where the expression is one.
  var pathText: String? {
    switch self {
    case .field(_, _, let text), .descent(_, _, let text): text
    case .node: "."
    case .path(let path): path.text
    default: nil
    }
  }

  /// Where the value is known without a document.
  var constantValue: Value? { if case .constant(let value) = self { value } else { nil } }
}

/// A path with a list or a predicate in it.
final class PathPlan: Sendable {
  enum Shape: Sendable { case one, list }

  enum Predicate: Sendable {
    /// `[2]`
    case position(Int)
    case condition(Expression)
  }

  struct Step: Sendable {
    let slot: Int
    let shape: Shape
    let predicates: [Predicate]
  }

  /// Where the path begins.
  let frame: Int
  /// Predicates on the node where it begins.
  let selfPredicates: [Predicate]
  let steps: [Step]
  /// Whether each node is to be on the stack: for predicates and for the body of a for-each.
  let pushes: Bool
  /// As it was written.
  let text: String
  /// The step of a path that is nothing but one step to a single node.
  let onlyStep: Step?

  init(frame: Int, selfPredicates: [Predicate], steps: [Step], pushes: Bool, text: String) {
    self.frame = frame
    self.selfPredicates = selfPredicates
    self.steps = steps
    self.pushes = pushes
    self.text = text
    onlyStep = selfPredicates.isEmpty && steps.count == 1 && steps[0].shape == .one ? steps[0] : nil
  }

  /// The frames that stand above the stack while the last node is visited.
  var pushedFrameCount: Int { pushes ? steps.count : 0 }
}

/// The functions that take values and yield one, without literals that are read at load.
enum Function: Sendable {
  case concat, substring, substringBefore, substringAfter, normalizeSpace, translate, upper, lower, replace, startsWith, contains
  case stringLength, string
}
