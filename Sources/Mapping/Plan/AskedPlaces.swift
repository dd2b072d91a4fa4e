import CDR

/// The places of a document that an expression reads, as far as what stands there says something of a thing. What stands around the items,
/// such as what is to be done with them, says nothing of a thing, and is left out.
struct AskedPlaces: Sendable {
  enum Place: Sendable {
    case descent(frame: Int, slots: [Int])
    case node(frame: Int)
    /// - Parameter conditions: of each step, what the conditions on its nodes read.
    case path(PathPlan, conditions: [[AskedPlaces]])
  }

  /// The most frequent places: one field of a record.
  private(set) var fields: [FieldCopy] = []
  private(set) var others: [Place] = []

  var isEmpty: Bool { fields.isEmpty && others.isEmpty }

  init() {}

  /// - Parameter surroundings: the slot of the document's record in which it tells what stands around its items; nil where there is none.
  init(_ expression: Expression, surroundings: Int?) { read(expression, surroundings) }

  init(_ path: PathPlan, surroundings: Int?) { read(path, surroundings) }

  static func += (all: inout AskedPlaces, more: AskedPlaces) {
    all.fields += more.fields
    all.others += more.others
  }

  private mutating func read(_ expression: Expression, _ surroundings: Int?) {
    switch expression {
    case .constant, .position, .documentTime: break
    case .field(let frame, let slot, _): if frame != 0 || slot != surroundings { fields.append(FieldCopy(frame: frame, slot: slot)) }
    case .descent(let frame, let slots, _):
      if frame != 0 || slots.first != surroundings { others.append(.descent(frame: frame, slots: slots)) }
    case .node(let frame): others.append(.node(frame: frame))
    case .path(let path), .count(let path), .sum(let path): read(path, surroundings)
    case .not(let operand), .negation(let operand), .truth(let operand), .decimal(let operand, _), .round(let operand, _, _),
      .date(let operand, _, _), .time(let operand, _, _), .timeText(let operand, _, _):
      read(operand, surroundings)
    case .and(let left, let right), .or(let left, let right), .equality(let left, let right, _, _), .order(_, let left, let right),
      .arithmetic(_, let left, let right), .quotient(let left, let right, _, _):
      read(left, surroundings)
      read(right, surroundings)
    case .conditional(let condition, let yes, let no):
      // What is chosen among literals is said by the condition; else a condition says when, not what.
      var chosen = AskedPlaces(yes, surroundings: surroundings)
      chosen.read(no, surroundings)
      self += chosen.isEmpty ? AskedPlaces(condition, surroundings: surroundings) : chosen
    case .coalesce(let operands), .call(_, let operands): for operand in operands { read(operand, surroundings) }
    }
  }

  private mutating func read(_ path: PathPlan, _ surroundings: Int?) {
    if path.steps.isEmpty {
      for case .condition(let condition) in path.selfPredicates { read(condition, surroundings) }
      return
    }
    if path.frame == 0, path.steps[0].slot == surroundings { return }
    let conditions = path.steps.map { step in
      step.predicates.compactMap { predicate -> AskedPlaces? in
        guard case .condition(let condition) = predicate else { return nil }
        return AskedPlaces(condition, surroundings: surroundings)
      }
    }
    others.append(.path(path, conditions: conditions))
  }
}

/// What a document has to say so that a field is said.
enum AskedOfField: Sendable {
  /// A literal says what it says.
  case always
  /// Literals that are empty, or the like, say nothing.
  case never
  case places(AskedPlaces)

  init(_ alternatives: [Alternative], surroundings: Int?) {
    var (result, asked) = (AskedPlaces(), AskedPlaces())
    var isLiteral = true
    for alternative in alternatives {
      if let condition = alternative.condition { asked += AskedPlaces(condition, surroundings: surroundings) }
      switch alternative.source {
      case .constant(let value): if !value.isEmpty || alternative.condition != nil { isLiteral = false }
      case .expression(let expression, _), .table(let expression, _, _, _), .reference(let expression, _, _, _):
        isLiteral = false
        result += AskedPlaces(expression, surroundings: surroundings)
      case .nodes(let nodes, _):
        isLiteral = false
        result += AskedPlaces(nodes, surroundings: surroundings)
      }
    }
    // What is chosen among literals is said by the conditions; else a condition says when, not what.
    let places = result.isEmpty ? asked : result
    self = isLiteral ? .never : places.isEmpty ? .always : .places(places)
  }
}
