import Dispatch
import Glibc
import StoreAPI
import Synchronization

/// A body to be run in a transaction.
struct WriteJob: Sendable {
  /// Runs the body; gives what tells its caller, once its changes are on disk.
  let run: @Sendable (SQLiteTransaction) throws -> @Sendable () -> Void
  let fail: @Sendable (any Error) -> Void
}

/// Runs the bodies of all callers on one thread, and commits those that wait together in one transaction: the disk is waited for
/// once for all of them.
final class Writer {
  /// The most bodies of one transaction.
  static let largestGroup = 256

  private let connection: Connection
  private let transaction: SQLiteTransaction
  private let places: FilePlaces
  private let counts: TransactionCounts
  private let checkpoints: WorkQueue<Checkpointer.Request>
  /// Pages in the log since a checkpoint was asked for.
  private var writtenPages = 0
  private var lastPause = ContinuousClock.now

  init(_ connection: Connection, places: FilePlaces, counts: TransactionCounts, checkpoints: WorkQueue<Checkpointer.Request>) {
    self.connection = connection
    self.places = places
    self.counts = counts
    self.checkpoints = checkpoints
    transaction = SQLiteTransaction(connection)
  }

  /// Works until the queue is closed and used up, then closes the connection.
  func work(through queue: WorkQueue<WriteJob>) {
    while true {
      let jobs = queue.take(atMost: Self.largestGroup, whenIdle: (.milliseconds(100), askForCheckpoint))
      if jobs.isEmpty { break }
      if let failure = failureOfPlaces() {
        for job in jobs { job.fail(failure) }
        continue
      }
      if jobs.count == 1 || !commitTogether(jobs) {
        var rest = jobs[...]
        while !rest.isEmpty { rest = commit(rest) }
      }
      pauseForOthers()
    }
    // The last connection to close deletes the log by its path, where the log of another store may stand now.
    if places.failure == nil { connection.close() }
  }

  /// Runs and commits the jobs without a way back for a single one: nearly always all succeed, and a savepoint keeps a copy of every page
  /// that its body changes.
  ///
  /// - Returns: false where one of them failed: nothing is changed then, nobody was told anything, and all must be run again.
  private func commitTogether(_ jobs: [WriteJob]) -> Bool {
    do {
      try connection.execute("BEGIN IMMEDIATE")
      let answers = try jobs.map { try transaction.run($0) }
      try connection.execute("COMMIT")
      counts.committed(bodies: jobs.count)
      if let failure = failureOfPlaces() {
        for job in jobs { job.fail(failure) }
        return true
      }
      for answer in answers { answer() }
      return true
    } catch {
      transaction.forgetNames()
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      return false
    }
  }

  /// Runs and commits the jobs; gives back those that must be run in another transaction, since this one broke before them.
  private func commit(_ jobs: ArraySlice<WriteJob>) -> ArraySlice<WriteJob> {
    var answers: [(job: WriteJob, answer: @Sendable () -> Void)] = []
    // A savepoint keeps copies of the pages that it changes; one body alone is taken back with its transaction.
    let isAlone = jobs.count == 1
    do {
      try connection.execute("BEGIN IMMEDIATE")
      for (position, job) in zip(jobs.indices, jobs) {
        if !isAlone { try connection.execute("SAVEPOINT body") }
        do {
          let answer = try transaction.run(job)
          if !isAlone { try connection.execute("RELEASE body") }
          answers.append((job, answer))
        } catch {
          transaction.forgetNames()
          // A full disk, for example, takes back the whole transaction: nothing of the bodies before is there any more.
          guard connection.isInTransaction, !isAlone else {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            for earlier in answers { earlier.job.fail(error) }
            job.fail(error)
            return jobs[(position + 1)...]
          }
          try connection.execute("ROLLBACK TO body; RELEASE body")
          // What the body saw may not be kept by the commit: its caller waits for that, too.
          answers.append((job, { job.fail(error) }))
        }
      }
      try connection.execute("COMMIT")
      counts.committed(bodies: jobs.count)
      if let failure = failureOfPlaces() {
        for job in jobs { job.fail(failure) }
        return []
      }
      for (_, answer) in answers { answer() }
    } catch {
      transaction.forgetNames()
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      for job in jobs { job.fail(error) }
    }
    return []
  }

  /// Why nothing can be acknowledged any more. Where the log alone is gone, what it holds, which this process alone can still read, is
  /// copied into the file first.
  private func failureOfPlaces() -> StoreError? {
    guard let failure = places.failure else { return nil }
    places.saveOnce {
      // Those who read have to come to their end.
      for _ in 0..<500 {
        // Busy or not, frames in the log, frames copied.
        let copy = try? connection.statement("PRAGMA wal_checkpoint(PASSIVE)").first { ($0.readInt(), $0.readInt(), $0.readInt()) }
        if let copy, copy.0 == 0, copy.1 == copy.2 { return true }
        usleep(2_000)
      }
      return false
    }
    return places.failure ?? failure
  }

  private func askForCheckpoint() {
    writtenPages += connection.takeWrittenPages()
    if writtenPages < Checkpointer.pages { return }
    writtenPages = 0
    checkpoints.offer(Checkpointer.Request())
  }

  /// Lets other processes in: a command that waits for the file would find it held for as long as work keeps coming.
  private func pauseForOthers() {
    let now = ContinuousClock.now
    guard now - lastPause > .milliseconds(250) else { return }
    usleep(2500)
    lastPause = .now
  }
}

/// How many bodies were committed by how many transactions.
final class TransactionCounts: Sendable {
  private let counts = Mutex((transactions: 0, bodies: 0))

  func committed(bodies: Int) {
    counts.withLock {
      $0.transactions += 1
      $0.bodies += bodies
    }
  }

  var current: (transactions: Int, bodies: Int) { counts.withLock { $0 } }
}
