import CDR

/// How the fields of a record are made: one plan for each slot.
///
/// The parts of a plan are classes, so that handing them on while a document is mapped copies nothing.
final class RecordPlan: Sendable {
  let type: RecordType
  let fields: [FieldPlan]
  /// Whether a field reads the document; an optional record without such a field is always there.
  let readsSource: Bool
  /// The fields that are one field of the document each, taken as they are: nothing but numbers, since tasks on all cores read them, and
  /// would contend for the reference counts of plans.
  let copies: [FieldCopy?]
  /// The record of the document whose fields these are, one by one and as they are: then it can be taken whole.
  let repeated: CopiedPlace?
  /// Of each field of an emit's own record, that it stays as it is.
  let stays: [FieldWrite]

  init(type: RecordType, fields: [FieldPlan], readsSource: Bool) {
    stays = zip(type.fields.indices, type.fields).map { FieldWrite(path: SlotPath([$0]), field: $1.name, policy: .keep) }
    self.type = type
    self.fields = fields
    self.readsSource = readsSource
    repeated = Self.repeated(fields)
    copies = fields.map { field in
      guard case .assigned(let field) = field, let place = field.copied, let slot = place.single else { return nil }
      return FieldCopy(frame: place.frame, slot: slot)
    }
  }

  private static func repeated(_ fields: [FieldPlan]) -> CopiedPlace? {
    var place: CopiedPlace?
    for (slot, field) in fields.enumerated() {
      guard case .assigned(let field) = field, let copied = field.copied, copied.slots.last == slot else { return nil }
      let record = CopiedPlace(frame: copied.frame, slots: copied.slots.dropLast())
      if place == nil { place = record } else if place != record { return nil }
    }
    return place
  }

  /// Whether the record can be taken for the planned one: where a field is empty, its plan may want something else.
  func isRepeated(by record: Record) -> Bool {
    guard record.type === type else { return false }
    for index in record.slots.indices where record.slots[index].isEmpty {
      guard case .assigned(let field) = fields[index] else { return false }
      switch (field.empty, record.slots[index]) {
      case (.emptyText, .text), (.absent, .absent): continue
      default: return false
      }
    }
    return true
  }
}

/// A field of the record in a frame.
struct FieldCopy: Sendable, BitwiseCopyable {
  let frame: Int
  let slot: Int
}

/// A place in the document: slots from the node in a frame.
struct CopiedPlace: Sendable, Equatable {
  let frame: Int
  let slots: ArraySlice<Int>
  /// The slot where there is one alone, as nearly always.
  let single: Int?

  init(frame: Int, slots: ArraySlice<Int>) {
    self.frame = frame
    self.slots = slots
    single = slots.count == 1 ? slots.first : nil
  }
}

/// How one field is made.
indirect enum FieldPlan: Sendable {
  case constant(Value)
  case assigned(AssignedField)
  case nested(RecordPlan, isOptional: Bool, name: String)
  case list(ListField)
  /// Takes the item's own id later.
  case ownID
}

/// A field that takes one value.
final class AssignedField: Sendable {
  /// What the field becomes where there is no value.
  enum Empty: Sendable {
    case absent
    case emptyText
    case problem
  }

  let name: String
  /// The first whose condition holds counts.
  let alternatives: [Alternative]
  let empty: Empty
  /// Where the value is one field of the source, taken as it is: the most frequent kind of field.
  let copied: CopiedPlace?
  let readsSource: Bool
  /// What the document has to say so that the field is said.
  let asked: AskedOfField

  /// - Parameter surroundings: the slot of the document's record in which it tells what stands around its items.
  init(name: String, alternatives: [Alternative], empty: Empty, surroundings: Int?) {
    readsSource = alternatives.contains(where: \.source.readsSource)
    asked = AskedOfField(alternatives, surroundings: surroundings)
    self.name = name
    self.alternatives = alternatives
    self.empty = empty
    copied = Self.copied(alternatives)
  }

  private static func copied(_ alternatives: [Alternative]) -> CopiedPlace? {
    guard alternatives.count == 1, alternatives[0].condition == nil, case .expression(let expression, .copy) = alternatives[0].source else {
      return nil
    }
    switch expression {
    case .field(let frame, let slot, _): return CopiedPlace(frame: frame, slots: [slot])
    case .descent(let frame, let slots, _): return CopiedPlace(frame: frame, slots: slots[...])
    default: return nil
    }
  }
}

final class Alternative: Sendable {
  let condition: Expression?
  let source: ValueSource
  let trace: Trace

