import CDR

/// What a document says of the fields that an expression reads.
enum Mention: Sendable {
  /// The expression reads nothing of the document.
  case unasked
  /// None of the fields is there.
  case absent
  case said

  static func && (left: Mention, right: @autoclosure () -> Mention) -> Mention {
    if left == .said { return .said }
    let right = right()
    return right == .unasked ? left : right
  }
}

extension Evaluator {
  /// Whether the document says anything of what an expression reads. What stands around the items, such as what is to be done with them,
  /// says nothing of a thing.
  ///
  /// - Parameter countsEmpty: whether an empty text says something: that a text is empty. It says no number and no truth.
  mutating func mention(_ expression: Expression, countsEmpty: Bool) -> Mention {
    switch expression {
    case .constant, .position, .documentTime: return .unasked
    case .field(let frame, let slot, _):
      guard case .record(let record) = frames[frame].node, slot < record.slots.count else { return .absent }
      if frame == 0, record.type.fields[slot].name == Self.surroundings { return .unasked }
      return Self.says(record.slots[slot], countsEmpty) ? .said : .absent
    case .descent(let frame, let slots, _): return mention(frame, slots, countsEmpty)
    case .node(let frame): return Self.says(frames[frame].node, countsEmpty) ? .said : .absent
    case .path(let path), .count(let path), .sum(let path): return mention(path, countsEmpty: countsEmpty)
    case .not(let operand), .negation(let operand), .truth(let operand), .decimal(let operand, _), .round(let operand, _, _),
      .date(let operand, _, _),
      .time(let operand, _, _), .timeText(let operand, _, _):
      return mention(operand, countsEmpty: countsEmpty)
    case .and(let left, let right), .or(let left, let right), .equality(let left, let right, _, _), .order(_, let left, let right),
      .arithmetic(_, let left, let right), .quotient(let left, let right, _, _):
      return mention(left, countsEmpty: countsEmpty) && mention(right, countsEmpty: countsEmpty)
    case .conditional(let condition, let yes, let no):
      // What is chosen among literals is said by the condition; else a condition says when, not what.
      let chosen = mention(yes, countsEmpty: countsEmpty) && mention(no, countsEmpty: countsEmpty)
      return chosen == .unasked ? mention(condition, countsEmpty: countsEmpty) : chosen
    case .coalesce(let operands), .call(_, let operands): return mention(operands, countsEmpty)
    }
  }

  private mutating func mention(_ operands: [Expression], _ countsEmpty: Bool) -> Mention {
    var result = Mention.unasked
    for operand in operands { result = result && mention(operand, countsEmpty: countsEmpty) }
    return result
  }

  private func mention(_ frame: Int, _ slots: [Int], _ countsEmpty: Bool) -> Mention {
    var node = frames[frame].node
    for (depth, slot) in slots.enumerated() {
      guard case .record(let record) = node, slot < record.slots.count else { return .absent }
      if frame == 0, depth == 0, record.type.fields[slot].name == Self.surroundings { return .unasked }
      node = record.slots[slot]
    }
    return Self.says(node, countsEmpty) ? .said : .absent
  }

  /// The field of a document's items that holds what stands around them.
  private static let surroundings = "envelope"

  static func says(_ value: Value, _ countsEmpty: Bool) -> Bool {
    switch value {
    case .absent, .list([]): false
    case .text(""): countsEmpty
    default: true
    }
  }

  /// Whether a path has a node; with a condition on its nodes, whether the document says anything of what the condition asks.
  mutating func mention(_ path: PathPlan, countsEmpty: Bool) -> Mention {
    if path.steps.isEmpty { return mention(path.selfPredicates.compactMap(\.condition), countsEmpty) }
    if path.frame == 0, let first = path.steps.first, case .record(let record) = frames[0].node, first.slot < record.slots.count,
      record.type.fields[first.slot].name == Self.surroundings
    {
      return .unasked
    }
    return isSaid(path, 0, frames[path.frame].node, countsEmpty) ? .said : .absent
  }

  private mutating func isSaid(_ path: PathPlan, _ depth: Int, _ node: Value, _ countsEmpty: Bool) -> Bool {
    guard depth < path.steps.count else { return Self.says(node, countsEmpty) }
    let step = path.steps[depth]
    guard case .record(let record) = node, step.slot < record.slots.count else { return false }
    let candidates: [Value]
    switch record.slots[step.slot] {
    case .absent: return false
    case .list(let nodes): candidates = nodes
    case let node: candidates = [node]
    }
    let conditions = step.predicates.isEmpty ? [] : step.predicates.compactMap(\.condition)
    for candidate in candidates {
      if path.pushes { frames.append(Frame(node: candidate, position: 1)) }
      defer { if path.pushes { frames.removeLast() } }
      if mention(conditions, countsEmpty) == .absent { continue }
      if isSaid(path, depth + 1, candidate, countsEmpty) { return true }
    }
    return false
  }
}

extension PathPlan.Predicate {
  fileprivate var condition: Expression? { if case .condition(let condition) = self { condition } else { nil } }
}
