import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store finds things by what they have in common") struct MatchConformanceTests {
  private let code = MatchValue(field: "code", value: "4711")

  @Test("match values are not unique, and are replaced as a whole", arguments: StoreKind.allCases)
  func matchValues(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let name = MatchValue(field: "name", value: "4711")
      try await store.apply(
        .putMatchValues(.product(2, to: [code, name])), .putMatchValues(.product(1, to: [code])),
        .putMatchValues(MatchValuesChange(.number(3), entity: "Party", to: [code])))
      let both = try await store.load { $0.matches = ["Product": [code, name]] }
      #expect(both.matches == ["Product": [code: [.number(1), .number(2)], name: [.number(2)]]])

      try await store.apply(.putMatchValues(.product(2, from: [code, name], to: [name])))
      try await store.apply(.putMatchValues(.product(2, from: [name], to: [name])))
      let loaded = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(loaded == ["Product": [code: [.number(1)]]])
      try await store.apply(.putMatchValues(.product(2, from: [name], to: [])))
      let reloaded = try await store.load { $0.matches = ["Product": [name]] }.matches
      #expect(reloaded.isEmpty)
    }
  }

  @Test("match values of a key are looked up only where no link has it", arguments: StoreKind.allCases)
  func matchesOfUnknown(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertLink(.test(.product("A"), 1)), .putMatchValues(.product(1, to: [code])))
      let known = try await store.load {
        $0.links = [.product("A")]; $0.matchesOfUnknown = [(.product("A"), [code])]
      }
      #expect(known.matches.isEmpty)
      let unknown = try await store.load {
        $0.links = [.product("B")]; $0.matchesOfUnknown = [(.product("B"), [code]), (.product("C"), [code])]
      }
      #expect(unknown.matches == ["Product": [code: [.number(1)]]])
    }
  }

  @Test("match values compare octet by octet", arguments: StoreKind.allCases) func octets(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let composed = MatchValue(field: "name", value: "Lo\u{308}ffel")
      let decomposed = MatchValue(field: "name", value: "L\u{F6}ffel")
      try await store.apply(.putMatchValues(.product(1, to: [composed])))
      let loaded = try await store.load { $0.matches = ["Product": [composed, decomposed]] }.matches
      #expect(loaded == ["Product": [composed: [.number(1)]]])
    }
  }

  @Test("a match brings the thing's links in the systems and its object", arguments: StoreKind.allCases)
  func matchesBringLinks(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let crm = Link.test(.product("P-1", of: "crm"), 1)
      let erp = Link.test(.product("A"), 1)
      try await store.apply(
        .insertLink(crm), .insertLink(erp), .insertLink(.test(.product("X", of: "shop"), 1)), .putObject(.test("P-1", 1)),
        .putMatchValues(.product(1, to: [code])))
      let set = try await store.load {
        $0.matches = ["Product": [code]]; $0.systems = ["erp"]; $0.objectsOfLinks = true
      }
      #expect(set.linksOfThing == [.number(1): [crm, erp]])
      #expect(Array(set.objects.keys) == [.product("P-1", of: "crm")])
    }
  }

  @Test("only one thing can claim a value", arguments: StoreKind.allCases) func claims(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putMatchValues(.product(1, to: [code], claims: [code])))
      await expectFailure(.conflict) { try await store.apply(.putMatchValues(.product(2, to: [code], claims: [code]))) }
      try await store.apply(
        .putMatchValues(.product(1, from: [code], to: [code], claims: [code])),
        .putMatchValues(MatchValuesChange(.number(2), entity: "Party", to: [code], claims: [code])))
      let loaded = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(loaded == ["Product": [code: [.number(1)]]])
    }
  }

  @Test("what a thing has without a claim may be claimed by another", arguments: StoreKind.allCases)
  func unclaimed(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putMatchValues(.product(2, to: [code])))
      try await store.apply(.putMatchValues(.product(1, to: [code], claims: [code])))
      let loaded = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(loaded == ["Product": [code: [.number(1), .number(2)]]])
    }
  }

  @Test("a thing that no longer has a value gives up its claim on it", arguments: StoreKind.allCases)
  func claimsEnd(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putMatchValues(.product(1, to: [code], claims: [code])))
      try await store.apply(.putMatchValues(.product(1, from: [code], to: [MatchValue(field: "code", value: "other")])))
      try await store.apply(.putMatchValues(.product(2, to: [code], claims: [code])))
    }
  }

  @Test("sixteen racers that get or create one product make one thing", arguments: StoreKind.allCases)
  func racers(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let found = try await withThrowingTaskGroup(of: CommonID.self) { group in
        for racer in 0..<16 {
          group.addTask { try await getOrCreate(.product("A-\(racer % 4)", of: "erp-\(racer % 4)"), code, racer, in: store) }
        }
        return try await group.reduce(into: Set<CommonID>()) { $0.insert($1) }
      }
      #expect(found.count == 1)
      let links = try await store.read { try $0.links(entity: nil, system: nil, after: nil, limit: 99) }
      #expect(Set(links.map(\.common)) == found)
      #expect(links.count == 4)
      let loaded = try await store.load { $0.counters = ["created"] }.counters
      #expect(loaded == ["created": 2])
    }
  }
}

extension MatchValuesChange {
  static func product(
    _ number: Int, from former: [MatchValue] = [], to values: [MatchValue], claims: [MatchValue] = []
  ) -> MatchValuesChange {
    MatchValuesChange(.number(number), entity: "Product", from: former, to: values, claims: claims)
  }
}

/// What every step does with an id: the link, else the match, else a new thing.
private func getOrCreate(_ key: LinkKey, _ value: MatchValue, _ racer: Int, in store: any Store) async throws -> CommonID {
  try await store.write { transaction in
    var needs = Needs()
    needs.links = [key]
    needs.matches = ["Product": [value]]
    needs.counters = ["created"]
    var set = try transaction.load(needs)
    if let link = set.links[key] { return link.common }
    let common = set.matches["Product"]?[value]?.first ?? .number(racer)
    if set.matches.isEmpty {
      _ = set.next("created")
      set.change(.putMatchValues(MatchValuesChange(common, entity: "Product", to: [value], claims: [value])))
    }
    set.change(.insertLink(Link(key: key, common: common, validFrom: 1, who: "broker", why: "racer \(racer)")))
    try transaction.apply(set.takeChanges())
    return common
  }
}
