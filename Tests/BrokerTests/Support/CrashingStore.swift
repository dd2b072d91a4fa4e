import StoreAPI
import Synchronization

/// The process that used the store is gone.
struct Crash: Error {}

/// A store whose process dies at one of its writes, before or after the commit: everything later fails, the rows stay.
final class CrashingStore: Store {
  private struct State {
    var writesLeft: Int
    var isDead = false
  }

  private enum Fate { case lives, diesBefore, diesAfter }

  private let rows: any Store
  private let afterCommit: Bool
  private let state: Mutex<State>

  /// - Parameter write: which write is the last one, from 0.
  init(_ rows: any Store, atWrite write: Int, afterCommit: Bool) {
    self.rows = rows
    self.afterCommit = afterCommit
    state = Mutex(State(writesLeft: write))
  }

  var isDead: Bool { state.withLock { $0.isDead } }

  func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws -> Result {
    let fate = try state.withLock { state -> Fate in
      if state.isDead { throw Crash() }
      if state.writesLeft == 0 {
        state.isDead = true
        return afterCommit ? .diesAfter : .diesBefore
      }
      state.writesLeft -= 1
      return .lives
    }
    if fate == .diesBefore { throw Crash() }
    let result = try await rows.write(body)
    if fate == .diesAfter { throw Crash() }
    return result
  }

  func read<Result: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> Result) async throws -> Result {
    if isDead { throw Crash() }
    return try await rows.read(body)
  }

  func close() async {}
}

/// A store that another process holds for too long at some of its writes.
final class BusyStore: Store {
  private let rows: any Store
  private let refused: ClosedRange<Int>
  private let writes = Atomic<Int>(0)

  /// - Parameter refused: the numbers of the writes that fail, from 0.
  init(_ rows: any Store, refusing refused: ClosedRange<Int>) {
    self.rows = rows
    self.refused = refused
  }

  func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws -> Result {
    let number = writes.wrappingAdd(1, ordering: .relaxed).oldValue
    if refused.contains(number) { throw StoreError(.busy, "Another process holds the store.") }
    return try await rows.write(body)
  }

  func read<Result: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> Result) async throws -> Result {
    try await rows.read(body)
  }

  func close() async {}
}
