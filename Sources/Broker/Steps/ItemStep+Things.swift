import CDR
import CRMCore
import Identity
import Mapping

// Which things the records of an item are about, and which ids they get.
extension ItemStep {
  /// The places of the item's records, each thing once: what is said of a thing again, word for word, is said once.
  ///
  /// - Returns: also the thing of which the item says two different things.
  func recordsOfThings() -> (records: [Int], contradicted: LinkKey?) {
    let count = item.outcome.items.count
    if count < 2 { return (count == 0 ? [] : [0], nil) }
    var places: [LinkKey: Int] = [:]
    var records: [Int] = []
    for index in 0..<count {
      guard let own = item.keys[index].own, let earlier = places[own] else {
        if let own = item.keys[index].own { places[own] = index }
        records.append(index)
        continue
      }
      guard item.outcome.items[index].says(sameAs: item.outcome.items[earlier]) else { return ([], own) }
      if index == item.outcome.subject, let place = records.firstIndex(of: earlier) { records[place] = index }
    }
    return (records, nil)
  }

  /// The row of an item that says two different things of one thing.
  func contradiction(of thing: LinkKey, in key: LinkKey) -> ItemRow {
    row(
      key.entity, key.id.text, .rejected, code: "DUPLICATE_IN_ITEM",
      "the mapping makes \(thing) of this item more than once, and not the same each time; emit each thing once, or let a condition choose"
    )
  }

  /// The row of an item whose records are recognised as one thing, though it brings them under several ids.
  func confusion(among named: [Named]) -> ItemRow? {
    var things: [CommonID: LinkKey] = [:]
    var values: [String: [MatchValue: LinkKey]] = [:]
    for one in named where one.application.linkNow {
      let key = one.application.key
      if let other = things.updateValue(key, forKey: one.common) { return confusion(of: key, other, by: one.application.why ?? "") }
      guard one.application.common == nil else { continue }
      for value in item.keys[one.application.index].matches {
        if let other = values[key.entity, default: [:]].updateValue(key, forKey: value) {
          return confusion(of: key, other, by: "\(value.field) \"\(value.value)\" is that of both")
        }
      }
    }
    return nil
  }

  private func confusion(of key: LinkKey, _ other: LinkKey, by why: String) -> ItemRow {
    let about = item.keys[item.outcome.subject].own ?? key
    return row(
      about.entity, about.id.text, .rejected, code: "AMBIGUOUS_MATCH",
      "the item brings \(other) and \(key), which would be the same thing: \(why); give them different values, or one id")
  }

  /// Makes the state that the object will have of what its sender said of it.
  func complete(
    _ record: inout Record, _ kind: EntityKind, _ crmID: String, _ mapped: MappedItem, _ writes: [FieldWrite], _ set: WorkingSet
  ) {
    if mapped.taking == .deletes, let former = former(kind, crmID, set) {
      let said = record
      record = former
      record.slots[kind.statusSlot] = .text("inactive")
      for slot in [kind.changedAtSlot, kind.versionSlot] where item.demand != .isMissing { record.slots[slot] = said.slots[slot] }
    } else if !writes.isEmpty || mapped.partial != nil, let former = former(kind, crmID, set) {
      keepFields(of: former, in: &record, writes)
      mapped.partial?.keep(former, in: &record)
    }
    unsign(&record, kind)
    if kind === EntityKind.orderStatus { OrderNewsLines.addUp(former(kind, crmID, set), into: &record) }
    record.slots[kind.idSlot] = .text(crmID)
  }

  /// What another system signed is a draft here, whatever its mapping says, until it is signed here: then it is ordered, and controlled.
  func unsign(_ record: inout Record, _ kind: EntityKind) {
    if kind === EntityKind.contract, system != crmSystem { record.slots[kind.statusSlot] = .text(ContractState.draft.rawValue) }
  }

