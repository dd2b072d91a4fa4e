import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps what ids mean") struct LinkConformanceTests {
  @Test("an id means one thing at a time", arguments: StoreKind.allCases) func oneOpenLink(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertLink(.test(.product("A"), 1)))
      await expectFailure(.conflict) { try await store.apply(.insertLink(.test(.product("A"), 2))) }
      // Another system, another entity, and another id of the same thing are other keys.
      let category = LinkKey(entity: "Category", system: "erp", id: ForeignID("A"))
      try await store.apply(
        .insertLink(.test(.product("A", of: "shop"), 1)), .insertLink(.test(category, 2)), .insertLink(.test(.product("B"), 1)))
      #expect(try await store.read { try $0.links(entity: nil, system: nil, after: nil, limit: 9) }.count == 4)
    }
  }

  @Test("ids compare octet by octet", arguments: StoreKind.allCases) func octets(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let ids = ["é", "e\u{301}", "É", "A", "a", "A ", " A", "0A", "A\u{0}", "", "１", "1"]
      for (thing, id) in ids.enumerated() { try await store.apply(.insertLink(.test(.product(id), thing))) }
      let set = try await store.load { $0.links = Set(ids.map { .product($0) }) }
      #expect(set.links.count == ids.count)
      for (thing, id) in ids.enumerated() { #expect(set.links[.product(id)]?.common == .number(thing), "‘\(id)’") }
      let listed = try await store.read { try $0.links(entity: "Product", system: "erp", after: nil, limit: 99) }
      #expect(listed.map(\.key.id) == ids.map { ForeignID($0) }.sorted())
    }
  }

  @Test("a link ends but stays on record, and the id may mean something else then", arguments: StoreKind.allCases)
  func history(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let key = LinkKey.product("A")
      try await store.apply(.insertLink(.test(key, 1, from: 10)), .endLink(key, at: 20, who: "anna", why: "was wrong"))
      try await store.apply(.insertLink(.test(key, 2, from: 20)), .endLink(key, at: 20, who: "anna", why: "again"))
      try await store.apply(.insertLink(.test(key, 3, from: 30)))
      let history = try await store.read { try $0.history(of: key) }
      #expect(history.map(\.common) == [.number(1), .number(2), .number(3)])
      #expect(history.map(\.validTo) == [20, 20, nil])
      #expect(history.map(\.endedBecause) == ["was wrong", "again", ""])
      #expect(history.map(\.endedBy) == ["anna", "anna", ""])
      #expect(history[0].who == "broker" && history[0].why == "message 1" && history[0].validFrom == 10)
      #expect(try await store.read { try $0.links(of: .number(1)) } == [history[0]])
      let loaded = try await store.load { $0.links = [key] }.links
      #expect(loaded == [key: history[2]])
      #expect(
        try await store.load {
          $0.things = [.number(1)]; $0.systems = ["erp"]
        }.links.isEmpty)
    }
  }

  @Test("ending what does not hold changes nothing", arguments: StoreKind.allCases) func endNothing(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let key = LinkKey.product("A")
      try await store.apply(.endLink(key, at: 1, who: "anna", why: ""))
      try await store.apply(.insertLink(.test(key, 1)), .endLink(key, at: 2, who: "anna", why: "first"))
      try await store.apply(.endLink(key, at: 3, who: "bert", why: "second"))
      #expect(try await store.read { try $0.history(of: key) }.map(\.endedBecause) == ["first"])
    }
  }

  @Test("links are listed by entity, system and id, page by page", arguments: StoreKind.allCases)
  func pages(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var keys: [LinkKey] = []
      for entity in ["Unit", "Product", "Party"] {
        for system in ["erp-2", "erp-10", "crm"] {
          for id in ["b", "a"] { keys.append(LinkKey(entity: entity, system: system, id: ForeignID(id))) }
        }
      }
      for (thing, key) in keys.enumerated() { try await store.apply(.insertLink(.test(key, thing))) }
      var found: [LinkKey] = []
      while true {
        let after = found.last
        let page = try await store.read { try $0.links(entity: nil, system: nil, after: after, limit: 4) }.map(\.key)
        #expect(page.count <= 4)
        if page.isEmpty { break }
        found += page
      }
      #expect(found == keys.sorted())
      let ofSystem = try await store.read { try $0.links(entity: nil, system: "crm", after: nil, limit: 99) }.map(\.key)
      #expect(ofSystem == keys.sorted().filter { $0.system == "crm" })
      let (last, first) = (keys[4], keys[5])
      let both = try await store.read { try $0.links(entity: "Unit", system: "crm", after: first, limit: 99) }.map(\.key)
      #expect(both == [last])
      #expect(try await store.read { try $0.links(entity: "None", system: nil, after: nil, limit: 9) }.isEmpty)
    }
  }

  @Test("a step gets the links of its keys, of what they mean, and the CRM core's objects", arguments: StoreKind.allCases)
  func loadsThroughThings(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let linked: [Link] = [
        .test(.product("A"), 1), .test(.product("P-1", of: "crm"), 1), .test(.product("X", of: "shop"), 1), .test(.product("B"), 2),
        .test(.product("P-3", of: "crm"), 3),
      ]
      try await store.write { try $0.apply(linked.map { .insertLink($0) }) }
      try await store.apply(.putObject(.test("P-1", 1)), .putObject(.test("P-3", 3)), .putObject(.test("P-9", 9)))

      let keysOnly = try await store.load { $0.links = [.product("A"), .product("B"), .product("none")] }
      #expect(Set(keysOnly.links.keys) == [.product("A"), .product("B")])
      #expect(keysOnly.objects.isEmpty)

      let withSystem = try await store.load {
        $0.links = [.product("A")]; $0.systems = ["shop", "erp"]
      }
      #expect(withSystem.linksOfThing == [.number(1): [linked[0], linked[2]]])

      let withObjects = try await store.load {
        $0.links = [.product("A")]; $0.things = [.number(3)]; $0.objectsOfLinks = true
      }
      #expect(Set(withObjects.objects.keys) == [.product("P-1", of: "crm"), .product("P-3", of: "crm")])
      #expect(withObjects.linksOfThing[.number(1)] == [linked[1], linked[0]])
      #expect(withObjects.linksOfThing[.number(3)] == [linked[4]])

      let byID = try await store.load { $0.objects = [.product("P-9", of: "crm"), .product("P-8", of: "crm")] }
      #expect(byID.objects == [.product("P-9", of: "crm"): .test("P-9", 9)])
    }
  }

  @Test("the last state applied for a key is replaced, and outlives its link", arguments: StoreKind.allCases)
  func sourceState(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let (key, other) = (LinkKey.product("A"), LinkKey.product("B"))
      let first = SourceState(version: 1, fingerprint: 5, message: 1)
      let second = SourceState(version: .max, fingerprint: .max, message: 2)
      try await store.apply(.insertLink(.test(key, 1), state: first), .insertLink(.test(other, 2)))
      #expect(try await store.load { $0.links = [key, other] }.sourceStates == [key: first])
      try await store.apply(.putSourceState(key, second))
      #expect(try await store.load { $0.links = [key, other] }.sourceStates == [key: second])

      // Without a link, with a new one, and with one that ended since: it is the key's until another is applied.
      try await store.apply(.endLink(key, at: 9, who: "anna", why: "wrong"))
      #expect(try await store.load { $0.links = [key] }.sourceStates == [key: second])
      let third = SourceState(version: 3, fingerprint: 7, message: 3)
      try await store.apply(.putSourceState(key, third), .insertLink(.test(key, 4)))
      let relinked = try await store.load { $0.links = [key] }
      #expect(relinked.sourceStates == [key: third])
      #expect(relinked.links[key]?.common == .number(4))
      try await store.apply(.endLink(key, at: 10, who: "anna", why: "wrong again"))
      #expect(try await store.load { $0.links = [key] }.sourceStates == [key: third])
      await expectFailure(.failed) { try await store.apply(.putSourceState(.product("never linked"), third)) }
    }
  }
}
