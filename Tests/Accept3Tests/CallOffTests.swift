import CDR
import ForeignORB
import InterchangeIDL
import Testing

/// A contract whose quantities are called off over time, each call-off an order of its own in the ERP.
@Suite("A contract that is called off") struct CallOffTests {
  /// A contract about 10 of one thing and 4 of another, signed.
  private struct Frame {
    let world: World
    let party: String
    let contract: String

    init(_ guarantee: Guarantee = .idempotentByKey) async throws {
      world = try await World.make(guarantee)
      try await world.tessera.start()
      party = try await world.newCustomer("Müller Bau GmbH").party
      let (first, second) = (world.goods[0], world.goods[1])
      contract = try await world.draft(
        party: party, ["\(first.product):10:12.50", "\(second.product):4:3"], options: ["--called-off", "--number", "R-7"])
      try await world.tessera.tessera("contracts", "sign", contract)
    }

    func callOff(_ arguments: String...) async throws -> ChildProcess.Result {
      try await world.tessera.run(["contracts", "call-off", contract, "--json"] + arguments)
    }
  }

  @Test("Commands at once call off what is agreed and no more; each is an order with a key, a number and a commitment of its own")
  func atOnce() async throws {
    try await Seats.shared.taken {
      let frame = try await Frame()
      #expect(try frame.world.erp.orders().isEmpty, "signing it orders nothing")
      let exits = try await withThrowingTaskGroup(of: ChildProcess.Result.self) { group in
        for _ in 0..<5 { group.addTask { try await frame.callOff("--line", "1:3", "--line", "2:1") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(exits.count { $0.exit == .code(0) } == 3)
      for refused in exits where refused.exit != .code(0) {
        #expect(refused.exit == .code(1) && refused.output.contains("QUANTITY_EXCEEDED"), "\(refused.output)")
      }
      try await frame.world.settleEverything()
      let orders = try frame.world.erp.orders()
      #expect(Set(orders.map(\.reference)) == ["R-7/1", "R-7/2", "R-7/3"])
      #expect(Set(orders.map(\.key)).count == 3 && Set(orders.map(\.debtor)).count == 1)
      for order in orders { #expect(try frame.world.erp.positions(of: order.number).map(\.quantity) == [3000, 1000]) }
      let shown = try await frame.world.tessera.tessera("contracts", "show", frame.contract)
      #expect(shown["state"] == "signed")
      #expect(shown["lines"]?[0]?["calledOff"] == "9.000000" && shown["lines"]?[0]?["left"] == "1.000000", "\(shown)")
      #expect(shown["orders"]?.array?.compactMap { $0["callOff"] } == [1, 2, 3])
      #expect(Set(shown["orders"]?.array?.compactMap { $0["orderNumber"]?.string } ?? []) == Set(orders.map(\.number)))
      // The rest.
      #expect(try await frame.callOff("--all").exit == .code(0))
      try await frame.world.settleEverything()
      #expect(try await frame.world.tessera.tessera("contracts", "show", frame.contract)["state"] == "ordered")
      #expect(try await frame.callOff("--all").output.contains("NOTHING_LEFT"))
      let words = try await frame.world.tessera.words("contracts", "show", frame.contract)
      #expect(words.contains("LINE  PRODUCT") && words.contains("CALLED OFF  LEFT"), "\(words)")
      #expect(words.contains("call-off 4 for erp  ordered as "), "\(words)")
    }
  }

  @Test("A call-off that is cancelled in the ERP can be called off again")
  func cancelled() async throws {
    try await Seats.shared.taken {
      let frame = try await Frame()
      #expect(try await frame.callOff("--line", "1:10").exit == .code(0))
      try await frame.world.settleEverything()
      try await frame.world.tessera.tessera("contracts", "cancel", frame.contract, "--call-off", "1", "--reason", "too early")
      try await eventually("it is cancelled") {
        try frame.world.tessera.deliveries().contains { $0.action == "cancel" && $0.state == "confirmed" } ? true : nil
      }
      #expect(try await frame.callOff("--line", "1:10", "--delivery-date", "2026-12-24").exit == .code(0))
      try await frame.world.settleEverything()
      #expect(try frame.world.erp.orders().map(\.state) == [60, 10])
    }
  }

  @Test("A shop amends, calls off and cancels over IIOP; a message that comes again changes nothing")
  func overIIOP() async throws {
    try await Seats.shared.taken {
      let world = try await World.make(.idempotentByKey)
      try await world.tessera.start()
      let shop = try Shop(world)
      let session = try await shop.logIn()
      try await session.push(party: "S-1")
      var contract = try shop.contract("K-1", party: "S-1", lines: 1)
      contract.calledOff = true
      #expect(try await session.submit(contract).state == "signed")
      for _ in 0..<3 {
        let status = try await session.callOff("call 1", "K-1", ["1"])
        #expect(status.lines.map { $0.left.description } == ["1.000000"], "\(status)")
        #expect(status.orders.map(\.callOff) == [1])
      }
      await #expect(throws: Interchange.V1.MessageConflict.self) { try await session.callOff("call 1", "K-1", ["0.5"]) }
      let refused = try await #require(throws: Interchange.V1.Refused.self) { try await session.callOff("call 2", "K-1", ["2"]) }
      #expect(refused.code == "QUANTITY_EXCEEDED")
      await #expect(throws: Interchange.V1.NotFound.self) { try await session.callOff("call 3", "K-9", ["1"]) }
      // The frame grows; what it names is by the shop's ids.
      contract.lines[0].quantity = try .init(unscaled: 5_000_000)
      contract.netTotal = try .init(unscaled: 625_000)
      contract.grossTotal = contract.netTotal
      #expect(try await session.amend("amend 1", contract).lines.map { $0.left.description } == ["4.000000"])
      contract.lines[0].product = "nothing"
      let unknown = try await #require(throws: Interchange.V1.Refused.self) { try await session.amend("amend 2", contract) }
      #expect(unknown.code == "UNKNOWN_PRODUCT" && unknown.explanation.contains("\"nothing\" of shop"), "\(unknown)")
      try await world.settleEverything()
      #expect(try await session.cancel("cancel 1", "K-1").state == "cancelling")
      try await eventually("the shop hears that it is cancelled") {
        try await session.status("K-1").state == "cancelled" ? true : nil
      }
      #expect(try await session.cancel("cancel 1", "K-1").state == "cancelled")
      #expect(try world.erp.orders().map(\.state) == [60])
      #expect(try world.erp.calls("cancel").count == 1)
      let kept = try world.tessera.messages(of: "shop")
      #expect(kept.isSuperset(of: ["call 1", "amend 1", "cancel 1"]) && !kept.contains("call 2"))
    }
  }

  @Test("An order type that nobody knows is refused, one that is known reaches the ERP in its own words")
  func orderTypes() async throws {
    try await Seats.shared.taken {
      let world = try await World.make(.idempotentByKey)
      try await world.tessera.start()
      let party = try await world.newCustomer("Müller Bau GmbH").party
      let wrong = try await world.tessera.run(
        ["contracts", "new", "--party", party, "--currency", "EUR", "--json", "--line", world.lines()[0], "--order-type", "crossell"])
      #expect(wrong.exit == .code(1) && wrong.output.contains("VALUE_UNKNOWN") && wrong.output.contains("crossell"), "\(wrong.output)")
      let first = try await world.draft(party: party, world.lines(1))
      let renewal = try await world.draft(party: party, world.lines(1), options: ["--renews", first])
      let upsell = try await world.draft(party: party, world.lines(1), options: ["--order-type", "upsell"])
      for contract in [first, renewal, upsell] {
        try await world.tessera.tessera("contracts", "sign", contract)
        try await world.settleEverything()
      }
      #expect(try world.erp.orders().map(\.kind) == [1, 3, 2])
      #expect(try await world.tessera.words("contracts", "show", renewal).contains("renewal, renews \(first)"))
    }
  }
}
