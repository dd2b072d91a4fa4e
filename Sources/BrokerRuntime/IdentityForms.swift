public import Broker
import CDR
import CRMCore
public import Identity
public import StoreAPI

/// What a change of a form does to what is stored.
public struct FormEffect: Sendable {
  /// What will be stored of the form.
  public let row: FormRow
  /// The form until now.
  public let former: CanonicalForm
  /// Ids or values that would be written otherwise.
  public internal(set) var changed: [(from: String, to: String)] = []
  /// What would be one id, or one value, from then on.
  public internal(set) var together: [Together] = []

  /// Ids or values that would fall together.
  public struct Together: Sendable {
    /// As they would all be written.
    public let text: String
    /// As they are written now, with the thing of each; nil where the id means nothing any more, or not yet.
    public let members: [(text: String, thing: String?)]
    /// Whether they are ids of different things, which cannot be: a person has to unlink one.
    public let isRefused: Bool
  }

  /// What keeps the form from being applied.
  public var refused: [Together] { together.filter(\.isRefused) }
  public var isQuiet: Bool { changed.isEmpty && together.isEmpty }

  /// What is to be written for it.
  var changes: [RowChange] = []
}

/// Which forms hold: what broker.xml or a person declares becomes what is stored, and only what is stored is obeyed.
public enum IdentityForms {
  private static let pageLength = 1_000

  /// The forms that are declared, or hold without a declaration, and are not those of what is stored.
  ///
  /// - Parameter declared: by broker.xml.
  public static func pending(_ declared: [FormRow], _ reader: any StoreReader) throws -> [FormRow] {
    let stored = Dictionary(uniqueKeysWithValues: try reader.forms().map { ($0.scope, $0) })
    let scopes = Set(declared.map(\.scope))
    let gone = stored.values.filter { [.file, .earlier].contains($0.origin) && !scopes.contains($0.scope) }
      .map { FormRow($0.scope, $0.scope.standard, .standard) }
    return (declared.filter { stored[$0.scope] != $0 } + gone).sorted { $0.scope.description < $1.scope.description }
  }

  /// Looks what a form would do to what is stored; changes nothing.
  public static func effect(of row: FormRow, _ reader: any StoreReader) throws -> FormEffect {
    var effect = FormEffect(row: row, former: try reader.form(of: row.scope))
    if effect.former != row.form {
      switch row.scope {
      case .ids(let system, let entity): try examine(system, entity, &effect, reader)
      case .matches(let entity, let field): try examine(matchesOf: entity, field, &effect, reader)
      }
    }
    effect.changes.append(.putForm(row))
    return effect
  }

  private static func examine(_ system: String, _ entity: String, _ effect: inout FormEffect, _ reader: any StoreReader) throws {
    var groups: [ForeignID: [LinkKey]] = [:]
    var after = ForeignID("")
    while true {
      let page = try reader.keys(entity: entity, system: system, after: after, limit: pageLength)
      guard let last = page.last else { break }
      after = last
      // An id of which nothing would be left stays as it is; nothing else can fall together with it.
      for id in page {
        groups[(try? effect.row.form.canonical(id.text)) ?? id, default: []].append(LinkKey(entity: entity, system: system, id: id))
      }
    }
    for (id, keys) in groups.sorted(by: { $0.key < $1.key }) where keys.count > 1 || keys[0].id != id {
      let new = LinkKey(entity: entity, system: system, id: id)
      var links: [LinkKey: Link] = [:]
      if keys.count > 1 { for key in keys { links[key] = try reader.history(of: key).last { $0.validTo == nil } } }
      if keys.count > 1 {
        let members = try keys.map { key in (key.id.text, try links[key].map { try name(of: $0.common, reader) }) }
        let isRefused = Set(links.values.map(\.common)).count > 1
        effect.together.append(.init(text: id.text, members: members, isRefused: isRefused))
        // Of several ids of one thing, the one that is written so already goes on, else the oldest.
        let oldest = links.values.min { ($0.validFrom, $0.key) < ($1.validFrom, $1.key) }?.key
        let kept = links[new] == nil ? oldest : new
        for key in keys where links[key] != nil && key != kept {
          effect.changes.append(.endLink(key, at: 0, who: "", why: "the same id as \(id) in the form \(effect.row.form.text)"))
        }
      }
      for key in keys where key.id != id {
        effect.changed.append((key.id.text, id.text))
        effect.changes.append(.renameKey(key, to: new))
      }
    }
  }

  private static func examine(
    matchesOf entity: String, _ field: String, _ effect: inout FormEffect, _ reader: any StoreReader
  ) throws {
    guard let kind = EntityKind.named(entity) else { return }
    var carriers: [ForeignID: [(text: String, id: String)]] = [:]
    var after = ""
    while true {
      let page = try reader.objects(entity: entity, search: nil, after: after, limit: pageLength)
      guard let last = page.last else { break }
      after = last.id
      for object in page {
        guard let record = try? Record(cdr: object.body, as: kind.type) else { continue }
        for match in kind.matchValues(of: record) where match.field == field {
          let country = kind.country(of: record)
          let old = effect.former.value(match.value, country: country)
          let new = effect.row.form.value(match.value, country: country)
          if !new.isEmpty { carriers[ForeignID(new), default: []].append((old, object.id)) }
          if ForeignID(old) == ForeignID(new) { continue }
          effect.changed.append((old, new))
          effect.changes.append(
            .putMatchValues(
              MatchValuesChange(
                object.common, entity: entity, from: old.isEmpty ? [] : [MatchValue(field: field, value: old)],
                to: new.isEmpty ? [] : [MatchValue(field: field, value: new)])))
        }
      }
    }
    for (value, things) in carriers.sorted(by: { $0.key < $1.key }) where Set(things.map { ForeignID($0.text) }).count > 1 {
      effect.together.append(.init(text: value.text, members: things.map { ($0.text, $0.id) }, isRefused: false))
    }
  }

  private static func name(of thing: CommonID, _ reader: any StoreReader) throws -> String {
    try reader.links(of: thing).first { $0.key.system == crmSystem }?.key.id.text ?? thing.description
  }

  /// Brings what is stored to forms.
  ///
  /// - Parameter quietly: only forms that change nothing of what is stored; and those that no one declares, where no two things fall
  ///   together. Else all that are not refused.
  /// - Returns: what was applied, and what was not.
  public static func apply(
    _ rows: [FormRow], quietly: Bool, who: String, reason: String, at time: Int64, _ transaction: any StoreTransaction
  ) throws -> (applied: [FormEffect], left: [FormEffect]) {
    var (applied, left): ([FormEffect], [FormEffect]) = ([], [])
    for row in rows {
      let effect = try effect(of: row, transaction)
      if !effect.refused.isEmpty || (quietly && !effect.isQuiet && row.origin != .standard) {
        // It is not looked at again and again.
        let stored = try transaction.forms().first { $0.scope == row.scope }
        if row.origin == .standard, stored?.origin == .earlier {
          try transaction.apply([.putForm(FormRow(row.scope, effect.former, .kept))])
        }
        left.append(effect)
        continue
      }
      try transaction.apply(
        effect.changes.map { if case .endLink(let key, _, _, let why) = $0 { .endLink(key, at: time, who: who, why: why) } else { $0 } })
      if effect.former != row.form, row.origin != .standard || !effect.isQuiet {
        try transaction.apply([
          .insertAudit(
            AuditRow(
              at: time, who: who, action: "identity-form",
              subject: "\(row.scope): \(row.form.text), \(effect.changed.count) written otherwise", reason: reason))
        ])
      }
      applied.append(effect)
    }
    return (applied, left)
  }
}
