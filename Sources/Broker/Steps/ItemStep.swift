import CDR
import CRMCore
import Identity
import Mapping

/// The message that brought an item, in the words in which links tell of it; made once for all of its items.
final class MessageOrigin {
  let message: Int64
  let name: String
  /// Of what it was the first to bring.
  let first: String

  init(_ message: Int64) {
    self.message = message
    name = "message \(message)"
    first = "message \(message): first message"
  }
}

/// Takes one item through identify and decide, over the rows of its step.
struct ItemStep {
  let system: String
  let origin: MessageOrigin
  let item: InboundItem
  /// The row of the item's earlier wait, when it runs again.
  let heldBefore: HeldRow?

  var message: Int64 { origin.message }

  /// What becomes of the item, before anything is changed.
  private enum Verdict {
    case apply([Application])
    case done(ItemRow)
    case hold(HeldRow)
  }

  /// One object that will be written.
  private struct Application {
    let kind: EntityKind
    let key: LinkKey
    /// The place of its mapped item in the outcome.
    let index: Int
    let version: Int64
    /// The CRM core's ids of what it refers to; nil where nothing is linked.
    let references: [String?]
    /// Nil where the thing is created.
    var common: CommonID?
    var linkNow: Bool
    /// Why the thing is meant; nil where the message is the first to bring it.
    var why: String?
  }

  /// Runs the item; an item is written whole or not at all.
  func run(in set: inout WorkingSet, _ environment: inout StepEnvironment) -> ItemRow {
    switch examine(set, environment) {
    case .done(let row): return finish(row, in: &set, environment)
    case .hold(let held): return hold(held, in: &set, environment)
    case .apply(let applications): return apply(applications, in: &set, &environment)
    }
  }

  // MARK: - Examine

  private func examine(_ set: WorkingSet, _ environment: StepEnvironment) -> Verdict {
    guard let first = item.outcome.items.first else {
      return .done(row("", "", .rejected, problems: item.outcome.problems))
    }
    let sourceID = first.identity.sourceID
    guard let key = item.keys[0].own else { return .done(invalidID(first.entity, sourceID, environment)) }
    if item.outcome.isRejected { return .done(row(key.entity, key.id.text, .rejected, problems: item.outcome.problems)) }
    if let refused = demanded(key, set) { return .done(refused) }
    var applications: [Application] = []
    var causes: [HeldRow.Cause] = []
    var reasons: [(code: String, text: String)] = []
    for index in item.outcome.items.indices {
      let mapped = item.outcome.items[index]
      guard let kind = EntityKind.named(mapped.entity), kind.type.id == mapped.type.id else {
        return .done(
          row(
            mapped.entity, sourceID, .rejected, code: "ENTITY_UNKNOWN",
            "the mapping emits \(mapped.typeName) as \(mapped.entity), which the CRM core does not take"))
      }
      guard let own = item.keys[index].own else {
        return .done(
          row(
            mapped.entity, mapped.identity.sourceID, .rejected, code: "ID_INVALID", path: "id",
            "the id of the \(mapped.entity) is empty or too long"))
      }
      if kind.isAhead(mapped.record, of: environment.now) { return .done(ahead(kind, own, mapped.record)) }
      let version = kind.version(of: mapped.record)
      if index == 0 || mapped.entity == first.entity && own == key, let stale = staleness(kind, key, version, index, set) {
        return .done(stale)
      }
      let references = item.keys[index].references.map { $0.flatMap { crmID(of: $0, set) } }
      for (place, reference) in mapped.references.enumerated() where references[place] == nil {
        guard case .hold = reference.policy, let target = item.keys[index].references[place] else { continue }
        if applications.contains(where: { $0.key == target }) { continue }
        causes.append(.link(target))
        reasons.append(("UNKNOWN_\(reference.entity.uppercased())", "\(reference.field): \(target) is not linked to anything yet"))
      }
      for value in mapped.heldValues {
        causes.append(.value(table: value.table, system: system, value: value.value))
        reasons.append(("UNMAPPED_VALUE", "\(value.field): the value map \(value.table) has no row for \"\(value.value)\""))
      }
      applications.append(identify(kind, own, version.number, index, references, set, &causes, &reasons))
    }
    for problem in item.outcome.problems where problem.severity == .hold { reasons.append((problem.code.rawValue, problem.description)) }
    if !causes.isEmpty || item.outcome.isHeld {
      // What is wrong in itself is not kept: its sender hears of it now, and it supersedes nothing.
      if !item.outcome.isHeld || item.outcome.items.allSatisfy(\.heldValues.isEmpty),
        let findings = findings(applications, set, environment)
      {
        return .done(row(key.entity, key.id.text, .rejected, findings: findings))
      }
      if let around = UnitCycle.wait(of: key, for: causes, set) { return .done(endless(around)) }
      return .hold(heldRow(key, applications[0].version, causes, reasons, environment))
    }
    return .apply(applications)
  }

