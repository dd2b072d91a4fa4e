import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI
import Testing

@testable import BrokerRuntime

/// Random events with random crashes: what the broker promises holds after each of them, and everything comes right in the end.
@Suite struct SimulationTests {
  struct Run: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    let guarantee: CreateGuarantee
    var testDescription: String { "seed \(seed), \(guarantee.rawValue)" }

    static let all = (1...24).map { Run(seed: UInt64($0), guarantee: CreateGuarantee.allCases[$0 % 3]) }
  }

  @Test(arguments: Run.all)
  func nothingIsLostOrDoubled(_ run: Run) async throws {
    var world = try await World(seed: run.seed, guarantee: run.guarantee)
    for _ in 0..<400 {
      try await world.step()
      try await expectRightLinks(world.rows)
      try await expectRightHolds(world.rows)
    }
    #expect(world.crashes > 3)
    try await world.comeToRest()
    try await expectRightLinks(world.rows)
    try await expectRightHolds(world.rows)
    try await expectNothingLost(world)
    try await expectRightProducts(world)
    try await expectRightOrders(world)
  }

  /// One id means one thing, one thing has one id in a system, and exactly one in the CRM core.
  private func expectRightLinks(_ store: InMemoryStore) async throws {
    for entity in ["Unit", "Category", "Product", "Party"] {
      let links = try await store.read { try $0.links(entity: entity, system: nil, after: nil, limit: 10_000) }
      #expect(Set(links.map(\.key)).count == links.count)
      let things = Dictionary(grouping: links, by: \.common)
      for (thing, links) in things {
        #expect(Set(links.map(\.key.system)).count == links.count, "\(thing) has two ids in one system: \(links.map(\.key))")
        #expect(links.count { $0.key.system == "crm" } == 1, "\(thing) is no thing of the CRM core")
      }
      let objects = try await store.read { try $0.objectCount(entity: entity) }
      #expect(objects == things.count)
    }
  }

  /// An item waits if and only if what it waits for is not linked; and one version of a thing waits at a time.
  private func expectRightHolds(_ store: InMemoryStore) async throws {
    let waiting = try await store.read { try $0.held(state: .waiting, entity: nil, system: nil, after: 0, limit: 10_000) }
    #expect(Set(waiting.map(\.key)).count == waiting.count)
    for row in waiting {
      #expect(!row.causes.isEmpty)
      for case .link(let key) in row.causes {
        let isLinked = try await store.read { try $0.history(of: key).contains { $0.validTo == nil } }
        #expect(!isLinked, "\(row.key) waits for \(key), which is linked")
      }
      let items = try await store.read { try $0.items(ofMessage: row.message) }
      #expect(items.first { $0.number == row.item }?.outcome == .held)
    }
    let settled = try await store.read { reader in
      try [HeldRow.State.released, .superseded, .discarded].flatMap {
        try reader.held(state: $0, entity: nil, system: nil, after: 0, limit: 10_000)
      }
    }
    for row in settled { #expect(row.causes.isEmpty) }
  }

  /// What was acknowledged is there, with a result for each of its items; in the end nothing waits.
  private func expectNothingLost(_ world: World) async throws {
    for (system, id) in world.acknowledged {
      let items = try await world.rows.read { reader in
        try reader.message(system: system, messageID: id).map { try reader.items(ofMessage: $0.sequence).count == $0.itemCount }
      }
      #expect(items == true, "message \(id) of \(system) is gone")
    }
    #expect(try await world.broker.held().map(\.key.description) == [])
  }

  /// Every product stands as the newest right version of one of its senders says.
  private func expectRightProducts(_ world: World) async throws {
    var needs = Needs()
    needs.links = Set(world.newest.keys)
    let asked = needs
    let set = try await world.rows.read { try $0.load(asked) }
    for (key, version) in world.newest { #expect(set.sourceStates[key]?.version == version, "\(key)") }
    for link in try await world.rows.read({ try $0.links(entity: "Product", system: "crm", after: nil, limit: 100) }) {
      let product = try #require(try await world.broker.product(link.key.id.text))
      if product.name == "product " { continue }
      let claims = world.newest.map { "\($0.key.id) v\($0.value)" }
      #expect(claims.contains(product.name), "\(product.id) is \(product.name)")
    }
  }

  /// Every order is in the ERP once, as the last change that was confirmed says, or was refused or cancelled; nothing is on its way; never
  /// more is called off than a contract says; and no party is two customers.
  private func expectRightOrders(_ world: World) async throws {
    for id in Set(world.signed) {
      let rows = try await world.broker.deliveries(id)
      let contract = try await world.broker.contract(id)
      let creates = rows.filter { $0.action == .create }
      if !contract.calledOff { #expect(creates.count == 1) }
      for row in creates { try expectRightOrder(row, rows, world, contract) }
      for row in rows where row.action != .create {
        #expect([.confirmed, .refused, .cancelled].contains(row.state), "\(id), \(row.action) is \(row.state): \(row.explanation)")
      }
      for line in contract.calledOff ? contract.lines : [] {
        let sum = try creates.filter(\.isStanding).compactMap { try $0.takenOrder.quantities[line.number]?.unscaled }.reduce(0, +)
        #expect(sum <= line.quantity.unscaled, "\(id): \(sum) of \(line.quantity)")
      }
    }
    #expect(Set(world.erp.orders.map(\.key)).count == world.erp.orders.count)
    let parties = world.erp.orders.reduce(into: [String: Set<String>]()) { $0[$1.order.customerKey, default: []].insert($1.customerNumber) }
    for (party, customers) in parties { #expect(customers.count == 1, "\(party) is \(customers)") }
  }

  private func expectRightOrder(_ row: DeliveryRow, _ rows: [DeliveryRow], _ world: World, _ contract: V1.Contract) throws {
    let orders = world.erp.orders.filter { $0.key == row.correlationKey }
    switch row.state {
    case .ordered:
      #expect(orders.map(\.number) == [row.orderNumber])
      #expect(orders.map(\.isCancelled) == [row.progress == .cancelled], "\(contract.id) is \(contract.status)")
      #expect(orders.map(\.order.quantities) == [try V1.Order(cdr: row.order).quantities], "\(contract.id): \(rows.map(\.state))")
    case .refused, .cancelled: #expect(orders.isEmpty, "\(contract.id) is \(row.state) and ordered")
    // Its product was unlinked and nobody has linked it again.
    case .waiting where row.code == "UNKNOWN_PRODUCT": #expect(orders.count <= 1)
    case .ready, .blocked, .waiting, .sending, .uncertain, .parked, .confirmed:
      Issue.record("\(contract.id) is \(row.state) in the end: \(row.explanation)")
    }
  }
}
