import CDR

// What records do with things: `takes` of an emit, `holds` of a mapping.
extension MappingCompiler {
  /// Fields that a record may set which deletes its thing: when that was.
  private static let ofDeletes: Set<String> = ["changedAt", "sourceVersion"]

  mutating func taking(_ emit: MappingDefinition.Emit) -> Taking {
    guard let takes = emit.takes else { return .changes }
    guard let taking = Taking(rawValue: takes.text) else {
      let all = Taking.allCases.map(\.rawValue).joined(separator: ", ")
      error(.attributes, "takes=\"\(takes.text)\" is none of \(all)", takes.place)
      return .changes
    }
    if taking != .changes, !targetDialect.isEmpty {
      error(
        .attributes, "takes=\"\(takes.text)\" stands in an emit of \(emit.to.text), which goes to another system", takes.place,
        hint: "only objects of the CRM core are looked up; leave it out")
    }
    if taking == .deletes {
      for field in emit.instructions.map(\.field) where !Self.ofDeletes.contains(field.text) {
        error(
          .attributes, "the field '\(field.text)' is set by a record that deletes its thing", field.place,
          hint: "all but \(Self.ofDeletes.sorted().joined(separator: " and ")) stays as it was; leave it out")
      }
    }
    return taking
  }

  mutating func everything(_ emits: [EmitPlan]) -> Everything? {
    guard let holds = definition.holds else {
      if let share = definition.missingAtMost {
        error(
          .attributes, "missing-at-most stands in a mapping whose messages hold some things alone", share.place,
          hint: "add holds=\"everything\"")
      }
      return nil
    }
    guard holds.text == "everything" else {
      error(
        .attributes, "holds=\"\(holds.text)\" is not everything", holds.place, hint: "leave it out where a message holds some things alone")
      return nil
    }
    var percent = 10
    if let share = definition.missingAtMost {
      guard let number = Int(share.text), (0...100).contains(number) else {
        error(
          .attributes, "missing-at-most=\"\(share.text)\" is no whole number from 0 to 100", share.place,
          hint: "it counts of a hundred things")
        return nil
      }
      percent = number
    }
    let declared = emits.filter(\.isSubject)
    let entities = Set((declared.isEmpty ? emits.suffix(1) : declared[...]).map(\.entity))
    if !targetDialect.isEmpty {
      error(.attributes, "holds=\"everything\" stands in a mapping to another system", holds.place, hint: "leave it out")
      return nil
    }
    guard entities.count == 1, let entity = entities.first else {
      if !emits.isEmpty {
        error(
          .attributes,
          "an item may be about \(entities.sorted().joined(separator: " or ")): of which of them the message holds everything is not clear",
          holds.place, hint: "say with subject=\"true\" on emits of one entity what the items are about")
      }
      return nil
    }
    return Everything(entity: entity, missingAtMost: percent)
  }
}
