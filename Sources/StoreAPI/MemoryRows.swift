import Broker
import Identity

/// The rows of all tables, with the indexes that the reads need. A value: a copy is a snapshot.
struct MemoryRows: Sendable {
  /// A message id of a system. Swift compares letters; the ids of systems are octets.
  struct MessageKey: Hashable {
    var system: String
    var id: ForeignID
  }

  struct MatchKey: Hashable {
    var entity: String
    var value: MatchValue
  }

  struct LaneKey: Hashable {
    var destination: String
    var party: CommonID
  }

  struct FeedKey: Hashable {
    var system: String
    var feed: String
  }

  var messages: [Int64: MessageRow] = [:]
  var messageSequences: [MessageKey: Int64] = [:]
  var items: [Int64: [Int: ItemRow]] = [:]
  /// Links that hold.
  var links: [LinkKey: Link] = [:]
  /// Links that ended, in the order in which they did.
  var endedLinks: [LinkKey: [Link]] = [:]
  /// Every key that is or was linked with the thing.
  var keysOfThing: [CommonID: Set<LinkKey>] = [:]
  var objects: [LinkKey: ObjectRow] = [:]
  var sourceStates: [LinkKey: SourceState] = [:]
  var matchValues: [MatchKey: Set<CommonID>] = [:]
  /// Ids and match values by what all spellings of them fold to.
  var spelledIDs: [LinkKey: Set<ForeignID>] = [:]
  var spelledValues: [MatchKey: Set<MatchValue>] = [:]
  var forms: [FormScope: FormRow] = [:]
  var claims: [MatchKey: CommonID] = [:]
  var held: [Int64: HeldRow] = [:]
  var counters: [String: Int64] = [:]
  var deliveries: [Int64: DeliveryRow] = [:]
  var lanes: [LaneKey: CustomerLaneRow] = [:]
  var systems: [String: SystemRow] = [:]
  var partners: [String: PartnerRow] = [:]
  var watermarks: [FeedKey: String] = [:]
  var audit: [AuditRow] = []
  var credit = MemoryCredit()
  var belongings = MemoryBelongings()
  var names = MemoryNames()
  var receipts = MemoryReceipts()

  mutating func apply(_ change: RowChange) throws(StoreError) {
    switch change {
    case .insertMessage(let message): try insert(message)
    case .insertBody: break  // It comes with its row once more.
    case .insertItem(let item):
      guard items[item.message, default: [:]].updateValue(item, forKey: item.number) == nil else {
        throw .taken("item \(item.number) of message \(item.message)")
      }
    case .updateItem(let item):
      guard items[item.message, default: [:]].updateValue(item, forKey: item.number) != nil else {
        throw .missing("item \(item.number) of message \(item.message)")
      }
    case .insertLink(let link, let state):
      try insert(link)
      if let state { sourceStates[link.key] = state }
    case .endLink(let key, let time, let who, let why):
      guard let link = links.removeValue(forKey: key) else { return }
      endedLinks[key, default: []].append(link.ended(at: time, by: who, because: why))
    case .putObject(let object): objects[object.key] = object
    case .putSourceState(let key, let state):
      guard links[key] != nil || endedLinks[key] != nil else { throw .missing("link of \(key)") }
      sourceStates[key] = state
    case .putMatchValues(let change): try put(change)
    case .insertHeld(let row):
      guard held.updateValue(row, forKey: row.id) == nil else { throw .taken("held item \(row.id)") }
    case .updateHeld(let row): try update(row)
    case .putCounter(let name, let next): counters[name] = next
    case .putDelivery(let delivery): deliveries[delivery.id] = delivery
    case .putLane(let lane): lanes[LaneKey(destination: lane.destination, party: lane.party)] = lane
    case .removeLane(let destination, let party): lanes[LaneKey(destination: destination, party: party)] = nil
    case .putSystem(let system): systems[system.name] = system
    case .putPartner(let partner): partners[partner.system] = partner
    case .putWatermark(let system, let feed, let position): watermarks[FeedKey(system: system, feed: feed)] = position
    case .insertAudit(var row):
      row.id = Int64(audit.count) + 1
      audit.append(row)
    case .credit(let change): credit.apply(change)
    case .putBelonging(let row): belongings.put(row)
    case .insertLeftOut(let row): receipts.insert(row)
    case .countRepeat(let row): receipts.count(row)
    case .renameKey(let key, let new): try rename(key, to: new)
    case .putForm(let row): forms[row.scope] = row
    }
  }

  private mutating func rename(_ key: LinkKey, to new: LinkKey) throws(StoreError) {
    for link in endedLinks.removeValue(forKey: key) ?? [] { endedLinks[new, default: []].append(link.renamed(to: new)) }
    if let link = links.removeValue(forKey: key) {
      guard links.updateValue(link.renamed(to: new), forKey: new) == nil else { throw .taken("link of \(new)") }
    }
    if let state = sourceStates.removeValue(forKey: key), sourceStates[new] == nil || links[new] != nil { sourceStates[new] = state }
    for thing in keysOfThing.keys where keysOfThing[thing]?.remove(key) != nil { keysOfThing[thing]?.insert(new) }
    spelledIDs[new.folded, default: []].insert(new.id)
    for id in held.keys {
      guard var row = held[id] else { continue }
      if row.key == key { row.key = new }
      row.causes = row.causes.map { $0 == .link(key) ? .link(new) : $0 }
      held[id] = row
    }
    for id in deliveries.keys where deliveries[id]?.waitingFor == key { deliveries[id]?.waitingFor = new }
  }

  private mutating func insert(_ message: MessageRow) throws(StoreError) {
    let key = MessageKey(system: message.system, id: ForeignID(message.messageID))
    guard messageSequences.updateValue(message.sequence, forKey: key) == nil else {
      throw .taken("message ‘\(message.messageID)’ of \(message.system)")
    }
    guard messages.updateValue(message, forKey: message.sequence) == nil else { throw .taken("message \(message.sequence)") }
  }

  private mutating func insert(_ link: Link) throws(StoreError) {
    keysOfThing[link.common, default: []].insert(link.key)
    spelledIDs[link.key.folded, default: []].insert(link.key.id)
    guard link.validTo == nil else {
      endedLinks[link.key, default: []].append(link)
      return
    }
    guard links.updateValue(link, forKey: link.key) == nil else { throw .taken("link of \(link.key)") }
  }

  private mutating func put(_ change: MatchValuesChange) throws(StoreError) {
    for former in change.former where !change.values.contains(former) {
      let key = MatchKey(entity: change.entity, value: former)
      matchValues[key]?.remove(change.common)
      if claims[key] == change.common { claims[key] = nil }
    }
    for value in change.values {
      let key = MatchKey(entity: change.entity, value: value)
      matchValues[key, default: []].insert(change.common)
      spelledValues[MatchKey(entity: change.entity, value: value.folded), default: []].insert(value)
      guard change.claims.contains(value) else { continue }
      let claimant = claims.updateValue(change.common, forKey: key)
      guard claimant == nil || claimant == change.common else {
        throw .taken("claim on \(change.entity) with \(value.field) ‘\(value.value)’")
      }
    }
  }

  private mutating func update(_ row: HeldRow) throws(StoreError) {
    guard var changed = held[row.id] else { throw .missing("held item \(row.id)") }
    changed.key = row.key
    changed.version = row.version
    changed.shape = row.shape
    changed.isNew = row.isNew
    changed.state = row.state
    changed.causes = row.causes
    changed.code = row.code
    changed.explanation = row.explanation
    changed.changedAt = row.changedAt
    held[row.id] = changed
  }
}
