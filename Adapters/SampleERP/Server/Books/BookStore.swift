import Glibc
import SQLite
import Synchronization

/// The books on disk: one SQLite file, every change one transaction.
public final class BookStore: Sendable {
  let connection: Mutex<SQLiteConnection>
  let fences = Mutex(Fences())

  /// Opens the books of a folder; where there are none, makes them from the catalogue.
  ///
  /// - Parameter itemCount: of the catalogue that fills new books.
  /// - Throws: `SQLiteError`.
  public init(folder: String, itemCount: Int = Catalogue.defaultItemCount) throws {
    mkdir(folder, 0o755)
    let connection = try SQLiteConnection(path: "\(folder)/\(Self.fileName)")
    try connection.transaction {
      let isNew = try connection.row("SELECT count(*) FROM sqlite_schema WHERE name = 'counter'") { $0.integer(0) } == 0
      if isNew {
        try connection.execute(BookSchema.statements)
        try connection.execute(Self.creditSchema)
        try connection.execute(Self.priceSchema)
        try Self.fill(connection, Catalogue(itemCount: itemCount))
      }
    }
    self.connection = Mutex(connection)
  }

  public static let fileName = "sample-erp.db"

  /// Seconds since 1970 UTC.
  static var now: Int64 { Int64(time(nil)) }

  /// The next number of a sequence.
  static func next(_ counter: String, _ connection: SQLiteConnection) throws -> Int64 {
    let value = try connection.row("UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value", [counter]) { $0.integer(0) }
    return value ?? 0
  }

  /// The number of the last change.
  public func lastChange() throws -> Int64 {
    try connection.withLock { try $0.row("SELECT value FROM counter WHERE name = 'change'") { $0.integer(0) } ?? 0 }
  }

  /// Gives an item another price.
  ///
  /// - Returns: the number of the change; nil where there is no such item.
  public func changePrice(of item: String, to gross: Int64) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        let change = try Self.next("change", connection)
        let changed = try connection.run(
          "UPDATE item SET gross_price = ?, change_no = ?, changed_at = ? WHERE number = ?", [gross, change, Self.now, item])
        return changed == 1 ? change : nil
      }
    }
  }
}
