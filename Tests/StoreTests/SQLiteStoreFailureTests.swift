import Broker
import ForeignORB
import Foundation
import SQLite
import SQLiteStore
import StoreAPI
import Testing

@Suite("The SQLite store says what is wrong with its file") struct SQLiteStoreFailureTests {
  /// Opening fails with the code; message and hint are for an operator.
  private func expectRefusal(
    _ code: StoreError.Code, _ path: String, saying words: String, options: SQLiteStore.Options = .init(),
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: StoreError.self, sourceLocation: location) { _ = try SQLiteStore(path: path, options: options) }
    #expect(error?.code == code, sourceLocation: location)
    #expect(error?.message.contains(path) == true, "the message names the file", sourceLocation: location)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")", sourceLocation: location)
    #expect(error?.hint.isEmpty == false, "an operator is told what to do", sourceLocation: location)
  }

  @Test("a folder that is not there, a folder in the file's place, a file that must be there") func cannotOpen() async throws {
    try await withTemporaryFolder { folder in
      expectRefusal(.cannotOpen, "\(folder)/missing/store.db", saying: "unable to open")
      expectRefusal(.cannotOpen, folder, saying: "unable to open")
      var options = SQLiteStore.Options()
      options.create = false
      expectRefusal(.cannotOpen, "\(folder)/store.db", saying: "unable to open", options: options)
      #expect(!fileExists("\(folder)/store.db"))
    }
  }

  @Test("a file that is no database stays as it is") func noDatabase() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/letter.txt"
      let text = String(repeating: "Dear customer, this is no database. ", count: 100)
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      expectRefusal(.corrupt, path, saying: "not a database")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  @Test("a database of another application stays as it is") func otherApplication() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/other.db"
      do {
        let other = try SQLiteConnection(path: path)
        try other.execute("PRAGMA journal_mode = DELETE; CREATE TABLE t (x); PRAGMA application_id = 42")
      }
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      expectRefusal(.corrupt, path, saying: "application id 42")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test("a file of a newer release is not touched") func newerSchema() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      try await SQLiteStore(path: path).close()
      do { try SQLiteConnection(path: path).execute("PRAGMA user_version = 99") }
      expectRefusal(.newerSchema, path, saying: "schema 99")
    }
  }

  @Test("a migration is kept whole or not at all") func migrationOnce() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      // Many processes start at once on a new file.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          group.addTask {
            let store = try SQLiteStore(path: path)
            try await store.apply(.putCounter("opener \(number)", next: 1))
            await store.close()
          }
        }
        try await group.waitForAll()
      }
      let raw = try SQLiteConnection(path: path)
      #expect(try raw.row("SELECT count(*) FROM counter") { $0.integer(0) } == 8)
      #expect(try raw.row("PRAGMA application_id") { $0.integer(0) } == 0x5445_5353)
      #expect(try raw.row("PRAGMA journal_mode") { $0.text(0) } == "wal")
    }
  }

  @Test("a file or a folder that this user may not write", arguments: ["file", "folder"]) func readOnly(_ what: String) async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      try await SQLiteStore(path: path).close()
      chmod(folder, what == "file" ? 0o777 : 0o555)
      chmod(path, what == "file" ? 0o444 : 0o666)
      let output = try await ChildProcess.run(builtExecutable("store-torture"), ["open-as-nobody", path]).output
      chmod(folder, 0o777)
      #expect(output.hasPrefix("STORE_CANNOT_OPEN: \(path) "), "\(output)")
      #expect(output.contains("writable for this user"))
    }
  }

  @Test("a damaged file is told from an empty one when its rows are read") func damaged() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      try await SQLiteStore(path: path).close()
      // Behind the tables themselves, which are looked at when the file is opened.
      let tables = try #require(FileHandle(forReadingAtPath: path)).seekToEnd()
      do {
        let store = try SQLiteStore(path: path)
        for batch in 0..<10 as Range<Int64> {
          try await store.write { transaction in
            try transaction.apply((0..<1000).map { .insertItem(.test(batch, $0)) })
          }
        }
        await store.close()
      }
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      let size = try file.seekToEnd()
      #expect(size > tables + 100_000)
      try file.seek(toOffset: tables)
      try file.write(contentsOf: Data(repeating: 0xA5, count: Int(size - tables)))
      try file.close()
      let store = try SQLiteStore(path: path)
      let error = await #expect(throws: StoreError.self) {
        for batch in 0..<10 as Range<Int64> { _ = try await store.read { try $0.items(ofMessage: batch) } }
      }
      #expect(error?.code == .corrupt)
      #expect(error?.message.contains(path) == true && error?.hint.contains("backup") == true)
      await store.close()
    }
  }

  @Test("a file that another process holds for too long is busy, and works again afterwards") func busy() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      var options = SQLiteStore.Options()
      options.busyTimeout = .milliseconds(20)
      let store = try SQLiteStore(path: path, options: options)
      let other = try SQLiteConnection(path: path)
      try other.execute("BEGIN IMMEDIATE")
      let error = await #expect(throws: StoreError.self) { try await store.apply(.putCounter("a", next: 1)) }
      #expect(error?.code == .busy)
      #expect(error?.message.contains(path) == true && error?.hint.contains("fuser") == true)
      // Readers need no lock.
      #expect(try await store.load { $0.counters = ["a"] }.counters.isEmpty)
      try other.execute("ROLLBACK")
      try await store.apply(.putCounter("a", next: 1))
      await store.close()
    }
  }

  @Test("a file that cannot grow is full; what was there stays, and small things still go in") func full() async throws {
    try await withTemporaryFolder { folder in
      var options = SQLiteStore.Options()
      options.maximumOctets = 1_000_000
      let store = try SQLiteStore(path: "\(folder)/store.db", options: options)
      try await store.apply(.insertMessage(.test(1, id: "small")))
      let error = await #expect(throws: StoreError.self) {
        try await store.apply(.insertMessage(.test(2, id: "large", body: [UInt8](repeating: 1, count: 2_000_000))))
      }
      #expect(error?.code == .diskFull)
      #expect(error?.message.contains("\(folder)/store.db") == true && error?.hint.contains("room") == true)
      try await store.apply(.insertMessage(.test(2, id: "small again")))
      #expect(try await store.read { try $0.messages(system: nil, before: nil, limit: 9) }.map(\.messageID) == ["small again", "small"])
      await store.close()
    }
  }

  @Test("writers that meet a full disk together are told apart: who has room is kept") func fullTogether() async throws {
    try await withTemporaryFolder { folder in
      var options = SQLiteStore.Options()
      options.maximumOctets = 1_000_000
      let store = try SQLiteStore(path: "\(folder)/store.db", options: options)
      let kept = await withTaskGroup(of: Int64?.self) { group in
        for number in 1...40 as ClosedRange<Int64> {
          let body = [UInt8](repeating: 1, count: number % 4 == 0 ? 2_000_000 : 10)
          group.addTask {
            do {
              try await store.apply(.insertMessage(.test(number, id: "\(number)", body: body)))
              return number
            } catch { return nil }
          }
        }
        return await group.reduce(into: Set<Int64>()) { if let number = $1 { $0.insert(number) } }
      }
      #expect(kept.isDisjoint(with: stride(from: 4, through: 40, by: 4)))
      let found = try await store.read { try $0.messages(system: nil, before: nil, limit: 99) }
      #expect(Set(found.map(\.sequence)) == kept, "acknowledged and kept are the same")
      await store.close()
    }
  }
}
