import Broker
import Identity

extension MemoryTransaction {
  func load(_ needs: Needs) throws -> WorkingSet {
    var set = WorkingSet()
    loadLinks(needs, into: &set)
    for key in needs.objects { rows.objects[key].map { set.load($0) } }
    for key in needs.links { rows.sourceStates[key].map { set.load($0, of: key) } }
    for row in rows.held.values.sorted(by: { $0.id < $1.id })
    where needs.heldOfLinks && row.state == .waiting && needs.links.contains(row.key) {
      set.load(row)
    }
    for name in needs.counters { rows.counters[name].map { set.load(counter: name, next: $0) } }
    if let (system, messageID) = needs.message { try message(system: system, messageID: messageID).map { set.load($0) } }
    for row in rows.deliveries.values where needs.deliveries.contains(row.id) || needs.deliveriesOfContracts.contains(row.contract) {
      set.load(row)
    }
    for (destination, party) in needs.lanes {
      rows.lanes[MemoryRows.LaneKey(destination: destination, party: party)].map { set.load($0) }
    }
    try loadCredit(needs, into: &set)
    try loadWholeKinds(needs, into: &set)
    return set
  }

  /// The links of the keys, then the match values, then the other links and the objects of all things found so.
  private func loadLinks(_ needs: Needs, into set: inout WorkingSet) {
    var things = needs.things
    for key in needs.links {
      guard let link = rows.links[key] else { continue }
      set.load(link)
      things.insert(link.common)
    }
    var matches = needs.matches
    for (key, values) in needs.matchesOfUnknown where rows.links[key] == nil { matches[key.entity, default: []].formUnion(values) }
    for (key, values) in needs.matchesOfUnknown where rows.links[key] == nil { loadSpellings(key, values, &matches, into: &set, &things) }
    for (entity, values) in matches {
      for value in values {
        for thing in rows.matchValues[MemoryRows.MatchKey(entity: entity, value: value), default: []].sorted() {
          set.load(entity: entity, match: value, of: thing)
          things.insert(thing)
        }
      }
    }
    for link in things.flatMap({ rows.keysOfThing[$0, default: []] }).compactMap({ rows.links[$0] }) where things.contains(link.common) {
      let ofCRM = link.key.system == "crm" && needs.objectsOfLinks
      if ofCRM || needs.systems.contains(link.key.system) { set.load(link) }
      if ofCRM { rows.objects[link.key].map { set.load($0) } }
    }
  }

  /// Links and match values that differ from these only in their spelling.
  private func loadSpellings(
    _ key: LinkKey, _ values: [MatchValue], _ matches: inout [String: Set<MatchValue>], into set: inout WorkingSet,
    _ things: inout Set<CommonID>
  ) {
    let fold = key.folded
    for id in rows.spelledIDs[fold, default: []] {
      set.load(spelling: id, of: fold)
      rows.links[LinkKey(entity: key.entity, system: key.system, id: id)].map {
        set.load($0)
        things.insert($0.common)
      }
    }
    for value in values {
      for spelled in rows.spelledValues[MemoryRows.MatchKey(entity: key.entity, value: value.folded), default: []] {
        set.load(spelling: spelled, entity: key.entity)
        matches[key.entity, default: []].insert(spelled)
      }
    }
  }
}
