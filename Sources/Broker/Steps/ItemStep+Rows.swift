import CDR
import CRMCore
import Identity
import Mapping

extension ItemStep {
  func row(
    _ entity: String, _ key: String, _ outcome: ItemOutcome, code: String = "", path: String = "", _ explanation: String = "",
    common: CommonID? = nil
  ) -> ItemRow {
    ItemRow(
      message: message, number: item.number, entity: entity, key: key, outcome: outcome, code: code, path: path, explanation: explanation,
      common: common)
  }

  /// The row of an item whose sender says of its thing what is not so.
  func demanded(_ key: LinkKey, _ set: WorkingSet) -> ItemRow? {
    if case .any = item.demand { return nil }
    return switch (item.demand, set.links[key]) {
    case (.isNew, let link?):
      row(
        key.entity, key.id.text, .rejected, code: "ID_EXISTS", path: "id", "\(key) is there already; change it instead of adding it",
        common: link.common)
    case (.isKnown, nil) where !isOfOwnOrder(key, set):
      row(
        key.entity, key.id.text, .rejected, code: "ID_UNKNOWN", path: "id",
        "\(key) is not linked to anything\(nearName(of: key, set)); add it first")
    default: nil
    }
  }

  /// The row of an item that may change what is known, and is about what is not.
  func unknown(_ key: LinkKey, _ taking: Taking, _ set: WorkingSet) -> ItemRow {
    let about = item.keys[item.outcome.subject].own ?? key
    return row(
      about.entity, about.id.text, .rejected, code: "ID_UNKNOWN", path: "id",

      "\(key) is not linked to anything\(nearName(of: key, set)), and the mapping takes \(taking.rawValue) of it alone")
  }

  /// Whether the item is news of an order that we placed: those are news also where they are the first.
  private func isOfOwnOrder(_ key: LinkKey, _ set: WorkingSet) -> Bool {
    key.entity == EntityKind.orderStatus.name
      && item.keys[item.outcome.subject].references.contains { $0?.entity == EntityKind.order.name && $0.flatMap { set.links[$0] } != nil }
  }

  /// The first problem gives code and path; the explanation says all of them.
  func row(_ entity: String, _ key: String, _ outcome: ItemOutcome, problems: [MappingProblem]) -> ItemRow {
    let refusals = problems.filter { $0.severity == .reject }
    return row(
      entity, key, outcome, code: refusals.first?.code.rawValue ?? "MAPPING_EMPTY", path: refusals.first?.field ?? "",
      refusals.isEmpty ? "the mapping emits nothing of this item" : refusals.map(Self.words).joined(separator: "; "))
  }

  func row(_ entity: String, _ key: String, _ outcome: ItemOutcome, findings: [Finding]) -> ItemRow {
    row(
      entity, key, outcome, code: findings.first?.code ?? "", path: findings.first?.path ?? "",
      findings.words)
  }

  private static func words(_ problem: MappingProblem) -> String {
    // Senders read this: the file's name says which mapping it is, where it lies is not their business.
    let file = problem.place.file.split(separator: "/").last ?? ""
    let told = SourcePlace(file: String(file), line: problem.place.line, column: problem.place.column)
    let place = told.line > 0 ? " (\(told))" : ""
    return
      "\(problem.field.isEmpty ? "" : "\(problem.field): ")\(problem.message)\(problem.hint.isEmpty ? "" : "; \(problem.hint)")\(place)"
  }

  /// The row of an item of a time that cannot be meant.
  func mistimed(_ key: LinkKey, _ field: String, _ time: Int64, _ fault: EntityKind.TimeFault) -> ItemRow {
    let (code, words) =
      switch fault {
      case .ahead:
        (
          "TIME_AHEAD",
          "more than a day ahead of our clock; as the newest news it would keep out all that is true: set the sender's clock right"
        )
      case .counts(let unit):
        (
          "TIME_UNIT",
          "which counts \(unit) since 1970; times are told in microseconds: multiply it by \(unit == "seconds" ? "1000000" : "1000")"
        )
      case .before1970:
        (
          "TIME_BEFORE_1970",
          "a time before 1970, when no system had news: tell when the sender changed it, in microseconds since 1970 (UTC)"
        )
      }
    return row(key.entity, key.id.text, .rejected, code: code, path: field, "\(field) is \(time), \(words)")
  }

