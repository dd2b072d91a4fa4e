import CDR

extension ExpressionChecker {
  /// The cheapest plan for a path.
  func plan(_ path: CheckedPath) -> Expression {
    let steps = path.plan.steps
    let isPlain = path.plan.selfPredicates.isEmpty && steps.allSatisfy { $0.shape == .one && $0.predicates.isEmpty }
    guard isPlain else { return .path(path.plan) }
    switch steps.count {
    case 0: return .node(frame: path.plan.frame)
    case 1: return .field(frame: path.plan.frame, slot: steps[0].slot, text: path.plan.text)
    default: return .descent(frame: path.plan.frame, slots: steps.map(\.slot), text: path.plan.text)
    }
  }

  /// - Parameter pushing: Whether the nodes are to be on the stack while they are visited, as a for-each needs it.
  mutating func path(
    _ path: PathSyntax, _ range: Range<Int>, _ context: ExpressionContext, pushing: Bool = false
  ) -> CheckedPath? {
    var scope = path.isAbsolute ? context.scope.root : context.scope
    for _ in 0..<path.ascents {
      guard let parent = scope.parent else {
        fault(.unknownPath, "'..' leads out of the document", range)
        return nil
      }
      scope = parent
    }
    let start = scope
    var type = ExpressionType(kind: .init(scope.type))
    var typeCode = scope.type
    let selfPredicates = predicates(path.selfPredicates, context, &type)
    if !path.selfPredicates.isEmpty { type.mayBeEmpty = true }
    let pushes = pushing || path.steps.contains { !$0.predicates.isEmpty }
    var steps: [PathPlan.Step] = []
    for (number, step) in path.steps.enumerated() {
      guard case .record(let record) = type.kind else {
        let before = number == 0 ? "the current node" : "'\(path.steps[number - 1].name)'"
        fault(.unknownPath, "\(before) is \(type.kind), which has no fields", step.range)
        return nil
      }
      guard let slot = record.slot(of: step.name) else {
        fault(
          .unknownPath, "\(record.name) has no field '\(step.name)'", step.range,
          hint: NameSuggestion.hint(for: step.name, among: record.fields.map(\.name)))
        return nil
      }
      let field = record.type(ofSlot: slot)
      typeCode = field
      var element = field
      var shape = PathPlan.Shape.one
      if let inner = field.listElement {
        element = inner
        shape = .list
        type.cardinality = .several
      } else if let inner = field.optionalElement {
        element = inner
        type.mayBeEmpty = true
      }
      type.kind = .init(element)
      scope = .node(element, frame: context.frameCount + number, parent: scope)
      let inside = ExpressionContext(scope: scope, frameCount: context.frameCount + number + 1, hasPosition: true)
      let planned = predicates(step.predicates, inside, &type)
      if !step.predicates.isEmpty || shape == .list { type.mayBeEmpty = true }
      steps.append(PathPlan.Step(slot: slot, shape: shape, predicates: planned))
    }
    let plan = PathPlan(frame: start.frame, selfPredicates: selfPredicates, steps: steps, pushes: pushes, text: text(range))
    // A scope that is not pushed has no frame; nothing refers to it, since only predicates and a for-each look at it.
    return CheckedPath(plan: plan, type: type, typeCode: typeCode, scope: pushes || steps.isEmpty ? scope : start)
  }

  private mutating func predicates(
    _ list: [Syntax], _ context: ExpressionContext, _ type: inout ExpressionType
  ) -> [PathPlan.Predicate] {
    list.compactMap { syntax in
      if case .number(let number) = syntax.node {
        guard let whole = number.rescaled(to: 0, rounding: .exact), let position = Int(exactly: whole.unscaled), position > 0 else {
          fault(.literal, "[\(number)] is no position; positions are whole numbers from 1", syntax.range)
          return nil
        }
        if type.cardinality == .several { type.cardinality = .chosen }
        return .position(position)
      }
      if type.cardinality == .several { type.cardinality = .chosen }
      return boolean(syntax, context).map(PathPlan.Predicate.condition)
    }
  }
}
