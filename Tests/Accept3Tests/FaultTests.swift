import ForeignORB
import Testing

/// Whatever goes wrong in the ERP, and whatever it promises: no order is doubled, none is lost, and people are told how it stands.
@Suite("Faults of the ERP") struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let guarantee: Guarantee
    let fault: SampleERPProcess.Fault
    var testDescription: String { "\(fault.rawValue), \(guarantee.rawValue)" }

    static let all = SampleERPProcess.Fault.allCases.flatMap { fault in Guarantee.allCases.map { Case(guarantee: $0, fault: fault) } }
    /// Nobody knows how a call ended, and the ERP cannot tell.
    var isAmbiguous: Bool { guarantee == .none && (fault == .commitThenDrop || fault == .lateCommit) }
  }

  /// Two of the three contracts are of one new customer and signed at once.
  @Test("Three contracts, two of one new customer signed at once: 0 doubled, 0 lost, one customer each", arguments: Case.all)
  func nothingIsDoubledOrLost(_ test: Case) async throws {
    try await Seats.shared.taken {
      let world = try await World.make(test.guarantee, fault: test.fault)
      try await world.tessera.start()
      let (party, contact) = try await world.newCustomer("Müller Bau GmbH")
      let other = try await world.newCustomer("Société Dupont")
      let contracts = [
        try await world.draft(party: party, contact: contact, world.lines()): party,
        try await world.draft(party: party, contact: contact, world.lines()): party,
        try await world.draft(party: other.party, world.lines()): other.party,
      ]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for contract in contracts.keys { group.addTask { try await world.tessera.tessera("contracts", "sign", contract) } }
        try await group.waitForAll()
      }
      try await expectWords(test, world, contracts)
      if test.fault == .down {
        try await world.erp.kill()
        try await world.startERP()
      }
      let notOrdered = try await world.settleEverything()
      try await world.expectOneOrderEach(contracts)
      try await expectVerdicts(test, world, contracts)
      #expect(notOrdered.isEmpty, "a person found every order in the books")
      let creates = try world.erp.creates()
      if test.guarantee == .none { #expect(creates.count == 3 && Set(creates).count == 3, "one create for each contract") }
      #expect(Set(creates).count == 3)
      try await world.tessera.kill()
      try await world.erp.kill()
    }
  }

  /// What `contracts show` says while it goes wrong.
  private func expectWords(_ test: Case, _ world: World, _ contracts: [String: String]) async throws {
    if test.isAmbiguous {
      let uncertain = try await eventually("an order is uncertain", else: { "\(try world.tessera.deliveries())" }) {
        try world.tessera.deliveries().first { $0.state == "uncertain" }
      }
      let shown = try await world.tessera.tessera("contracts", "show", uncertain.contract)
      #expect(shown["state"] == "uncertain")
      let words = try #require(shown["orders"]?[0]?["words"]?.string)
      #expect(words.hasPrefix("nobody knows whether the order was taken (COMM_FAILURE"), "\(words)")
      #expect(words.hasSuffix("look it up there and settle it with `tessera contracts settle`"))
      // The other contract of the customer waits: its order might make the customer a second time.
      if let waiting = try world.tessera.deliveries().first(where: { $0.state == "waiting" }) {
        #expect(waiting.code == "CUSTOMER_BEING_CREATED")
        let words = try #require(try await world.order(of: waiting.contract)["words"]?.string)
        #expect(words.hasPrefix("the order waits (another order"), "\(words)")
      }
    }
    if test.fault == .down {
      let tried = try await eventually("an order was tried twice", else: { "\(try world.tessera.deliveries()) \(world.tessera.log)" }) {
        try world.tessera.deliveries().first { $0.state == "ready" && $0.attempts > 1 }
      }
      let words = try #require(try await world.order(of: tried.contract)["words"]?.string)
      #expect(words.hasPrefix("the order is tried again after "), "\(words)")
    }
    if test.fault == .slow {
      let sending = try await eventually("an order is being sent", else: { "\(try world.tessera.deliveries())" }) {
        try world.tessera.deliveries().first { $0.state == "sending" || $0.state == "ordered" }
      }
      #expect(!sending.key.isEmpty)
    }
  }

  /// What `contracts show` says in the end.
  private func expectVerdicts(_ test: Case, _ world: World, _ contracts: [String: String]) async throws {
    for contract in contracts.keys {
      let order = try await world.order(of: contract)
      let number = try #require(order["orderNumber"]?.string)
      #expect(order["words"]?.string?.hasPrefix("ordered as \(number), customer D") == true, "\(order)")
      let positions = try world.erp.positions(of: number)
      guard test.fault == .refuseLine else {
        #expect(positions.count == 2)
        continue
      }
      #expect(positions.map(\.position) == [1])
      let lines = order["lines"]?.array ?? []
      #expect(lines.map { $0["outcome"] } == ["accepted", "refused"], "\(order)")
      #expect(lines.last?["explanation"]?.string?.contains("refused on demand") == true, "\(order)")
      let words = try await world.tessera.words("contracts", "show", contract)
      #expect(words.contains("erp: refused"), "\(words)")
    }
  }
}
