import CDR

/// What a document says of places that are asked for.
enum Mention: Sendable {
  /// Nothing of the document is asked for.
  case unasked
  /// None of the places has anything.
  case absent
  case said

  static func && (left: Mention, right: @autoclosure () -> Mention) -> Mention {
    if left == .said { return .said }
    let right = right()
    return right == .unasked ? left : right
  }
}

extension Evaluator {
  /// Whether the document says anything at places.
  ///
  /// - Parameter countsEmpty: whether an empty text says something: that a text is empty. It says no number and no truth.
  mutating func mention(_ places: AskedPlaces, countsEmpty: Bool) -> Mention {
    for field in places.fields {
      guard case .record(let record) = frames[field.frame].node, field.slot < record.slots.count else { continue }
      if Self.says(record.slots[field.slot], countsEmpty) { return .said }
    }
    for place in places.others where isSaid(place, countsEmpty) { return .said }
    return places.isEmpty ? .unasked : .absent
  }

  static func says(_ value: Value, _ countsEmpty: Bool) -> Bool {
    switch value {
    case .absent: false
    case .list(let values): !values.isEmpty
    case .text(let text): countsEmpty || !text.isEmpty
    default: true
    }
  }

  private mutating func isSaid(_ place: AskedPlaces.Place, _ countsEmpty: Bool) -> Bool {
    switch place {
    case .node(let frame): return Self.says(frames[frame].node, countsEmpty)
    case .descent(let frame, let slots):
      var node = frames[frame].node
      for slot in slots {
        guard case .record(let record) = node, slot < record.slots.count else { return false }
        node = record.slots[slot]
      }
      return Self.says(node, countsEmpty)
    case .path(let path, let conditions): return isSaid(path, conditions, 0, frames[path.frame].node, countsEmpty)
    }
  }

  /// Whether a path has a node; with a condition on its nodes, whether the document says anything of what the condition asks.
  private mutating func isSaid(
    _ path: PathPlan, _ conditions: [[AskedPlaces]], _ depth: Int, _ node: Value, _ countsEmpty: Bool
  ) -> Bool {
    guard depth < path.steps.count else { return Self.says(node, countsEmpty) }
    let step = path.steps[depth]
    guard case .record(let record) = node, step.slot < record.slots.count else { return false }
    let candidates: [Value]
    switch record.slots[step.slot] {
    case .absent: return false
    case .list(let nodes): candidates = nodes
    case let node: candidates = [node]
    }
    for candidate in candidates {
      if path.pushes { frames.append(Frame(node: candidate, position: 1)) }
      defer { if path.pushes { frames.removeLast() } }
      var asked = Mention.unasked
      for condition in conditions[depth] { asked = asked && mention(condition, countsEmpty: countsEmpty) }
      if asked == .absent { continue }
      if isSaid(path, conditions, depth + 1, candidate, countsEmpty) { return true }
    }
    return false
  }
}
