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
        .putMatchValues(.number(2), entity: "Product", values: [code, name]),
        .putMatchValues(.number(1), entity: "Product", values: [code]),
        .putMatchValues(.number(3), entity: "Party", values: [code]))
      let both = try await store.load { $0.matches = ["Product": [code, name]] }
      #expect(both.matches == ["Product": [code: [.number(1), .number(2)], name: [.number(2)]]])

      try await store.apply(.putMatchValues(.number(2), entity: "Product", values: [name]))
      try await store.apply(.putMatchValues(.number(2), entity: "Product", values: [name]))
      let loaded = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(loaded == ["Product": [code: [.number(1)]]])
      try await store.apply(.putMatchValues(.number(2), entity: "Product", values: []))
      let reloaded = try await store.load { $0.matches = ["Product": [name]] }.matches
      #expect(reloaded.isEmpty)
    }
  }

  @Test("match values compare octet by octet", arguments: StoreKind.allCases) func octets(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let composed = MatchValue(field: "name", value: "Lo\u{308}ffel")
      let decomposed = MatchValue(field: "name", value: "L\u{F6}ffel")
      try await store.apply(.putMatchValues(.number(1), entity: "Product", values: [composed]))
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
        .putMatchValues(.number(1), entity: "Product", values: [code]))
      let set = try await store.load {
        $0.matches = ["Product": [code]]; $0.systems = ["erp"]; $0.objectsOfLinks = true
      }
      #expect(set.linksOfThing == [.number(1): [crm, erp]])
      #expect(Array(set.objects.keys) == [.product("P-1", of: "crm")])
    }
  }

  @Test("only one thing can claim a value", arguments: StoreKind.allCases) func claims(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertClaim(entity: "Product", code, .number(1)))
      await expectFailure(.conflict) { try await store.apply(.insertClaim(entity: "Product", code, .number(2))) }
      try await store.apply(.insertClaim(entity: "Product", code, .number(1)), .insertClaim(entity: "Party", code, .number(2)))
    }
  }

  @Test("what a thing has claimed, it is found by", arguments: StoreKind.allCases) func claimsMatch(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .insertThing(.number(1), entity: "Product", createdAt: 1), .insertClaim(entity: "Product", code, .number(1)),
        .putMatchValues(.number(2), entity: "Product", values: [code]))
      let claimed = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(claimed == ["Product": [code: [.number(1), .number(2)]]])
      try await store.apply(.putMatchValues(.number(1), entity: "Product", values: []))
      let given = try await store.load { $0.matches = ["Product": [code]] }.matches
      #expect(given == ["Product": [code: [.number(2)]]])
      try await store.apply(.insertClaim(entity: "Product", code, .number(2)))
    }
  }

  @Test("a thing that no longer has a value gives up its claim on it", arguments: StoreKind.allCases)
  func claimsEnd(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .insertClaim(entity: "Product", code, .number(1)), .putMatchValues(.number(1), entity: "Product", values: [code]))
      try await store.apply(.putMatchValues(.number(1), entity: "Product", values: [MatchValue(field: "code", value: "other")]))
      try await store.apply(.insertClaim(entity: "Product", code, .number(2)))
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
      set.change(.insertThing(common, entity: "Product", createdAt: 1))
      set.change(.insertClaim(entity: "Product", value, common))
      set.change(.putMatchValues(common, entity: "Product", values: [value]))
    }
    set.change(.insertLink(Link(key: key, common: common, validFrom: 1, who: "broker", why: "racer \(racer)")))
    try transaction.apply(set.changes)
    return common
  }
}
