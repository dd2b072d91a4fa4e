import CDR
import Identity

/// The work on one document.
struct MappingRun {
  private let mapping: BoundMapping
  private let source: Record
  private var evaluator: Evaluator
  private var problems: [MappingProblem] = []
  private var elementCount = 0

  // Of the item that is being made
  private var references: [PendingReference] = []
  private var heldValues: [HeldValue] = []
  private var kept: [FieldWrite] = []
  private var path: [Int] = []
  /// Names of the fields around, each with its element's number.
  private var names: [String] = []
  /// Set where a policy leaves the current list element out.
  private var dropsLine = false

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
    for emit in mapping.plan.emits {
      if let when = emit.when {
        do {
          if try !evaluator.boolean(when) { continue }
        } catch {
          report(error, Trace(place: emit.place, path: when.pathText ?? ""))
          continue
        }
      }
      items.append(item(emit))
    }
    return MappingOutcome(items: items, problems: problems)
  }

  private mutating func item(_ emit: EmitPlan) -> MappedItem {
    references = []
    heldValues = []
    kept = []
    let before = problems.count
    let sourceID = self.sourceID(emit)
    let matches = keys(emit.matches)
    let proposals = keys(emit.proposals)
    let record = self.record(emit.record)
    if problems.count == before { check(emit, record) }
    return MappedItem(
      typeName: emit.typeName,
      identity: IdentityRequest(
        entity: emit.entity, sourceID: sourceID, matches: matches, proposals: proposals, path: emit.ownIDPath),
      record: record, references: references, heldValues: heldValues, writes: kept.isEmpty ? emit.writes : emit.writes + kept)
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

  private mutating func keys(_ keys: [EmitPlan.Key]) -> [MatchKey] {
    var found: [MatchKey] = []
    for key in keys {
      do {
        let value = try evaluator.text(key.value)
        if !value.isEmpty { found.append(MatchKey(field: key.field, value: value)) }
      } catch {
        report(error, key.trace)
      }
    }
    return found
  }

  private mutating func check(_ emit: EmitPlan, _ record: Record) {
    guard !emit.requirements.isEmpty else { return }
    var finished = Evaluator(root: .record(record), documentTime: mapping.documentTime)
    for requirement in emit.requirements {
      do {
        if try finished.boolean(requirement.condition) { continue }
        var shown: [String] = []
        for operand in requirement.operands {
          if let value = try? finished.value(operand.value) { shown.append("\(operand.text) is \(value.summary)") }
        }
        let why = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))"
        append(
          MappingProblem(
            requirement.code, severity: requirement.isHold ? .hold : .reject, path: requirement.trace.path,
            value: shown.joined(separator: ", "), message: "'\(requirement.trace.path)' does not hold\(why)",
            place: requirement.trace.place))
      } catch {
        report(error, requirement.trace)
      }
    }
  }

  // Records

  private mutating func record(_ plan: RecordPlan) -> Record {
    var slots: [Value] = []
    slots.reserveCapacity(plan.fields.count)
    for (slot, field) in plan.fields.enumerated() {
      switch field {
      case .constant(let value): slots.append(value)
      case .ownID: slots.append(.absent)
      case .assigned(let field):
        path.append(slot)
        slots.append(value(field))
        path.removeLast()
      case .nested(let nested, let isOptional, let name):
        if isOptional, nested.readsSource, isBlank(nested) {
          slots.append(.absent)
        } else {
          path.append(slot)
          names.append(name)
          slots.append(.record(record(nested)))
          names.removeLast()
          path.removeLast()
        }
      case .list(let list):
        path.append(slot)
        slots.append(elements(list))
        path.removeLast()
      }
    }
    return Record(type: plan.type, slots: slots)
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
        case .expression(let expression, _), .table(let expression, _, _, _), .reference(let expression, _, _, _):
          return try evaluator.value(expression).isEmpty
        case .nodes(let nodes, _): return try evaluator.nodes(nodes).isEmpty
        }
      } catch {
        return false
      }
    }
    return true
  }

  // Values

  private mutating func value(_ field: AssignedField) -> Value {
    for alternative in field.alternatives {
      do throws(EvaluationError) {
        if let condition = alternative.condition, try !evaluator.boolean(condition) { continue }
        switch alternative.source {
        case .constant(let value): return value
        case .expression(let expression, let conversion):
          let found = try evaluator.value(expression)
          return try found.isEmpty ? empty(field, alternative) : conversion.convert(found)
        case .nodes(let nodes, let bound):
          let found = try evaluator.nodes(nodes)
          if let bound, found.count > bound { throw tooMany(found.count, bound) }
          try count(found.count)
          return .list(found)
        case .table(let expression, let lookup, let policy, let conversion):
          return try mapped(field, alternative, expression, lookup, policy, conversion)
        case .reference(let expression, let entity, let policy, let conversion):
          return try reference(field, alternative, expression, entity, policy, conversion)
        }
      } catch {
        report(error, alternative.trace, field: field.name)
        return .absent
      }
    }
    return field.empty == .emptyText ? .text("") : .absent
  }

  private func empty(_ field: AssignedField, _ alternative: Alternative) throws(EvaluationError) -> Value {
    switch field.empty {
    case .absent: return .absent
    case .emptyText: return .text("")
    case .problem:
      throw EvaluationError(
        code: .emptyValue, message: "\(alternative.trace.path) is empty, and the field cannot be",
        hint: "give it another value with when= and otherwise=, or with coalesce()")
    }
  }

  private mutating func mapped(
    _ field: AssignedField, _ alternative: Alternative, _ expression: Expression, _ lookup: Int, _ policy: UnmappedPolicy,
    _ conversion: TargetConversion
  ) throws(EvaluationError) -> Value {
    let declared = mapping.plan.lookups[lookup]
    guard let table = mapping.lookups[lookup] else {
      throw EvaluationError(
        code: .missingTable, message: "there is no value map '\(declared.table)' with the columns '\(declared.from)' and '\(declared.to)'",
        value: declared.table)
    }
    let foreign = try evaluator.text(expression)
    switch table.map.lookup(foreign, from: table.from, to: table.to, qualifiers: table.qualifiers, on: mapping.day) {
    case .value(let value, _): return try conversion.convert(.text(value))
    case .byDefault(let value) where !foreign.isEmpty: return try conversion.convert(.text(value))
    default: break
    }
    if foreign.isEmpty, let value = try instead(of: field, alternative, policy) { return value }
    switch policy {
    case .byDefault(let value): return value
    case .pass: return try conversion.convert(.text(foreign))
    case .keep: keep(field)
    case .dropLine: drop("\(Value.text(foreign).summary) is not in the value map '\(declared.table)'", field, alternative)
    case .hold:
      heldValues.append(
        HeldValue(
          table: declared.table, fromColumn: declared.from, toColumn: declared.to, value: foreign, field: self.name(of: field),
          place: alternative.trace.place))
    case .fail:
      throw EvaluationError(
        code: .unmappedValue,
        message: "\(Value.text(foreign).summary) is not in the value map '\(declared.table)' (\(declared.from) to \(declared.to))",
        value: foreign, hint: "add a row, or say with unmapped= or default= what is done without one")
    }
    return .absent
  }

  private mutating func reference(
    _ field: AssignedField, _ alternative: Alternative, _ expression: Expression, _ entity: String, _ policy: UnmappedPolicy,
    _ conversion: TargetConversion
  ) throws(EvaluationError) -> Value {
    let id = try evaluator.text(expression)
    if id.isEmpty, let value = try instead(of: field, alternative, policy) { return value }
    if id.isEmpty {
      switch policy {
      case .byDefault(let value): return value
      case .keep: keep(field)
      default: drop("\(alternative.trace.path) is empty", field, alternative)
      }
      return .absent
    }
    if let error = Self.fault(ofID: id) { throw error }
    references.append(
      PendingReference(
        path: SlotPath(path), field: self.name(of: field), entity: entity, foreignID: id, policy: policy, place: alternative.trace.place,
        conversion: conversion))
    return .absent
  }

  /// What an empty code or id becomes without a lookup; nil where the policy decides.
  private func instead(
    of field: AssignedField, _ alternative: Alternative, _ policy: UnmappedPolicy
  ) throws(EvaluationError) -> Value? {
    switch policy {
    case .byDefault, .keep, .dropLine: return field.empty == .absent ? .absent : nil
    case .fail, .hold, .pass:
      if field.empty == .absent { return .absent }
      throw EvaluationError(
        code: .emptyValue, message: "\(alternative.trace.path) is empty, and the field cannot be",
        hint: "say with default= or when= what empty means")
    }
  }

  private mutating func keep(_ field: AssignedField) {
    kept.append(FieldWrite(path: SlotPath(path), field: name(of: field), policy: .keep))
  }

  private mutating func drop(_ why: String, _ field: AssignedField, _ alternative: Alternative) {
    dropsLine = true
    append(
      MappingProblem(
        .lineDropped, severity: .note, field: name(of: field), path: alternative.trace.path, message: "the line is left out: \(why)",
        place: alternative.trace.place))
  }

  // Lists

  private mutating func elements(_ list: ListField) -> Value {
    var values: [Value] = []
    for part in list.parts {
      do {
        // The nodes are collected first: elements are made with the whole run, which the visit borrows.
        let stride = part.nodes.pushedFrameCount
        var frames: [Evaluator.Frame] = []
        var nodeCount = 0
        try evaluator.visit(part.nodes) { (evaluator, _) throws(EvaluationError) in
          nodeCount += 1
          frames.append(contentsOf: evaluator.frames.suffix(stride))
        }
        try count(nodeCount)
        values.reserveCapacity(values.count + nodeCount)
        for number in 0..<nodeCount {
          evaluator.frames.append(contentsOf: frames[number * stride..<(number + 1) * stride])
          defer { evaluator.frames.removeLast(stride) }
          if stride > 0 { evaluator.frames[evaluator.frames.count - 1].position = number + 1 }
          if let condition = part.condition, try !evaluator.boolean(condition) { continue }
          if let value = element(part.element, list.name, values.count) { values.append(value) }
        }
      } catch {
        report(error, part.trace, field: list.name)
      }
    }
    if let bound = list.bound, values.count > bound {
      report(tooMany(values.count, bound), list.parts[0].trace, field: list.name)
    }
    return .list(values)
  }

  /// Nil where the element is left out.
  private mutating func element(_ element: ListPart.Element, _ name: String, _ index: Int) -> Value? {
    let before = (references.count, heldValues.count, kept.count, dropsLine)
    dropsLine = false
    path.append(index)
    names.append("\(name)[\(index + 1)]")
    defer {
      path.removeLast()
      names.removeLast()
      dropsLine = before.3
    }
    let value: Value =
      switch element {
      case .record(let plan): .record(record(plan))
      case .value(let field): self.value(field)
      }
    guard dropsLine else { return value }
    references.removeLast(references.count - before.0)
    heldValues.removeLast(heldValues.count - before.1)
    kept.removeLast(kept.count - before.2)
    return nil
  }

  private mutating func count(_ elements: Int) throws(EvaluationError) {
    elementCount += elements
    guard elementCount <= MappingContext.greatestElementCount else { throw tooMany(elementCount, MappingContext.greatestElementCount) }
  }

  private func tooMany(_ count: Int, _ bound: Int) -> EvaluationError {
    EvaluationError(code: .tooManyElements, message: "\(count) elements, where at most \(bound) are allowed", value: "\(count)")
  }

  // Problems

  private func name(of field: AssignedField) -> String {
    // A value that is itself the element of a list has no name of its own.
    field.name == "." ? names.joined(separator: "/") : (names + [field.name]).joined(separator: "/")
  }

  private mutating func report(_ error: EvaluationError, _ trace: Trace, field: String = "") {
    let name = field == "." ? names.joined(separator: "/") : (names + (field.isEmpty ? [] : [field])).joined(separator: "/")
    append(
      MappingProblem(
        error.code, field: name, path: trace.path, value: error.value, message: error.message, hint: error.hint, place: trace.place))
  }

  private mutating func append(_ problem: MappingProblem) {
    let limit = MappingContext.greatestProblemCount
    if problems.count < limit {
      problems.append(problem)
    } else if problems.count == limit {
      problems.append(MappingProblem(.tooManyProblems, message: "more than \(limit) problems; the others are not shown"))
    }
  }
}