  init(condition: Expression?, source: ValueSource, trace: Trace) {
    self.condition = condition
    self.source = source
    self.trace = trace
  }
}

/// Where a value comes from.
///
/// The rare, large sources are boxed, so that taking out the frequent ones copies little.
enum ValueSource: Sendable {
  case constant(Value)
  case expression(Expression, TargetConversion)
  /// All nodes, as they are.
  case nodes(PathPlan, bound: Int?)
  /// - Parameter lookup: Index into the plan's lookups.
  indirect case table(Expression, lookup: Int, UnmappedPolicy, TargetConversion)
  indirect case reference(Expression, entity: String, UnmappedPolicy, TargetConversion)

  var readsSource: Bool { if case .constant = self { false } else { true } }
}

/// Where the mapping says what is done.
struct Trace: Sendable {
  let place: SourcePlace
  let path: String
}

/// A field that is a list: the elements of its parts, one part after the other.
final class ListField: Sendable {
  let name: String
  let parts: [ListPart]
  let bound: Int?

  init(name: String, parts: [ListPart], bound: Int?) {
    self.name = name
    self.parts = parts
    self.bound = bound
  }
}

/// A for-each.
final class ListPart: Sendable {
  enum Element: Sendable {
    case record(RecordPlan)
    case value(AssignedField)
  }

  let nodes: PathPlan
  let condition: Expression?
  let element: Element
  let trace: Trace
  /// What tells the part's elements from others of the list: the first field that is a literal. Nil where there is none.
  let key: ElementKey?
  /// What of the document the nodes, and the condition, read.
  let asked: AskedPlaces
  let conditionAsked: AskedPlaces?

  /// - Parameter surroundings: the slot of the document's record in which it tells what stands around its items.
  init(nodes: PathPlan, condition: Expression?, element: Element, trace: Trace, surroundings: Int?) {
    asked = AskedPlaces(nodes, surroundings: surroundings)
    conditionAsked = condition.map { AskedPlaces($0, surroundings: surroundings) }
    self.nodes = nodes
    self.condition = condition
    self.element = element
    self.trace = trace
    key = Self.key(of: element)
  }
}

extension ListPart {
  private static func key(of element: Element) -> ElementKey? {
    guard case .record(let plan) = element else { return nil }
    for (slot, field) in plan.fields.enumerated() {
      guard case .assigned(let field) = field, field.alternatives.count == 1, case .constant(let value) = field.alternatives[0].source,
        field.alternatives[0].condition == nil, !value.isEmpty
      else { continue }
      return ElementKey(slot: slot, value: value)
    }
    return nil
  }
}

/// A value map, and from which of its columns to which.
struct TableLookup: Sendable, Hashable {
  let table: String
  let from: String
  let to: String
}

/// An `<emit>`.
final class EmitPlan: Sendable {
  struct Key: Sendable {
    let field: String
    let value: Expression
    let trace: Trace
  }

  struct Requirement: Sendable {
    let condition: Expression
    /// What is quoted where the condition does not hold.
    let operands: [(text: String, value: Expression)]
    let isHold: Bool
    let code: MappingProblem.Code
    let trace: Trace
  }

  let typeName: String
  /// Each of these nodes makes a record; nil where the document makes one.
  let nodes: PathPlan?
  let when: Expression?
  /// Whether the item is about the thing of this record.
  let isSubject: Bool
  let entity: String
  let sourceID: Expression
  let identityTrace: Trace
  let ownIDPath: SlotPath?
  let matches: [Key]
  let proposals: [Key]
  let record: RecordPlan
  let requirements: [Requirement]
  let writes: [FieldWrite]
  /// Whether fields of which the document says nothing stay as they are.
  let keepsAbsent: Bool
  let taking: Taking
  let place: SourcePlace

  init(
    typeName: String, nodes: PathPlan?, when: Expression?, isSubject: Bool, entity: String, sourceID: Expression, identityTrace: Trace,
    ownIDPath: SlotPath?, matches: [Key], proposals: [Key], record: RecordPlan, requirements: [Requirement], writes: [FieldWrite],
    keepsAbsent: Bool, taking: Taking, place: SourcePlace
  ) {
    self.typeName = typeName
    self.nodes = nodes
    self.when = when
    self.isSubject = isSubject
    self.entity = entity
    self.sourceID = sourceID
    self.identityTrace = identityTrace
    self.ownIDPath = ownIDPath
    self.matches = matches
    self.proposals = proposals
    self.record = record
    self.requirements = requirements
    self.writes = writes
    self.keepsAbsent = keepsAbsent
    self.taking = taking
    self.place = place
  }
}
