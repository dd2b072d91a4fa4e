public import Identity

/// Ids and match values that are not what all spellings of them fold to, by that. Those that are need no mention: they are found by
/// themselves.
struct Spellings: Sendable {
  private var ids: [LinkKey: [ForeignID]] = [:]
  private var values: [String: [MatchValue: [String]]] = [:]

  mutating func insert(_ id: ForeignID, _ fold: LinkKey) { if ids[fold]?.contains(id) != true { ids[fold, default: []].append(id) } }

  mutating func insert(_ value: MatchValue, entity: String) {
    let fold = value.folded
    if values[entity]?[fold]?.contains(where: { ForeignID($0) == ForeignID(value.value) }) == true { return }
    values[entity, default: [:]][fold, default: []].append(value.value)
  }

  /// Remembers a key that a step linked.
  mutating func note(_ key: LinkKey) { if !Spelling.isOwnFold(key.id.text) { insert(key.id, key.folded) } }

  mutating func note(_ value: MatchValue, entity: String) { if !Spelling.isOwnFold(value.value) { insert(value, entity: entity) } }

  func ids(_ fold: LinkKey) -> [ForeignID] { (ids.isEmpty ? nil : ids[fold]) ?? [] }

  func values(_ fold: MatchValue, entity: String) -> [String] { (values.isEmpty ? nil : values[entity]?[fold]) ?? [] }
}

extension LinkKey {
  /// The key that stands for all spellings of this one.
  public var folded: LinkKey { LinkKey(entity: entity, system: system, id: ForeignID(Spelling.fold(id.text))) }
}

extension MatchValue {
  /// The value that stands for all spellings of this one.
  public var folded: MatchValue { MatchValue(field: field, value: Spelling.fold(value)) }
}

extension WorkingSet {
  /// Other keys that are linked and differ from this one only in their spelling, in order.
  func spellings(of key: LinkKey) -> [LinkKey] {
    let fold = key.folded
    var found = spellings.ids(fold)
    if !found.contains(fold.id) { found.append(fold.id) }
    let others = found.filter { $0 != key.id }.map { LinkKey(entity: key.entity, system: key.system, id: $0) }
    return others.filter { links[$0] != nil }.sorted()
  }

  /// A value that differs from this one only in its spelling, and a thing that carries it.
  func nearMatch(of match: MatchValue, entity: String) -> (value: String, thing: CommonID)? {
    if match.value.isEmpty { return nil }
    let fold = match.folded
    for value in [fold.value] + spellings.values(fold, entity: entity) where ForeignID(value) != ForeignID(match.value) {
      if let thing = matches[entity]?[MatchValue(field: match.field, value: value)]?.min() { return (value, thing) }
    }
    return nil
  }
}
