import CDR
import CRMCore
import Identity
import Mapping

/// Takes one item through identify and decide, over the rows of its step.
struct ItemStep {
  let system: String
  let message: Int64
  let item: InboundItem
  /// The row of the item's earlier wait, when it runs again.
  let heldBefore: HeldRow?

  /// What becomes of the item, before anything is changed.
  private enum Verdict {
    case apply([Application])
    case done(ItemRow)
    case hold(HeldRow)
  }

  /// One object that will be written.
  private struct Application {
    var kind: EntityKind
    var key: LinkKey
    var mapped: MappedItem
    var version: Int64
    /// Nil where the thing is created.
    var common: CommonID?
    var linkNow: Bool
    var why: String
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
    let key: LinkKey
    do throws(CanonicalForm.Fault) {
      key = LinkKey(entity: first.entity, system: system, id: try environment.form(of: first.entity, in: system).canonical(sourceID))
    } catch {
      return .done(row(first.entity, sourceID, .rejected, code: error.code, path: "id", error.explanation))
    }
    if item.outcome.isRejected { return .done(row(key.entity, key.id.text, .rejected, problems: item.outcome.problems)) }
    var applications: [Application] = []
    var causes: [HeldRow.Cause] = []
    var reasons: [(code: String, text: String)] = []
    for mapped in item.outcome.items {
      guard let kind = EntityKind.named(mapped.entity), kind.type.id == mapped.type.id else {
        return .done(
          row(
            mapped.entity, sourceID, .rejected, code: "ENTITY_UNKNOWN",
            "the mapping emits \(mapped.typeName) as \(mapped.entity), which the CRM core does not take"))
      }
      guard let own = environment.key(mapped.entity, system, mapped.identity.sourceID) else {
        return .done(
          row(
            mapped.entity, mapped.identity.sourceID, .rejected, code: "ID_INVALID", path: "id",
            "the id of the \(mapped.entity) is empty or too long"))
      }
      let version = kind.version(of: mapped.record)
      if mapped.entity == first.entity, own == key, let stale = staleness(kind, key, version, mapped, set, environment) {
        return .done(stale)
      }
      for reference in mapped.references where reference.policy == .hold {
        guard let target = environment.key(reference.entity, system, reference.foreignID) else { continue }
        if crmID(of: target, set) != nil || applications.contains(where: { $0.key == target }) { continue }
        causes.append(.link(target))
        reasons.append(("UNKNOWN_\(reference.entity.uppercased())", "\(reference.field): \(target) is not linked to anything yet"))
      }
      for value in mapped.heldValues {
        causes.append(.value(table: value.table, system: system, value: value.value))
        reasons.append(("UNMAPPED_VALUE", "\(value.field): the value map \(value.table) has no row for \"\(value.value)\""))
      }
      applications.append(identify(kind, own, version.number, mapped, set, &causes, &reasons))
    }
    for problem in item.outcome.problems where problem.severity == .hold { reasons.append((problem.code.rawValue, problem.description)) }
    if !causes.isEmpty || item.outcome.isHeld {
      // What is wrong in itself is not kept: its sender hears of it now, and it supersedes nothing.
      if !item.outcome.isHeld || item.outcome.items.allSatisfy(\.heldValues.isEmpty),
        let findings = findings(applications, set, environment)
      {
        return .done(row(key.entity, key.id.text, .rejected, findings: findings))
      }
      return .hold(heldRow(key, applications[0].version, causes, reasons, environment))
    }
    return .apply(applications)
  }

  /// What is wrong with the objects of an item whose ids are not all known yet; the unknown ones are taken as they came.
  private func findings(_ applications: [Application], _ set: WorkingSet, _ environment: StepEnvironment) -> [Finding]? {
    for application in applications {
      let mapped = application.mapped
      let known = answers(mapped, set, environment, [:])
      var record = mapped.resolving(zip(known, mapped.references).map { $0 ?? $1.foreignID }).record
      record.slots[application.kind.idSlot] = .text(application.key.id.text)
      if case .failure(let examined) = application.kind.prepare(record) { return examined.findings }
    }
    return nil
  }

