import CDR

// What an emit with `absent="keep"` does with what the document does not say.
extension MappingRun {
  /// Whether the document says anything of a field. A literal says what it says; an empty one says nothing.
  mutating func says(_ field: AssignedField) -> Bool { mention(field) != .absent }

  private mutating func mention(_ field: AssignedField) -> Mention {
    switch field.asked {
    case .always: .unasked
    case .never: .absent
    case .places(let places): evaluator.mention(places, countsEmpty: field.empty == .emptyText)
    }
  }

  /// Whether the document says anything of the elements of a list that a for-each makes.
  mutating func says(_ part: ListPart) -> Bool {
    if !part.nodes.steps.isEmpty { return evaluator.mention(part.asked, countsEmpty: true) != .absent }
    var result = Mention.unasked
    if case .record(let plan) = part.element {
      for case .assigned(let field) in plan.fields where field.readsSource { result = result && mention(field) }
    }
    if result == .unasked {
      result = evaluator.mention(part.asked, countsEmpty: true)
      if let asked = part.conditionAsked { result = result && evaluator.mention(asked, countsEmpty: true) }
    }
    return result != .absent
  }

  /// Whether the document says anything of the fields of a record.
  mutating func says(_ plan: RecordPlan) -> Bool {
    for field in plan.fields {
      switch field {
      case .constant, .ownID: continue
      case .assigned(let field): if says(field) { return true }
      case .nested(let nested, _, _): if says(nested) { return true }
      case .list(let list): for part in list.parts where says(part) { return true }
      }
    }
    return false
  }

  /// The value that a field gets where the thing is new; where it is not, the field stays as it is. What is wrong with it refuses new
  /// things alone.
  mutating func unsaid(_ field: AssignedField, _ slot: Int, of plan: RecordPlan) -> Value {
    let before = problems.count
    let value = self.value(field)
    if problems.count > before {
      problemsIfNew += problems[before...]
      problems.removeSubrange(before...)
    }
    if elementSlots != nil {
      elementSlots?.append(slot)
    } else if path.count == 1 {
      kept.append(plan.stays[slot])
    } else {
      stay(name(of: field))
    }
    return value
  }

  /// What stands at the path where the run is stays.
  mutating func stay(_ field: String) { kept.append(FieldWrite(path: SlotPath(path), field: field, policy: .keep)) }

  /// The elements of a list: those of which the document says nothing stay.
  mutating func saidElements(_ list: ListField) -> Value {
    var values: [Value] = []
    var unsaid = 0
    for part in list.parts {
      guard says(part) else {
        unsaid += 1
        if let key = part.key { keptElements.append(KeptElements(list: SlotPath(path), key: key, what: .all(before: values.count))) }
        continue
      }
      // Of an element that the item itself is, fields may be left as they are; nodes of the document are told whole.
      elementSlots = part.nodes.steps.isEmpty && part.key != nil ? [] : nil
      keepsAbsent = elementSlots != nil
      let before = values.count
      add(part, of: list, to: &values)
      if let key = part.key, let slots = elementSlots, !slots.isEmpty, values.count == before + 1 {
        keptElements.append(KeptElements(list: SlotPath(path), key: key, what: .fields(element: before, slots: slots)))
      }
      (elementSlots, keepsAbsent) = (nil, true)
    }
    if unsaid < list.parts.count { return bounded(values, list) }
    // Nothing is said of any: the list stays as it is.
    keptElements.removeAll { $0.list == SlotPath(path) }
    stay(name(inside: list.name))
    return elements(list)
  }
}
