import Broker
import Identity
import StoreAPI

extension SQLiteTransaction {
  /// Look-ups by key. The order of the keys is of no weight, since those of a batch are neighbours.
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
