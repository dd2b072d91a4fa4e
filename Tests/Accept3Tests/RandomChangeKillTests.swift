import CDR
import ForeignORB
import InterchangeIDL
import Synchronization
import Testing

/// SIGKILLs at places that nobody has given a name, all while orders are being changed or cancelled.
@Suite("SIGKILL at random while orders change", .serialized) struct RandomChangeKillTests {
  @Test("20 SIGKILLs while a change is in flight: both sides say the same in the end", arguments: Guarantee.allCases)
  func bothSidesAgree(_ guarantee: Guarantee) async throws {
    try await Seats.shared.taken {
      let run = try await ChangeKillRun(guarantee)
      for _ in 0..<60 where run.kills < (guarantee == .idempotentByKey ? 8 : 6) { try await run.round() }
      #expect(run.kills >= 6)
      try await run.finish()
    }
  }
}

/// One broker and one ERP that are killed again and again while a shop amends and cancels its contracts.
private final class ChangeKillRun {
  private let guarantee: Guarantee
  private let world: World
  private let shop: Shop
  private let wishes: Wishes
  private var random: SplitMix64
  private(set) var kills = 0
  private let contracts = (0..<4).map { "K-\($0)" }
  private var number = 2

  init(_ guarantee: Guarantee) async throws {
    self.guarantee = guarantee
    random = SplitMix64(seed: 77)
    world = try await World.make(guarantee, fault: .slow, delay: 0.03)
    shop = try Shop(world)
    wishes = Wishes(shop)
    try await world.tessera.start()
    let session = try await shop.logIn()
    try await session.push(party: "S-1")
    for id in contracts { _ = try await session.submit(try shop.contract(id, party: "S-1")) }
    try await world.settleEverything()
  }

  /// Lets the shop wish something for each contract, and kills one of the two while it is carried out.
  func round() async throws {
    let session = try await shop.logIn()
    for id in contracts where wishes.mayGrow(id) {
      number += 1
      let isCancel = Int.random(in: 0..<12, using: &random) == 0
      wishes.add(Wish(message: "wish \(number)", contract: id, quantity: isCancel ? nil : number))
    }
    let wait = Duration.microseconds(Int.random(in: 0...90_000, using: &random))
    let isBroker = Int.random(in: 0..<10, using: &random) < 6
    try await withThrowingTaskGroup(of: Void.self) { group in
      for wish in wishes.all { group.addTask { [wishes] in await wishes.ask(wish, session) } }
      try await Task.sleep(for: wait)
      if isBroker { try await world.tessera.kill() } else { try await world.erp.kill() }
      if try world.tessera.deliveries().contains(where: { $0.action != "create" && !$0.isFinal }) { kills += 1 }
      if isBroker { try await world.tessera.start() } else { try await world.startERP(fault: .slow, delay: 0.03) }
      try await group.waitForAll()
    }
    // A person looks at once where nobody knows, so that the next wish is heard.
    if guarantee == .none { try await settle() }
  }

  /// Does what a person does with changes of which nobody knows how they ended.
  private func settle() async throws {
    for delivery in try world.tessera.deliveries() where delivery.state == "uncertain" {
      let shown = try await world.tessera.tessera("deliveries", "show", "\(delivery.id)")
      let wanted = shown["order"]?["lines"]?[0]?["quantity"]?.string
      let found = try? await eventually("it is in the books", within: .seconds(1)) { [world] in
        let order = try world.erp.orders().first { $0.number == delivery.orderNumber }
        if delivery.action == "cancel" { return order?.state == 60 ? true : nil }
        let quantity = try world.erp.positions(of: delivery.orderNumber).first?.quantity ?? 0
        return "\(quantity / 1000).000000" == wanted ? true : nil
      }
      try await world.tessera.tessera(
        "contracts", "settle", delivery.contract, found == nil ? "--not-carried-out" : "--carried-out", "--reason", "looked at the books")
    }
  }

  /// Lets everything come to its end, and looks at both sides.
  func finish() async throws {
    let session = try await shop.logIn()
    for wish in wishes.all { await wishes.ask(wish, session) }
    try await eventually("all changes have an end", within: .seconds(60), else: { "\(try self.world.tessera.deliveries())" }) {
      try await settle()
      return try world.tessera.deliveries().allSatisfy { $0.isFinal && $0.state != "uncertain" } ? true : nil
    }
    let ids = try world.tessera.links("contracts", in: "shop")
    let deliveries = try world.tessera.deliveries()
    #expect(try world.erp.orders().count == contracts.count, "nothing is doubled")
    for id in contracts {
      let own = try #require(ids[id])
      let shown = try await world.tessera.tessera("contracts", "show", own)
      let create = try #require(deliveries.first { $0.contract == own && $0.action == "create" })
      let order = try #require(try world.erp.orders().first { $0.number == create.orderNumber })
      #expect(order.key == create.key)
      #expect((order.state == 60) == (shown["state"] == "cancelled"), "\(id): \(shown["state"] ?? nil)")
      #expect(["ordered", "cancelled"].contains(shown["state"]?.string), "\(id): \(shown["state"] ?? nil)")
      let quantity = try world.erp.positions(of: order.number).map { "\($0.quantity / 1000).000000" }
      #expect(quantity == [shown["record"]?["lines"]?[0]?["quantity"]?.string ?? ""], "\(id)")
    }
    if guarantee != .none {
      // Each change is one in the books, by its key.
      let confirmed = deliveries.filter { $0.action == "change" && $0.state == "confirmed" }
      #expect(Set(confirmed.map(\.key)).isSubset(of: Set(try world.erp.calls("change"))))
    }
  }
}

/// What the shop wants, under a message of its own; no quantity cancels the contract.
private struct Wish: Sendable {
  let message: String
  let contract: String
  let quantity: Int?
}

/// Wishes of a shop without an answer, one at a time for each contract.
private final class Wishes: Sendable {
  private let shop: Shop
  private let open = Mutex<[String: Wish]>([:])
  private let cancelled = Mutex<Set<String>>([])

  init(_ shop: Shop) { self.shop = shop }

  /// By contract.
  var all: [Wish] { open.withLock { $0.values.sorted { $0.contract < $1.contract } } }
  func add(_ wish: Wish) { open.withLock { $0[wish.contract] = wish } }
  func mayGrow(_ contract: String) -> Bool { open.withLock { $0[contract] } == nil && !cancelled.withLock { $0.contains(contract) } }

  /// Tells the broker; a call that breaks off has no answer, and the same message is sent again in the next round.
  func ask(_ wish: Wish, _ session: Shop.Session) async {
    do {
      if let quantity = wish.quantity, let contract = try? contract(wish.contract, quantity) {
        _ = try await session.amend(wish.message, contract)
      } else {
        _ = try await session.cancel(wish.message, wish.contract)
        _ = cancelled.withLock { $0.insert(wish.contract) }
      }
    } catch is Interchange.V1.Refused {
      // A call about the order is under way.
    } catch { return }
    open.withLock { $0[wish.contract] = nil }
  }

  private func contract(_ id: String, _ quantity: Int) throws -> Interchange.V1.Contract {
    var contract = try shop.contract(id, party: "S-1")
    contract.lines[0].quantity = try .init(unscaled: Int128(quantity) * 1_000_000)
    contract.netTotal = try .init(unscaled: Int128(quantity) * 125_000)
    contract.grossTotal = contract.netTotal
    return contract
  }
}
