import CDR
import Identity

/// The work on one document.
struct MappingRun {
  let mapping: BoundMapping
  private let source: Record
  var evaluator: Evaluator
  var problems: [MappingProblem] = []
  var changedAmounts: [ChangedAmount] = []
  var elementCount = 0

  // Of the item that is being made
  var references: [PendingReference] = []
  var heldValues: [HeldValue] = []
  var kept: [FieldWrite] = []
  /// Whether what the document does not say stays as it is.
  var keepsAbsent = false
  var keptElements: [KeptElements] = []
  /// What refuses the item where its thing is new.
  var problemsIfNew: [MappingProblem] = []
  /// Inside of an element of which fields may stay: their slots.
  var elementSlots: [Int]?
  var path: [Int] = []
  /// The fields around, each with its element's number.
  var surroundings: [Surrounding] = []
  /// Set where a policy leaves the current list element out.
  var dropsLine = false

  /// A field that holds what is being made.
  struct Surrounding {
    let field: String
    /// From 1; nil where it is no list.
    var number: Int?
    var name: String { number.map { "\(field)[\($0)]" } ?? field }
  }

  init(_ mapping: BoundMapping, _ source: Record) {
    self.mapping = mapping
    self.source = source
    evaluator = Evaluator(root: .record(source), documentTime: mapping.documentTime)
  }

  mutating func outcome() -> MappingOutcome {
    let expected = mapping.plan.sourceType
    guard source.type === expected || source.type == expected else {
      let problem = MappingProblem(
        .shape, value: source.type.name, message: "the document is a \(source.type.name), the mapping reads \(expected.name)",
        place: mapping.plan.place)
      return MappingOutcome(items: [], problems: [problem])
    }
    var items: [MappedItem] = []
    items.reserveCapacity(mapping.plan.emits.count)
    var (declared, last): (Int?, Int?) = (nil, nil)
    for emit in mapping.plan.emits {
      let before = items.count
      if let nodes = emit.nodes {
        emitForEach(nodes, emit, into: &items)
      } else if isEmitted(emit) {
        items.append(item(emit))
        last = before
      }
      if items.count > before, emit.isSubject, declared == nil { declared = items.count - 1 }
    }
    var outcome = MappingOutcome(items: items, problems: problems, subject: declared ?? last)
    outcome.changedAmounts = changedAmounts
    return outcome
  }

  private mutating func isEmitted(_ emit: EmitPlan) -> Bool {
    guard let when = emit.when else { return true }
    do { return try evaluator.boolean(when) } catch {
      report(error, Trace(place: emit.place, path: when.pathText ?? ""))
      return false
    }
  }

  /// One record for each node.
  private mutating func emitForEach(_ nodes: PathPlan, _ emit: EmitPlan, into items: inout [MappedItem]) {
    let trace = Trace(place: emit.place, path: nodes.text)
    do throws(EvaluationError) {
      let (frames, count) = try self.frames(of: nodes)
      let stride = nodes.pushedFrameCount
      if items.count + count > MappingContext.greatestRecordCount {
        throw EvaluationError(
          code: .tooManyElements,
          message: "\(items.count + count) records, where at most \(MappingContext.greatestRecordCount) are allowed",
          value: "\(items.count + count)")
      }
      for number in 0..<count {
        evaluator.frames.append(contentsOf: frames[number * stride..<(number + 1) * stride])
        defer { evaluator.frames.removeLast(stride) }
        if stride > 0 { evaluator.frames[evaluator.frames.count - 1].position = number + 1 }
        if isEmitted(emit) { items.append(item(emit)) }
      }
    } catch {
      report(error, trace)
    }
  }

  private mutating func item(_ emit: EmitPlan) -> MappedItem {
    references = []
    heldValues = []
    kept = []
    if emit.keepsAbsent {
      (keepsAbsent, keptElements, problemsIfNew, elementSlots) = (true, [], [], nil)
      kept.reserveCapacity(emit.record.fields.count)
    }
    let before = problems.count
    let sourceID = self.sourceID(emit)
    let matches = keys(emit.matches)
    let proposals = keys(emit.proposals)
    let record = self.record(emit.record)
    keepsAbsent = false
    if problems.count == before { check(emit, record) }
    return MappedItem(
      typeName: emit.typeName,
      identity: IdentityRequest(
        entity: emit.entity, sourceID: sourceID, matches: matches, proposals: proposals, path: emit.ownIDPath),
      record: record, references: references, heldValues: heldValues,
      writes: kept.isEmpty ? emit.writes : emit.writes.isEmpty ? kept : emit.writes + kept,
      partial: emit.keepsAbsent
        ? PartialUpdate(elements: keptElements, problemsIfNew: problemsIfNew, emit: emit, documentTime: mapping.documentTime) : nil,
      taking: emit.taking)
  }

  private mutating func sourceID(_ emit: EmitPlan) -> String {
    do {
      let id = try evaluator.text(emit.sourceID)
      if let error = Self.fault(ofID: id) { report(error, emit.identityTrace) }
      return id
    } catch {
      report(error, emit.identityTrace)
      return ""
    }
  }

  static func fault(ofID id: String) -> EvaluationError? {
    if id.isEmpty { return EvaluationError(code: .emptyValue, message: "the id is empty") }
    guard id.utf8.count > 255 else { return nil }
    return EvaluationError(
      code: .idTooLong, message: "the id \(Value.text(id).summary) has \(id.utf8.count) octets; an id has at most 255", value: id)
  }