  private func invalidID(_ entity: String, _ id: String, _ environment: StepEnvironment) -> ItemRow {
    do throws(CanonicalForm.Fault) {
      _ = try environment.form(of: entity, in: system).canonical(id)
      return row(entity, id, .rejected, code: "ID_INVALID", path: "id", "the id is no id of \(system)")
    } catch {
      return row(entity, id, .rejected, code: error.code, path: "id", error.explanation)
    }
  }

  /// What is wrong with the objects of an item whose ids are not all known yet; the unknown ones are taken as they came.
  private func findings(_ applications: [Application], _ set: WorkingSet, _ environment: StepEnvironment) -> [Finding]? {
    for application in applications {
      let mapped = item.outcome.items[application.index]
      let known = application.references
      var record = mapped.resolving(zip(known, mapped.references).map { $0 ?? $1.foreignID }).record
      record.slots[application.kind.idSlot] = .text(application.key.id.text)
      if case .failure(let examined) = application.kind.prepare(record) { return examined.findings }
    }
    return nil
  }

  /// The row of an item that is no newer than what was applied or is held, nil for one that is.
  private func staleness(
    _ kind: EntityKind, _ key: LinkKey, _ version: (number: Int64, isCounted: Bool), _ index: Int, _ set: WorkingSet
  ) -> ItemRow? {
    if let state = set.sourceStates[key] {
      let isOlder = version.number < state.version
      let isSame = version.number == state.version
      if isOlder || (isSame && version.isCounted) {
        if fingerprint(index, kind, key, set) == state.fingerprint {
          return row(key.entity, key.id.text, .unchanged, common: set.links[key]?.common)
        }
        let what = version.isCounted ? "version" : kind.timeField == "changedAt" ? "time of change" : kind.timeField
        return row(
          key.entity, key.id.text, .stale, code: isOlder ? "STALE_VERSION" : "VERSION_REUSED",
          path: version.isCounted ? "sourceVersion" : kind.timeField,
          "the \(what) \(version.number) is \(isOlder ? "older than" : "the same as") that of the state applied last, \(state.version), and the content differs; the item is recorded and ignored",
          common: set.links[key]?.common)
      }
    }
    if let held = set.heldByKey[key]?.last(where: { $0.id != heldBefore?.id }), version.number < held.version {
      return row(
        key.entity, key.id.text, .stale, code: "STALE_VERSION", path: "sourceVersion",
        "the version \(version.number) is older than \(held.version), which is held; the item is recorded and ignored")
    }
    return nil
  }

