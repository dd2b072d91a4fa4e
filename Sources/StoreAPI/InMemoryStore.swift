import Broker
import Identity
import Synchronization

/// Keeps rows in memory only: the model that every other store is compared with, and the store of tests that need no file.
///
/// All writers take turns; a reader works on a copy of the rows as they were when it began.
public final class InMemoryStore: Store {
  private enum State {
    case open(MemoryRows)
    case closed

    var rows: MemoryRows {
      get throws {
        guard case .open(let rows) = self else { throw StoreError.closed }
        return rows
      }
    }
  }

  private let state = Mutex(State.open(MemoryRows()))

  public init() {}

  public func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws -> Result {
    try state.withLock { state in
      let transaction = MemoryTransaction(try state.rows)
      let result = try body(transaction)
      if let failure = transaction.failure { throw failure }
      state = .open(transaction.rows)
      return result
    }
  }

  public func read<Result: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> Result) async throws -> Result {
    let rows = try state.withLock { try $0.rows }
    return try body(MemoryTransaction(rows))
  }

  public func close() async { state.withLock { $0 = .closed } }
}

/// A copy of the rows that one caller reads and changes.
final class MemoryTransaction: StoreTransaction {
  private(set) var rows: MemoryRows
  /// The first change that could not be applied.
  private(set) var failure: StoreError?

  init(_ rows: MemoryRows) { self.rows = rows }

  /// Changes names, whose rules are not the business of the store.
  func change(_ names: (inout MemoryNames) -> Void) { names(&rows.names) }

  func apply(_ changes: [RowChange]) throws {
    if let failure { throw failure }
    do throws(StoreError) {
      for change in changes { try rows.apply(change) }
    } catch {
      failure = error
      throw error
    }
  }
}
