import Broker
import Dispatch
import ForeignORB
import Identity
import SQLiteStore
import StoreAPI
import Testing

private struct Refused: Error {}

@Suite("The SQLite store commits together what waits together") struct SQLiteStoreGroupCommitTests {
  /// Holds the writer in a body, runs `start`, lets the writer go when `isReady`, and waits for all tasks.
  private func whileWriterIsHeld(
    _ store: SQLiteStore, waiting: Int, _ start: (inout ThrowingTaskGroup<Void, any Error>) -> Void
  ) async throws {
    let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    try await withThrowingTaskGroup { group in
      group.addTask {
        try await store.write { _ in
          begun.signal()
          gate.wait()
        }
      }
      while begun.wait(timeout: .now()) == .timedOut { await Task.yield() }
      start(&group)
      while store.statistics.waiting < waiting { await Task.yield() }
      gate.signal()
      try await group.waitForAll()
    }
  }

  @Test("a hundred writers that wait are one transaction") func oneTransaction() async throws {
    try await withTemporaryFolder { folder in
      let store = try SQLiteStore(path: "\(folder)/store.db")
      try await whileWriterIsHeld(store, waiting: 100) { group in
        for number in 0..<100 as Range<Int64> { group.addTask { try await store.apply(.putCounter("\(number)", next: number)) } }
      }
      let statistics = store.statistics
      #expect(statistics.transactions == 2 && statistics.bodies == 101 && statistics.waiting == 0)
      await store.close()
    }
  }

  @Test("a body that throws takes back its own changes only, also names that it was the first to use") func ownSavepoint() async throws {
    try await withTemporaryFolder { folder in
      let store = try SQLiteStore(path: "\(folder)/store.db")
      try await whileWriterIsHeld(store, waiting: 30) { group in
        for number in 0..<30 {
          group.addTask {
            do {
              try await store.write { transaction in
                try transaction.apply([.insertLink(.test(.product("\(number)", of: "system-\(number / 3)"), number))])
                if number % 3 == 0 { throw Refused() }
              }
              #expect(number % 3 != 0)
            } catch is Refused {
              #expect(number % 3 == 0)
            }
          }
        }
      }
      let links = try await store.read { try $0.links(entity: nil, system: nil, after: nil, limit: 99) }
      #expect(links.count == 20)
      for link in links {
        let number = try #require(Int(link.key.id.text))
        #expect(number % 3 != 0 && link.key.system == "system-\(number / 3)")
      }
      #expect(store.statistics.transactions == 2)
      await store.close()
    }
  }

  @Test("more writers than the queue has places wait, and all are served") func backPressure() async throws {
    try await withTemporaryFolder { folder in
      var options = SQLiteStore.Options()
      options.queueLength = 4
      let store = try SQLiteStore(path: "\(folder)/store.db", options: options)
      try await whileWriterIsHeld(store, waiting: 4) { group in
        for number in 0..<50 as Range<Int64> { group.addTask { try await store.apply(.putCounter("\(number)", next: number)) } }
      }
      #expect(store.statistics.bodies == 51)
      #expect(store.statistics.transactions > 12, "never more than four wait")
      await store.close()
    }
  }

  @Test("a store that is closed does what it has taken, and refuses those that wait for a place") func closedWhileWaiting() async throws {
    try await withTemporaryFolder { folder in
      var options = SQLiteStore.Options()
      options.queueLength = 4
      let path = "\(folder)/store.db"
      let store = try SQLiteStore(path: path, options: options)
      let acknowledged = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<50 as Range<Int64> {
          group.addTask {
            do {
              try await store.apply(.putCounter("\(number)", next: number))
              return true
            } catch let error as StoreError where error.code == .closed { return false }
          }
        }
        await store.close()
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      let again = try SQLiteStore(path: path)
      let names = Set((0..<50).map(String.init))
      #expect(try await again.load { $0.counters = names }.counters.count == acknowledged)
      await again.close()
    }
  }
}