  /// Finds the thing that the item means, or adds the cause for which it waits.
  private func identify(
    _ kind: EntityKind, _ key: LinkKey, _ version: Int64, _ index: Int, _ references: [String?], _ set: WorkingSet,
    _ causes: inout [HeldRow.Cause], _ reasons: inout [(code: String, text: String)]
  ) -> Application {
    var application = Application(
      kind: kind, key: key, index: index, version: version, references: references, common: nil, linkNow: true)
    if let link = set.links[key] {
      application.common = link.common
      application.linkNow = false
      return application
    }
    // The CRM core's own objects are what others are matched with.
    if system == crmSystem { return application }
    let decision = MatchRules.decide(
      item.outcome.items[index].identity.matches,
      candidates: { set.matches[key.entity]?[$0] ?? [] },
      isTaken: { thing in set.linksOfThing[thing]?.contains { $0.key.system == system } ?? false })
    switch decision {
    case .create: break
    case .link(let thing, let by):
      application.common = thing
      application.why = "\(by.field) \"\(by.value)\" matched"
    case .ambiguous(let things, let by):
      let ids = things.map { crmID(ofThing: $0, set) ?? $0.description }.sorted().prefix(5).joined(separator: ", ")
      causes.append(.link(key))
      reasons.append(
        (
          "AMBIGUOUS_MATCH",
          "\(by.field) \"\(by.value)\" is also that of \(ids)\(things.count > 5 ? " and others" : ""); link \(key) to the right one"
        ))
    }
    return application
  }

  // MARK: - Apply

  private func apply(_ applications: [Application], in set: inout WorkingSet, _ environment: inout StepEnvironment) -> ItemRow {
    let first = applications[0].key
    // First everything that can still refuse the item, then every change.
    var ready: [Ready] = []
    ready.reserveCapacity(applications.count)
    var pending: [(key: LinkKey, crmID: String)] = []
    for application in applications {
      let kind = application.kind
      let common = application.common ?? environment.makeCommonID()
      let known = application.common.flatMap { crmID(ofThing: $0, set) }
      let given = system == crmSystem ? application.key.id.text : nil
      let crmNumber = known ?? given ?? nextID(of: kind, after: ready, set)
      pending.append((application.key, crmNumber))
      let mapped = item.outcome.items[application.index]
      let resolution = mapped.resolving(answers(application, pending))
      if resolution.isRejected {
        return finish(row(application.key.entity, application.key.id.text, .rejected, problems: resolution.problems), in: &set, environment)
      }
      var record = resolution.record
      if !resolution.writes.isEmpty { keepFields(of: former(kind, crmNumber, set), in: &record, resolution.writes) }
      record.slots[kind.idSlot] = .text(crmNumber)
      if kind === EntityKind.unit, let cycle = UnitCycle.finding(record, crmNumber, set) {
        return finish(row(application.key.entity, application.key.id.text, .rejected, findings: [cycle]), in: &set, environment)
      }
      switch kind.prepare(record) {
      case .failure(let examined):
        return finish(
          row(application.key.entity, application.key.id.text, .rejected, findings: examined.findings), in: &set, environment)
      case .success(let prepared):
        ready.append(
          Ready(application: application, record: record, common: common, crmID: crmNumber, prepared: prepared, isNew: known == nil))
      }
    }
    var outcome = ItemOutcome.unchanged
    for one in ready where write(one, in: &set, environment) { outcome = .applied }
    return finish(row(first.entity, first.id.text, outcome, common: ready[0].common), in: &set, environment)
  }

  /// The CRM core's id for a new object, behind those of the item's other new objects.
  private func nextID(of kind: EntityKind, after ready: [Ready], _ set: WorkingSet) -> String {
    let others = ready.isEmpty ? 0 : ready.count { $0.isNew && $0.application.kind === kind }
    return kind.id(number: (set.counters[kind.counter] ?? 1) + Int64(others))
  }

  /// An object that nothing refuses any more.
  private struct Ready {
    let application: Application
    let record: Record
    let common: CommonID
    let crmID: String
    let prepared: EntityKind.Prepared
    let isNew: Bool
  }