  /// The row of an item that is no newer than what was applied or is held, nil for one that is.
  private func staleness(
    _ kind: EntityKind, _ key: LinkKey, _ version: (number: Int64, isCounted: Bool), _ mapped: MappedItem, _ set: WorkingSet,
    _ environment: StepEnvironment
  ) -> ItemRow? {
    if let state = set.sourceStates[key] {
      let isOlder = version.number < state.version
      let isSame = version.number == state.version
      if isOlder || (isSame && version.isCounted) {
        if fingerprint(mapped, kind, key, set, environment) == state.fingerprint {
          return row(key.entity, key.id.text, .unchanged, common: set.links[key]?.common)
        }
        let what = version.isCounted ? "version" : "time of change"
        return row(
          key.entity, key.id.text, .stale, code: isOlder ? "STALE_VERSION" : "VERSION_REUSED",
          path: version.isCounted ? "sourceVersion" : "changedAt",
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
    _ kind: EntityKind, _ key: LinkKey, _ version: Int64, _ mapped: MappedItem, _ set: WorkingSet, _ causes: inout [HeldRow.Cause],
    _ reasons: inout [(code: String, text: String)]
  ) -> Application {
    var application = Application(kind: kind, key: key, mapped: mapped, version: version, common: nil, linkNow: true, why: "first message")
    if let link = set.links[key] {
      application.common = link.common
      application.linkNow = false
      return application
    }
    // The CRM core's own objects are what others are matched with.
    if system == crmSystem { return application }
    let decision = MatchRules.decide(
      mapped.identity.matches.map { MatchValue(field: $0.field, value: $0.value) },
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
    // First everything that can still refuse the item, then every change.
    var prepared: [(Application, Record, CommonID, crmID: String, EntityKind.Prepared, isNew: Bool)] = []
    var pending: [LinkKey: String] = [:]
    var taken: [String: Int64] = [:]
    for application in applications {
      let kind = application.kind
      let common = application.common ?? environment.makeCommonID()
      let known = application.common.flatMap { crmID(ofThing: $0, set) }
      let given = system == crmSystem ? application.key.id.text : nil
      let crmNumber = known ?? given ?? kind.id(number: (set.counters[kind.counter] ?? 1) + taken[kind.counter, default: 0])
      if known == nil { taken[kind.counter, default: 0] += 1 }
      pending[application.key] = crmNumber
      let resolution = application.mapped.resolving(answers(application.mapped, set, environment, pending))
      if resolution.isRejected {
        return finish(row(application.key.entity, application.key.id.text, .rejected, problems: resolution.problems), in: &set, environment)
      }
      var record = resolution.record
      if !resolution.writes.isEmpty { keepFields(of: former(kind, crmNumber, set), in: &record, resolution.writes) }
      record.slots[kind.idSlot] = .text(crmNumber)
      switch kind.prepare(record) {
      case .failure(let examined):
        return finish(
          row(application.key.entity, application.key.id.text, .rejected, findings: examined.findings), in: &set, environment)
      case .success(let body): prepared.append((application, record, common, crmNumber, body, known == nil))
      }
    }
    var outcome = ItemOutcome.unchanged
    for (application, record, common, crmID, body, isNew) in prepared {
      if write(application, record, common, crmID, body, isNew: isNew, in: &set, environment) { outcome = .applied }
    }
    let first = prepared[0]
    return finish(row(first.0.key.entity, first.0.key.id.text, outcome, common: first.2), in: &set, environment)
  }

  /// Writes one object; false where its state is the same as before.
  private func write(
    _ application: Application, _ record: Record, _ common: CommonID, _ crmID: String, _ body: EntityKind.Prepared, isNew: Bool,
    in set: inout WorkingSet, _ environment: StepEnvironment
  ) -> Bool {
    let kind = application.kind
    let key = application.key
    if application.common == nil { set.change(.insertThing(common, entity: kind.name, createdAt: environment.now)) }
    let own = LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(crmID))
    if isNew, system != crmSystem { _ = set.next(kind.counter) }
    if isNew, own != key {
      set.change(.insertLink(Link(key: own, common: common, validFrom: environment.now, who: "broker", why: "message \(message)")))
    }
    if application.linkNow {
      set.change(
        .insertLink(
          Link(key: key, common: common, validFrom: environment.now, who: "broker", why: "message \(message): \(application.why)")))
    }
    let unchanged = !application.linkNow && set.sourceStates[key]?.fingerprint == body.fingerprint
    set.change(.putSourceState(SourceStateRow(key: key, version: application.version, fingerprint: body.fingerprint, message: message)))
    if unchanged { return false }
    set.change(
      .putObject(
        ObjectRow(
          entity: kind.name, id: crmID, common: common, code: kind.text(kind.codeSlot, of: record),
          name: kind.text(kind.nameSlot, of: record),
          status: kind.text(kind.statusSlot, of: record), body: body.body, changedAt: environment.now, changedBy: system)))
    let values = kind.matchFields.compactMap { field -> MatchValue? in
      let value = kind.text(kind.type.slot(of: field), of: record)
      return value.isEmpty ? nil : MatchValue(field: field, value: value)
    }
    set.change(.putMatchValues(common, entity: kind.name, values: values))
    if application.common == nil, system != crmSystem {
      // Only what others can find: a claim on a value that the thing does not carry would bar them for ever.
      for match in application.mapped.identity.matches.map({ MatchValue(field: $0.field, value: $0.value) }) where values.contains(match) {
        set.change(.insertClaim(entity: kind.name, match, common))
      }
    }
    return true
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

  private func crmID(ofThing thing: CommonID, _ set: WorkingSet) -> String? {
    set.linksOfThing[thing]?.first { $0.key.system == crmSystem }?.key.id.text
  }

  private func answers(_ mapped: MappedItem, _ set: WorkingSet, _ environment: StepEnvironment, _ pending: [LinkKey: String]) -> [String?] {
    mapped.references.map { reference in
      environment.key(reference.entity, system, reference.foreignID).flatMap { pending[$0] ?? crmID(of: $0, set) }
    }
  }

  /// The object as it stands.
  private func former(_ kind: EntityKind, _ crmID: String, _ set: WorkingSet) -> Record? {
    set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(crmID))].flatMap { try? Record(cdr: $0.body, as: kind.type) }
  }

  /// The fingerprint of the state that the item would make of its thing; nil where it would be refused or held.
  private func fingerprint(_ mapped: MappedItem, _ kind: EntityKind, _ key: LinkKey, _ set: WorkingSet, _ environment: StepEnvironment)
    -> UInt64?
  {
    let resolution = mapped.resolving(answers(mapped, set, environment, [:]))
    guard !resolution.isRejected, resolution.waiting.isEmpty, let id = crmID(of: key, set) else { return nil }
    var record = resolution.record
    if !resolution.writes.isEmpty { keepFields(of: former(kind, id, set), in: &record, resolution.writes) }
    record.slots[kind.idSlot] = .text(id)
    return try? kind.prepare(record).get().fingerprint
  }
}
