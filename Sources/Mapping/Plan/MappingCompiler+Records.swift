import CDR

/// An instruction and the way to the field that it fills.
struct PlacedInstruction {
  /// Slots from the record that is being planned.
  var slots: ArraySlice<Int>
  var instruction: MappingDefinition.Instruction
  var field: SourceText { instruction.field }
}

extension MappingCompiler {
  /// The slots to a field and its type; nil, with a diagnostic, where there is none.
  mutating func resolve(_ field: SourceText, in record: RecordType) -> (slots: [Int], type: TypeCode)? {
    var slots: [Int] = []
    var type = TypeCode.record(record)
    var offset = 0
    for name in field.text.split(separator: "/", omittingEmptySubsequences: false) {
      let place = field.place(utf8Offset: offset)
      guard case .record(let inner) = ExpressionType.Kind(type.optionalElement ?? type) else {
        let before = field.text.utf8.prefix(max(0, offset - 1)).split(separator: UInt8(ascii: "/")).last.map { String($0)! } ?? ""
        let isList = type.listElement != nil
        error(
          .unknownField, "'\(before)' is \(isList ? "a list" : "\(type)"), which has no field '\(name)'", place,
          hint: isList ? "fill it with <for-each field=\"…\" in=\"…\">" : "")
        return nil
      }
      guard let slot = inner.slot(of: String(name)) else {
        error(
          .unknownField, "\(inner.name) has no field '\(name)'", place,
          hint: NameSuggestion.hint(for: String(name), among: inner.fields.map(\.name)))
        if let meant = NameSuggestion.nearest(to: String(name), among: inner.fields.map(\.name)) {
          misspelt[inner.name, default: []].insert(meant)
        }
        return nil
      }
      slots.append(slot)
      type = inner.type(ofSlot: slot)
      offset += name.utf8.count + 1
    }
    return (slots, type)
  }

  /// Plans a record whose fields are filled by instructions.
  ///
  /// - Parameter ownID: Slots of the field that takes the item's own id.
  mutating func record(
    _ type: RecordType, _ instructions: [MappingDefinition.Instruction], ownID: [Int]?, _ context: ExpressionContext,
    _ place: SourcePlace, isElement: Bool = false
  ) -> RecordPlan? {
    var placed: [PlacedInstruction] = []
    for instruction in instructions {
      let unplaced = PlacedInstruction(slots: [], instruction: instruction)
      guard let (slots, _) = resolve(unplaced.field, in: type) else { continue }
      placed.append(PlacedInstruction(slots: slots[...], instruction: instruction))
    }
    return fields(type, placed, ownID: ownID?[...], context, place, prefix: [], isElement: isElement)
  }

  /// - Parameter prefix: Slots from the item's record, or from the list element, to this record.
  private mutating func fields(
    _ type: RecordType, _ placed: [PlacedInstruction], ownID: ArraySlice<Int>?, _ context: ExpressionContext, _ place: SourcePlace,
    prefix: [Int], isElement: Bool
  ) -> RecordPlan? {
    var plans: [FieldPlan] = []
    var isComplete = true
    for (slot, field) in type.fields.enumerated() {
      let fieldType = type.type(ofSlot: slot)
      let own = placed.filter { $0.slots.first == slot }
      let whole = own.filter { $0.slots.count == 1 }
      let inner = own.filter { $0.slots.count > 1 }
      let isOwnID = ownID?.first == slot && ownID?.count == 1
      let innerID = ownID?.first == slot && !isOwnID ? ownID?.dropFirst() : nil
      let position = prefix + [slot]
      var plan: FieldPlan?
      if let extra = isOwnID ? own.first : (whole.isEmpty ? nil : inner.first) {
        error(.duplicateField, "'\(extra.field.text)' is set already", extra.field.place)
      } else if isOwnID {
        plan = .ownID
      } else if !inner.isEmpty || innerID != nil {
        plan = nested(field.name, fieldType, inner, innerID, context, place, position, isElement)
      } else if !whole.isEmpty {
        plan = self.whole(field.name, fieldType, whole, context, position, isElement)
      } else {
        plan = unset(field, fieldType, type, place)
      }
      if let plan { plans.append(plan) } else { isComplete = false }
    }
    guard isComplete else { return nil }
    return RecordPlan(type: type, fields: plans, readsSource: plans.contains(where: \.readsSource))
  }

  private mutating func nested(
    _ name: String, _ type: TypeCode, _ placed: [PlacedInstruction], _ ownID: ArraySlice<Int>?, _ context: ExpressionContext,
    _ place: SourcePlace, _ position: [Int], _ isElement: Bool
  ) -> FieldPlan? {
    let element = type.optionalElement
    guard case .record(let record) = ExpressionType.Kind(element ?? type) else { return nil }
    let inner = placed.map { PlacedInstruction(slots: $0.slots.dropFirst(), instruction: $0.instruction) }
    // What is missing inside is reported where the record is begun to be set.
    return fields(record, inner, ownID: ownID, context, inner.first?.field.place ?? place, prefix: position, isElement: isElement)
      .map { .nested($0, isOptional: element != nil, name: name) }
  }

