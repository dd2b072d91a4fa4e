import Identity

// Ids and match values that only look new.
extension ItemStep {
  /// Why an item that would create a thing waits: its id, or a value by which it could be recognised, differs from a known one in nothing
  /// that people see. Nil where there is no such one.
  func nearMiss(_ key: LinkKey, _ matches: [MatchValue], _ set: WorkingSet, _ environment: StepEnvironment) -> String? {
    if acceptsNearMisses || environment.nearMisses(of: key.entity, in: key.system) == .create { return nil }
    let resolution =
      "; if they are the same, declare a form (`tessera identity forms set`) or let this one take the other's place (`tessera identity link --replace`); if not, `tessera held release --as-new`"
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
}
