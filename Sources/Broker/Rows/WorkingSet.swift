public import Identity

/// The keys of the rows that a step will look at; a store loads them with a few set-based queries.
public struct Needs: Sendable {
  /// Links that hold for these keys, and the states applied last for them.
  public var links: Set<LinkKey> = []
  /// Held items with the keys of ``links`` that still wait.
  public var heldOfLinks = false
  /// Links that hold in these systems for the things behind ``links`` and ``things``.
  public var systems: Set<String> = []
  public var things: Set<CommonID> = []
  /// Links that are found by their thing may be loaded with key and thing alone: who made them, when and why stays empty.
  public var keysOfThingsSuffice = false
  /// Things that carry these match values (by entity), with their links in ``systems``.
  public var matches: [String: Set<MatchValue>] = [:]
  /// The same for keys that no link has.
  public var matchesOfUnknown: [(key: LinkKey, values: [MatchValue])] = []
  /// Objects of the CRM core behind ``links``, ``things`` and matches, with their links in `crm`.
  public var objectsOfLinks = false
  /// Objects by entity and the CRM core's id (system `crm`).
  public var objects: Set<LinkKey> = []
  public var counters: Set<String> = []
  /// The message of that system and id, if there was one.
  public var message: (system: String, messageID: String)?
  public var deliveries: Set<Int64> = []
  /// All deliveries of these contracts (the CRM core's ids).
  public var deliveriesOfContracts: Set<String> = []
  public var lanes: [(destination: String, party: CommonID)] = []
  /// All that credit control knows of these parties (the CRM core's ids), with the policies.
  public var creditOfParties: Set<String> = []
  /// All objects of these kinds, of which there are few.
  public var wholeKinds: Set<String> = []

  public init() {}
}

/// Rows that a store loaded for one step, with the step's own changes laid over them.
///
/// A batch may name the same key twice, or a category that stands a line above: each item sees what the items before it did.
public struct WorkingSet: Sendable {
  public internal(set) var links: [LinkKey: Link] = [:]
  /// The links of a thing that hold, by entity, system and id.
  public internal(set) var linksOfThing: [CommonID: [Link]] = [:]
  public internal(set) var sourceStates: [LinkKey: SourceState] = [:]
  public internal(set) var matches: [String: [MatchValue: [CommonID]]] = [:]
  /// What is known beside the ids and match values themselves of how they are spelled.
  var spellings = Spellings()
  /// Objects by entity and the CRM core's id (system `crm`).
  public internal(set) var objects: [LinkKey: ObjectRow] = [:]
  public internal(set) var heldByKey: [LinkKey: [HeldRow]] = [:]
  public internal(set) var counters: [String: Int64] = [:]
  public internal(set) var message: MessageRow?
  public internal(set) var deliveries: [Int64: DeliveryRow] = [:]
  public internal(set) var lanes: [CustomerLaneRow] = []
  /// Stores load into it.
  public var credit = CreditRows()
  /// Sequences of which the step took numbers.
  private var counted: Set<String> = []
  /// The one of ``counted`` that was taken from last.
  private var lastCounted = ""
  /// Links that the step made, whose consequences follow.
  public private(set) var madeLinks: [Link] = []
  /// Customers whose lane at a destination became free.
  public private(set) var freedCustomers: [CommonID] = []
  /// Whether the step wrote a delivery.
  public private(set) var touchesDeliveries = false
  /// Contracts that another system brought and that are not signed here yet.
  public private(set) var broughtContracts: [ObjectRow] = []
  /// What systems say later of orders that they were sent, as far as the step wrote it.
  public private(set) var writtenOrderResponses: [ObjectRow] = []
  /// News of orders that the step wrote.
  public private(set) var writtenOrderStatuses: [ObjectRow] = []
  /// Objects that the step wrote and that are found by others.
  public private(set) var writtenBelongings: [ObjectRow] = []
  /// What the step did so far, in order, but for the numbers that it took.
  private var recorded: [RowChange] = []

  public init() {}

  /// Makes room for what is needed, and for what a step over it does.
  public mutating func reserveCapacity(for needs: Needs) {
    let keys = needs.links.count
    links.reserveCapacity(2 * keys)
    linksOfThing.reserveCapacity(keys)
    sourceStates.reserveCapacity(keys)
    objects.reserveCapacity(keys)
    recorded.reserveCapacity(5 * keys)
  }

