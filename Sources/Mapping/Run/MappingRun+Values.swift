import CDR
import Identity

extension MappingRun {
  // Single values

  mutating func value(_ field: AssignedField) -> Value {
    for alternative in field.alternatives {
      do throws(EvaluationError) {
        if let condition = alternative.condition, try !evaluator.boolean(condition) { continue }
        switch alternative.source {
        case .constant(let value): return value
        case .expression(let expression, let conversion):
          let found = try evaluator.value(expression)
          let value = try conversion.isEmpty(found) ? empty(field, alternative) : conversion.convert(found)
          if mapping.tracesAmounts { trace(value, of: expression, field, alternative.trace) }
          return value
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
    case .byDefault, .keep, .dropLine: field.empty == .absent ? .absent : nil
    case .fail, .hold, .pass: try empty(field, alternative)
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

  mutating func elements(_ list: ListField) -> Value {
    var values: [Value] = []
    for part in list.parts { add(part, of: list, to: &values) }
    return bounded(values, list)
  }

  /// Adds the elements of one part of a list.
  mutating func add(_ part: ListPart, of list: ListField, to values: inout [Value]) {
    do {
      if let only = part.nodes.onlyStep {
        try addOnly(only, part, of: list, to: &values)
        return
      }
      if try repeatNodes(of: part, into: &values) { return }
      // The nodes are collected first: elements are made with the whole run, which the visit borrows.
      let stride = part.nodes.pushedFrameCount
      let (frames, nodeCount) = try frames(of: part.nodes)
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

  /// Adds the element of a path of one step that leads to a single node: nothing need be collected.
  private mutating func addOnly(
    _ step: PathPlan.Step, _ part: ListPart, of list: ListField, to values: inout [Value]
  ) throws(EvaluationError) {
    guard case .record(let record) = evaluator.frames[part.nodes.frame].node, step.slot < record.slots.count else { return }
    let node = record.slots[step.slot]
    if case .absent = node { return }
    if part.nodes.pushes { evaluator.frames.append(Evaluator.Frame(node: node, position: 1)) }
    defer { if part.nodes.pushes { evaluator.frames.removeLast() } }
    for predicate in step.predicates {
      switch predicate {
      case .position(let position): if position != 1 { return }
      case .condition(let condition): if try !evaluator.boolean(condition) { return }
      }
    }
    try count(1)
    if let condition = part.condition, try !evaluator.boolean(condition) { return }
    if let value = element(part.element, list.name, values.count) { values.append(value) }
  }

  mutating func bounded(_ values: [Value], _ list: ListField) -> Value {
    if let bound = list.bound, values.count > bound {
      report(tooMany(values.count, bound), list.parts[0].trace, field: list.name)
    }
    return .list(values)
  }

  /// The frames under which something is done for each node of a path, one node's behind the other's.
  mutating func frames(of nodes: PathPlan) throws(EvaluationError) -> (frames: [Evaluator.Frame], count: Int) {
    let stride = nodes.pushedFrameCount
    var frames: [Evaluator.Frame] = []
    var nodeCount = 0
    try evaluator.visit(nodes) { (evaluator, _) throws(EvaluationError) in
      nodeCount += 1
      frames.append(contentsOf: evaluator.frames.suffix(stride))
    }
    try count(nodeCount)
    return (frames, nodeCount)
  }

  /// Takes the nodes of a part over as they are; false where its elements are made one by one.
  private mutating func repeatNodes(of part: ListPart, into values: inout [Value]) throws(EvaluationError) -> Bool {
    guard part.condition == nil, case .record(let plan) = part.element, plan.repeated?.slots.isEmpty == true else { return false }
    var nodes: [Value] = []
    var isWhole = true
    try evaluator.visit(part.nodes) { (evaluator, node) throws(EvaluationError) in
      // Of the frames that the visit pushes, the last is the element's.
      guard isWhole, plan.repeated?.frame == evaluator.frames.count - 1, case .record(let record) = node, plan.isRepeated(by: record) else {
        isWhole = false
        return
      }
      nodes.append(node)
    }
    guard isWhole else { return false }
    try count(nodes.count)
    values += nodes
    return true
  }

  /// Nil where the element is left out.
  private mutating func element(_ element: ListPart.Element, _ name: String, _ index: Int) -> Value? {
    let before = (references.count, heldValues.count, kept.count, dropsLine)
    dropsLine = false
    path.append(index)
    surroundings.append(Surrounding(field: name, number: index + 1))
    defer {
      path.removeLast()
      surroundings.removeLast()
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
}
