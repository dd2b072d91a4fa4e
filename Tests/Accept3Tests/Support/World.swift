import ForeignORB
import SQLite
import Synchronization
import Testing

/// What the ERP promises of its create call, and the options that make it keep just that.
enum Guarantee: String, CaseIterable, Sendable {
  case idempotentByKey = "idempotent-by-key"
  case strongProbe = "strong-probe"
  case none

  var options: [String] {
    switch self {
    case .idempotentByKey: []
    case .strongProbe: ["--strong-probe"]
    case .none: ["--no-keys"]
    }
  }
}

/// Something that can be sold: its ids on both sides.
struct Good: Hashable, Sendable {
  /// The CRM core's id.
  var product: String
  /// The ERP's number of it.
  var item: String
  /// The ERP's codes of its unit and of a pack, which is empty for none.
  var unit: String
  var pack: String
}

/// An ERP and a broker that has read its catalogue, each a process with a folder of its own; nothing runs yet.
///
/// Reading a catalogue takes a while, so it is done once, and every world starts with copies of the two folders.
final class World: Sendable {
  let guarantee: Guarantee
  let erp: SampleERPProcess
  let tessera: Installation
  /// Three things for sale, of which the first has a pack.
  let goods: [Good]
  /// The secret of the system `shop`, which knows the goods by the ERP's numbers and units and the customers by ids of its own.
  let shopSecret: String
  private let folder: TemporaryFolder
  private let notDone = Atomic(0)

  private init(_ template: Template, _ guarantee: Guarantee) throws {
    self.guarantee = guarantee
    folder = try TemporaryFolder()
    try TextFile.copy("\(template.folder.path)/erp", to: "\(folder.path)/erp")
    try TextFile.copy("\(template.folder.path)/data", to: "\(folder.path)/data")
    erp = SampleERPProcess(folder: "\(folder.path)/erp")
    tessera = Installation(data: "\(folder.path)/data")
    goods = template.goods
    shopSecret = template.shopSecret
  }

  /// A world whose ERP has started; the broker has not.
  static func make(
    _ guarantee: Guarantee, fault: SampleERPProcess.Fault? = nil, delay: Double = 0.3, erpCrashAt: String? = nil
  ) async throws -> World {
    let world = try World(try await Template.shared.value, guarantee)
    try await world.startERP(fault: fault, delay: delay, crashAt: erpCrashAt)
    try await world.tessera.tessera("systems", "revoke", "erp", "--reason", "moved")
    try await world.tessera.tessera(
      "systems", "add", "erp", "--adapter", "sample-erp", "--reference", "@\(world.erp.referenceFile)", "--guarantee", guarantee.rawValue,
      "--orders")
    return world
  }

  func startERP(fault: SampleERPProcess.Fault? = nil, delay: Double = 0.3, crashAt: String? = nil) async throws {
    try await erp.start(guarantee.options, fault: fault, delay: delay, crashAt: crashAt)
  }

  /// Changes and cancellations that a person had carried out again, having seen that they were not.
  var settledAsNotDone: Int { notDone.load(ordering: .relaxed) }
  func noteSettledAsNotDone() { notDone.wrappingAdd(1, ordering: .relaxed) }

  // MARK: - What people do

