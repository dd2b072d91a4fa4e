import ForeignORB
import SQLite
import Testing

/// An order that the ERP has is changed and cancelled there, as its contract is; what the ERP says of it comes back.
@Suite("A contract that changes after its order exists") struct ChangeTests {
  @Test("An amendment changes the order in the books, and the contract when the ERP has confirmed it")
  func amend() async throws {
    try await Seats.shared.taken {
      let sale = try await OrderedSale(.idempotentByKey)
      let (first, third) = (sale.world.goods[0], sale.world.goods[2])
      let amended = try await sale.world.tessera.tessera(
        "contracts", "amend", sale.contract, "--line", "1:5:13", "--remove-line", "2", "--add-line", "\(third.product):1:7.25", "--reason",
        "they build a larger hall")
      #expect(["changing", "ordered"].contains(amended["state"]?.string), "\(amended)")
      let change = try await sale.end(of: "change")
      #expect(change.state == "confirmed")
      #expect(
        try sale.world.erp.positions(of: sale.number).map { [$0.item, "\($0.quantity)", $0.price] } == [
          [first.item, "5000", "13.0000"], [third.item, "1000", "7.2500"],
        ])
      #expect(try sale.book.kind == 2, "more than before is an upsell")
      #expect(try sale.world.erp.orders().count == 1)
      let shown = try await sale.show()
      #expect(shown["state"] == "ordered" && shown["orderType"] == "upsell")
      #expect(shown["record"]?["grossTotal"] == "72.2500")
      #expect(shown["orders"]?[1]?["words"]?.string == "change 2 of the order \(sale.number) is carried out", "\(shown)")
      #expect(try sale.world.erp.calls("change") == ["\(change.key)"])
      // Less is a downsell, and the ERP hears of it.
      try await sale.world.tessera.tessera("contracts", "amend", sale.contract, "--line", "1:1", "--reason", "a smaller one")
      #expect(try await sale.end(of: "change", revision: 3).state == "confirmed")
      #expect(try sale.book.kind == 4)
      // The news of the change come in, and the contract stands as before.
      try await eventually("the news are here") { try await sale.show()["orders"]?[0]?["progress"] == "open" ? true : nil }
      #expect(try await sale.show()["state"] == "ordered")
    }
  }

  @Test("A cancellation takes the order back in the books, and the contract is cancelled when the ERP has confirmed it")
  func cancel() async throws {
    try await Seats.shared.taken {
      let sale = try await OrderedSale(.strongProbe)
      let asked = try await sale.world.tessera.tessera("contracts", "cancel", sale.contract, "--reason", "they are broke")
      #expect(["cancelling", "cancelled"].contains(asked["state"]?.string), "\(asked)")
      #expect(try await sale.end(of: "cancel").state == "confirmed")
      #expect(try sale.book.state == 60)
      try await eventually("the news are here") { try await sale.show()["orders"]?[0]?["status"]?["id"] != nil ? true : nil }
      let shown = try await sale.show()
      #expect(shown["state"] == "cancelled")
      let words = try await sale.world.tessera.words("contracts", "show", sale.contract)
      #expect(words.contains("cancellation for erp  the cancellation of the order \(sale.number) is carried out"), "\(words)")
      let commitments = try sale.world.tessera.rows("SELECT delivery FROM commitments") { $0.integer(0) }
      #expect(commitments.isEmpty, "its credit is free again")
    }
  }

  @Test("What is shipped is neither changed nor cancelled, and the contract says so in words, by line")
  func shipped() async throws {
    try await Seats.shared.taken {
      let sale = try await OrderedSale(.idempotentByKey)
      try await sale.world.erp.ship(sale.number, position: 1)
      try await sale.world.tessera.tessera("contracts", "amend", sale.contract, "--line", "1:1", "--reason", "less")
      let change = try await sale.end(of: "change")
      #expect(change.state == "refused" && change.code == "ALREADY_SHIPPED")
      try await sale.world.tessera.tessera("contracts", "cancel", sale.contract, "--reason", "none at all")
      #expect(try await sale.end(of: "cancel").state == "refused")
      let shown = try await sale.show()
      #expect(
        shown["orders"]?[1]?["words"]?.string
          == "change 2 of the order \(sale.number) was refused (it is shipped already); the order stays as it was", "\(shown)")
      #expect(shown["orders"]?[1]?["lines"]?[0]?["code"] == "ALREADY_SHIPPED")
      #expect(shown["orders"]?[1]?["lines"]?[0]?["explanation"]?.string?.hasPrefix("it is shipped already: item ") == true)
      #expect(
        shown["orders"]?[2]?["words"]?.string
          == "the cancellation of the order \(sale.number) was refused (something is shipped already); the order stays as it was")
      #expect(shown["record"]?["lines"]?[0]?["quantity"] == "2.000000", "the contract stays as it was")
      try await eventually("the news are here") { try await sale.show()["state"] == "partly-shipped" ? true : nil }
      // What is not shipped may still grow.
      try await sale.world.tessera.tessera("contracts", "amend", sale.contract, "--line", "2:9", "--reason", "more of the other")
      #expect(try await sale.end(of: "change", revision: 4).state == "confirmed")
      #expect(try sale.world.erp.positions(of: sale.number).map(\.quantity) == [2000, 9000])
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let action: String
    let fault: SampleERPProcess.Fault
    let guarantee: Guarantee
    var testDescription: String { "\(action), \(fault.rawValue), \(guarantee.rawValue)" }

    static let all = ["change", "cancel"].flatMap { action in
      [SampleERPProcess.Fault.commitThenDrop, .lateCommit, .down].flatMap { fault in
        Guarantee.allCases.map { Case(action: action, fault: fault, guarantee: $0) }
      }
    }
    /// Nobody knows how the call ended, and the ERP cannot tell.
    var isAmbiguous: Bool { guarantee == .none && fault != .down }
  }

  @Test("Whatever goes wrong in the ERP, it is carried out once and known to be", arguments: Case.all)
  func faults(_ test: Case) async throws {
    try await Seats.shared.taken {
      let sale = try await OrderedSale(test.guarantee)
      try await sale.world.erp.kill()
      try await sale.world.startERP(fault: test.fault)
      try await sale.ask(test.action)
      if test.isAmbiguous {
        let uncertain = try await eventually("it is uncertain", else: { "\(try sale.world.tessera.deliveries())" }) {
          try sale.world.tessera.deliveries().first { $0.state == "uncertain" }
        }
        #expect(try await sale.show()["state"] == "uncertain")
        // It is neither amended nor cancelled before somebody has looked.
        let refused = try await sale.world.tessera.run(["contracts", "cancel", sale.contract, "--reason", "x", "--json"])
        if test.action == "change" { #expect(refused.exit == .code(1) && refused.output.contains("CONTRACT_UNDER_WAY")) }
        #expect(uncertain.attempts == 1)
      }
      if test.fault == .down {
        try await eventually("it was tried twice") {
          try sale.world.tessera.deliveries().first { $0.action == test.action && $0.state == "ready" && $0.attempts > 1 }
        }
        try await sale.world.erp.kill()
        try await sale.world.startERP()
      }
      try await sale.expectDone(test.action)
    }
  }

  enum Place: String, CaseIterable, Sendable {
    case afterStore = "after-store"
    case afterReserve = "after-reserve"
    case beforeConfirm = "before-confirm"
    case beforeCommit = "before-commit"
    case afterCommit = "after-commit"

    var isInERP: Bool { self == .beforeCommit || self == .afterCommit }
  }

  @Test("SIGKILL at a named place", arguments: Place.allCases, ["change", "cancel"])
  func kills(_ place: Place, _ action: String) async throws {
    try await Seats.shared.taken {
      for guarantee in [Guarantee.idempotentByKey, .none] {
        let sale = try await OrderedSale(guarantee)
        if place.isInERP {
          try await sale.world.erp.kill()
          try await sale.world.startERP(crashAt: place.rawValue)
          try await sale.ask(action)
          try await sale.world.erp.killed()
          try await sale.world.startERP()
        } else if place == .afterStore {
          try await sale.ask(action, environment: ["TESSERA_CRASH_AT": place.rawValue])
        } else {
          try await sale.world.tessera.kill()
          try await sale.world.tessera.start(crashAt: place.rawValue)
          try await sale.ask(action)
          try await sale.world.tessera.killed()
          try await sale.world.tessera.start()
        }
        try await sale.expectDone(action)
        let calls = try sale.world.erp.calls(action)
        if guarantee == .none { #expect(calls.count <= 1 + sale.world.settledAsNotDone, "\(place), \(calls)") }
        try await sale.world.tessera.kill()
        try await sale.world.erp.kill()
      }
    }
  }
}