  /// Writes one object; false where its state is the same as before.
  private func write(_ ready: Ready, in set: inout WorkingSet, _ environment: StepEnvironment) -> Bool {
    let (kind, key, common) = (ready.application.kind, ready.application.key, ready.common)
    let own = LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(ready.crmID))
    if ready.isNew, system != crmSystem { _ = set.next(kind.counter) }
    if ready.isNew, own != key {
      set.change(.insertLink(Link(key: own, common: common, validFrom: environment.now, who: "broker", why: origin.name)))
    }
    let state = SourceState(version: ready.application.version, fingerprint: ready.prepared.fingerprint, message: message)
    if ready.application.linkNow {
      let why = ready.application.why.map { "\(origin.name): \($0)" } ?? origin.first
      set.change(.insertLink(Link(key: key, common: common, validFrom: environment.now, who: "broker", why: why), state: state))
    } else {
      let isUnchanged = set.sourceStates[key]?.fingerprint == state.fingerprint
      set.change(.putSourceState(key, state))
      if isUnchanged { return false }
    }
    let former = ready.isNew ? [] : formerMatchValues(kind, own, set)
    let record = ready.record
    set.change(
      .putObject(
        ObjectRow(
          entity: kind.name, id: ready.crmID, common: common, code: kind.text(kind.codeSlot, of: record),
          name: kind.text(kind.nameSlot, of: record), status: kind.text(kind.statusSlot, of: record), body: ready.prepared.body,
          changedAt: environment.now, changedBy: system)))
    let values = kind.matchValues(of: record)
    var claims: [MatchValue] = []
    if ready.application.common == nil, system != crmSystem {
      // Only what others can find: a claim on a value that the thing does not carry would bar them for ever.
      let matches = item.outcome.items[ready.application.index].identity.matches
      claims = matches == values ? values : values.filter(matches.contains)
    }
    if former != values || !claims.isEmpty {
      set.change(.putMatchValues(MatchValuesChange(common, entity: kind.name, from: former, to: values, claims: claims)))
    }
    return true
  }

  /// The match values of the object as it stands.
  private func formerMatchValues(_ kind: EntityKind, _ own: LinkKey, _ set: WorkingSet) -> [MatchValue] {
    guard let row = set.objects[own] else { return [] }
    if kind.isMatchedByCodeAlone { return row.code.isEmpty ? [] : kind.matchFields.map { MatchValue(field: $0, value: row.code) } }
    return former(kind, own.id.text, set).map(kind.matchValues) ?? []
  }

  /// Fields that are written at creation only, or only where nothing stands yet, keep what they have.
  private func keepFields(of former: Record?, in record: inout Record, _ writes: [FieldWrite]) {
    guard let former else { return }
    for write in writes {
      guard let old = former[write.path] else { continue }
      switch write.policy {
      case .always: break
      case .createOnly, .keep: record = record.resolving(write.path, to: old)
      case .ifEmpty: if old != .absent, old != .text(""), old != .list([]) { record = record.resolving(write.path, to: old) }
      }
    }
  }

  // MARK: - Ids

  private func crmID(of key: LinkKey, _ set: WorkingSet) -> String? { set.links[key].flatMap { crmID(ofThing: $0.common, set) } }

  private func crmID(ofThing thing: CommonID, _ set: WorkingSet) -> String? { set.id(of: thing, in: crmSystem) }

  /// The CRM core's ids of what an object refers to: by their links, else among the item's own objects.
  private func answers(_ application: Application, _ pending: [(key: LinkKey, crmID: String)]) -> [String?] {
    guard application.references.contains(nil) else { return application.references }
    return zip(application.references, item.keys[application.index].references).map { known, key in
      known ?? key.flatMap { key in pending.first { $0.key == key }?.crmID }
    }
  }

  /// The object as it stands.
  private func former(_ kind: EntityKind, _ crmID: String, _ set: WorkingSet) -> Record? {
    set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(crmID))].flatMap { try? Record(cdr: $0.body, as: kind.type) }
  }

  /// The fingerprint of the state that the item would make of its thing; nil where it would be refused or held.
  private func fingerprint(_ index: Int, _ kind: EntityKind, _ key: LinkKey, _ set: WorkingSet) -> UInt64? {
    let resolution = item.outcome.items[index].resolving(item.keys[index].references.map { $0.flatMap { crmID(of: $0, set) } })
    guard !resolution.isRejected, resolution.waiting.isEmpty, let id = crmID(of: key, set) else { return nil }
    var record = resolution.record
    if !resolution.writes.isEmpty { keepFields(of: former(kind, id, set), in: &record, resolution.writes) }
    record.slots[kind.idSlot] = .text(id)
    return try? kind.prepare(record).get().fingerprint
  }
}
