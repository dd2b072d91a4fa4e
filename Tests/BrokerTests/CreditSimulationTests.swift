import Broker
import CDR
import CRMCore
import ForeignORB
import Identity
import InterchangeIDL
import StoreAPI
import Testing

@testable import BrokerRuntime

/// Contracts that are signed, sent, refused, lost, booked, amended, invoiced, paid and cancelled at random, with an ERP whose figures come
/// late:
/// what the customer truly owes and has ordered never exceeds the limit, and no order is counted twice in the end.
@Suite struct CreditSimulationTests {
  private struct Snapshot {
    var open: Int
    var ordered: Int
    var asOf: Int64
  }

  private struct Life {
    static let limit = 100
    let broker: TestBroker
    let erp = FakeERP(.idempotentByKey)
    let party: String
    let products: [String]
    var random: SplitMix64
    var contracts: [String] = []
    var invoiced: Set<String> = []
    var paid: Set<String> = []
    var snapshots: [Snapshot] = []
    var version: Int64 = 0

    init(seed: UInt64) async throws {
      broker = try await TestBroker.ordering(guarantee: .idempotentByKey)
      try await broker.push("customer", [V1.Party.sample("D-1")])
      party = try #require(try await broker.crmID("Party", "D-1"))
      products = try await broker.prepareSale().products
      random = SplitMix64(seed: seed)
    }

    mutating func pick(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    /// The ERP's books at this moment.
    func strike() -> Snapshot {
      let open = standing.filter { invoiced.contains($0.order.contractKey) }.map(\.order.euros).reduce(0, +)
      return Snapshot(open: open, ordered: standing.map(\.order.euros).reduce(0, +) - open, asOf: broker.clock.now)
    }

    /// What the ERP has and was not paid for.
    var standing: [FakeERP.Order] { erp.orders.filter { !$0.isCancelled && !paid.contains($0.order.contractKey) } }

    mutating func tell(_ snapshot: Snapshot) async throws {
      version += 1
      let terms = V1.CreditTerms.sample(
        "T", party: "D-1", limit: "\(Self.limit)", open: "\(snapshot.open)", ordered: "\(snapshot.ordered)", version: version,
        asOf: snapshot.asOf)
      try await broker.push("terms \(version)", [terms])
    }

    /// Everything that is due is sent, each order booked at this moment.
    func deliver() async throws {
      erp.tellsBookingTime(broker.clock.now)
      try await broker.deliver(to: erp)
    }

    mutating func act() async throws {
      broker.clock.advance(seconds: Int64(1 + pick(20)))
      switch pick(12) {
      case 0...3:
        let amount = 10 + pick(60)
        let id = try await broker.engine.draft(.sample(party: party, products: products, price: amount)).id
        contracts.append(id)
        try await broker.engine.sign(contractID: id, who: "ann")
      case 4, 5:
        erp.fail([.none, .none, .commitThenDrop, .unreachable, .refusal, .lostCall, .garbledAnswer][pick(7)])
        try await deliver()
      case 6: snapshots.append(strike())
      case 7:
        // Figures may come late, and never after newer ones.
        if snapshots.isEmpty { return }
        let index = pick(snapshots.count)
        let snapshot = snapshots[index]
        snapshots.removeFirst(index + 1)
        try await tell(snapshot)
      case 8:
        let booked = standing
        if booked.isEmpty { return }
        let order = booked[pick(booked.count)]
        erp.ship(order.number)
        if !invoiced.insert(order.order.contractKey).inserted { paid.insert(order.order.contractKey) }
      case 9, 10:
        if contracts.isEmpty { return }
        var new = try await broker.contract(contracts[pick(contracts.count)])
        new.lines[0].unitPrice = V1.UnitPriceAmount("\(5 + pick(70))")!
        // What is on its way cannot be changed.
        try? await broker.engine.amend(contractID: new.id, to: new.with(quantity: "1"), who: "ann", reason: "another price")
      default:
        if contracts.isEmpty { return }
        try? await broker.engine.cancel(contractID: contracts[pick(contracts.count)], who: "ann", reason: "changed their mind")
      }
    }

    /// What the customer truly owes or has ordered, whoever knows it.
    func exposure() async throws -> Int {
      var sum = standing.map(\.order.euros).reduce(0, +)
      let placed = Set(erp.orders.map(\.order.contractKey))
      for id in contracts where !placed.contains(id) {
        let contract = try await broker.contract(id)
        if ["signed", "ordered", "uncertain"].contains(contract.status) { sum += Int(contract.grossTotal.unscaled / 10_000) }
      }
      return sum
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func theLimitHolds(seed: UInt64) async throws {
    var life = try await Life(seed: seed)
    try await life.tell(life.strike())
    for step in 0..<120 {
      try await life.act()
      let exposure = try await life.exposure()
      #expect(exposure <= Life.limit, "seed \(seed), step \(step)")
    }
    // When everything has arrived and the ERP's figures are of now, they are all there is.
    for _ in 0..<12 {
      life.broker.clock.advance(seconds: 120)
      try await life.deliver()
    }
    // Newer figures may release a contract, whose order comes after them.
    for _ in 0..<10 {
      life.broker.clock.advance(seconds: 1)
      try await life.tell(life.strike())
      try await life.deliver()
    }
    let party = life.party
    #expect(try await life.broker.store.read { try $0.commitments(ofParty: party) } == [], "seed \(seed)")
    let truth = life.strike()
    #expect(try await life.exposure() == truth.open + truth.ordered, "seed \(seed)")
    // Who is on hold is there for a reason: nothing of it has left the house, and it does not fit.
    let free = Life.limit - truth.open - truth.ordered
    for id in life.contracts where try await life.broker.state(id) == "credit-hold" {
      #expect(try await life.broker.contract(id).grossTotal.unscaled / 10_000 > free, "seed \(seed), \(id)")
      #expect(!life.erp.received.contains { $0.contractKey == id })
    }
  }
}

extension V1.Order {
  /// With tax.
  fileprivate var euros: Int { Int(grossTotal.unscaled / 10_000) }
}
