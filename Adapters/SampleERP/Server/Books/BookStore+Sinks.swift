import SQLite
import Synchronization

/// Somebody to be told of changes.
public struct SinkRow: Hashable, Sendable {
  public var partner: String
  /// Stringified.
  public var reference: String
  /// The last change that it has taken.
  public var toldTo: Int64
}

extension BookStore {
  /// Enters a partner's sink, to be told of everything that changes from now on; one that takes another's place goes on where that was.
  public func addSink(_ reference: String, of partner: String) throws {
    try connection.withLock {
      _ = try $0.run(
        """
        INSERT INTO sink SELECT ?, ?, value FROM counter WHERE name = 'change'
        ON CONFLICT (partner) DO UPDATE SET reference = excluded.reference
        """, [partner, reference])
    }
  }

  public func sinks() throws -> [SinkRow] {
    try connection.withLock {
      try $0.rows("SELECT partner, reference, told_to FROM sink ORDER BY partner") {
        SinkRow(partner: $0.text(0), reference: $0.text(1), toldTo: $0.integer(2))
      }
    }
  }

  /// Records how far a sink has been told.
  public func told(_ reference: String, to change: Int64) throws {
    try connection.withLock { _ = try $0.run("UPDATE sink SET told_to = ? WHERE reference = ?", [change, reference]) }
  }
}