  /// The row of what waits under an id that never became a thing, and that a message which holds everything does not mention.
  func givenUp(_ key: LinkKey) -> ItemRow {
    row(
      key.entity, key.id.text, .applied, code: InboundItem.missingCode,
      "the message holds everything, and not this: what waits under the id is given up")
  }

  /// The row of an item that would wait for others of its kind that wait for it.
  func endless(_ around: [LinkKey]) -> ItemRow {
    let ids = around.map(\.id.text).joined(separator: ", ")
    return row(
      around[0].entity, around[0].id.text, .rejected, code: "\(around[0].entity.uppercased())_CYCLE",
      "the \(around[0].entity) refers to one that waits for it: \(ids); send one of them without that reference first")
  }

  func heldRow(
    _ key: LinkKey, _ version: Int64, _ causes: [HeldRow.Cause], _ reasons: [(code: String, text: String)], _ environment: StepEnvironment
  ) -> HeldRow {
    HeldRow(
      id: heldBefore?.id ?? 0, message: message, item: item.number, key: key, version: version, sourceType: item.sourceType,
      source: heldBefore?.source ?? (try? item.source.cdr()) ?? [], shape: heldBefore?.shape ?? TypeShape(item.source.type),
      code: reasons.first?.code ?? "HELD",
      explanation: reasons.map(\.text).joined(separator: "; "), causes: causes, state: .waiting,
      since: heldBefore?.since ?? environment.now,
      changedAt: environment.now, isNew: acceptsNearMisses)
  }

  /// Keeps the item, in place of older versions of itself.
  func hold(_ held: HeldRow, in set: inout WorkingSet, _ environment: StepEnvironment) -> ItemRow {
    var held = held
    if heldBefore == nil {
      supersede(held.key, upTo: held.version, in: &set, environment)
      held.id = set.next("held")
      set.change(.insertHeld(held))
    } else {
      // What it is called may have changed with its mapping.
      set.change(.updateHeld(held))
    }
    return row(held.key.entity, held.key.id.text, .held, code: held.code, held.explanation)
  }

  /// Ends the waits that the item's outcome settles: its own, and those of older versions of itself.
  func finish(_ row: ItemRow, in set: inout WorkingSet, _ environment: StepEnvironment) -> ItemRow {
    if var held = heldBefore {
      held.state =
        row.outcome == .rejected || row.outcome == .leftOut ? .discarded : row.outcome == .stale ? .superseded : .released
      held.changedAt = environment.now
      held.code = row.code
      held.explanation = row.explanation
      held.causes = []
      set.change(.updateHeld(held))
    }
    // Mostly nothing is held at all.
    if !set.heldByKey.isEmpty, row.outcome == .applied || row.outcome == .unchanged {
      let key = LinkKey(entity: row.entity, system: system, id: ForeignID(row.key))
      // What waits of a thing that a message which holds everything does not mention is not true any more, whatever version it bears.
      let version = item.demand == .isMissing ? .max : set.sourceStates[key]?.version
      if let version { supersede(key, upTo: version, in: &set, environment) }
    }
    return row
  }

  /// Older versions of the same key that still wait are overtaken.
  private func supersede(_ key: LinkKey, upTo version: Int64, in set: inout WorkingSet, _ environment: StepEnvironment) {
    for var old in set.heldByKey[key] ?? [] where old.id != heldBefore?.id && old.version <= version {
      let explanation = "a newer version of \(key), \(version), arrived in message \(message)"
      old.state = .superseded
      old.changedAt = environment.now
      old.code = "SUPERSEDED"
      old.explanation = explanation
      old.causes = []
      set.change(.updateHeld(old))
      set.change(
        .updateItem(
          ItemRow(
            message: old.message, number: old.item, entity: key.entity, key: key.id.text, outcome: .superseded, code: "SUPERSEDED",
            explanation: explanation)))
    }
  }
}
