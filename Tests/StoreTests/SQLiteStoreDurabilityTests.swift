import Broker
import ForeignORB
import Foundation
import Identity
import SQLiteStore
import StoreAPI
import Testing

@Suite("The SQLite store keeps what it acknowledged") struct SQLiteStoreDurabilityTests {
  @Test("a writer that is killed again and again loses no acknowledged write") func killedWriter() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      for round in 1...5 {
        let process = try ChildProcess(builtExecutable("store-torture"), ["write", path])
        for _ in 0..<(round * 17) { _ = try await process.readLine() }
        process.signal(SIGKILL)
        var acknowledged = Int64(round * 17)
        while let line = try await process.readLine() { acknowledged = try #require(Int64(line)) }
        try await process.wait()

        let store = try SQLiteStore(path: path)
        let names = Set((1...acknowledged).map { "number \($0)" } + ["last"])
        let counters = try await store.load { $0.counters = names }.counters
        #expect(counters.count == names.count, "round \(round): \(acknowledged) writes were acknowledged")
        #expect(try #require(counters["last"]) >= acknowledged)
        await store.close()
      }
    }
  }

  @Test("writers that commit together are killed together: each batch is whole, and there if it was acknowledged")
  func killedGroup() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let process = try ChildProcess(builtExecutable("store-torture"), ["batches", path])
      var acknowledged = [Int](repeating: 0, count: 8)
      func note(_ line: String) throws {
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        try #require(numbers.count == 2, "\(line)")
        acknowledged[numbers[0]] = numbers[1]
      }
      while acknowledged.contains(where: { $0 < 10 }) { try note(#require(await process.readLine())) }
      process.signal(SIGKILL)
      while let line = try await process.readLine() { try note(line) }
      try await process.wait()

      let store = try SQLiteStore(path: path)
      for (writer, batches) in acknowledged.enumerated() {
        let links = try await store.read { try $0.links(entity: "Product", system: "erp-\(writer)", after: nil, limit: .max) }
        #expect(links.count % 20 == 0, "batches are whole")
        #expect(links.count >= batches * 20)
      }
      await store.close()
    }
  }

  @Test("a command writes while a server process writes all the time") func twoProcesses() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let server = try ChildProcess(builtExecutable("store-torture"), ["batches", path])
      _ = try await server.readLine()
      let store = try SQLiteStore(path: path)
      for number in 1...20 as ClosedRange<Int64> { try await store.apply(.putCounter("command", next: number)) }
      #expect(try await store.load { $0.counters = ["command"] }.counters["command"] == 20)
      #expect(try await store.read { try $0.links(entity: "Product", system: nil, after: nil, limit: 1) }.count == 1)
      try await server.kill()
      await store.close()
    }
  }

  @Test("rows are there after the store was closed and opened") func reopened() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let first = try SQLiteStore(path: path)
      try await first.apply(.insertMessage(.test(1, id: "M")), .insertLink(.test(.product("A"), 1)))
      await first.close()
      let second = try SQLiteStore(path: path)
      #expect(try await second.read { try $0.message(sequence: 1) } == .test(1, id: "M"))
      #expect(try await second.load { $0.links = [.product("A")] }.links[.product("A")] == .test(.product("A"), 1))
      await second.close()
    }
  }
}
