import Broker
import CDR
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps held items and finds those that a link releases") struct HeldConformanceTests {
  private static let category = HeldRow.Cause.link(LinkKey(entity: "Category", system: "erp", id: ForeignID("C-1")))
  private static let unit = HeldRow.Cause.value(table: "units", system: "erp", value: "Stk")

  @Test("a held item comes back as it was put", arguments: StoreKind.allCases) func returns(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let row = HeldRow.test(5, waitingFor: [Self.unit, Self.category])
      try await store.apply(.insertHeld(row))
      #expect(try await store.read { try $0.held(id: 5) } == row)
      #expect(try await store.read { try $0.held(id: 6) } == nil)
      await expectFailure(.conflict) { try await store.apply(.insertHeld(.test(5))) }
    }
  }

  @Test("the fields with which a record was stored come back with it, and its name may change", arguments: StoreKind.allCases)
  func shapes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let shapes = ["record \"a\" \"b\" 0", "record \"a\" \"c\" 0"].map { TypeShape(text: $0) }
      var rows = (1...3).map { HeldRow.test($0) }
      for (index, shape) in [shapes[0], shapes[1], shapes[0]].enumerated() { rows[index].shape = shape }
      for row in rows { try await store.apply(.insertHeld(row)) }
      #expect(try await store.read { try $0.held(state: .waiting, entity: nil, system: nil, after: 0, limit: 9) } == rows)
      (rows[0].shape, rows[0].key, rows[0].version) = (shapes[1], .product("ITEM-9"), 8)
      rows[1].shape = nil
      try await store.apply(.updateHeld(rows[0]), .updateHeld(rows[1]))
      #expect(try await store.read { try $0.held(state: .waiting, entity: nil, system: nil, after: 0, limit: 9) } == rows)
      let set = try await store.load {
        $0.links = [.product("ITEM-9")]; $0.heldOfLinks = true
      }
      #expect(set.heldByKey[.product("ITEM-9")] == [rows[0]])
    }
  }

  @Test("waiting items are found by any of their causes, oldest first, each once", arguments: StoreKind.allCases)
  func causes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .insertHeld(.test(3, waitingFor: [Self.category, Self.unit])), .insertHeld(.test(1, waitingFor: [Self.category])),
        .insertHeld(.test(2, waitingFor: [Self.unit])), .insertHeld(.test(4, waitingFor: [Self.category], state: .discarded)))
      #expect(try await store.read { try $0.held(waitingFor: [Self.category], limit: 9) }.map(\.id) == [1, 3])
      #expect(try await store.read { try $0.held(waitingFor: [Self.unit, Self.category], limit: 9) }.map(\.id) == [1, 2, 3])
      #expect(try await store.read { try $0.held(waitingFor: [Self.unit, Self.category], limit: 2) }.map(\.id) == [1, 2])
      #expect(try await store.read { try $0.held(waitingFor: [], limit: 9) }.isEmpty)
      let similar: [HeldRow.Cause] = [
        .value(table: "units", system: "erp", value: "stk"), .value(table: "units", system: "crm", value: "Stk"),
        .value(table: "currencies", system: "erp", value: "Stk"), .link(LinkKey(entity: "units", system: "erp", id: ForeignID("Stk"))),
      ]
      #expect(try await store.read { try $0.held(waitingFor: similar, limit: 9) }.isEmpty)
    }
  }

  @Test("a change of state and causes is found from then on", arguments: StoreKind.allCases) func changes(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertHeld(.test(1, waitingFor: [Self.category])), .insertHeld(.test(2, waitingFor: [Self.category])))
      var first = HeldRow.test(1, waitingFor: [Self.unit])
      (first.code, first.explanation, first.changedAt) = ("UNMAPPED", "no unit", 99)
      var second = HeldRow.test(2, waitingFor: [Self.category])
      second.state = .released
      try await store.apply(.updateHeld(first), .updateHeld(second))
      #expect(try await store.read { try $0.held(id: 1) } == first)
      #expect(try await store.read { try $0.held(id: 2) } == second)
      #expect(try await store.read { try $0.held(waitingFor: [Self.category], limit: 9) }.isEmpty)
      #expect(try await store.read { try $0.held(waitingFor: [Self.unit], limit: 9) } == [first])
      await expectFailure(.failed) { try await store.apply(.updateHeld(.test(7))) }
    }
  }

  @Test("a step gets the items of its keys that still wait, oldest first", arguments: StoreKind.allCases)
  func byKey(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .insertHeld(.test(2, waitingFor: [Self.unit])), .insertHeld(.test(1)), .insertHeld(.test(3, state: .superseded)),
        .insertHeld(.test(4, key: .product("ITEM-2"))))
      let set = try await store.load {
        $0.links = [.product("ITEM-1"), .product("ITEM-3")]; $0.heldOfLinks = true
      }
      #expect(set.heldByKey == [.product("ITEM-1"): [.test(1), .test(2, waitingFor: [Self.unit])]])
    }
  }

  @Test("held items are listed by state, entity and system, page by page", arguments: StoreKind.allCases)
  func pages(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let party = LinkKey(entity: "Party", system: "shop", id: ForeignID("1"))
      try await store.apply(
        .insertHeld(.test(1)), .insertHeld(.test(2, key: party)), .insertHeld(.test(3, state: .released)), .insertHeld(.test(4, key: party))
      )
      func list(_ state: HeldRow.State?, _ entity: String?, _ system: String?, after: Int64 = 0, limit: Int = 9) async throws -> [Int64] {
        try await store.read { try $0.held(state: state, entity: entity, system: system, after: after, limit: limit) }.map(\.id)
      }
      #expect(try await list(nil, nil, nil) == [1, 2, 3, 4])
      #expect(try await list(nil, nil, nil, after: 1, limit: 2) == [2, 3])
      #expect(try await list(.waiting, nil, nil) == [1, 2, 4])
      #expect(try await list(.waiting, "Party", nil, after: 2) == [4])
      #expect(try await list(nil, "Product", "erp") == [1, 3])
      #expect(try await list(nil, "Product", "shop").isEmpty)
      #expect(try await list(.discarded, nil, nil).isEmpty)
    }
  }
}
