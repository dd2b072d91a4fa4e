import Broker
import CDR
import CRMCore
import ForeignORB
import Identity
import InterchangeIDL
import StoreAPI

@testable import BrokerRuntime

/// Two shops that push, an ERP that pushes and takes orders, people, faults and crashes, all at random from one seed.
struct World {
  /// What a sender sends, and sends again until it hears the receipt.
  private enum Message {
    case categories([V1.Category])
    case units([V1.Unit])
    case products([V1.Product])
  }

  private struct Outgoing {
    let id: String
    let system: String
    let message: Message
  }

  static let systems = ["erp", "shop-1", "shop-2"]
  static let categories = ["G1", "G2", "G3"]

  let rows = InMemoryStore()
  let clock = TestClock()
  let erp: FakeERP
  private(set) var broker: TestBroker
  private(set) var service: DeliveryService
  private(set) var crashes = 0
  private(set) var signed: [String] = []
  private var crashing: CrashingStore
  private var random: SplitMix64
  private var unsent: [Outgoing] = []
  private var drafts: [String] = []
  private(set) var acknowledged: [(system: String, id: String)] = []
  private var number = 0
  /// The newest version of each product that was handed to the broker and is right in itself.
  private(set) var newest: [LinkKey: Int64] = [:]

  init(seed: UInt64, guarantee: CreateGuarantee) async throws {
    random = SplitMix64(seed: seed)
    erp = FakeERP(guarantee)
    crashing = CrashingStore(rows, atWrite: .max, afterCommit: false)
    broker = TestBroker(store: crashing, clock: clock)
    service = broker.delivery(erp)
    let row = TestBroker.system("erp", guarantee: guarantee, takesOrders: true)
    try await broker.engine.putSystem(row, who: "test", action: "add-system")
    // Of the codes c1 and c2 the CRM core has two products each: nobody can tell which is meant.
    try await broker.importing(
      ["c1", "c1", "c2", "c2", "c3", "c4"].map { V1.Product.sample("", code: $0) }, message: "products of the CRM core")
    try await broker.importing((1...3).map { V1.Party.sample("", taxID: "tax \($0)") }, message: "parties of the CRM core")
    try await restart(reliable: false)
  }

