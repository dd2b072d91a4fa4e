internal import CSQLite

/// One connection to one database file, for one thread at a time; its owner sees to that.
@safe public final class SQLiteConnection {
  private let database: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]

  /// Opens a file, which is made where it is missing.
  ///
  /// The connection journals by WAL with `synchronous=FULL`: what is committed has been synced to the disk (sqlite.org, "PRAGMA synchronous").
  ///
  /// - Parameter busyTimeout: milliseconds for which a statement waits for another connection's lock.
  public init(path: String, busyTimeout: Int32 = 10_000) throws(SQLiteError) {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else {
      let error = unsafe handle.map { unsafe Self.error(of: $0, "") } ?? SQLiteError(code: code, message: "no memory")
      unsafe sqlite3_close_v2(handle)
      throw SQLiteError(code: error.code, message: "cannot open \(path): \(error.message)")
    }
    unsafe database = handle
    unsafe sqlite3_busy_timeout(handle, busyTimeout)
    try execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
  }

  deinit {
    statements = [:]
    unsafe sqlite3_close_v2(database)
  }

  static func error(of database: OpaquePointer, _ statement: String) -> SQLiteError {
    unsafe SQLiteError(
      code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)), statement: statement)
  }

  /// Runs statements without values and without results, one after the other.
  public func execute(_ statements: String) throws(SQLiteError) {
    guard unsafe sqlite3_exec(database, statements, nil, nil, nil) == SQLITE_OK else {
      throw unsafe Self.error(of: database, statements)
    }
  }

  /// Runs one statement.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  public func run(_ statement: String, _ values: [any SQLiteStorable] = []) throws -> Int {
    try prepared(statement).run(values.map(\.sqliteValue)) { _ in }
    return unsafe Int(sqlite3_changes64(database))
  }

  /// The rows of a query, each turned into a value.
  public func rows<Element>(
    _ query: String, _ values: [any SQLiteStorable] = [], _ read: (SQLiteRow) throws -> Element
  ) throws -> [Element] {
    var found: [Element] = []
    try prepared(query).run(values.map(\.sqliteValue)) { found.append(try read($0)) }
    return found
  }

  /// The only row of a query; nil for none, the first of several.
  public func row<Element>(
    _ query: String, _ values: [any SQLiteStorable] = [], _ read: (SQLiteRow) throws -> Element
  ) throws -> Element? {
    try rows(query, values, read).first
  }

  /// Runs `body` in one transaction that may write; an error rolls it back.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // SQLite has rolled back already after some errors; then this finds nothing to do.
      try? execute("ROLLBACK")
      throw error
    }
  }

  private func prepared(_ text: String) throws(SQLiteError) -> SQLiteStatement {
    if let statement = statements[text] { return statement }
    let statement = unsafe try SQLiteStatement(text, database)
    statements[text] = statement
    return statement
  }
}
