import Broker
import Identity
import StoreAPI

extension SQLiteTransaction {
  /// Point lookups by prepared statements: a list of keys that a query takes apart costs as much. The order of the keys is of no
  /// weight, since those of a batch are neighbours.
  func load(_ needs: Needs) throws -> WorkingSet {
    var set = WorkingSet()
    set.reserveCapacity(for: needs)
    try loadLinks(needs, into: &set)
    for key in needs.objects { try object(entity: key.entity, id: key.id.text).map { set.load($0) } }
    try loadHeld(needs, into: &set)
    for name in needs.counters {
      let counter = try connection.statement("SELECT next FROM counter WHERE name = ?").bind(name)
      try counter.first { $0.readInt64() }.map { set.load(counter: name, next: $0) }
    }
    if let (system, messageID) = needs.message { try message(system: system, messageID: messageID).map { set.load($0) } }
    for id in needs.deliveries { try delivery(id: id).map { set.load($0) } }
    for contract in needs.deliveriesOfContracts { for row in try deliveries(ofContract: contract) { set.load(row) } }
    for (destination, party) in needs.lanes {
      let lane = try connection.statement("SELECT holder FROM lane WHERE destination = ? AND party = ?")
      let holder = try lane.bind(names.number(of: destination)).bind(party).first { $0.readInt64() }
      if let holder { set.load(CustomerLaneRow(destination: destination, party: party, holder: holder)) }
    }
    try loadCredit(needs, into: &set)
    try loadWholeKinds(needs, into: &set)
    return set
  }

  /// The links of the keys, then the match values, then the other links and the objects of all things found so.
  private func loadLinks(_ needs: Needs, into set: inout WorkingSet) throws {
    var things = needs.things
    for key in needs.links {
      guard let link = try loadLink(key, into: &set) else { continue }
      things.insert(link.common)
    }
    for (entity, values) in needs.matches { for value in values { try loadMatches(entity, value, into: &set, &things) } }
    for (key, values) in needs.matchesOfUnknown where set.links[key] == nil {
      for value in values { try loadMatches(key.entity, value, into: &set, &things) }
    }
    var systems: [Int64: String] = [:]
    for system in needs.systems { if let number = try names.number(of: system) { systems[number] = system } }
    let crm = needs.objectsOfLinks ? try names.number(of: "crm") : nil
    if let crm { systems[crm] = "crm" }
    if systems.isEmpty { return }
    // The index alone answers it.
    let find = try connection.statement("SELECT system, entity, foreign_id FROM link WHERE common = ? AND ended = 0")
    for thing in things {
      var keys: [LinkKey] = []
      find.bind(thing)
      while try find.step() {
        let number = find.readInt64()
        guard let system = systems[number] else { continue }
        let key = LinkKey(entity: try find.readName(names), system: system, id: ForeignID(try find.readText()))
        // Those that were found by their own keys are not read again.
        if set.links[key] == nil {
          if needs.keysOfThingsSuffice {
            set.load(Link(key: key, common: thing, validFrom: 0, who: "", why: ""))
          } else {
            _ = try loadLink(key, into: &set)
          }
        }
        if number == crm { keys.append(key) }
      }
      for key in keys { try object(entity: key.entity, id: key.id.text).map { set.load($0) } }
    }
  }

  /// Loads the link that holds for the key, and the state applied last for it.
  private func loadLink(_ key: LinkKey, into set: inout WorkingSet) throws -> Link? {
    // The row of the link that holds comes first, those that ended follow in their order.
    let find = try connection.statement(
      """
      SELECT ended, common, valid_from, who, why, version, fingerprint, message FROM link
      WHERE entity = ? AND system = ? AND foreign_id = ? ORDER BY ended
      """)
    guard try find.bind(key, names) else { return nil }
    defer { find.reset() }
    var link: Link?
    var state: SourceState?
    while try find.step() {
      let isOpen = find.readInt64() == 0
      if isOpen {
        link = try Link(key: key, common: find.readCommonID(), validFrom: find.readInt64(), who: find.readText(), why: find.readText())
      } else {
        find.skip(4)
      }
      if let version = find.readIfPresent({ $0.readInt64() }) {
        state = SourceState(version: version, fingerprint: UInt64(bitPattern: find.readInt64()), message: find.readInt64())
        if isOpen { break }
      }
    }
    if let link { set.load(link) }
    if let state { set.load(state, of: key) }
    return link
  }

  /// Loads the things that carry the value, unless they are there already.
  private func loadMatches(
    _ entityName: String, _ value: MatchValue, into set: inout WorkingSet, _ things: inout Set<CommonID>
  ) throws {
    guard let entity = try names.number(of: entityName), let field = try names.number(of: value.field) else { return }
    let find = try connection.statement("SELECT common FROM match_value WHERE entity = ? AND field = ? AND value = ?")
    let found = try find.bind(entity).bind(field).bind(value.value).all { try $0.readCommonID() }
    if found.isEmpty { return }
    for thing in found.sorted() {
      things.insert(thing)
      if set.matches[entityName]?[value]?.contains(thing) == true { continue }
      set.load(entity: entityName, match: value, of: thing)
    }
  }

  private func loadHeld(_ needs: Needs, into set: inout WorkingSet) throws {
    // Mostly nothing waits: then one question answers for all keys.
    let any = try connection.statement("SELECT 1 FROM held WHERE state = 'waiting' LIMIT 1")
    guard needs.heldOfLinks, try any.first({ $0.readInt64() }) != nil else { return }
    let find = try connection.statement(
      "SELECT id FROM held WHERE entity = ? AND system = ? AND foreign_id = ? AND state = 'waiting' ORDER BY id")
    for key in needs.links {
      guard try find.bind(key, names) else { continue }
      for id in try find.all({ $0.readInt64() }) { try held(id: id).map { set.load($0) } }
    }
  }
}
