import ForeignORB
import InterchangeIDL
import Testing

/// The broker, or the ERP, is killed at every place on the way of an order that has a name.
@Suite("SIGKILL at named places") struct CrashPointTests {
  enum Place: String, CaseIterable, Sendable {
    case afterStore = "after-store"
    case afterReserve = "after-reserve"
    case afterSend = "after-send"
    case afterCommit = "after-commit"
    case beforeConfirm = "before-confirm"
    case beforeReply = "before-reply"
  }
  enum Victim: String, CaseIterable, Sendable { case broker, erp }

  struct Case: Sendable, CustomTestStringConvertible {
    let place: Place
    let victim: Victim
    let guarantee: Guarantee
    var testDescription: String { "\(victim.rawValue) \(place.rawValue), \(guarantee.rawValue)" }

    static let all = Place.allCases.flatMap { place in
      Victim.allCases.flatMap { victim in Guarantee.allCases.map { Case(place: place, victim: victim, guarantee: $0) } }
    }
  }

  @Test("A contract that is submitted is one order in the end", arguments: Case.all)
  func theRunEndsRight(_ test: Case) async throws {
    try await Seats.shared.taken {
      switch test.victim {
      case .broker: try await killBroker(test)
      case .erp: try await killERP(test)
      }
    }
  }

  private func killBroker(_ test: Case) async throws {
    // At these two the ERP is at work, so the test draws the line there.
    let isInERP = test.place == .afterSend || test.place == .afterCommit
    let world = try await World.make(test.guarantee, fault: isInERP ? .slow : nil, delay: 1)
    let shop = try Shop(world)
    try await world.tessera.start()
    try await shop.logIn().push(party: "S-1")
    if !isInERP {
      try await world.tessera.kill()
      try await world.tessera.start(crashAt: test.place.rawValue)
    }
    let session = try await shop.logIn()
    let contract = try shop.contract("K-1", party: "S-1")
    async let answer = session.submit(contract)
    if isInERP {
      try await eventually("the ERP has the \(test.place == .afterSend ? "call" : "order")") {
        test.place == .afterSend ? try world.erp.creates().first : try world.erp.orders().first?.key
      }
      try await world.tessera.kill()
    }
    try await world.tessera.killed()
    let isAnswered = (try? await answer) != nil
    if test.place == .afterStore || test.place == .beforeReply { #expect(!isAnswered) }
    #expect(try world.tessera.messages(of: "shop").contains("contract K-1"), "it is on disk before the broker dies")
    try await world.tessera.start()
    try await finish(test, world, shop, contract)
  }

  private func killERP(_ test: Case) async throws {
    let crashPoint: [Place: String] = [.afterSend: "before-commit", .afterCommit: "after-commit"]
    let world = try await World.make(test.guarantee, erpCrashAt: crashPoint[test.place])
    let shop = try Shop(world)
    try await world.tessera.start()
    try await shop.logIn().push(party: "S-1")
    if crashPoint[test.place] == nil {
      try await world.tessera.kill()
      try await world.tessera.start(stopAt: test.place.rawValue)
    }
    let session = try await shop.logIn()
    let contract = try shop.contract("K-1", party: "S-1")
    async let answer = session.submit(contract)
    if crashPoint[test.place] == nil {
      // The broker stands still at the place while the ERP dies.
      try await world.tessera.stopped()
      try await world.erp.kill()
      world.tessera.resume()
    }
    try await world.erp.killed()
    try await world.startERP()
    let status = try await answer
    #expect(status.id == "K-1")
    try await finish(test, world, shop, contract)
  }

  /// The shop asks again, as it does for every message without an answer, and gets the answer to the first.
  private func finish(_ test: Case, _ world: World, _ shop: Shop, _ contract: Interchange.V1.Contract) async throws {
    let session = try await shop.logIn()
    #expect(try await session.submit(contract).id == contract.id)
    let notOrdered = try await world.settleEverything()
    let contracts = try world.tessera.links("contracts", in: "shop")
    let parties = try world.tessera.links("customers", in: "shop")
    #expect(contracts.count == 1)
    try await world.expectOneOrderEach([contracts["K-1"] ?? "": parties["S-1"] ?? ""])
    #expect(try await session.status("K-1").state == "ordered")
    if test.guarantee == .none {
      // One create, and one more only where a person had seen that the first made no order.
      let creates = try world.erp.creates().count
      #expect(creates == 1 || creates == 1 + notOrdered.count, "\(creates) creates, \(notOrdered)")
      if test.place == .afterCommit || test.place == .beforeConfirm { #expect(creates == 1) }
    }
  }

  @Test("A contract that a person has signed is ordered though the command was killed before it could ring")
  func theCommandIsKilled() async throws {
    try await Seats.shared.taken {
      let world = try await World.make(.idempotentByKey)
      try await world.tessera.start()
      let party = try await world.newCustomer("Müller Bau GmbH").party
      let contract = try await world.draft(party: party, world.lines())
      let killed = try await world.tessera.run(["contracts", "sign", contract], environment: ["TESSERA_CRASH_AT": "after-store"])
      #expect(killed.exit == .signal(9))
      try await world.settleEverything()
      try await world.expectOneOrderEach([contract: party])
    }
  }
}
