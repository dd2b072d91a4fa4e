import StoreAPI

/// Copies what was committed from the log into the file when the writer has nothing to do, on a thread and a connection of its own, so
/// that nobody waits for it.
///
/// A writer that is never idle copies by itself once the log is long (`wal_autocheckpoint`).
final class Checkpointer {
  struct Request: Sendable {}

  /// Fewer pages in the log are not worth a copy.
  static let pages = 128

  private let open: () throws -> Connection
  private var connection: Connection?

  init(open: @escaping () throws -> Connection) { self.open = open }

  /// Works until the queue is closed.
  func work(through queue: WorkQueue<Request>) {
    while !queue.take(atMost: 1).isEmpty {
      // What is not copied now is copied later, at the latest by the writer, who also meets what is wrong with the file.
      try? copy()
    }
    connection?.close()
  }

  private func copy() throws {
    if connection == nil { connection = try open() }
    _ = try connection?.statement("PRAGMA wal_checkpoint(PASSIVE)").all { $0.readInt() }
  }
}
