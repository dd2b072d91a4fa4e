import Broker
import Identity
import StoreAPI
import Testing

private struct Refused: Error, Equatable {}

@Suite("Every store runs bodies alone, and all or nothing of each") struct TransactionConformanceTests {
  @Test("a body that throws leaves nothing behind, and its error is the caller's", arguments: StoreKind.allCases)
  func rollback(kind: StoreKind) async throws {
    try await kind.withStore { store in
      await #expect(throws: Refused()) {
        try await store.write { transaction in
          try transaction.apply([.putCounter("a", next: 5), .insertLink(.test(.product("A"), 1))])
          throw Refused()
        }
      }
      let set = try await store.load {
        $0.counters = ["a"]; $0.links = [.product("A")]
      }
      #expect(set.counters.isEmpty && set.links.isEmpty)
    }
  }

  @Test("a change that cannot be applied fails the transaction, even if the body goes on", arguments: StoreKind.allCases)
  func conflictSticks(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.insertLink(.test(.product("A"), 1)))
      await expectFailure(.conflict) {
        try await store.write { transaction in
          try transaction.apply([.putCounter("a", next: 5)])
          try? transaction.apply([.putCounter("b", next: 5), .insertLink(.test(.product("A"), 2))])
          try? transaction.apply([.putCounter("c", next: 5)])
        }
      }
      let loaded = try await store.load { $0.counters = ["a", "b", "c"] }.counters
      #expect(loaded.isEmpty)
    }
  }

  @Test("a body reads its own changes", arguments: StoreKind.allCases) func ownChanges(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let seen = try await store.write { transaction in
        try transaction.apply([.insertLink(.test(.product("A"), 1)), .insertMessage(.test(1, id: "M"))])
        return (try transaction.links(of: .number(1)).count, try transaction.message(sequence: 1)?.messageID)
      }
      #expect(seen == (1, "M"))
    }
  }

  @Test("no two bodies run at once: a hundred writers count to a hundred", arguments: StoreKind.allCases)
  func alone(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await withThrowingTaskGroup { group in
        for _ in 0..<100 {
          group.addTask {
            try await store.write { transaction in
              var needs = Needs()
              needs.counters = ["n"]
              var set = try transaction.load(needs)
              _ = set.next("n")
              try transaction.apply(set.takeChanges())
            }
          }
        }
        try await group.waitForAll()
      }
      let loaded = try await store.load { $0.counters = ["n"] }.counters
      #expect(loaded == ["n": 101])
    }
  }

  @Test("readers see one state while a writer changes many rows together", arguments: StoreKind.allCases)
  func snapshots(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let names = (0..<20).map { "counter-\($0)" }
      try await withThrowingTaskGroup { group in
        group.addTask {
          for value in 1...50 as ClosedRange<Int64> { try await store.write { try $0.apply(names.map { .putCounter($0, next: value) }) } }
        }
        for _ in 0..<3 {
          group.addTask {
            var last: Int64 = 0
            while last < 50 {
              let values = try await store.read { reader in
                try names.map { name in
                  var needs = Needs()
                  needs.counters = [name]
                  return try reader.load(needs).counters[name] ?? 0
                }
              }
              #expect(Set(values).count == 1)
              #expect(values[0] >= last)
              last = values[0]
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("an error of a read is the caller's", arguments: StoreKind.allCases) func readError(kind: StoreKind) async throws {
    try await kind.withStore { store in
      await #expect(throws: Refused()) { try await store.read { _ in throw Refused() } }
      let systems = try await store.read { try $0.systems() }
      #expect(systems.isEmpty)
    }
  }

  @Test("a closed store takes no more work, and may be closed again", arguments: StoreKind.allCases)
  func closed(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(.putCounter("a", next: 1))
      await store.close()
      await store.close()
      await expectFailure(.closed) { try await store.apply(.putCounter("a", next: 2)) }
      await expectFailure(.closed) { _ = try await store.read { try $0.systems() } }
    }
  }
}