  private mutating func pick(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  // MARK: - Events

  /// Lets one thing happen. If the broker dies of it, it is started again; whoever asked asks again later.
  mutating func step() async throws {
    clock.advance(seconds: Int64(pick(3)))
    do {
      switch pick(20) {
      case 0...7: try await push()
      case 8: try await draft()
      case 9: try await sign()
      case 10: try await decideAmbiguous()
      case 11: try await unlink()
      case 12...13: fault()
      case 14: try await settle()
      case 15: try await cancel()
      case 16: try await amend()
      case 17: try await callOff()
      case 18 where !erp.orders.isEmpty && pick(4) == 0: erp.ship(erp.orders[pick(erp.orders.count)].number)
      default: try await service.deliverAll()
      }
    } catch is Crash {
    } catch is ContractRefusal {
    } catch is LinkConflict {
    }
    if crashing.isDead { try await restart(reliable: false) }
  }

  /// Starts the broker on the rows that are there.
  private mutating func restart(reliable: Bool) async throws {
    crashes += crashing.isDead ? 1 : 0
    repeat {
      crashing = CrashingStore(rows, atWrite: reliable ? .max : pick(25), afterCommit: pick(2) == 0)
      broker = TestBroker(store: crashing, clock: clock)
      service = broker.delivery(erp)
      do { try await service.recover() } catch is Crash {}
    } while crashing.isDead
  }

  private mutating func push() async throws {
    if unsent.isEmpty || pick(3) == 0 {
      number += 1
      let system = Self.systems[pick(Self.systems.count)]
      unsent.append(Outgoing(id: "m\(number)", system: system, message: message(of: system)))
    }
    let index = pick(unsent.count)
    try await send(unsent[index])
    acknowledged.append((unsent[index].system, unsent[index].id))
    // Some senders do not trust the receipt and send again.
    if pick(5) > 0 { unsent.remove(at: index) }
  }

  private func send(_ outgoing: Outgoing) async throws {
    switch outgoing.message {
    case .categories(let items): try await broker.push(outgoing.id, items, from: outgoing.system)
    case .units(let items): try await broker.push(outgoing.id, items, from: outgoing.system)
    case .products(let items): try await broker.push(outgoing.id, items, from: outgoing.system)
    }
  }

  private mutating func message(of system: String) -> Message {
    switch pick(10) {
    case 0:
      let id = Self.categories[pick(3)]
      return .categories([.sample(id, version: Int64(pick(5)), parent: id == "G3" ? "G2" : "")])
    case 1: return .units([.sample("PC", version: Int64(pick(5)))])
    default: return .products((0...pick(4)).map { _ in product(of: system, version: Int64(1 + pick(40))) })
    }
  }

  /// The products c1 to c8 of a system, each under an id of its own there.
  private mutating func product(of system: String, version: Int64) -> V1.Product {
    let code = "c\(1 + pick(8))"
    let isWrong = pick(12) == 0
    let key = LinkKey.id("Product", "\(system)-\(code)", of: system)
    if !isWrong { newest[key] = max(newest[key] ?? 0, version) }
    // The content follows from id and version, so that the same version is the same content.
    return .sample(
      key.id.text, version: version, code: code, name: "\(key.id) v\(version)", price: isWrong ? "-1" : "10",
      category: ["", "G1", "G2", "G3"][Int(version % 4)], unit: version % 3 == 0 ? "PC" : "")
  }

  private mutating func draft() async throws {
    let products = try await rows.read { try $0.links(entity: "Product", system: "erp", after: nil, limit: 100) }
    guard !products.isEmpty else { return }
    let link = products[pick(products.count)]
    guard let product = try await broker.crmID("Product", link.key.id.text) else { return }
    let party = "C-00000\(1 + pick(3))"
    var contract = V1.Contract.sample(party: party, products: [product])
    if pick(3) == 0 {
      contract = contract.with(quantity: "6")
      contract.calledOff = true
    }
    drafts.append(try await broker.engine.draft(contract).id)
  }

  private mutating func sign() async throws {
    guard !drafts.isEmpty else { return }
    let index = pick(drafts.count)
    try await broker.engine.sign(contractID: drafts[index], who: "ann")
    signed.append(drafts.remove(at: index))
  }

  private mutating func cancel() async throws {
    guard !signed.isEmpty, pick(3) == 0 else { return }
    let callOff = pick(3) == 0 ? 1 : nil
    try await broker.engine.cancel(contractID: signed[pick(signed.count)], callOff: callOff, who: "ann", reason: "changed their mind")
  }

  private mutating func amend() async throws {
    guard !signed.isEmpty else { return }
    let contract = try await broker.contract(signed[pick(signed.count)])
    let new = contract.with(quantity: "\(1 + pick(7))")
    try await broker.engine.amend(contractID: contract.id, to: new, who: "ann", reason: "they want more, or less")
  }

  private mutating func callOff() async throws {
    guard !signed.isEmpty else { return }
    let contract = try await broker.contract(signed[pick(signed.count)])
    let line = CallOff.Line(number: 1, quantity: V1.QuantityAmount("\(1 + pick(3))")!)
    try await broker.engine.callOff(CallOff(lines: [line]), contractID: contract.id, who: "ann")
  }

  private mutating func decideAmbiguous() async throws {
    let held = try await broker.held().filter { $0.code == "AMBIGUOUS_MATCH" }
    guard !held.isEmpty else { return }
    let key = held[pick(held.count)].key
    // c1 is the first of its two products, c2 is the third of all.
    try await broker.engine.join(
      key, .id("Product", key.id.text.hasSuffix("c1") ? "P-000001" : "P-000003"), who: "ann", reason: "asked")
  }

  private mutating func unlink() async throws {
    let links = try await rows.read { try $0.links(entity: "Product", system: Self.systems[0], after: nil, limit: 100) }
    guard !links.isEmpty, pick(2) == 0 else { return }
    try await broker.engine.unlink(links[pick(links.count)].key, who: "ann", reason: "wrong")
  }

  private mutating func fault() {
    let all = FakeERP.Fault.allCases
    erp.fail(all[pick(all.count)], all[pick(all.count)])
  }

  /// A person looks the order up in the ERP.
  private mutating func settle() async throws {
    for row in try await rows.read({ try $0.deliveries(state: .uncertain, after: 0, limit: 100) }) {
      let placed = erp.orders.first { $0.key == row.correlationKey.prefix { $0 != "." } }
      let order = try row.action == .create || placed.map { try erp.has(row, $0) } == true ? placed : nil
      try await broker.engine.settle(
        deliveryID: row.id, orderNumber: order?.number, customerNumber: order?.customerNumber ?? "", who: "ann", reason: "looked it up")
    }
  }

  // MARK: - The end

  /// Faults and crashes end; every system sends its whole catalogue, people decide what is open, what waits is sent.
  mutating func comeToRest() async throws {
    erp.fail()
    try await restart(reliable: true)
    for outgoing in unsent { try await send(outgoing) }
    for system in Self.systems {
      try await broker.push("last categories", ["G1", "G2"].map { V1.Category.sample($0, version: 100) }, from: system)
      try await broker.push("last category", [V1.Category.sample("G3", version: 100, parent: "G2")], from: system)
      try await broker.push("last unit", [V1.Unit.sample("PC", version: 100)], from: system)
    }
    for key in newest.keys.sorted() where try await broker.crmID("Product", key.id.text, of: key.system) == nil {
      // What people have unlinked, and what was never right, is sent once more; what is held is overtaken.
      newest[key] = 100
      let product = V1.Product.sample(key.id.text, version: 100, code: "c\(key.id.text.last!)", name: "\(key.id) v100")
      try await broker.push("last \(key.id)", [product], from: key.system)
    }
    while try await broker.held().contains(where: { $0.code == "AMBIGUOUS_MATCH" }) { try await decideAmbiguous() }
    for _ in 0..<10 {
      try await settle()
      clock.advance(seconds: 120)
      try await service.deliverAll()
    }
  }
}