  /// A new customer with a contact.
  ///
  /// - Returns: the ids of both.
  func newCustomer(_ name: String) async throws -> (party: String, contact: String) {
    let answer = try await tessera.tessera(
      "parties", "new", "--name", name, "--tax-id", "DE123456789", "--street", "Hauptstraße 1", "--postal-code", "50667", "--city", "Köln",
      "--country", "DE", "--payment-terms", "30 days net", "--contact", "Ana Núñez", "--email", "ana@example.com")
    return (try #require(answer["party"]?["id"]?.string), try #require(answer["contact"]?["id"]?.string))
  }

  /// - Parameters:
  ///   - lines: as `contracts new` takes them.
  ///   - options: more of its options.
  /// - Returns: the id of the contract.
  func draft(party: String, contact: String? = nil, _ lines: [String], options: [String] = []) async throws -> String {
    var arguments = ["contracts", "new", "--party", party, "--currency", "EUR", "--json"] + lines.flatMap { ["--line", $0] } + options
    if let contact { arguments += ["--contact", contact] }
    let result = try await tessera.run(arguments)
    guard result.exit == .code(0) else { throw CommandFailed(command: arguments, exit: result.exit, text: result.output + result.errors) }
    return try #require(try JSON(parsing: result.output)["id"]?.string)
  }

  /// A line of each of the first goods.
  func lines(_ count: Int = 2) -> [String] { goods.prefix(count).map { "\($0.product):2:12.50" } }

  /// How a contract's one order stands.
  func order(of contract: String) async throws -> JSON {
    try #require(try await tessera.tessera("contracts", "show", contract)["orders"]?[0])
  }

  // MARK: - The end

  /// Waits until every order has an end, and does what a person does with one of which nobody knows how it ended: looks it up in the
  /// ERP's books and settles it.
  ///
  /// - Returns: the keys of the orders that were settled as not ordered.
  @discardableResult func settleEverything(within limit: Duration = .seconds(40)) async throws -> [String] {
    var notOrdered: [String] = []
    try await eventually(
      "all orders have an end:", within: limit, else: { "\(try self.tessera.deliveries()) \(self.tessera.log)" }
    ) { () -> Bool? in
      let deliveries = try tessera.deliveries()
      for delivery in deliveries where delivery.state == "uncertain" {
        if try await !settle(delivery) { notOrdered.append(delivery.key) }
      }
      return deliveries.allSatisfy { $0.isFinal && $0.state != "uncertain" } ? true : nil
    }
    return notOrdered
  }

  /// - Returns: whether the ERP has the order.
  private func settle(_ delivery: Installation.Delivery) async throws -> Bool {
    // Somebody who is careful looks twice where the call came in: it may still be at work.
    let came = try erp.creates().contains(delivery.key)
    let known = try? await eventually("the order is in the books", within: came ? .seconds(1) : .zero) {
      try erp.orders().first { $0.key == delivery.key }
    }
    if let known {
      try await tessera.tessera(
        "contracts", "settle", delivery.contract, "--ordered", known.number, "--customer", known.debtor, "--reason", "it is in the books")
      return true
    }
    try await tessera.tessera("contracts", "settle", delivery.contract, "--not-ordered", "--reason", "it is not in the books")
    return false
  }

  /// Nothing is doubled, nothing lost: each contract is one order in the ERP, each customer one debtor, and both sides' ids are linked.
  ///
  /// - Parameter contracts: with the parties that signed them.
  func expectOneOrderEach(_ contracts: [String: String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let deliveries = try tessera.deliveries()
    let orders = try erp.orders()
    let debtors = try erp.partnerDebtors()
    #expect(Set(deliveries.map(\.contract)) == Set(contracts.keys), sourceLocation: sourceLocation)
    #expect(orders.map(\.key).sorted() == deliveries.map(\.key).sorted(), "each key once", sourceLocation: sourceLocation)
    #expect(Set(debtors.map(\.partnerKey)).count == debtors.count, sourceLocation: sourceLocation)
    #expect(debtors.count == Set(contracts.values).count, "each customer once", sourceLocation: sourceLocation)
    let orderLinks = try tessera.rows("SELECT foreign_id, common_id FROM links WHERE system = 'erp' AND entity = 'Order'") {
      [$0.text(0), $0.text(1)]
    }
    #expect(Set(orderLinks) == Set(deliveries.map { [$0.orderNumber, $0.key] }), sourceLocation: sourceLocation)
    #expect(orderLinks.count == contracts.count, sourceLocation: sourceLocation)
    let customers = try tessera.links("customers", in: "erp")
    for delivery in deliveries {
      let order = orders.first { $0.key == delivery.key }
      #expect(delivery.state == "ordered", sourceLocation: sourceLocation)
      #expect(delivery.orderNumber == order?.number, sourceLocation: sourceLocation)
      #expect(delivery.customerNumber == order?.debtor, sourceLocation: sourceLocation)
      #expect(customers[delivery.customerNumber] == contracts[delivery.contract], sourceLocation: sourceLocation)
      #expect(debtors.contains { $0.number == order?.debtor && $0.partnerKey == delivery.customerKey }, sourceLocation: sourceLocation)
    }
  }
}

/// The folders that every world starts with.
struct Template: Sendable {
  let folder: TemporaryFolder
  let goods: [Good]
  let shopSecret: String

  static let shared = Task { try await make() }

  private static func make() async throws -> Template {
    let folder = try TemporaryFolder()
    let erp = SampleERPProcess(folder: "\(folder.path)/erp")
    try await erp.start()
    let tessera = Installation(data: "\(folder.path)/data")
    try await tessera.tessera(
      "systems", "add", "erp", "--adapter", "sample-erp", "--reference", "@\(erp.referenceFile)", "--orders")
    let shop = try await tessera.tessera("systems", "add", "shop", "--adapter", "inbound")
    try await tessera.start()
    // Of 400 items 12 are faulty and 15 of groups that the ERP does not show.
    try await eventually(
      "the catalogue is read", within: .seconds(120), else: { "\(try tessera.links("products", in: "erp").count) \(tessera.log)" }
    ) {
      try tessera.links("products", in: "erp").count == 400 - 12 - 15 ? true : nil
    }
    let products = try tessera.links("products", in: "erp")
    let items = try erp.itemsForSale().filter { products[$0.number] != nil }
    let packed = try #require(items.first { !$0.pack.isEmpty })
    let goods = ([packed] + items.filter { $0.number != packed.number }.prefix(2)).map {
      Good(product: products[$0.number] ?? "", item: $0.number, unit: $0.unit, pack: $0.pack)
    }
    for good in goods {
      try await tessera.tessera("identity", "link", "Product", "shop:\(good.item)", "crm:\(good.product)", "--reason", "the same")
      try await tessera.tessera("identity", "link", "Unit", "shop:\(good.unit)", "erp:\(good.unit)", "--reason", "the same")
    }
    try await tessera.kill()
    try await erp.kill()
    // Each copy gets an address of its own.
    try TextFile.remove("\(erp.folder)/sample-erp.port")
    // A socket cannot be copied; each broker makes its own.
    try TextFile.remove("\(tessera.data)/doorbell")
    return Template(folder: folder, goods: goods, shopSecret: try #require(shop["secret"]?.string))
  }
}
