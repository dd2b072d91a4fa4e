import StoreAPI

/// A body to be run in a read transaction.
struct ReadJob: Sendable {
  let run: @Sendable (SQLiteTransaction) -> Void
  let fail: @Sendable (any Error) -> Void
}

/// Runs reads on a thread and a connection of its own, which is opened for its first job.
final class Reader {
  private let open: () throws -> Connection
  private var opened: (connection: Connection, transaction: SQLiteTransaction)?

  init(open: @escaping () throws -> Connection) { self.open = open }

  /// Works until the queue is closed and used up.
  func work(through queue: WorkQueue<ReadJob>) {
    while let job = queue.take(atMost: 1).first {
      do {
        let (connection, transaction) = try usable()
        // The state that is read is the one of the first query in the transaction, to the end.
        try connection.execute("BEGIN")
        job.run(transaction)
        if connection.isInTransaction { try connection.execute("ROLLBACK") }
      } catch {
        job.fail(error)
      }
    }
    opened?.connection.close()
  }

  private func usable() throws -> (Connection, SQLiteTransaction) {
    if let opened { return opened }
    let connection = try open()
    let made = (connection, SQLiteTransaction(connection))
    opened = made
    return made
  }
}
