import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Logging
import StoreAPI
import Synchronization
import Testing

@testable import BrokerRuntime

/// A clock that stands until a test moves it.
final class TestClock: Sendable {
  private let time = Atomic<Int64>(1_767_225_600_000_000)

  var now: Int64 { time.load(ordering: .relaxed) }
  func advance(seconds: Int64) { time.wrappingAdd(seconds * 1_000_000, ordering: .relaxed) }
}

/// A broker without wires: steps, engine and delivery over a store in memory, with the mappings that ship.
struct TestBroker: Sendable {
  let store: any Store
  let clock: TestClock
  let engine: BrokerEngine

  init(
    store: any Store = InMemoryStore(), clock: TestClock = TestClock(), mappings: ShippedMappings = .shared,
    policies: StepPolicies = StepPolicies()
  ) {
    self.store = store
    self.clock = clock
    engine = BrokerEngine(
      store: store, mappings: mappings, policies: policies, now: { clock.now }, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
  }

  static func system(_ name: String, guarantee: CreateGuarantee = .none, takesOrders: Bool = false) -> SystemRow {
    SystemRow(
      name: name, type: "canonical", adapter: takesOrders ? "order-desk" : "inbound", secretHash: "", reference: "", guarantee: guarantee,
      takesOrders: takesOrders, state: .active, createdAt: 1, changedAt: 1)
  }

  /// A broker with the ERP to which orders go.
  static func ordering(guarantee: CreateGuarantee, policies: StepPolicies = StepPolicies()) async throws -> TestBroker {
    let broker = TestBroker(policies: policies)
    try await broker.engine.putSystem(system("erp", guarantee: guarantee, takesOrders: true), who: "test", action: "add-system")
    return broker
  }

  // MARK: - Receiving

  @discardableResult
  func answer<Item: RecordConvertible>(_ message: String, _ items: [Item], from system: String = "erp") async throws
    -> BrokerStep.ReceiveAnswer
  {
    let body = try items.cdr()
    return try await engine.receive(
      system: Self.system(system), messageID: message, operation: "push\(Item.recordType.name)", digest: Secrets.sha256(body), body: body,
      format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, sourceType: Item.recordType.name, records: items.map(\.record))
  }

  /// Pushes under a message id and gives the receipt.
  @discardableResult
  func push<Item: RecordConvertible>(_ message: String, _ items: [Item], from system: String = "erp") async throws -> V1.Receipt {
    try await answer(message, items, from: system).receipt
  }

  /// Brings objects into the CRM core itself.
  @discardableResult
  func importing<Item: RecordConvertible>(_ items: [Item], message: String) async throws -> V1.Receipt {
    try await engine.importObjects(entity: Item.recordType.name, records: items.map(\.record), messageID: message, who: "test").receipt
  }

  // MARK: - Looking

  func product(_ id: String) async throws -> V1.Product? {
    try await store.read { try $0.object(entity: "Product", id: id) }.map { try V1.Product(cdr: $0.body) }
  }

  func contract(_ id: String) async throws -> V1.Contract {
    try V1.Contract(cdr: try #require(try await store.read { try $0.object(entity: "Contract", id: id) }).body)
  }

  /// The CRM core's id of the thing that a system's id means.
  func crmID(_ entity: String, _ id: String, of system: String = "erp") async throws -> String? {
    try await store.read { reader in
      guard let link = try reader.history(of: .id(entity, id, of: system)).last(where: { $0.validTo == nil }) else { return nil }
      return try reader.links(of: link.common).first { $0.validTo == nil && $0.key.system == "crm" }?.key.id.text
    }
  }

  func held(_ state: HeldRow.State? = .waiting) async throws -> [HeldRow] {
    try await store.read { try $0.held(state: state, entity: nil, system: nil, after: 0, limit: 100_000) }
  }

  func count(_ entity: String) async throws -> Int { try await store.read { try $0.objectCount(entity: entity) } }

  func item(_ number: Int = 1, ofMessage id: String, from system: String = "erp") async throws -> ItemRow? {
    try await store.read { reader in
      guard let message = try reader.message(system: system, messageID: id) else { return nil }
      return try reader.items(ofMessage: message.sequence).first { $0.number == number }
    }
  }

  func deliveries(_ contract: String) async throws -> [DeliveryRow] { try await store.read { try $0.deliveries(ofContract: contract) } }

  func state(_ contract: String) async throws -> String { try await engine.status(ofContract: contract).state }

  // MARK: - Delivering

  func delivery(_ adapter: any Adapter) -> DeliveryService { DeliveryService(engine: engine) { _ in adapter } }

  /// Sends what is due until nothing is.
  func deliver(to adapter: any Adapter) async throws { try await delivery(adapter).deliverAll() }

  /// A party and products in the CRM core whose ids the ERP knows: products by their links, the party not.
  func prepareSale(products: [String] = ["A"]) async throws -> (party: String, products: [String]) {
    try await push("sale products", products.map { V1.Product.sample($0) })
    let receipt = try await importing([V1.Party.sample("")], message: "sale party")
    var ids: [String] = []
    for product in products { ids.append(try await crmID("Product", product) ?? "") }
    return (receipt.results[0].key, ids)
  }

  /// A contract on its way.
  func signed(party: String, products: [String]) async throws -> String {
    let contract = try await engine.draft(.sample(party: party, products: products))
    try await engine.sign(contractID: contract.id, who: "test")
    return contract.id
  }
}

extension DeliveryService {
  /// Sends what is due, one after the other, until nothing is.
  func deliverAll() async throws {
    while case let rows = try await dueNow(), !rows.isEmpty {
      for row in rows { await deliver(row) }
    }
  }
}

extension V1.Receipt {
  /// `applied`, or `rejected CODE path`, of each item.
  var outcomes: [String] {
    results.map { [$0.outcome, $0.code, $0.path].filter { !$0.isEmpty }.joined(separator: " ") }
  }
}
