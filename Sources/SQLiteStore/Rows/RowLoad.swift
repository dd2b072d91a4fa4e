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
    try loadSourceStates(needs, into: &set)
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
    return set
  }

  /// The links of the keys, then the match values, then the other links and the objects of all things found so.
  private func loadLinks(_ needs: Needs, into set: inout WorkingSet) throws {
    var things = needs.things
    for key in needs.links {
      guard let link = try openLink(key) else { continue }
      set.load(link)
      things.insert(link.common)
    }
    for (entity, values) in needs.matches {
      for value in values {
        for thing in try matches(entity, value) {
          set.load(entity: entity, match: value, of: thing)
          things.insert(thing)
        }
      }
    }
    for system in needs.systems where !(needs.objectsOfLinks && system == "crm") {
      guard let number = try names.number(of: system) else { continue }
      for thing in things { try loadLinks(of: thing, system, number, into: &set) { _ in } }
    }
    guard needs.objectsOfLinks, let crm = try names.number(of: "crm") else { return }
    for thing in things {
      var keys: [LinkKey] = []
      try loadLinks(of: thing, "crm", crm, into: &set) { keys.append($0) }
      for key in keys { try object(entity: key.entity, id: key.id.text).map { set.load($0) } }
    }
  }

  private func openLink(_ key: LinkKey) throws -> Link? {
    let find = try connection.statement(
      "SELECT common, valid_from, who, why FROM link WHERE entity = ? AND system = ? AND foreign_id = ? AND ended = 0")
    guard try find.bind(key, names) else { return nil }
    return try find.first {
      try Link(key: key, common: $0.readCommonID(), validFrom: $0.readInt64(), who: $0.readText(), why: $0.readText())
    }
  }

  /// Loads the thing's links in the system that hold; those that were found by their own keys are not read again.
  private func loadLinks(
    of thing: CommonID, _ system: String, _ number: Int64, into set: inout WorkingSet, _ each: (LinkKey) -> Void
  ) throws {
    // The index alone answers it.
    let find = try connection.statement("SELECT entity, foreign_id FROM link WHERE common = ? AND system = ? AND ended = 0")
    find.bind(thing).bind(number)
    defer { find.reset() }
    while try find.step() {
      let key = LinkKey(entity: try find.readName(names), system: system, id: ForeignID(try find.readText()))
      if set.links[key] == nil, let link = try openLink(key) { set.load(link) }
      each(key)
    }
  }

  private func matches(_ entity: String, _ value: MatchValue) throws -> [CommonID] {
    guard let entity = try names.number(of: entity), let field = try names.number(of: value.field) else { return [] }
    return try connection.statement("SELECT common FROM match_value WHERE entity = ? AND field = ? AND value = ? ORDER BY common")
      .bind(entity).bind(field).bind(value.value).all { try $0.readCommonID() }
  }

  private func loadSourceStates(_ needs: Needs, into set: inout WorkingSet) throws {
    let find = try connection.statement(
      "SELECT version, fingerprint, message FROM source_state WHERE entity = ? AND system = ? AND foreign_id = ?")
    for key in needs.sourceStates {
      guard try find.bind(key, names) else { continue }
      let found = try find.first {
        SourceStateRow(key: key, version: $0.readInt64(), fingerprint: UInt64(bitPattern: $0.readInt64()), message: $0.readInt64())
      }
      found.map { set.load($0) }
    }
  }

  private func loadHeld(_ needs: Needs, into set: inout WorkingSet) throws {
    // Mostly nothing waits: then one question answers for all keys.
    let any = try connection.statement("SELECT 1 FROM held WHERE state = 'waiting' LIMIT 1")
    guard !needs.heldByKey.isEmpty, try any.first({ $0.readInt64() }) != nil else { return }
    let find = try connection.statement(
      "SELECT id FROM held WHERE entity = ? AND system = ? AND foreign_id = ? AND state = 'waiting' ORDER BY id")
    for key in needs.heldByKey {
      guard try find.bind(key, names) else { continue }
      for id in try find.all({ $0.readInt64() }) { try held(id: id).map { set.load($0) } }
    }
  }
}
