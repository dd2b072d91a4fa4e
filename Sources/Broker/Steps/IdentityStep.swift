public import Identity

extension BrokerStep {
  /// The rows that ``join(_:_:replacing:who:reason:in:_:)`` and ``unlink(_:who:reason:in:_:)`` look at.
  public static func needs(linking keys: [LinkKey]) -> Needs {
    var needs = Needs()
    needs.links = Set(keys)
    needs.systems = Set(keys.map(\.system)).union([crmSystem])
    return needs
  }

  /// A person states that two ids mean the same thing.
  ///
  /// - Parameter replacing: ends what stands against it.
  /// - Returns: whether anything changed.
  /// - Throws: ``LinkConflict``, which says what stands there already.
  @discardableResult
  public static func join(
    _ left: LinkKey, _ right: LinkKey, replacing: Bool = false, who: String, reason: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) throws(LinkConflict) -> Bool {
    let foreign = left.system == crmSystem ? right : left
    let changes = try LinkRules.join(
      left, right, links: { set.links[$0] }, linksOfThing: { set.linksOfThing[$0] ?? [] },
      cardinality: environment.cardinality(of: foreign.entity, in: foreign.system), replacing: replacing)
    return apply(changes, "link", "\(left) = \(right)", who, reason, in: &set, environment)
  }

  /// A person states that an id does not mean its thing any more.
  @discardableResult
  public static func unlink(
    _ key: LinkKey, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws(LinkConflict) -> Bool {
    let changes = try LinkRules.unlink(key) { set.links[$0] }
    return apply(changes, "unlink", key.description, who, reason, in: &set, environment)
  }

  /// The rows that ``resetVersion(of:who:reason:in:_:)`` looks at.
  public static func needs(resetting key: LinkKey) -> Needs {
    var needs = needs(linking: [key])
    needs.heldOfLinks = true
    return needs
  }

  /// A person states that the version of an id's last state is wrong, mostly a time far ahead of which its system never meant anything: the
  /// next news of the id are taken, whatever version they bear. The object stays as it is until then. Items of the id that are held bear
  /// such a version, too, and are given up.
  ///
  /// - Returns: the version that counted until now, nil where nothing was applied yet; and the held items that were given up.
  /// - Throws: ``ContractRefusal`` where nothing of the id counts.
  public static func resetVersion(
    of key: LinkKey, who: String, reason: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws -> (former: Int64?, discarded: [HeldRow]) {
    let former = set.sourceStates[key]
    let held = set.heldByKey[key] ?? []
    guard former != nil || !held.isEmpty else {
      throw ContractRefusal("VERSION_UNKNOWN", "no version of \(key) counts here: nothing of it was applied, and nothing of it is held")
    }
    if let former { set.change(.putSourceState(key, SourceState(version: .min, fingerprint: 0, message: former.message))) }
    for var row in held {
      row.state = .discarded
      row.changedAt = environment.now
      row.code = "VERSION_RESET"
      row.explanation = "given up by \(who) when the version of \(key) was reset: \(reason)"
      row.causes = []
      set.change(.updateHeld(row))
      set.change(
        .updateItem(
          ItemRow(
            message: row.message, number: row.item, entity: key.entity, key: key.id.text, outcome: .superseded, code: row.code,
            explanation: row.explanation)))
    }
    set.change(
      .insertAudit(
        AuditRow(
          at: environment.now, who: who, action: "reset-version", subject: "\(key)\(former.map { ", version \($0.version)" } ?? "")",
          reason: reason)))
    return (former?.version, held)
  }

  private static func apply(
    _ changes: [LinkChange], _ action: String, _ subject: String, _ who: String, _ reason: String, in set: inout WorkingSet,
    _ environment: StepEnvironment
  ) -> Bool {
    for change in changes {
      switch change {
      case .insert(let key, let common):
        set.change(.insertLink(Link(key: key, common: common, validFrom: environment.now, who: who, why: reason)))
      case .end(let key):
        set.change(.endLink(key, at: environment.now, who: who, why: reason))
        // The version that was applied last counts again: the thing that the id will mean has not seen it. Older ones stay stale.
        if let state = set.sourceStates[key] {
          set.change(.putSourceState(key, SourceState(version: state.version &- 1, fingerprint: 0, message: state.message)))
        }
      }
    }
    if changes.isEmpty { return false }
    set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: action, subject: subject, reason: reason)))
    return true
  }
}
