import CDR

extension Evaluator {
  /// Calls `body` for every node of a path, in the order of the document.
  ///
  /// While a pushing path is visited, the nodes of its steps stand on the frames above.
  mutating func visit(
    _ path: PathPlan, _ body: (inout Evaluator, Value) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    let start = frames[path.frame]
    for predicate in path.selfPredicates {
      switch predicate {
      case .position(let position): if position != 1 { return }
      case .condition(let condition): if try !boolean(condition) { return }
      }
    }
    try visit(path, 0, start.node, body)
  }

  private mutating func visit(
    _ path: PathPlan, _ depth: Int, _ node: Value, _ body: (inout Evaluator, Value) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    guard depth < path.steps.count else { return try body(&self, node) }
    let step = path.steps[depth]
    guard case .record(let record) = node, step.slot < record.slots.count else { return }
    switch (record.slots[step.slot], step.shape) {
    case (.absent, _): return
    case (.list(let nodes), .list):
      var counters = [Int](repeating: 0, count: step.predicates.count)
      for candidate in nodes { try enter(path, depth, step, candidate, &counters, body) }
    case (let candidate, .one):
      var counters = [Int](repeating: 0, count: step.predicates.count)
      try enter(path, depth, step, candidate, &counters, body)
    default: return
    }
  }

  private mutating func enter(
    _ path: PathPlan, _ depth: Int, _ step: PathPlan.Step, _ candidate: Value, _ counters: inout [Int],
    _ body: (inout Evaluator, Value) throws(EvaluationError) -> Void
  ) throws(EvaluationError) {
    guard path.pushes else { return try visit(path, depth + 1, candidate, body) }
    frames.append(Frame(node: candidate, position: 1))
    defer { frames.removeLast() }
    for number in step.predicates.indices {
      counters[number] += 1
      frames[frames.count - 1].position = counters[number]
      switch step.predicates[number] {
      case .position(let position): if position != counters[number] { return }
      case .condition(let condition): if try !boolean(condition) { return }
      }
    }
    try visit(path, depth + 1, candidate, body)
  }

  /// The only node, or absent.
  mutating func single(_ path: PathPlan) throws(EvaluationError) -> Value {
    var found = Value.absent
    var count = 0
    try visit(path) { (_, node) throws(EvaluationError) in
      count += 1
      found = node
      if count > 1 {
        throw EvaluationError(
          code: .severalNodes, message: "\(path.text) has several nodes where one is needed",
          hint: "choose one with a predicate, or use count() or sum()")
      }
    }
    return found
  }

  /// All nodes.
  mutating func nodes(_ path: PathPlan) throws(EvaluationError) -> [Value] {
    var nodes: [Value] = []
    try visit(path) { (_, node) throws(EvaluationError) in nodes.append(node) }
    return nodes
  }

  mutating func sum(_ path: PathPlan) throws(EvaluationError) -> DecimalNumber {
    var total = DecimalNumber(0)
    try visit(path) { (_, node) throws(EvaluationError) in
      let number: DecimalNumber
      if case .text(let text) = node {
        guard let parsed = try? DecimalMarks.plain.number(text) else {
          throw EvaluationError(
            code: node.isBlank ? .emptyValue : .notANumber,
            message: "a node of \(path.text) is \(node.summary) where a decimal number is needed", value: text)
        }
        number = parsed
      } else {
        number = try Self.number(node, path.text)
      }
      guard let next = total.adding(number) else { throw Self.overflow("the sum of \(path.text)") }
      total = next
    }
    return total
  }
}
