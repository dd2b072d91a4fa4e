public import StoreAPI

/// Keeps rows in one SQLite file, durably: a write returns when its changes have reached the disk (WAL, synchronous=FULL).
///
/// One thread writes; bodies that wait are committed together. A few threads read, each on the state of its moment, while the writer
/// goes on. Other processes may open the same file at the same time.
///
/// The file explains itself to `sqlite3`: views such as `linked_products`, `held_items` and `deliveries` show names, ids and times as
/// people write them.
public final class SQLiteStore: Store {
  /// How the store works; the defaults are right for a server and for a command.
  public struct Options: Sendable {
    /// Makes a new file where there is none.
    public var create = true
    /// How long another process may hold the file before ``StoreError/Code/busy`` is thrown.
    public var busyTimeout: Duration = .seconds(10)
    /// How many writes may wait; more wait for a place.
    public var queueLength = 1024
    /// How many reads run at once.
    public var readers = 2
    /// The size that the file may have; beyond it a write throws ``StoreError/Code/diskFull``.
    public var maximumOctets: Int64?
    /// Brings a file of an earlier release up to date, and makes indexes and views anew that are not as they should be. Without it such
    /// a file is refused: another process works with it as it is. A new file gets its tables in any case.
    public var changesSchema = true

    public init() {}
  }

  /// What was written since the store was opened.
  public struct Statistics: Hashable, Sendable {
    /// Committed transactions: how often the disk was waited for.
    public var transactions: Int
    /// Bodies in them.
    public var bodies: Int
    /// Writes that wait for the next transaction now, apart from those that wait for a place in the queue.
    public var waiting: Int
  }

  /// Where the file is.
  public let path: String
  /// What was mended when the file was opened, in words for an operator.
  public let openingNotes: [String]
  private let places: FilePlaces
  private let writes: WorkQueue<WriteJob>
  private let reads: WorkQueue<ReadJob>
  private let checkpoints: WorkQueue<Checkpointer.Request>
  private let workers: [Worker]
  private let counts = TransactionCounts()

  /// Opens the file, makes it if it is not there, and brings it to the newest schema.
  ///
  /// - Throws: ``StoreError``: `cannotOpen`, `busy`, `corrupt` where the file is no store or damaged, `newerSchema`,
  ///   `olderSchema`, `otherSchema`.
  public init(path: String, options: Options = Options()) throws {
    self.path = path
    writes = WorkQueue(capacity: options.queueLength)
    reads = WorkQueue(capacity: options.queueLength)
    let connection = try Connection.openWriter(path: path, options: options)
    openingNotes = connection.openingNotes
    do { places = try FilePlaces(of: path) } catch {
      connection.close()
      throw error
    }
    checkpoints = WorkQueue(capacity: 1)
    let (writes, reads, checkpoints, counts, places) = (writes, reads, checkpoints, counts, places)
    var workers: [Worker] = []
    do {
      workers.append(try Worker { Writer(connection, places: places, counts: counts, checkpoints: checkpoints).work(through: writes) })
      workers.append(
        try Worker { Checkpointer { try Connection.openReader(path: path, options: options) }.work(through: checkpoints) })
      for _ in 0..<max(1, options.readers) {
        workers.append(try Worker { Reader { try Connection.openReader(path: path, options: options) }.work(through: reads) })
      }
    } catch {
      if workers.isEmpty { connection.close() }
      writes.close()
      reads.close()
      checkpoints.close()
      throw error
    }
    self.workers = workers
  }

  deinit {
    writes.close()
    reads.close()
    checkpoints.close()
  }

  public func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws -> Result {
    try await writes.reserve()
    return try await withCheckedThrowingContinuation { continuation in
      writes.add(
        WriteJob { transaction in
          let result = try body(transaction)
          return { continuation.resume(returning: result) }
        } fail: {
          continuation.resume(throwing: $0)
        })
    }
  }

  public func read<Result: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> Result) async throws -> Result {
    try await reads.reserve()
    return try await withCheckedThrowingContinuation { continuation in
      reads.add(
        ReadJob { transaction in
          continuation.resume(with: Swift.Result { try body(transaction) })
        } fail: {
          continuation.resume(throwing: $0)
        })
    }
  }

  public func verify() async throws {
    guard let failure = places.failure else { return }
    // The writer saves what it can at its next turn.
    _ = try? await write { _ in }
    throw places.failure ?? failure
  }

  public func close() async {
    writes.close()
    reads.close()
    checkpoints.close()
    for worker in workers { await worker.ended() }
  }

  /// What was written since the store was opened.
  public var statistics: Statistics {
    let (transactions, bodies) = counts.current
    return Statistics(transactions: transactions, bodies: bodies, waiting: writes.count)
  }
}