  /// A row that the store loaded; one that is there already is replaced.
  public mutating func load(_ link: Link) {
    if let former = links.updateValue(link, forKey: link.key) { linksOfThing[former.common]?.removeAll { $0.key == link.key } }
    Self.insert(link, into: &linksOfThing[link.common, default: []])
  }
  /// Ordered by key, so that the order does not depend on how a store found them.
  private static func insert(_ link: Link, into links: inout [Link]) {
    links.insert(link, at: links.firstIndex { link.key < $0.key } ?? links.endIndex)
  }
  public mutating func load(_ state: SourceState, of key: LinkKey) { sourceStates[key] = state }
  public mutating func load(entity: String, match: MatchValue, of thing: CommonID) {
    matches[entity, default: [:]][match, default: []].append(thing)
  }
  /// An id that may be linked, under what all spellings of it fold to.
  public mutating func load(spelling id: ForeignID, of fold: LinkKey) { spellings.insert(id, fold) }
  /// A match value that things may carry.
  public mutating func load(spelling value: MatchValue, entity: String) { spellings.insert(value, entity: entity) }
  public mutating func load(_ object: ObjectRow) { objects[object.key] = object }
  public mutating func load(_ held: HeldRow) { heldByKey[held.key, default: []].append(held) }
  public mutating func load(counter: String, next: Int64) { counters[counter] = next }
  public mutating func load(_ message: MessageRow) { self.message = message }
  public mutating func load(_ delivery: DeliveryRow) { deliveries[delivery.id] = delivery }
  public mutating func load(_ lane: CustomerLaneRow) { lanes.append(lane) }

  /// The id that the thing has in the system; the first where it has several.
  public func id(of thing: CommonID, in system: String) -> String? {
    guard let links = linksOfThing[thing] else { return nil }
    for index in links.indices where links[index].key.system == system { return links[index].key.id.text }
    return nil
  }

  /// Lays a change over the rows and records it.
  public mutating func change(_ change: consuming RowChange) {
    overlay(change)
    recorded.append(change)
  }

  /// Lays a change over the rows.
  private mutating func overlay(_ change: RowChange) {
    switch change {
    case .insertLink(let link, let state):
      madeLinks.append(link)
      load(link)
      spellings.note(link.key)
      if let state { sourceStates[link.key] = state }
    case .endLink(let key, _, _, _):
      if let link = links.removeValue(forKey: key) { linksOfThing[link.common]?.removeAll { $0.key == key } }
    case .putObject(let object):
      objects[object.key] = object
      credit.noteWritten(object)
      if object.entity == "OrderStatus" { writtenOrderStatuses.append(object) }
      if object.entity == "OrderResponse" { writtenOrderResponses.append(object) }
      if object.belongs { writtenBelongings.append(object) }
      if object.entity == "Contract", object.status == "draft", object.changedBy != crmSystem { broughtContracts.append(object) }
    case .putSourceState(let key, let state): sourceStates[key] = state
    case .putMatchValues(let change): replace(change)
    case .insertHeld(let held): load(held)
    case .updateHeld(let held):
      if heldByKey[held.key]?.contains(where: { $0.id == held.id }) == true {
        heldByKey[held.key]?.removeAll { $0.id == held.id }
      } else {
        // It has got another key.
        for key in heldByKey.keys { heldByKey[key]?.removeAll { $0.id == held.id } }
      }
      if held.state == .waiting { load(held) }
    case .putCounter(let name, let next): counters[name] = next
    case .insertMessage(let message): self.message = message
    case .insertBody: break
    case .putDelivery(let delivery):
      touchesDeliveries = true
      deliveries[delivery.id] = delivery
    case .putLane(let lane):
      lanes.removeAll { $0.destination == lane.destination && $0.party == lane.party }
      lanes.append(lane)
    case .removeLane(let destination, let party):
      freedCustomers.append(party)
      lanes.removeAll { $0.destination == destination && $0.party == party }
    case .credit(let change): credit.change(change)
    case .insertItem, .updateItem, .insertLeftOut, .countRepeat, .putSystem, .putPartner, .putWatermark, .insertAudit, .putBelonging,
      .renameKey, .putForm:
      break
    }
  }

  /// Takes the next number of a sequence, from 1.
  public mutating func next(_ counter: String) -> Int64 {
    let number = counters[counter] ?? 1
    counters[counter] = number + 1
    if counter != lastCounted {
      counted.insert(counter)
      lastCounted = counter
    }
    return number
  }

  /// Whether the step did anything since ``takeChanges()``.
  public var hasChanges: Bool { !recorded.isEmpty || !counted.isEmpty }

  /// Hands over what the step did since the last call, in order, but for the numbers that it took.
  mutating func takeRecorded() -> [RowChange] {
    var changes: [RowChange] = []
    swap(&changes, &recorded)
    return changes
  }

  /// Hands over what the step did since the last call, in order.
  public mutating func takeChanges() -> [RowChange] {
    var changes = takeRecorded()
    for counter in counted.sorted() { changes.append(.putCounter(counter, next: counters[counter] ?? 1)) }
    counted = []
    lastCounted = ""
    return changes
  }

  private mutating func replace(_ change: MatchValuesChange) {
    for old in change.former where !change.values.contains(old) { matches[change.entity]?[old]?.removeAll { $0 == change.common } }
    for value in change.values where !change.former.contains(value) {
      spellings.note(value, entity: change.entity)
      load(entity: change.entity, match: value, of: change.common)
    }
  }
}

extension ObjectRow {
  /// The CRM core's link of the object.
  public var key: LinkKey { LinkKey(entity: entity, system: "crm", id: ForeignID(id)) }
}
