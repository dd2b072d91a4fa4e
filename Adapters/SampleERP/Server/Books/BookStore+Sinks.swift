import SQLite
import Synchronization

/// Somebody to be told of changes.
public struct SinkRow: Hashable, Sendable {
  /// Stringified.
  public var reference: String
  /// The last change that it has taken.
  public var toldTo: Int64
}

extension BookStore {
  /// Enters a sink, to be told of everything that changes from now on; one that is known already keeps its place.
  public func addSink(_ reference: String) throws {
    try connection.withLock {
      _ = try $0.run(
        "INSERT OR IGNORE INTO sink SELECT ?, value FROM counter WHERE name = 'change'", [reference])
    }
  }

  public func sinks() throws -> [SinkRow] {
    try connection.withLock {
      try $0.rows("SELECT reference, told_to FROM sink ORDER BY reference") { SinkRow(reference: $0.text(0), toldTo: $0.integer(1)) }
    }
  }

  /// Records how far a sink has been told.
  public func told(_ reference: String, to change: Int64) throws {
    try connection.withLock { _ = try $0.run("UPDATE sink SET told_to = ? WHERE reference = ?", [change, reference]) }
  }
}
