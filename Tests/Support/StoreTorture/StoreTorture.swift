import Broker
import Glibc
import Identity
import SQLiteStore
import StoreAPI

/// A program for tests that end it, or take something away from it, in the middle of its work.
///
///     store-torture write PATH             puts counters 1, 2, 3, … and prints each when it is acknowledged, until it is killed
///     store-torture batches PATH           the same with eight writers at once, each with links of its own
///     store-torture open PATH              opens the store, and prints `open` or the error
///     store-torture open-as-nobody PATH    the same without the rights of root
@main enum StoreTorture {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      say("usage: store-torture write|batches|open|open-as-nobody PATH")
      exit(2)
    }
    let path = arguments[2]
    switch arguments[1] {
    case "write": try await write(SQLiteStore(path: path))
    case "batches": try await writeBatches(SQLiteStore(path: path))
    case "open": await open(path)
    case "open-as-nobody":
      if geteuid() == 0 { setuid(65534) }
      await open(path)
    default: say("unknown command \(arguments[1])")
    }
  }

  private static func write(_ store: SQLiteStore) async throws {
    for number in 1... as PartialRangeFrom<Int64> {
      try await store.write { try $0.apply([.putCounter("last", next: number), .putCounter("number \(number)", next: number)]) }
      say(number)
    }
  }

  private static func writeBatches(_ store: SQLiteStore) async throws {
    await withTaskGroup { group in
      for writer in 0..<8 {
        group.addTask {
          do {
            for batch in 1... {
              let changes = (1...20).map { number -> RowChange in
                let key = LinkKey(entity: "Product", system: "erp-\(writer)", id: ForeignID("\(batch)-\(number)"))
                return .insertLink(
                  Link(key: key, common: CommonID(high: UInt64(writer), low: UInt64(batch * 20 + number)), validFrom: 1, who: "", why: ""))
              }
              try await store.write { try $0.apply(changes) }
              say("\(writer) \(batch)")
            }
          } catch {
            say("error \(error)")
          }
        }
      }
    }
  }

  private static func open(_ path: String) async {
    do {
      let store = try SQLiteStore(path: path)
      try await store.write { try $0.apply([.putCounter("opened", next: 1)]) }
      say("open")
      await store.close()
    } catch {
      say(error)
    }
  }

  /// Prints a line at once.
  private static func say(_ line: some Any) {
    print(line)
    fflush(nil)
  }
}
