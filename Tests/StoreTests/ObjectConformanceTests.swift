import Broker
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps the CRM core's objects") struct ObjectConformanceTests {
  @Test("an object is replaced as a whole", arguments: StoreKind.allCases) func replaced(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putObject(.test("P-1", 1, code: "a", name: "first")), .putObject(.test("P-1", 2, entity: "Party")))
      var object = ObjectRow.test("P-1", 3, code: "b", name: "second")
      (object.status, object.body, object.changedAt, object.changedBy) = ("inactive", [], 77, "crm")
      try await store.apply(.putObject(object))
      #expect(try await store.read { try $0.object(entity: "Product", id: "P-1") } == object)
      #expect(try await store.read { try $0.object(entity: "Party", id: "P-1") }?.common == .number(2))
      #expect(try await store.read { try $0.object(entity: "Product", id: "P-2") } == nil)
      #expect(try await store.read { try $0.object(entity: "Contract", id: "P-1") } == nil)
      #expect(try await store.read { try $0.objectCount(entity: "Product") } == 1)
      #expect(try await store.read { try $0.objectCount(entity: "Contract") } == 0)
    }
  }

  @Test("objects are listed by id, page by page", arguments: StoreKind.allCases) func pages(kind: StoreKind) async throws {
    try await kind.withStore { store in
      for number in [3, 1, 2, 5, 4] { try await store.apply(.putObject(.test("P-\(number)", number))) }
      try await store.apply(.putObject(.test("P-2", 9, entity: "Party")))
      #expect(try await store.read { try $0.objects(entity: "Product", search: nil, after: "", limit: 2) }.map(\.id) == ["P-1", "P-2"])
      #expect(
        try await store.read { try $0.objects(entity: "Product", search: nil, after: "P-2", limit: 9) }.map(\.id) == ["P-3", "P-4", "P-5"])
      #expect(try await store.read { try $0.objects(entity: "Product", search: "", after: "P-4", limit: 9) } == [.test("P-5", 5)])
    }
  }

  @Test(
    "a search finds a part of the code or the name in any case, in every script", arguments: StoreKind.allCases,
    [
      ("zahn", ["P-1"]), ("ZAHN", ["P-1"]), ("LÖFFEL", ["P-1"]), ("löffel", ["P-1"]), ("tz-", ["P-1", "P-2"]), ("%", []), ("挖掘", ["P-2"]),
      ("_", []), ("Élé", ["P-3"]),
    ])
  func search(kind: StoreKind, _ example: (text: String, ids: [String])) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .putObject(.test("P-1", 1, code: "TZ-1", name: "Löffelzahn")), .putObject(.test("P-2", 2, code: "tz-2", name: "挖掘机斗齿")),
        .putObject(.test("P-3", 3, code: "", name: "ÉLÉMENT filtrant")),
        .putObject(.test("P-4", 4, code: "TZ-1", name: "", entity: "Party")))
      let found = try await store.read { try $0.objects(entity: "Product", search: example.text, after: "", limit: 9) }
      #expect(found.map(\.id) == example.ids)
    }
  }
}
