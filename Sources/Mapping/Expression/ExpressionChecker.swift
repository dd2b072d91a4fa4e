import CDR

/// The nodes that stand around an expression, by the frame that holds each when it runs.
indirect enum Scope: Sendable {
  /// The document.
  case root(TypeCode)
  /// A node of a path that begins at `parent`.
  case node(TypeCode, frame: Int, parent: Scope)

  var type: TypeCode {
    switch self {
    case .root(let type), .node(let type, _, _): type
    }
  }

  var frame: Int {
    switch self {
    case .root: 0
    case .node(_, let frame, _): frame
    }
  }

  var parent: Scope? { if case .node(_, _, let parent) = self { parent } else { nil } }

  var root: Scope {
    var scope = self
    while let parent = scope.parent { scope = parent }
    return scope
  }
}

/// Where an expression stands.
struct ExpressionContext: Sendable {
  var scope: Scope
  /// Frames that are on the stack when the expression runs.
  var frameCount: Int
  /// Whether `position()` means something.
  var hasPosition: Bool

  static func document(_ type: RecordType) -> ExpressionContext {
    ExpressionContext(scope: .root(.record(type)), frameCount: 1, hasPosition: false)
  }

  /// The context of what is done for each node of a path.
  func inside(_ path: CheckedPath) -> ExpressionContext {
    ExpressionContext(scope: path.scope, frameCount: frameCount + path.plan.pushedFrameCount, hasPosition: true)
  }
}

/// A path, and what it leads to.
struct CheckedPath {
  var plan: PathPlan
  var type: ExpressionType
  /// The type as the model says, for whole copies.
  var typeCode: TypeCode
  /// The last node.
  var scope: Scope

  /// The path to a value: that to an element of a document which has attributes or children leads on to its text.
  var toValue: CheckedPath {
    guard case .record(let record) = type.kind, let slot = record.ownTextSlot else { return self }
    var path = self
    path.plan = PathPlan(
      frame: plan.frame, selfPredicates: plan.selfPredicates,
      steps: plan.steps + [PathPlan.Step(slot: slot, shape: .one, predicates: [])], pushes: plan.pushes, text: plan.text)
    path.type.kind = .text
    path.type.mayBeEmpty = true
    path.typeCode = .string(bound: 0)
    return path
  }
}

/// Finds what every name and operand of an expression means; collects everything that is wrong.
struct ExpressionChecker {
  typealias Checked = (plan: Expression, type: ExpressionType)

  let source: String
  var faults: [ExpressionFault] = []

  /// Checks a whole expression.
  ///
  /// - Parameter isCopied: Whether a path may lead to a record, to be copied as a whole; else it leads on to the record's text.
  static func check(
    _ source: String, in context: ExpressionContext, isCopied: Bool = false
  ) -> Result<(plan: Expression, type: ExpressionType, typeCode: TypeCode?), ExpressionFaults> {
    do {
      let syntax = try Parser.parse(source)
      var checker = ExpressionChecker(source: source)
      // What a path leads to is kept, since a whole list or record can be copied.
      if case .path(let path) = syntax.node, let found = checker.path(path, syntax.range, context), checker.faults.isEmpty {
        let found = isCopied ? found : found.toValue
        return .success((checker.plan(found), found.type, found.typeCode))
      }
      guard checker.faults.isEmpty, let (plan, type) = checker.check(syntax, context), checker.faults.isEmpty else {
        return .failure(ExpressionFaults(list: checker.faults))
      }
      return .success((plan, type, nil))
    } catch {
      return .failure(ExpressionFaults(list: [error]))
    }
  }

  /// Checks a path over which something is repeated.
  static func checkNodes(_ source: String, in context: ExpressionContext) -> Result<CheckedPath, ExpressionFaults> {
    do {
      let syntax = try Parser.parse(source)
      var checker = ExpressionChecker(source: source)
      guard case .path(let path) = syntax.node else {
        return .failure(ExpressionFaults(list: [ExpressionFault(code: .type, message: "a path is needed", offset: 0)]))
      }
      guard let found = checker.path(path, syntax.range, context, pushing: true), checker.faults.isEmpty else {
        return .failure(ExpressionFaults(list: checker.faults))
      }
      return .success(found)
    } catch {
      return .failure(ExpressionFaults(list: [error]))
    }
  }

  mutating func fault(_ code: MappingDiagnostic.Code, _ message: String, _ range: Range<Int>, hint: String = "") {
    faults.append(ExpressionFault(code: code, message: message, offset: range.lowerBound, hint: hint))
  }

  func text(_ range: Range<Int>) -> String { String(decoding: Array(source.utf8)[range], as: UTF8.self) }

  mutating func check(_ syntax: Syntax, _ context: ExpressionContext) -> Checked? {
    switch syntax.node {
    case .text(let text): return (.constant(.text(text)), .text)
    case .number(let number): return (.constant(.decimal(number)), .number)
    case .path(let path): return self.path(path, syntax.range, context).map { (plan($0.toValue), $0.toValue.type) }
    case .negation(let operand):
      guard let operand = number(operand, context) else { return nil }
      return folded(.negation(operand), .number, [operand], syntax.range)
    case .binary(let operation, let left, let right):
      return binary(operation, left, right, context, syntax.range)
    case .call(let name, let arguments): return call(name, arguments, context, syntax.range)
    }
  }

