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
  /// Whether a person said that what only looks new is new.
  var acceptsNearMisses = false

  var message: Int64 { origin.message }

  /// What becomes of the item, before anything is changed.
  private enum Verdict {
    /// - Parameter passedOver: what else the item brought, and no newer than it stands here.
    case apply([Application], passedOver: [ItemRow])
    case done(ItemRow)
    case hold(HeldRow)
  }

  /// One object that will be written.
  struct Application {
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
    case .apply(let applications, let passedOver): return apply(applications, passedOver, in: &set, &environment)
    }
  }

  // MARK: - Examine

  private func examine(_ set: WorkingSet, _ environment: StepEnvironment) -> Verdict {
    let subject = item.outcome.subject
    guard item.outcome.items.indices.contains(subject) else {
      if !item.outcome.problems.isEmpty { return .done(row("", "", .rejected, problems: item.outcome.problems)) }
      return .done(row("", "", .leftOut, code: "MAPPING_EMPTY", "the mapping emits nothing for this item"))
    }
    let about = item.outcome.items[subject]
    let sourceID = about.identity.sourceID
    guard let key = item.keys[subject].own else { return .done(invalidID(about.entity, sourceID, environment)) }
    if item.outcome.isRejected { return .done(row(key.entity, key.id.text, .rejected, problems: item.outcome.problems)) }
    if let refused = demanded(key, set) { return .done(refused) }
    let (records, contradicted) = recordsOfThings()
    if let contradicted { return .done(contradiction(of: contradicted, in: key)) }
    // A thing that the item itself brings is not waited for, wherever it stands.
    let brought = records.count > 1 ? Set(records.lazy.compactMap { item.keys[$0].own }) : []
    var applications: [Application] = []
    var causes: [HeldRow.Cause] = []
    var reasons: [(code: String, text: String)] = []
    var passedOver: [ItemRow] = []
    for index in records {
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
      if let wrong = kind.timeFault(mapped.record, of: environment.now) {
        return .done(mistimed(own, wrong.field, wrong.time, wrong.fault))
      }
      let version = kind.version(of: mapped.record)
      if mapped.taking == .deletes, !kind.canBeInactive {
        return .done(
          row(
            key.entity, key.id.text, .rejected, code: "CANNOT_BE_DELETED",
            "a \(kind.name) is not deleted by a message; what becomes of it is said by its own commands"))
      }
      if item.demand == .isMissing {
        if set.links[own] == nil { return .done(givenUp(own)) }
        // Nobody said of which version that is: it follows what was said last, and the thing may come back with that very version.
        let last = set.sourceStates[own]?.version ?? 1
        applications.append(
          Application(
            kind: kind, key: own, index: index, version: last > .min ? last - 1 : last, references: [], common: set.links[own]?.common,
            linkNow: false))
        continue
      }
      if index == subject {
        if let stale = staleness(kind, own, version, index, set) ?? overtaken(own, version.number, set) { return .done(stale) }
      } else if let stale = staleness(kind, own, version, index, set) {
        // The item is about another thing: this one stays as it is.
        passedOver.append(stale)
        continue
      }
      if kind === EntityKind.contract, system != crmSystem, let known = contractKnown(index, own, mapped, set) { return .done(known) }
      let references = item.keys[index].references.map { $0.flatMap { crmID(of: $0, set) } }
      for (place, reference) in mapped.references.enumerated() where references[place] == nil {
        guard case .hold = reference.policy, let target = item.keys[index].references[place] else { continue }
        if target != own, brought.contains(target) { continue }
        causes.append(.link(target))
        reasons.append(("UNKNOWN_\(reference.entity.uppercased())", "\(reference.field): \(target) is not linked to anything yet"))
      }
      for value in mapped.heldValues {
        causes.append(.value(table: value.table, system: system, value: value.value))
        reasons.append(("UNMAPPED_VALUE", "\(value.field): the value map \(value.table) has no row for \"\(value.value)\""))
      }
      if let taken = codeTaken(kind, own, item.keys[index].matches, set) { return .done(taken) }
      let before = causes.count
      let application = identify(kind, own, version.number, index, references, set, environment, &causes, &reasons)
      if mapped.taking != .changes, application.common == nil, causes.count == before { return .done(unknown(own, mapped.taking, set)) }
      applications.append(application)
    }
    for problem in item.outcome.problems where problem.severity == .hold { reasons.append((problem.code.rawValue, problem.description)) }
    if !causes.isEmpty || item.outcome.isHeld {
      // What is wrong in itself is not kept: its sender hears of it now, and it supersedes nothing.
      if !item.outcome.isHeld || item.outcome.items.allSatisfy(\.heldValues.isEmpty),
        let findings = findings(applications, causes, set, environment)
      {
        return .done(row(key.entity, key.id.text, .rejected, findings: findings))
      }
      if let around = UnitCycle.wait(of: key, for: causes, set) { return .done(endless(around)) }
      let version = applications.first { $0.index == subject }?.version ?? 0
      return .hold(heldRow(key, version, causes, reasons, environment))
    }
    return .apply(applications, passedOver: passedOver)
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
  private func findings(
    _ applications: [Application], _ causes: [HeldRow.Cause], _ set: WorkingSet, _ environment: StepEnvironment
  ) -> [Finding]? {
    for application in applications {
      let mapped = item.outcome.items[application.index]
      // What says a part of a thing alone is not looked at before it is known which thing that is.
      if mapped.taking != .changes || mapped.partial != nil, causes.contains(.link(application.key)) { continue }
      let known = application.references
      let resolution = mapped.resolving(zip(known, mapped.references).map { $0 ?? $1.foreignID })
      var record = resolution.record
      if let id = application.common.flatMap({ crmID(ofThing: $0, set) }) {
        complete(&record, application.kind, id, mapped, resolution.writes, set)
      }
      unsign(&record, application.kind)
      record.slots[application.kind.idSlot] = .text(application.key.id.text)
      if case .failure(let examined) = application.kind.prepare(record) { return examined.findings }
      if case .refuse(let findings) = amountVerdict(application.kind, record, set, environment) { return findings }
    }
    return nil
  }

  /// The row of a record that is no newer than what was applied for its thing, nil for one that is.
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
    return nil
  }

  /// The row of an item that is older than one of the same thing that is held.
  private func overtaken(_ key: LinkKey, _ version: Int64, _ set: WorkingSet) -> ItemRow? {
    guard let held = set.heldByKey[key]?.last(where: { $0.id != heldBefore?.id }), version < held.version else { return nil }
    return row(
      key.entity, key.id.text, .stale, code: "STALE_VERSION", path: "sourceVersion",
      "the version \(version) is older than \(held.version), which is held; the item is recorded and ignored")
  }

  /// Finds the thing that the item means, or adds the cause for which it waits.
  private func identify(
    _ kind: EntityKind, _ key: LinkKey, _ version: Int64, _ index: Int, _ references: [String?], _ set: WorkingSet,
    _ environment: StepEnvironment, _ causes: inout [HeldRow.Cause], _ reasons: inout [(code: String, text: String)]
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
      item.keys[index].matches,
      candidates: { set.matches[key.entity]?[$0] ?? [] },
      isTaken: { thing in set.linksOfThing[thing]?.contains { $0.key.system == system } ?? false })
    switch decision {
    case .create:
      if let why = nearMiss(key, item.keys[index].matches, item.outcome.items[index].taking, set, environment) {
        causes.append(.link(key))
        reasons.append(("NEAR_MISS", why))
      }
    case .link(let thing, let by):
      application.common = thing
      application.why = "\(by.field) \"\(by.value)\" matched"
    case .ambiguous(let things, let by):
      // A person said that it is another one all the same.
      if acceptsNearMisses { break }
      causes.append(.link(key))
      let nearID = nearMiss(key, [], item.outcome.items[index].taking, set, environment).map { ("NEAR_MISS", $0) }
      reasons.append(nearID ?? ("AMBIGUOUS_MATCH", ambiguity(of: key, things, by, set)))
    }
    return application
  }

  // MARK: - Apply

  private func apply(
    _ applications: [Application], _ passedOver: [ItemRow], in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) -> ItemRow {
    // First the ids of all, since each may refer to each, then everything that can still refuse the item, then every change.
    var named: [Named] = []
    named.reserveCapacity(applications.count)
    for application in applications {
      let common = application.common ?? environment.makeCommonID()
      let known = application.common.flatMap { crmID(ofThing: $0, set) }
      let given = system == crmSystem ? application.key.id.text : nil
      let crmNumber = known ?? given ?? nextID(of: application.kind, after: named, set)
      named.append(Named(application: application, common: common, crmID: crmNumber, isNew: known == nil))
    }
    if named.count > 1, let confused = confusion(among: named) { return finish(confused, in: &set, environment) }
    var ready: [Ready] = []
    ready.reserveCapacity(named.count)
    var impossible: [Finding] = []
    var waits: [Finding] = []
    for one in named {
      let kind = one.application.kind
      let mapped = item.outcome.items[one.application.index]
      let resolution = mapped.resolving(answers(one.application, named))
      if resolution.isRejected { return finish(refusal(of: one.application, problems: resolution.problems), in: &set, environment) }
      var record = resolution.record
      complete(&record, kind, one.crmID, mapped, resolution.writes, set)
      if let partial = mapped.partial {
        let problems = one.isNew ? partial.problemsIfNew : partial.problems(of: record)
        if !problems.isEmpty { return finish(refusal(of: one.application, problems: problems), in: &set, environment) }
      }
      switch kind.prepare(record) {
      case .failure(let examined):
        return finish(refusal(of: one.application, findings: examined.findings), in: &set, environment)
      case .success(let prepared): ready.append(Ready(named: one, record: record, prepared: prepared))
      }
      switch amountVerdict(kind, record, set, environment) {
      case .take(let findings): impossible += findings
      case .refuse(let findings): return finish(refusal(of: one.application, findings: findings), in: &set, environment)
      case .hold(let findings): waits += findings
      }
    }
    for one in ready where one.named.application.kind === EntityKind.unit {
      if let cycle = UnitCycle.finding(one.record, one.named.crmID, set, besides: ready.lazy.map { ($0.named.crmID, $0.record) }) {
        return finish(refusal(of: one.named.application, findings: [cycle]), in: &set, environment)
      }
    }
    let subject = named.first { $0.application.index == item.outcome.subject } ?? named[0]
    if !waits.isEmpty { return hold(waits, subject.application, in: &set, environment) }
    var outcome = ItemOutcome.unchanged
    for one in ready where write(one, in: &set, environment) { outcome = .applied }
    var result = row(subject.application.key.entity, subject.application.key.id.text, outcome, common: subject.common)
    if let stale = passedOver.first(where: { $0.outcome == .stale }) {
      result.code = "PART_STALE"
      result.explanation = "\(stale.entity) \(stale.key) beside it stays as it is: \(stale.explanation)"
    }
    if item.demand == .isMissing, outcome == .applied {
      result.code = InboundItem.missingCode
      result.explanation = "the message holds everything, and not this: it is inactive from now on"
    }
    warn(of: impossible, in: &result)
    return finish(result, in: &set, environment)
  }

  /// The row of an item of which a record is refused: it names what the item is about, and says which of its records it was.
  private func refusal(of application: Application, problems: [MappingProblem] = [], findings: [Finding] = []) -> ItemRow {
    let about = item.keys[item.outcome.subject].own ?? application.key
    var result =
      findings.isEmpty
      ? row(about.entity, about.id.text, .rejected, problems: problems) : row(about.entity, about.id.text, .rejected, findings: findings)
    if application.key != about { result.explanation = "\(application.key.entity) \(application.key.id): \(result.explanation)" }
    return result
  }

  /// The CRM core's id for a new object, behind those of the item's other new objects.
  private func nextID(of kind: EntityKind, after named: [Named], _ set: WorkingSet) -> String {
    let others = named.isEmpty ? 0 : named.count { $0.isNew && $0.application.kind === kind }
    return kind.id(number: (set.counters[kind.counter] ?? 1) + Int64(others))
  }

  /// A thing that has its ids.
  struct Named {
    let application: Application
    let common: CommonID
    let crmID: String
    let isNew: Bool
  }

  /// An object that nothing refuses any more.
  private struct Ready {
    let named: Named
    let record: Record
    let prepared: EntityKind.Prepared
  }

  /// Writes one object; false where its state is the same as before.
  private func write(_ ready: Ready, in set: inout WorkingSet, _ environment: StepEnvironment) -> Bool {
    let (named, application) = (ready.named, ready.named.application)
    let (kind, key, common) = (application.kind, application.key, named.common)
    let own = LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(named.crmID))
    if named.isNew, system != crmSystem { _ = set.next(kind.counter) }
    if named.isNew, own != key {
      set.change(.insertLink(Link(key: own, common: common, validFrom: environment.now, who: "broker", why: origin.name)))
    }
    let state = SourceState(version: application.version, fingerprint: ready.prepared.fingerprint, message: message)
    if application.linkNow {
      let why = application.why.map { "\(origin.name): \($0)" } ?? origin.first
      set.change(.insertLink(Link(key: key, common: common, validFrom: environment.now, who: "broker", why: why), state: state))
    } else {
      let isUnchanged = set.sourceStates[key]?.fingerprint == state.fingerprint
      set.change(.putSourceState(key, state))
      if isUnchanged { return false }
    }
    let former = named.isNew ? [] : formerMatchValues(kind, own, set, environment)
    let record = ready.record
    set.change(
      .putObject(
        ObjectRow(
          entity: kind.name, id: named.crmID, common: common, code: kind.text(kind.codeSlot, of: record),
          name: kind.text(kind.nameSlot, of: record), status: kind.text(kind.statusSlot, of: record), body: ready.prepared.body,
          changedAt: environment.now, changedBy: system)))
    let values = environment.matchValues(of: record, kind)
    var claims: [MatchValue] = []
    if application.common == nil, system != crmSystem {
      // Only what others can find: a claim on a value that the thing does not carry would bar them for ever.
      let matches = item.keys[application.index].matches
      claims = matches == values ? values : values.filter(matches.contains)
      // Where a person said that it is another one, others may have its values.
      if acceptsNearMisses { claims.removeAll { !(set.matches[kind.name]?[$0] ?? []).isEmpty } }
    }
    if former != values || !claims.isEmpty {
      set.change(.putMatchValues(MatchValuesChange(common, entity: kind.name, from: former, to: values, claims: claims)))
    }
    return true
  }
}
