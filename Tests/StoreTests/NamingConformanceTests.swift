import ForeignORB
import SQLiteStore
import StoreAPI
import Testing

/// Names of the naming service, in every store.
@Suite struct NamingConformanceTests {
  private let object = NamingRow.Target.object("IOR:01")

  @Test(arguments: StoreKind.allCases) func `two contexts are there from the beginning`(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      let counts = try await store.read { reader in
        try (
          reader.namingContextCount(), reader.namingRowCount(context: 1), reader.namingRowCount(context: 2),
          reader.namingRowCount(context: 3)
        )
      }
      #expect(counts.0 == 2 && counts.1 == 0 && counts.2 == 0 && counts.3 == nil)
    }
  }

  @Test(arguments: StoreKind.allCases) func `a row is put, replaced, removed, and counted`(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.write { [object] transaction in
        try transaction.putNamingRow(NamingRow(context: 1, id: "a", kind: "", target: object))
        try transaction.putNamingRow(NamingRow(context: 1, id: "a", kind: "k", target: .context(2)))
        try transaction.putNamingRow(NamingRow(context: 1, id: "a", kind: "", target: .foreignContext("IOR:02")))
        #expect(try transaction.namingRowCount(context: 1) == 2)
      }
      let found = try await store.read { reader in
        try (
          reader.namingTarget(context: 1, id: "a", kind: ""), reader.namingTarget(context: 1, id: "a", kind: "k"),
          reader.namingTarget(context: 2, id: "a", kind: "k")
        )
      }
      #expect(found.0 == .foreignContext("IOR:02") && found.1 == .context(2) && found.2 == nil)
      try await store.write { transaction in
        try transaction.removeNamingRow(context: 1, id: "a", kind: "")
        try transaction.removeNamingRow(context: 1, id: "a", kind: "")
        #expect(try transaction.namingRowCount(context: 1) == 1)
        #expect(try transaction.namingTarget(context: 1, id: "a", kind: "") == nil)
      }
    }
  }

  @Test(arguments: StoreKind.allCases) func `pages are in the order of octets, and miss nothing`(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      let names = [
        ("", "x"), ("A", ""), ("Z", ""), ("a", ""), ("a", "b"), ("a ", ""), ("Cafe\u{301}", ""), ("Caf\u{E9}", ""), ("\u{1F600}", ""),
      ]
      let expected = names.map { "\($0.0)|\($0.1)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      try await store.write { [object] transaction in
        for (id, kind) in names { try transaction.putNamingRow(NamingRow(context: 2, id: id, kind: kind, target: object)) }
      }
      for limit in [1, 2, 5, 100] {
        let all = try await store.read { reader in
          var all: [NamingRow] = []
          while true {
            let page = try reader.namingRows(context: 2, after: all.last.map { ($0.id, $0.kind) }, limit: limit)
            if page.isEmpty { return all }
            all += page
          }
        }
        #expect(Set(all.map { "\($0.id)|\($0.kind)" }.map { Array($0.utf8) }) == Set(expected.map { Array($0.utf8) }))
        #expect(all.map(\.id) == all.map(\.id).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      }
      #expect(try await store.read { try $0.namingRows(context: 2, after: nil, limit: 0) }.isEmpty)
      #expect(try await store.read { try $0.namingRows(context: 1, after: nil, limit: 9) }.isEmpty)
    }
  }

  @Test(arguments: StoreKind.allCases) func `the number of a removed context is never used again`(_ kind: StoreKind) async throws {
    try await kind.withStore { store in
      let first = try await store.write { try $0.insertNamingContext() }
      #expect(try await store.read { try $0.namingRowCount(context: first) } == 0)
      try await store.write { try $0.removeNamingContext(first) }
      #expect(try await store.read { try $0.namingRowCount(context: first) } == nil)
      #expect(try await store.write { try $0.insertNamingContext() } > first)
    }
  }

  @Test(arguments: StoreKind.allCases) func `a body that throws changes no names`(_ kind: StoreKind) async throws {
    struct Change: Error {}
    try await kind.withStore { store in
      await #expect(throws: Change.self) {
        try await store.write { [object] transaction in
          _ = try transaction.insertNamingContext()
          try transaction.putNamingRow(NamingRow(context: 1, id: "a", kind: "", target: object))
          throw Change()
        }
      }
      let counts = try await store.read { reader in try (reader.namingRowCount(context: 1), reader.namingContextCount()) }
      #expect(counts.0 == 0 && counts.1 == 2)
    }
  }

  @Test func `names outlive the process`() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let store = try SQLiteStore(path: path)
      let context = try await store.write { transaction in
        let context = try transaction.insertNamingContext()
        try transaction.putNamingRow(NamingRow(context: 1, id: "c", kind: "", target: .context(context)))
        return context
      }
      await store.close()
      let again = try SQLiteStore(path: path)
      #expect(try await again.read { try $0.namingTarget(context: 1, id: "c", kind: "") } == .context(context))
      await again.close()
    }
  }
}
