import CRMCore
import Identity
import Mapping

// Ids and match values that only look new.
extension ItemStep {
  /// Why an item that would create a thing waits: its id, or a value by which it could be recognised, differs from a known one in nothing
  /// that people see. Nil where there is no such one.
  ///
  /// - Parameter taking: what the item may do with its thing; what makes none cannot be released as new.
  func nearMiss(
    _ key: LinkKey, _ matches: [MatchValue], _ taking: Taking, _ set: WorkingSet, _ environment: StepEnvironment
  ) -> String? {
    if acceptsNearMisses || environment.nearMisses(of: key.entity, in: key.system) == .create { return nil }
    let other = taking == .changes ? "if not, `tessera held release … --as-new`" : "if not, there is nothing that the item could change"
    let resolution =
      "; if they are the same, declare a form (`tessera identity forms set`) or let this one take the other's place (`tessera identity link … --replace`); \(other)"
    let ids = set.spellings(of: key)
    if let first = ids.first {
      let thing = crmID(of: first, set).map { ", which is \($0)" } ?? ""
      return
        "\(key.entity) \"\(VisibleText.line(key.id.text))\" is unknown, and differs from \"\(VisibleText.line(first.id.text))\"\(thing), only in case, blanks, width or dashes\(resolution)"
    }
    for match in matches {
      guard let (value, thing) = set.nearMatch(of: match, entity: key.entity) else { continue }
      return
        "\(match.field) \"\(VisibleText.line(match.value))\" differs from \"\(VisibleText.line(value))\" of \(crmID(ofThing: thing, set) ?? thing.description) only in case, blanks, width or dashes\(resolution)"
    }
    return nil
  }

  /// Why nobody but a person can say which thing an unknown id means, and what he can do.
  func ambiguity(of key: LinkKey, _ things: [CommonID], _ by: MatchValue, _ set: WorkingSet) -> String {
    let ids = things.map { crmID(ofThing: $0, set) ?? $0.description }.sorted()
    let named = ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? " and others" : "")
    let taken = things.compactMap { set.linksOfThing[$0]?.first { $0.key.system == system && $0.key.entity == key.entity } }.first
    let has = things.count == 1 ? taken.map { ", which is \(system):\(VisibleText.line($0.key.id.text)) already" } ?? "" : ""
    let own = "\(key.system):\(VisibleText.line(key.id.text))"
    let replace = has.isEmpty ? "" : " --replace"
    return
      "\(by.field) \"\(VisibleText.line(by.value))\" is also that of \(named)\(has); if \(own) is \(ids.count == 1 ? "the same" : "one of them"), `tessera identity link \(key.entity) \(own) crm:\(ids.first ?? "…")\(replace) --reason …` says so; if it is another one, `tessera held release … --as-new --reason …` lets it in"
  }

  /// The words that name a linked id from which an unknown one differs in nothing that people see; empty where there is none.
  func nearName(of key: LinkKey, _ set: WorkingSet) -> String {
    guard let near = set.spellings(of: key).first else { return "" }
    let thing = crmID(of: near, set).map { ", which is \($0)" } ?? ""
    return "; it differs from \"\(VisibleText.line(near.id.text))\"\(thing), only in case, blanks, width or dashes"
  }

  /// The row of a new thing of our own whose code another one has: people and files name ours by their codes.
  func codeTaken(_ kind: EntityKind, _ key: LinkKey, _ matches: [MatchValue], _ set: WorkingSet) -> ItemRow? {
    guard system == crmSystem, kind.isNamedByCode, set.links[key] == nil, item.demand != .mayRepeatCode else { return nil }
    for match in matches {
      guard let other = set.matches[kind.name]?[match]?.first else {
        guard let (value, thing) = set.nearMatch(of: match, entity: kind.name) else { continue }
        return row(
          key.entity, key.id.text, .rejected, code: "NEAR_MISS", path: match.field,
          "the \(match.field) \"\(VisibleText.line(match.value))\" differs from \"\(VisibleText.line(value))\" of \(crmID(ofThing: thing, set) ?? thing.description) only in case, blanks, width or dashes; change that one, or take another code"
        )
      }
      return row(
        key.entity, key.id.text, .rejected, code: "CODE_EXISTS", path: match.field,
        "the \(match.field) \"\(match.value)\" is that of \(crmID(ofThing: other, set) ?? other.description) already; nobody could tell the two apart by it: change that one, or take another code"
      )
    }
    return nil
  }
}
