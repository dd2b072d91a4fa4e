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
    case .path(let asked):
      let node = frames[asked.path.frame].node
      return asked.hasConditions ? isSaid(asked, 0, node, countsEmpty) : Self.isSaid(asked.path.steps, 0, node, countsEmpty)
    }
  }

  /// Whether a path without conditions has a node.
  private static func isSaid(_ steps: [PathPlan.Step], _ depth: Int, _ node: Value, _ countsEmpty: Bool) -> Bool {
    guard depth < steps.count else { return says(node, countsEmpty) }
    guard case .record(let record) = node, steps[depth].slot < record.slots.count else { return false }
    switch record.slots[steps[depth].slot] {
    case .absent: return false
    case .list(let nodes): return nodes.contains { isSaid(steps, depth + 1, $0, countsEmpty) }
    case let node: return isSaid(steps, depth + 1, node, countsEmpty)
    }
  }

  /// Whether a path has a node of which the document says anything that the conditions ask.
  private mutating func isSaid(_ asked: AskedPath, _ depth: Int, _ node: Value, _ countsEmpty: Bool) -> Bool {
    guard depth < asked.path.steps.count else { return Self.says(node, countsEmpty) }
    let slot = asked.path.steps[depth].slot
    guard case .record(let record) = node, slot < record.slots.count else { return false }
    switch record.slots[slot] {
    case .absent: return false
    case .list(let nodes):
      for node in nodes where isCandidateSaid(asked, depth, node, countsEmpty) { return true }
      return false
    case let node: return isCandidateSaid(asked, depth, node, countsEmpty)
    }
  }

  private mutating func isCandidateSaid(_ asked: AskedPath, _ depth: Int, _ node: Value, _ countsEmpty: Bool) -> Bool {
    if asked.path.pushes { frames.append(Frame(node: node, position: 1)) }
    defer { if asked.path.pushes { frames.removeLast() } }
    var mention = Mention.unasked
    for condition in asked.conditions[depth] { mention = mention && self.mention(condition, countsEmpty: countsEmpty) }
    return mention != .absent && isSaid(asked, depth + 1, node, countsEmpty)
  }
}