  /// The row of a contract of another system that cannot come in, or not once more; nil for one that can.
  func contractKnown(_ index: Int, _ key: LinkKey, _ mapped: MappedItem, _ set: WorkingSet) -> ItemRow? {
    let kind = EntityKind.contract
    let said = kind.text(kind.statusSlot, of: mapped.record)
    if !["", ContractState.draft.rawValue, ContractState.signed.rawValue, "active"].contains(said) {
      return row(
        key.entity, key.id.text, .rejected, code: "CONTRACT_STATE", path: "status",
        "a contract comes in as it is signed, not as \"\(said)\"; what becomes of it afterwards is said by `amend` and `cancel` of ContractDesk, or by hand"
      )
    }
    guard let id = crmID(of: key, set), let object = set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(id))],
      object.status != ContractState.draft.rawValue
    else { return nil }
    if let state = set.sourceStates[key], fingerprint(index, kind, key, set) == state.fingerprint {
      return row(key.entity, key.id.text, .unchanged, common: object.common)
    }
    return row(
      key.entity, key.id.text, .rejected, code: "CONTRACT_KNOWN", path: "id",
      "the contract \(key.id) was taken before and is \(id) here, which is \(object.status); amend it or cancel it instead",
      common: object.common)
  }

  /// Fields that are written at creation only, or only where nothing stands yet, keep what they have.
  private func keepFields(of former: Record, in record: inout Record, _ writes: [FieldWrite]) {
    for write in writes {
      guard let old = former[write.path] else { continue }
      switch write.policy {
      case .always: break
      case .createOnly, .keep: record = record.resolving(write.path, to: old)
      case .ifEmpty: if old != .absent, old != .text(""), old != .list([]) { record = record.resolving(write.path, to: old) }
      }
    }
  }

  func crmID(of key: LinkKey, _ set: WorkingSet) -> String? { set.links[key].flatMap { crmID(ofThing: $0.common, set) } }

  func crmID(ofThing thing: CommonID, _ set: WorkingSet) -> String? { set.id(of: thing, in: crmSystem) }

  /// The CRM core's ids of what an object refers to: by their links, else among the item's own objects.
  func answers(_ application: Application, _ named: [Named]) -> [String?] {
    guard named.count > 1, application.references.contains(nil) else { return application.references }
    return zip(application.references, item.keys[application.index].references).map { known, key in
      known ?? key.flatMap { key in key == application.key ? nil : named.first { $0.application.key == key }?.crmID }
    }
  }

  /// The object as it stands.
  func former(_ kind: EntityKind, _ crmID: String, _ set: WorkingSet) -> Record? {
    set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(crmID))].flatMap { try? Record(cdr: $0.body, as: kind.type) }
  }

  /// The fingerprint of the state that the item would make of its thing; nil where it would be refused or held.
  func fingerprint(_ index: Int, _ kind: EntityKind, _ key: LinkKey, _ set: WorkingSet) -> UInt64? {
    let resolution = item.outcome.items[index].resolving(item.keys[index].references.map { $0.flatMap { crmID(of: $0, set) } })
    guard !resolution.isRejected, resolution.waiting.isEmpty, let id = crmID(of: key, set) else { return nil }
    var record = resolution.record
    complete(&record, kind, id, item.outcome.items[index], resolution.writes, set)
    return try? kind.prepare(record).get().fingerprint
  }

  /// The match values of the object as it stands.
  func formerMatchValues(
    _ kind: EntityKind, _ own: LinkKey, _ set: WorkingSet, _ environment: StepEnvironment
  ) -> [MatchValue] {
    guard let row = set.objects[own] else { return [] }
    // A code that is as it is in every form; else the body tells what belongs to it, such as a country.
    if kind.isMatchedByCodeAlone, kind !== EntityKind.party,
      !environment.policies.matchForms.declared.keys.contains(where: { $0.entity == kind.name })
    {
      let code = Spelling.trimmed(row.code)
      return code.isEmpty ? [] : kind.matchFields.map { MatchValue(field: $0, value: code) }
    }
    return former(kind, own.id.text, set).map { environment.matchValues(of: $0, kind) } ?? []
  }
}

extension MappedItem {
  /// Whether both say the same, ids of other things included.
  func says(sameAs other: MappedItem) -> Bool {
    record == other.record && heldValues.map(\.question) == other.heldValues.map(\.question) && writes == other.writes
      && references.count == other.references.count
      && zip(references, other.references).allSatisfy { $0.path == $1.path && $0.entity == $1.entity && $0.foreignID == $1.foreignID }
  }
}

extension HeldValue {
  /// What is asked, wherever the mapping asks it.
  fileprivate var question: [String] { [field, table, fromColumn, toColumn, value] }
}