  /// A field that no instruction fills: empty where the type allows it.
  private mutating func unset(
    _ field: RecordType.Field, _ type: TypeCode, _ record: RecordType, _ place: SourcePlace
  ) -> FieldPlan? {
    if taking == .deletes, field.name != "changedAt" {
      return .constant(field.name == "status" ? .text("inactive") : .empty(of: type))
    }
    switch type.resolved {
    case .optional: return .constant(.absent)
    case .sequence(let element, _): return .constant(element.resolved == .octet ? .octets([]) : .list([]))
    default:
      // What was probably meant to set it has been reported.
      if misspelt[record.name]?.contains(field.name) == true { return nil }
      error(
        .missingField, "the field '\(field.name)' of \(record.name) is not set", place,
        hint: "add <set field=\"\(field.name)\" …/>; only optional fields and lists may be left out")
      return nil
    }
  }

  private mutating func whole(
    _ name: String, _ type: TypeCode, _ placed: [PlacedInstruction], _ context: ExpressionContext, _ position: [Int], _ isElement: Bool
  ) -> FieldPlan? {
    var assignments: [MappingDefinition.Assignment] = []
    var loops: [MappingDefinition.ForEach] = []
    for instruction in placed {
      switch instruction.instruction {
      case .set(let assignment): assignments.append(assignment)
      case .forEach(let loop): loops.append(loop)
      }
    }
    if let loop = loops.first, !assignments.isEmpty {
      error(.duplicateField, "'\(loop.field.text)' is set already", loop.field.place)
      return nil
    }
    if loops.isEmpty {
      write(assignments.compactMap(\.write).first, assignments[0].field, position, isElement)
      return assigned(name, type, assignments, context, position, isElement).map(FieldPlan.assigned)
    }
    write(loops.compactMap(\.write).first, loops[0].field, position, isElement)
    return list(name, type, loops, context)
  }

  private mutating func list(
    _ name: String, _ type: TypeCode, _ loops: [MappingDefinition.ForEach], _ context: ExpressionContext
  ) -> FieldPlan? {
    guard case .sequence(let element, let bound) = type.resolved, element.resolved != .octet else {
      error(
        .type, "'\(loops[0].field.text)' is \(type), which a for-each cannot fill", loops[0].field.place, hint: "use <set>")
      return nil
    }
    let parts = loops.compactMap { part($0, element, context) }
    guard parts.count == loops.count else { return nil }
    if keepsAbsent, parts.count > 1 {
      for (part, loop) in zip(parts, loops) where part.key == nil {
        error(
          .attributes, "nothing tells which elements of '\(loop.field.text)' are those of this for-each, so that they could be kept",
          loop.place,
          hint: "set a field of the element to a literal, as <set field=\"kind\" value=\"…\"/>, or fill the list with one for-each")
      }
    }
    return .list(ListField(name: name, parts: parts, bound: bound == 0 ? nil : Int(bound)))
  }

  private mutating func part(
    _ loop: MappingDefinition.ForEach, _ element: TypeCode, _ context: ExpressionContext
  ) -> ListPart? {
    guard let path = nodes(loop.nodes, context) else { return nil }
    var inside = context.inside(path)
    if path.plan.steps.isEmpty { inside.hasPosition = context.hasPosition }
    let condition = loop.when.flatMap { self.condition($0, inside) }
    if loop.when != nil, condition == nil { return nil }
    let trace = Trace(place: loop.place, path: loop.nodes.text)
    if case .record(let record) = ExpressionType.Kind(element) {
      return self.record(record, loop.instructions, ownID: nil, inside, loop.place, isElement: true)
        .map { ListPart(nodes: path.plan, condition: condition, element: .record($0), trace: trace, surroundings: surroundings) }
    }
    var assignments: [MappingDefinition.Assignment] = []
    for instruction in loop.instructions {
      guard case .set(let assignment) = instruction, assignment.field.text == "." else {
        error(
          .unknownField, "the elements of '\(loop.field.text)' are \(element), which has no fields", loop.place,
          hint: "set the element itself: <set field=\".\" …/>")
        return nil
      }
      assignments.append(assignment)
    }
    guard !assignments.isEmpty else {
      error(.missingField, "the elements of '\(loop.field.text)' are not set", loop.place, hint: "add <set field=\".\" …/>")
      return nil
    }
    return assigned(".", element, assignments, inside, [], true)
      .map { ListPart(nodes: path.plan, condition: condition, element: .value($0), trace: trace, surroundings: surroundings) }
  }

  /// Records a write policy other than always.
  private mutating func write(_ text: SourceText?, _ field: SourceText, _ position: [Int], _ isElement: Bool) {
    guard let text else { return }
    guard let policy = WritePolicy(rawValue: text.text), policy != .keep else {
      error(
        .attributes, "write=\"\(text.text)\" is none of always, create-only and if-empty", text.place)
      return
    }
    if policy == .always { return }
    if isElement {
      error(
        .attributes, "a field of a list element has no write policy of its own", text.place, hint: "give it to the for-each")
    } else {
      writes.append(FieldWrite(path: SlotPath(position), field: field.text, policy: policy))
    }
  }
}

extension FieldPlan {
  /// Whether the document decides anything of the field.
  var readsSource: Bool {
    switch self {
    case .constant, .ownID: false
    case .assigned(let field): field.alternatives.contains { $0.source.readsSource }
    case .nested(let plan, _, _): plan.readsSource
    case .list: true
    }
  }
}
