import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps deliveries and knows which are due") struct DeliveryConformanceTests {
  @Test("a delivery comes back as it was put last", arguments: StoreKind.allCases) func returns(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putDelivery(.test(1, state: .waiting, waitingFor: .product("P-1", of: "crm"))))
      let row = DeliveryRow.test(1, contract: "V-000002", state: .sending)
      try await store.apply(.putDelivery(row), .putDelivery(.test(2)))
      #expect(try await store.read { try $0.delivery(id: 1) } == row)
      #expect(try await store.read { try $0.delivery(id: 3) } == nil)
      #expect(try await store.read { try $0.delivery(correlationKey: "key-2") } == .test(2))
      #expect(try await store.read { try $0.delivery(correlationKey: "key-3") } == nil)
      let loaded = try await store.load { $0.deliveries = [1, 3] }.deliveries
      #expect(loaded == [1: row])
      let reloaded = try await store.load { $0.deliveriesOfContracts = ["V-000001", "V-000003"] }.deliveries
      #expect(reloaded == [2: .test(2)])
      #expect(try await store.read { try $0.deliveries(ofContract: "V-000002") } == [row])
    }
  }

  @Test("due are those that are ready and whose time has come, the longest due first", arguments: StoreKind.allCases)
  func due(kind: StoreKind) async throws {
    try await kind.withStore { store in
      #expect(try await store.read { try $0.nextDeliveryTime() } == nil)
      try await store.apply(
        .putDelivery(.test(1, at: 30)), .putDelivery(.test(2, at: 10)), .putDelivery(.test(3, at: 20)), .putDelivery(.test(4, at: 10)),
        .putDelivery(.test(5, state: .sending, at: 1)), .putDelivery(.test(6, state: .uncertain, at: 1)))
      #expect(try await store.read { try $0.dueDeliveries(now: 20, limit: 9) }.map(\.id) == [2, 4, 3])
      #expect(try await store.read { try $0.dueDeliveries(now: 99, limit: 3) }.map(\.id) == [2, 4, 3])
      #expect(try await store.read { try $0.dueDeliveries(now: 9, limit: 9) }.isEmpty)
      #expect(try await store.read { try $0.nextDeliveryTime() } == 10)
      try await store.apply(.putDelivery(.test(2, state: .ordered, at: 10)), .putDelivery(.test(4, state: .refused, at: 10)))
      #expect(try await store.read { try $0.nextDeliveryTime() } == 20)
    }
  }

  @Test("what is blocked is due, too, and a time that no wait explains has come", arguments: StoreKind.allCases)
  func wrongTimes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let late = DeliveryRow.latestDueTime(at: 1_000)
      try await store.apply(
        .putDelivery(.test(1, state: .blocked, at: 900)), .putDelivery(.test(2, at: late)), .putDelivery(.test(3, at: late + 2)),
        .putDelivery(.test(4, state: .blocked, at: late + 1)), .putDelivery(.test(5, state: .parked, at: 900)))
      #expect(try await store.read { try $0.dueDeliveries(now: 1_000, limit: 9) }.map(\.id) == [1, 4, 3])
      #expect(try await store.read { try $0.dueDeliveries(now: 1_000, limit: 2) }.map(\.id) == [1, 4])
      #expect(try await store.read { try $0.nextDeliveryTime() } == 900)
    }
  }

  @Test("waiting ones are found by the id that they wait for", arguments: StoreKind.allCases) func waiting(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let key = LinkKey.product("P-1", of: "crm")
      try await store.apply(
        .putDelivery(.test(2, state: .waiting, waitingFor: key)), .putDelivery(.test(1, state: .waiting, waitingFor: key)),
        .putDelivery(.test(3, state: .waiting)), .putDelivery(.test(4, state: .cancelled, waitingFor: key)),
        .putDelivery(.test(5, state: .waiting, waitingFor: .product("P-2", of: "crm"))))
      #expect(try await store.read { try $0.deliveries(waitingFor: [key]) }.map(\.id) == [1, 2])
      #expect(try await store.read { try $0.deliveries(waitingFor: [.product("P-2", of: "crm"), key]) }.map(\.id) == [1, 2, 5])
      #expect(try await store.read { try $0.deliveries(waitingFor: [.product("P-1")]) }.isEmpty)
    }
  }

  @Test("deliveries are listed by state, page by page", arguments: StoreKind.allCases) func pages(kind: StoreKind) async throws {
    try await kind.withStore { store in
      for (index, state) in DeliveryRow.State.allCases.enumerated() {
        try await store.apply(.putDelivery(.test(Int64(index + 1), state: state)))
      }
      let all = try await store.read { try $0.deliveries(state: nil, after: 0, limit: 99) }
      #expect(all.map(\.state) == DeliveryRow.State.allCases)
      #expect(try await store.read { try $0.deliveries(state: nil, after: 2, limit: 2) }.map(\.id) == [3, 4])
      let uncertain = try #require(DeliveryRow.State.allCases.firstIndex(of: .uncertain))
      #expect(try await store.read { try $0.deliveries(state: .uncertain, after: 0, limit: 9) }.map(\.id) == [Int64(uncertain + 1)])
    }
  }

  @Test("a lane has one holder until it is removed", arguments: StoreKind.allCases) func lanes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let lane = CustomerLaneRow(destination: "erp", party: .number(1), holder: 7)
      try await store.apply(
        .putLane(CustomerLaneRow(destination: "erp", party: .number(1), holder: 5)), .putLane(lane),
        .putLane(CustomerLaneRow(destination: "erp", party: .number(2), holder: 8)))
      let loaded = try await store.load { $0.lanes = [("erp", .number(1)), ("shop", .number(1))] }.lanes
      #expect(loaded == [lane])
      try await store.apply(.removeLane(destination: "erp", party: .number(1)), .removeLane(destination: "none", party: .number(1)))
      let reloaded = try await store.load { $0.lanes = [("erp", .number(1))] }.lanes
      #expect(reloaded.isEmpty)
    }
  }
}