  private mutating func keys(_ keys: [EmitPlan.Key]) -> [MatchValue] {
    var found: [MatchValue] = []
    for key in keys {
      do {
        let value = try evaluator.text(key.value)
        if !value.isEmpty { found.append(MatchValue(field: key.field, value: value)) }
      } catch {
        report(error, key.trace)
      }
    }
    return found
  }

  private mutating func check(_ emit: EmitPlan, _ record: Record) {
    for problem in emit.unmet(by: record, mapping.documentTime) {
      // Of a thing that is there already, the state that it will have is looked at.
      if emit.keepsAbsent, problem.severity == .reject { problemsIfNew.append(problem) } else { append(problem) }
    }
  }

  // Records

  mutating func record(_ plan: RecordPlan) -> Record {
    var slots: [Value] = []
    slots.reserveCapacity(plan.fields.count)
    for slot in plan.copies.indices {
      if let copy = plan.copies[slot], let value = evaluator.value(of: copy) {
        slots.append(value)
        continue
      }
      switch plan.fields[slot] {
      case .constant(let value): slots.append(value)
      case .ownID: slots.append(.absent)
      case .assigned(let field):
        let copied = field.copied.flatMap { evaluator.value(at: $0) }
        // What has a value is said.
        if keepsAbsent, copied.map({ !Evaluator.says($0, false) }) ?? true, !says(field) {
          path.append(slot)
          slots.append(unsaid(field, slot, of: plan))
          path.removeLast()
          continue
        }
        if let copied {
          slots.append(copied)
          continue
        }
        path.append(slot)
        slots.append(value(field))
        path.removeLast()
      case .nested(let nested, let isOptional, let name):
        if isOptional, nested.readsSource, isBlank(nested) {
          slots.append(.absent)
          if keepsAbsent, elementSlots == nil, !says(nested) {
            path.append(slot)
            stay(self.name(inside: name))
            path.removeLast()
          }
        } else if let repeated = repeated(nested) {
          slots.append(repeated)
        } else {
          let isKept = keepsAbsent
          // A record inside of an element is told whole.
          if elementSlots != nil { keepsAbsent = false }
          path.append(slot)
          surroundings.append(Surrounding(field: name))
          slots.append(.record(record(nested)))
          surroundings.removeLast()
          path.removeLast()
          keepsAbsent = isKept
        }
      case .list(let list):
        path.append(slot)
        slots.append(keepsAbsent && elementSlots == nil ? saidElements(list) : elements(list))
        path.removeLast()
      }
    }
    return Record(type: plan.type, slots: slots)
  }

  /// The record of the document that the planned one repeats; nil where it is made field by field.
  func repeated(_ plan: RecordPlan) -> Value? {
    guard let place = plan.repeated, let value = evaluator.value(at: place), case .record(let record) = value, plan.isRepeated(by: record)
    else { return nil }
    return value
  }

  /// Whether every field that reads the document finds nothing. What cannot be computed is no blank: its error is to be seen.
  private mutating func isBlank(_ plan: RecordPlan) -> Bool {
    for field in plan.fields {
      switch field {
      case .constant, .ownID: continue
      case .assigned(let field): if !isBlank(field) { return false }
      case .nested(let nested, _, _): if nested.readsSource, !isBlank(nested) { return false }
      case .list(let list):
        for part in list.parts {
          var count = 0
          guard (try? evaluator.visit(part.nodes, { (_, _) throws(EvaluationError) in count += 1 })) != nil, count == 0 else {
            return false
          }
        }
      }
    }
    return true
  }

  private mutating func isBlank(_ field: AssignedField) -> Bool {
    for alternative in field.alternatives {
      do throws(EvaluationError) {
        if let condition = alternative.condition, try !evaluator.boolean(condition) { continue }
        switch alternative.source {
        case .constant: return true
        case .expression(let expression, let conversion): return conversion.isEmpty(try evaluator.value(expression))
        case .table(let expression, _, _, _), .reference(let expression, _, _, _): return try evaluator.value(expression).isEmpty
        case .nodes(let nodes, _): return try evaluator.nodes(nodes).isEmpty
        }
      } catch {
        return false
      }
    }
    return true
  }

  // Problems

  func name(of field: AssignedField) -> String { name(inside: field.name) }

  /// - Parameter field: a value that is itself the element of a list has no name of its own, and is called `.`.
  func name(inside field: String) -> String {
    if surroundings.isEmpty { return field }
    return (surroundings.map(\.name) + (field.isEmpty || field == "." ? [] : [field])).joined(separator: "/")
  }

  mutating func report(_ error: EvaluationError, _ trace: Trace, field: String = "") {
    append(
      MappingProblem(
        error.code, field: name(inside: field), path: trace.path, value: error.value, message: error.message, hint: error.hint,
        place: trace.place))
  }

  mutating func append(_ problem: MappingProblem) {
    let limit = MappingContext.greatestProblemCount
    if problems.count < limit {
      problems.append(problem)
    } else if problems.count == limit {
      problems.append(MappingProblem(.tooManyProblems, message: "more than \(limit) problems; the others are not shown"))
    }
  }
}
