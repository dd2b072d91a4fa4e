import Broker
import Identity

// The reads of ``MemoryTransaction``: mostly filters over all rows, so that they are easy to believe.

extension MemoryTransaction {
  func held(waitingFor causes: [HeldRow.Cause], limit: Int) throws -> [HeldRow] {
    let wanted = Set(causes.map(CauseKey.init))
    return page(rows.held, limit: limit) { $0.state == .waiting && $0.causes.contains { wanted.contains(CauseKey($0)) } }
  }

  func deliveries(waitingFor keys: [LinkKey]) throws -> [DeliveryRow] {
    page(rows.deliveries) { row in row.state == .waiting && row.waitingFor.map(keys.contains) == true }
  }

  func dueDeliveries(now: Int64, limit: Int) throws -> [DeliveryRow] {
    let due = rows.deliveries.values.filter { $0.isDue(at: now) }
    return Array(due.sorted { ($0.nextAttemptAt, $0.id) < ($1.nextAttemptAt, $1.id) }.prefix(max(0, limit)))
  }

  func nextDeliveryTime() throws -> Int64? { rows.deliveries.values.filter(\.isToBeSent).map(\.nextAttemptAt).min() }

  func watermark(system: String, feed: String) throws -> String? { rows.watermarks[MemoryRows.FeedKey(system: system, feed: feed)] }

  func system(named name: String) throws -> SystemRow? { rows.systems[name] }

  func systems() throws -> [SystemRow] { rows.systems.values.sorted { ForeignID($0.name) < ForeignID($1.name) } }

  func partner(named name: String) throws -> PartnerRow? { rows.partners[name] }

  func partners() throws -> [PartnerRow] { rows.partners.values.sorted { ForeignID($0.system) < ForeignID($1.system) } }

  func message(system: String, messageID: String) throws -> MessageRow? {
    rows.messageSequences[MemoryRows.MessageKey(system: system, id: ForeignID(messageID))].flatMap { rows.messages[$0] }
  }

  func message(sequence: Int64) throws -> MessageRow? { rows.messages[sequence] }

  func messages(system: String?, before: Int64?, limit: Int) throws -> [MessageRow] {
    let found = rows.messages.values.filter { row in
      (system == nil || row.system == system) && (before == nil || row.sequence < before!)
    }
    return found.sorted { $0.sequence > $1.sequence }.prefix(max(0, limit)).map { row in
      var row = row
      (row.body, row.receipt) = ([], [])
      return row
    }
  }

  func items(ofMessage sequence: Int64) throws -> [ItemRow] { rows.items[sequence, default: [:]].values.sorted { $0.number < $1.number } }

  func held(state: HeldRow.State?, entity: String?, system: String?, after: Int64, limit: Int) throws -> [HeldRow] {
    page(rows.held, after: after, limit: limit) { row in
      (state == nil || row.state == state) && (entity == nil || row.key.entity == entity) && (system == nil || row.key.system == system)
    }
  }

  func held(id: Int64) throws -> HeldRow? { rows.held[id] }

  func object(entity: String, id: String) throws -> ObjectRow? { rows.objects[LinkKey(entity: entity, system: "crm", id: ForeignID(id))] }

  func objects(entity: String, search: String?, after: String, limit: Int) throws -> [ObjectRow] {
    let search = search.map(SearchText.init)
    let found = rows.objects.values.filter { row in
      row.entity == entity && ForeignID(after) < ForeignID(row.id) && search?.isPart(of: row.code, row.name) != false
    }
    return Array(found.sorted { $0.key < $1.key }.prefix(max(0, limit)))
  }

  func drafts(entity: String, after: String, limit: Int) throws -> [ObjectRow] {
    let found = rows.objects.values.filter { $0.entity == entity && $0.status == "draft" && ForeignID(after) < ForeignID($0.id) }
    return Array(found.sorted { $0.key < $1.key }.prefix(max(0, limit)))
  }

  func objectCount(entity: String) throws -> Int { rows.objects.values.count { $0.entity == entity } }

  func history(of key: LinkKey) throws -> [Link] { rows.endedLinks[key, default: []] + (rows.links[key].map { [$0] } ?? []) }

  func links(of thing: CommonID) throws -> [Link] {
    try rows.keysOfThing[thing, default: []].sorted().flatMap { try history(of: $0).filter { $0.common == thing } }
  }

  func links(entity: String?, system: String?, after: LinkKey?, limit: Int) throws -> [Link] {
    let found = rows.links.values.filter { link in
      (entity == nil || link.key.entity == entity) && (system == nil || link.key.system == system) && (after == nil || after! < link.key)
    }
    return Array(found.sorted { $0.key < $1.key }.prefix(max(0, limit)))
  }

  func forms() throws -> [FormRow] { Array(rows.forms.values) }

  func keys(entity: String, system: String, after: ForeignID, limit: Int) throws -> [ForeignID] {
    let held = rows.held.values.flatMap { row in
      [row.key] + row.causes.compactMap { if case .link(let key) = $0 { key } else { nil } }
    }
    let all = Set(rows.links.keys).union(rows.endedLinks.keys).union(held).union(rows.deliveries.values.compactMap(\.waitingFor)).filter {
      $0.entity == entity && $0.system == system && after < $0.id
    }
    return Array(all.map(\.id).sorted().prefix(max(0, limit)))
  }

  func delivery(id: Int64) throws -> DeliveryRow? { rows.deliveries[id] }

  func delivery(correlationKey: String) throws -> DeliveryRow? { page(rows.deliveries) { $0.correlationKey == correlationKey }.first }

  func deliveries(ofContract id: String) throws -> [DeliveryRow] { page(rows.deliveries) { $0.contract == id } }

  func deliveries(state: DeliveryRow.State?, after: Int64, limit: Int) throws -> [DeliveryRow] {
    page(rows.deliveries, after: after, limit: limit) { state == nil || $0.state == state }
  }

  func audit(after: Int64, limit: Int) throws -> [AuditRow] { Array(rows.audit.drop { $0.id <= after }.prefix(max(0, limit))) }

  private func page<Row>(
    _ table: [Int64: Row], after: Int64 = .min, limit: Int = .max, where condition: (Row) -> Bool
  ) -> [Row] {
    let found = table.filter { $0.key > after && condition($0.value) }
    return found.sorted { $0.key < $1.key }.prefix(max(0, limit)).map(\.value)
  }
}

/// A cause with its texts compared octet by octet.
struct CauseKey: Hashable {
  let kind: String
  let system: String
  let id: ForeignID

  init(_ cause: HeldRow.Cause) {
    switch cause {
    case .link(let key): (kind, system, id) = ("entity \(key.entity)", key.system, key.id)
    case .value(let table, let system, let value): (kind, self.system, id) = ("table \(table)", system, ForeignID(value))
    }
  }
}