  /// Computes what has no path in it.
  mutating func folded(_ plan: Expression, _ type: ExpressionType, _ operands: [Expression], _ range: Range<Int>) -> Checked? {
    guard operands.allSatisfy({ $0.constantValue != nil }) else { return (plan, type) }
    var evaluator = Evaluator(root: .absent, documentTime: 0)
    do {
      return (.constant(try evaluator.value(plan)), type)
    } catch {
      fault(.literal, "this can never be computed: \(error.message)", range, hint: error.hint)
      return nil
    }
  }

  // Operands of one kind

  mutating func single(_ syntax: Syntax, _ context: ExpressionContext) -> Checked? {
    guard let (plan, type) = check(syntax, context) else { return nil }
    if type.cardinality == .several {
      fault(
        .severalNodes, "'\(text(syntax.range))' may have several nodes where one is needed", syntax.range,
        hint: "choose one with a predicate such as [1], or use count(), sum() or a for-each")
      return nil
    }
    return (plan, type)
  }

  mutating func number(_ syntax: Syntax, _ context: ExpressionContext) -> Expression? {
    guard let (plan, type) = single(syntax, context) else { return nil }
    guard type.kind == .number else {
      let quoted = text(syntax.range)
      fault(
        .type, "'\(quoted)' is \(type.kind), where a number is needed", syntax.range,
        hint: type.isTextual ? "convert it: decimal(\(quoted))" : "")
      return nil
    }
    return plan
  }

  mutating func text(_ syntax: Syntax, _ context: ExpressionContext) -> Expression? {
    guard let (plan, type) = single(syntax, context) else { return nil }
    guard type.isTextual else {
      let quoted = text(syntax.range)
      let scalar = type.kind == .number || type.kind == .boolean
      fault(
        .type, "'\(quoted)' is \(type.kind), where text is needed", syntax.range, hint: scalar ? "convert it: string(\(quoted))" : "")
      return nil
    }
    return plan
  }

  mutating func boolean(_ syntax: Syntax, _ context: ExpressionContext) -> Expression? {
    guard let (plan, type) = check(syntax, context) else { return nil }
    let quoted = text(syntax.range)
    if type.cardinality == .several || (type.kind != .boolean && isCollection(type)) {
      fault(
        .type, "'\(quoted)' is no truth value", syntax.range, hint: "ask whether there is one: count(\(quoted)) > 0")
      return nil
    }
    guard type.kind == .boolean else {
      fault(
        .type, "'\(quoted)' is \(type.kind), where a truth value is needed", syntax.range,
        hint: type.isTextual ? "compare it: \(quoted) != ''" : "compare it")
      return nil
    }
    return plan
  }

  private func isCollection(_ type: ExpressionType) -> Bool {
    switch type.kind {
    case .record, .other: true
    default: type.cardinality != .one
    }
  }

  // Operators

  private mutating func binary(
    _ operation: Syntax.Operator, _ left: Syntax, _ right: Syntax, _ context: ExpressionContext, _ range: Range<Int>
  ) -> Checked? {
    switch operation {
    case .or, .and:
      let operands = (boolean(left, context), boolean(right, context))
      guard case (let first?, let second?) = operands else { return nil }
      return folded(operation == .or ? .or(first, second) : .and(first, second), .boolean, [first, second], range)
    case .plus, .minus, .times:
      let operands = (number(left, context), number(right, context))
      guard case (let first?, let second?) = operands else { return nil }
      return folded(.arithmetic(operation, first, second), .number, [first, second], range)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      let operands = (number(left, context), number(right, context))
      guard case (let first?, let second?) = operands else { return nil }
      return folded(.order(operation, first, second), .boolean, [first, second], range)
    case .equal, .notEqual:
      let operands = (single(left, context), single(right, context))
      guard case (let first?, let second?) = operands else { return nil }
      guard let comparedAs = comparison(first, second, left, right, range) else { return nil }
      return folded(
        .equality(first.plan, second.plan, comparedAs, isEqual: operation == .equal), .boolean, [first.plan, second.plan], range)
    }
  }

  private mutating func comparison(
    _ first: Checked, _ second: Checked, _ left: Syntax, _ right: Syntax, _ range: Range<Int>
  ) -> Expression.ComparedAs? {
    for (one, other, syntax) in [(first, second, right), (second, first, left)] {
      if case .enumeration(let type) = one.type.kind, case .text(let name)? = other.plan.constantValue, !name.isEmpty,
        type.ordinal(of: name) == nil
      {
        fault(
          .literal, "'\(name)' is no enumerator of \(type.name)", syntax.range,
          hint: NameSuggestion.hint(for: name, among: type.enumerators))
        return nil
      }
    }
    switch (first.type.kind, second.type.kind) {
    case (.number, .number): return .number
    case (.boolean, .boolean): return .boolean
    case _ where first.type.isTextual && second.type.isTextual: return .text
    default:
      var hint = ""
      for (one, other, syntax) in [(first, second, left), (second, first, right)] where one.type.isTextual && other.type.kind == .number {
        hint = "convert the text: decimal(\(text(syntax.range)))"
      }
      fault(.type, "\(first.type.kind) and \(second.type.kind) cannot be compared", range, hint: hint)
      return nil
    }
  }
}

/// All that is wrong with one expression.
struct ExpressionFaults: Error {
  var list: [ExpressionFault]
}
