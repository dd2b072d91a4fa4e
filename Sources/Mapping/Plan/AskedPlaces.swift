import CDR

/// The places of a document that an expression reads, as far as what stands there says something of a thing. What stands around the items,
/// such as what is to be done with them, says nothing of a thing, and is left out.
///
/// A class, as the parts of a plan are: handing it on copies nothing.
final class AskedPlaces: Sendable {
  enum Place: Sendable {
    case descent(frame: Int, slots: [Int])
    case node(frame: Int)
    case path(AskedPath)
  }

  /// The most frequent places: one field of a record.
  let fields: [FieldCopy]
  let others: [Place]

  var isEmpty: Bool { fields.isEmpty && others.isEmpty }

  init(_ collected: AskedPlacesCollector) { (fields, others) = (collected.fields, collected.others) }

  /// - Parameter surroundings: the slot of the document's record in which it tells what stands around its items; nil where there is none.
  convenience init(_ expression: Expression, surroundings: Int?) {
    self.init(AskedPlacesCollector(expression, surroundings))
  }

  convenience init(_ path: PathPlan, surroundings: Int?) {
    var collector = AskedPlacesCollector()
    collector.read(path, surroundings)
    self.init(collector)
  }
}

/// A path, with what the conditions on the nodes of each of its steps read.
final class AskedPath: Sendable {
  let path: PathPlan
  let conditions: [[AskedPlaces]]
  /// Without conditions no node need stand on the frames.
  let hasConditions: Bool

  init(_ path: PathPlan, conditions: [[AskedPlaces]]) {
    self.path = path
    self.conditions = conditions
    hasConditions = conditions.contains { !$0.isEmpty }
  }
}

/// Reads expressions for the places that they ask for.
struct AskedPlacesCollector {
  private(set) var fields: [FieldCopy] = []
  private(set) var others: [AskedPlaces.Place] = []

  var isEmpty: Bool { fields.isEmpty && others.isEmpty }

  init() {}
  init(_ expression: Expression, _ surroundings: Int?) { read(expression, surroundings) }

  static func += (all: inout AskedPlacesCollector, more: AskedPlacesCollector) {
    all.fields += more.fields
    all.others += more.others
  }

  mutating func read(_ expression: Expression, _ surroundings: Int?) {
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
      var chosen = AskedPlacesCollector(yes, surroundings)
      chosen.read(no, surroundings)
      self += chosen.isEmpty ? AskedPlacesCollector(condition, surroundings) : chosen
    case .coalesce(let operands), .call(_, let operands): for operand in operands { read(operand, surroundings) }
    }
  }

  mutating func read(_ path: PathPlan, _ surroundings: Int?) {
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
    others.append(.path(AskedPath(path, conditions: conditions)))
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
    var (result, asked) = (AskedPlacesCollector(), AskedPlacesCollector())
    var isLiteral = true
    for alternative in alternatives {
      if let condition = alternative.condition { asked.read(condition, surroundings) }
      switch alternative.source {
      case .constant(let value): if !value.isEmpty || alternative.condition != nil { isLiteral = false }
      case .expression(let expression, _), .table(let expression, _, _, _), .reference(let expression, _, _, _):
        isLiteral = false
        result.read(expression, surroundings)
      case .nodes(let nodes, _):
        isLiteral = false
        result.read(nodes, surroundings)
      }
    }
    // What is chosen among literals is said by the conditions; else a condition says when, not what.
    let places = result.isEmpty ? asked : result
    self = isLiteral ? .never : places.isEmpty ? .always : .places(AskedPlaces(places))
  }
}
