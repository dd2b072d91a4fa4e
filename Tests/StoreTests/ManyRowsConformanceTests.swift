import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store takes many rows at once as it takes each") struct ManyRowsConformanceTests {
  /// Around the numbers of rows that one statement takes.
  static let counts = [1, 3, 4, 5, 15, 16, 17, 37]

  @Test("a row that is taken is named, wherever in a list it stands, and nothing of the list stays", arguments: StoreKind.allCases, counts)
  func taken(kind: StoreKind, count: Int) async throws {
    try await kind.withStore { store in
      for place in Set([0, count / 2, count - 1]) {
        let taken = LinkKey.product("taken at \(place)")
        try await store.apply(.insertLink(.test(taken, 1000 + place)))
        let links = (0..<count).map { number -> RowChange in
          .insertLink(.test(number == place ? taken : .product("\(place)-\(number)"), number))
        }
        let error = await #expect(throws: StoreError.self) { try await store.write { try $0.apply(links) } }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("taken at \(place)") == true, "\(error?.message ?? "")")
        let loaded = try await store.load { $0.links = Set((0..<count).map { .product("\(place)-\($0)") }) }.links
        #expect(loaded.isEmpty)
      }
    }
  }

  @Test("a claim of another thing is named, wherever in a list it stands", arguments: StoreKind.allCases, counts)
  func claimed(kind: StoreKind, count: Int) async throws {
    try await kind.withStore { store in
      let codes = (0..<count).map { MatchValue(field: "code", value: "code \($0)") }
      let place = count / 2
      try await store.apply(.putMatchValues(.product(1000, to: [codes[place]], claims: [codes[place]])))
      let changes = codes.enumerated().map { RowChange.putMatchValues(.product($0, to: [$1], claims: [$1])) }
      let error = await #expect(throws: StoreError.self) { try await store.write { try $0.apply(changes) } }
      #expect(error?.code == .conflict)
      #expect(error?.message.contains("code \(place)") == true, "\(error?.message ?? "")")
      let loaded = try await store.load { $0.matches = ["Product": Set(codes)] }.matches
      #expect(loaded == ["Product": [codes[place]: [.number(1000)]]])
    }
  }

  @Test("all that is looked up is found, and what changes rows of its own list sees them", arguments: StoreKind.allCases, counts)
  func found(kind: StoreKind, count: Int) async throws {
    try await kind.withStore { store in
      let keys = (0..<count).map { LinkKey.product("A\($0)") }
      let codes = (0..<count).map { MatchValue(field: "code", value: "code \($0)") }
      var changes: [RowChange] = []
      for number in 0..<count {
        changes.append(.insertLink(.test(keys[number], number)))
        changes.append(.putSourceState(keys[number], SourceState(version: Int64(number), fingerprint: 7, message: 1)))
        changes.append(.putMatchValues(.product(number, to: [codes[number]], claims: [codes[number]])))
        if number % 5 == 4 { changes.append(.endLink(keys[number], at: 9, who: "anna", why: "wrong")) }
      }
      let made = changes
      try await store.write { try $0.apply(made) }
      let set = try await store.load {
        $0.links = Set(keys + [.product("unknown")])
        $0.matches = ["Product": Set(codes + [MatchValue(field: "code", value: "unknown")])]
      }
      #expect(set.links.count == count - count / 5)
      #expect(set.sourceStates.count == count, "the state of an id stays when its link ends")
      for number in 0..<count {
        #expect(set.sourceStates[keys[number]]?.version == Int64(number))
        #expect(set.matches["Product"]?[codes[number]] == [.number(number)])
      }
    }
  }
}
