import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps messages, items and the systems that sent them") struct MessageConformanceTests {
  @Test("a message comes back as it was put, by its number, by its sender's id and for a step", arguments: StoreKind.allCases)
  func messageReturns(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let message = MessageRow.test(17, id: "M-1")
      try await store.apply(.insertMessage(message))
      #expect(try await store.read { try $0.message(sequence: 17) } == message)
      #expect(try await store.read { try $0.message(system: "erp", messageID: "M-1") } == message)
      let loaded = try await store.load { $0.message = ("erp", "M-1") }.message
      #expect(loaded == message)
      let reloaded = try await store.load { $0.message = ("other", "M-1") }.message
      #expect(reloaded == nil)
      #expect(try await store.read { try $0.message(sequence: 18) } == nil)
    }
  }

  @Test("a message id is unique within its system, octet by octet", arguments: StoreKind.allCases)
  func messageIDIsUnique(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertMessage(.test(1, id: "Ma\u{308}rz")), .insertMessage(.test(2, id: "M-1", system: "crm")))
      await expectFailure(.conflict) { try await store.apply(.insertMessage(.test(3, id: "Ma\u{308}rz"))) }
      try await store.apply(.insertMessage(.test(3, id: "M\u{E4}rz")), .insertMessage(.test(4, id: "M-1")))
      try await store.apply(.insertMessage(.test(5, id: "M-1 ")), .insertMessage(.test(6, id: "m-1")))
      await expectFailure(.conflict) { try await store.apply(.insertMessage(.test(6, id: "M-2"))) }
    }
  }

  @Test("messages are listed newest first, page by page, without their bodies", arguments: StoreKind.allCases)
  func messagesAreListed(kind: StoreKind) async throws {
    try await kind.withStore { store in
      for number in 1...6 as ClosedRange<Int64> {
        try await store.apply(.insertMessage(.test(number, id: "M-\(number)", system: number % 2 == 0 ? "even" : "odd")))
      }
      let page = try await store.read { try $0.messages(system: nil, before: nil, limit: 2) }
      #expect(page.map(\.sequence) == [6, 5])
      #expect(page.allSatisfy { $0.body.isEmpty && $0.receipt.isEmpty && $0.itemCount == 2 })
      #expect(try await store.read { try $0.messages(system: nil, before: 5, limit: 9) }.map(\.sequence) == [4, 3, 2, 1])
      #expect(try await store.read { try $0.messages(system: "even", before: 6, limit: 9) }.map(\.sequence) == [4, 2])
      #expect(try await store.read { try $0.messages(system: "none", before: nil, limit: 9) }.isEmpty)
      #expect(try await store.read { try $0.messages(system: nil, before: nil, limit: -1) }.isEmpty)
    }
  }

  @Test("items are listed by number, and their outcome can change", arguments: StoreKind.allCases)
  func itemsChange(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var item = ItemRow.test(1, 2, outcome: .held)
      try await store.apply(.insertItem(item), .insertItem(.test(1, 1)), .insertItem(.test(2, 1)))
      (item.outcome, item.code, item.path, item.explanation, item.common) = (.applied, "C", "a/b", "because", .number(4))
      try await store.apply(.updateItem(item))
      #expect(try await store.read { try $0.items(ofMessage: 1) } == [.test(1, 1), item])
      await expectFailure(.conflict) { try await store.apply(.insertItem(.test(1, 2))) }
      await expectFailure(.failed) { try await store.apply(.updateItem(.test(3, 1))) }
    }
  }

  @Test("every outcome is kept", arguments: StoreKind.allCases) func outcomes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      for (number, outcome) in ItemOutcome.allCases.enumerated() { try await store.apply(.insertItem(.test(1, number, outcome: outcome))) }
      #expect(try await store.read { try $0.items(ofMessage: 1) }.map(\.outcome) == ItemOutcome.allCases)
    }
  }

  @Test("systems are replaced and listed by name; watermarks and counters keep the last value", arguments: StoreKind.allCases)
  func systems(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var system = SystemRow.test("shanghai")
      try await store.apply(.putSystem(system), .putSystem(.test("berlin")))
      (system.secretHash, system.state, system.guarantee, system.takesOrders) = ("other", .revoked, .none, false)
      try await store.apply(.putSystem(system))
      #expect(try await store.read { try $0.systems() } == [.test("berlin"), system])
      #expect(try await store.read { try $0.system(named: "shanghai") } == system)
      #expect(try await store.read { try $0.system(named: "paris") } == nil)

      #expect(try await store.read { try $0.watermark(system: "erp", feed: "items") } == nil)
      try await store.apply(.putWatermark(system: "erp", feed: "items", position: "1"))
      try await store.apply(.putWatermark(system: "erp", feed: "items", position: "22"))
      #expect(try await store.read { try $0.watermark(system: "erp", feed: "items") } == "22")

      try await store.apply(.putCounter("message", next: 2), .putCounter("message", next: 3))
      let loaded = try await store.load { $0.counters = ["message", "delivery"] }.counters
      #expect(loaded == ["message": 3])
    }
  }

  @Test("the audit trail is numbered and never ends", arguments: StoreKind.allCases) func audit(kind: StoreKind) async throws {
    try await kind.withStore { store in
      for action in ["link", "unlink", "settle"] {
        try await store.apply(.insertAudit(AuditRow(at: 1, who: "anna", action: action, subject: "s", reason: "r")))
      }
      #expect(try await store.read { try $0.audit(after: 0, limit: 2) }.map(\.action) == ["link", "unlink"])
      #expect(
        try await store.read { try $0.audit(after: 2, limit: 9) } == [
          AuditRow(id: 3, at: 1, who: "anna", action: "settle", subject: "s", reason: "r")
        ])
    }
  }
}
