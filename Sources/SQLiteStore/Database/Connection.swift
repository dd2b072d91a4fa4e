import CSQLite
import Glibc
import StoreAPI

/// A connection to the file, with its prepared statements.
///
/// Sendable without the compiler's check: SQLite is told to do without locks (`SQLITE_OPEN_NOMUTEX`), so a connection is used by one
/// thread at a time. It is handed over once, from the thread that opened it to the thread that works with it.
@safe final class Connection: @unchecked Sendable {
  let path: String
  /// What was mended when the file was opened, in words.
  var openingNotes: [String] = []
  private let handle: OpaquePointer
  private var statements: [UInt: Statement] = [:]
  /// The statements used last, by some bits of their keys: steps ask for the same few ten thousands of times.
  private var recentStatements = [(address: UInt, statement: Statement)?](repeating: nil, count: 256)

  /// Opens the file, or makes an empty one.
  ///
  /// - Parameter gathersLog: as ``LogFile`` says, which asks for `synchronous=FULL`.
  /// - Throws: ``StoreError`` with code `cannotOpen`.
  init(path: String, create: Bool, busyTimeout: Duration, gathersLog: Bool) throws {
    self.path = path
    Self.withoutStatistics
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (create ? SQLITE_OPEN_CREATE : 0)
    let status = unsafe sqlite3_open_v2(path, &opened, flags, gathersLog ? LogFile.fileSystem : nil)
    guard status == SQLITE_OK, let handle = unsafe opened else {
      let failure = unsafe SQLiteFailure(status, of: opened, path: path)
      _ = unsafe sqlite3_close_v2(opened)
      throw failure.error
    }
    unsafe self.handle = unsafe handle
    let milliseconds = Int(busyTimeout / .milliseconds(1))
    _ = unsafe sqlite3_busy_handler(handle, waitForLock, UnsafeMutableRawPointer(bitPattern: max(1, milliseconds)))
    if gathersLog {
      // Also called where a failure takes the transaction back.
      _ = unsafe sqlite3_rollback_hook(handle, { unsafe LogFile.forget(of: OpaquePointer($0!)) }, UnsafeMutableRawPointer(handle))
    }
  }

  /// SQLite counts its memory under one lock for the whole process, unless it is told not to before it is used first.
  private static let withoutStatistics: Void = { _ = tessera_sqlite3_forget_memory_statistics() }()

  func close() {
    for statement in statements.values { statement.finalize() }
    statements = [:]
    recentStatements = []
    _ = unsafe sqlite3_close_v2(handle)
  }

  /// Whether the file could only be opened for reading.
  var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

  /// Whether a transaction is open; some failures, such as a full disk, end it.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// How many rows the last statement changed.
  var changedRows: Int { Int(unsafe sqlite3_changes64(handle)) }

  /// How many pages commits have written to the log since this was asked last.
  func takeWrittenPages() -> Int {
    var (pages, highest) = (0 as Int32, 0 as Int32)
    _ = unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 1)
    return Int(pages)
  }

  /// The statement for the SQL, prepared at its first use.
  func statement(_ sql: StaticString) throws -> Statement {
    // The address of a literal is a good key: it never changes.
    let address = unsafe UInt(bitPattern: sql.utf8Start)
    let place = Int(truncatingIfNeeded: address >> 4) & 255
    if let recent = recentStatements[place], recent.address == address { return recent.statement }
    let statement = try statements[address] ?? prepare(sql.description, persistent: true)
    statements[address] = statement
    recentStatements[place] = (address, statement)
    return statement
  }

  /// The statement that inserts several rows at once: the values of `INSERT … VALUES (…)` are repeated.
  func statement(_ sql: StaticString, rows: Int) throws -> Statement {
    if rows == 1 { return try statement(sql) }
    // Addresses have no more than 47 bits.
    let key = unsafe UInt(bitPattern: sql.utf8Start) << 8 | UInt(rows)
    if let statement = statements[key] { return statement }
    let text = sql.description
    guard let values = text.firstRange(of: "VALUES "), let end = text[values.upperBound...].firstIndex(of: ")") else {
      preconditionFailure("\(text) has no values")
    }
    let row = String(text[values.upperBound...end])
    let repeated = Array(repeating: row, count: rows).joined(separator: ", ")
    let statement = try prepare(String(text[..<values.upperBound]) + repeated + String(text[end...].dropFirst()), persistent: true)
    statements[key] = statement
    return statement
  }

  /// Runs statements without parameters, one after the other.
  func execute(_ sql: String) throws {
    let status = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if status != SQLITE_OK { throw unsafe SQLiteFailure(status, of: handle, path: path).error }
  }

  /// The number that a pragma or a query of one row answers.
  func number(_ sql: String) throws -> Int64 {
    let statement = try prepare(sql, persistent: false)
    defer { statement.finalize() }
    return try statement.first { $0.readInt64() } ?? 0
  }

  /// The text that a pragma or a query of one row answers.
  ///
  /// - Throws: ``StoreError``, also where it takes longer than until `deadline`.
  func text(_ sql: String, until deadline: ContinuousClock.Instant) throws -> String {
    let statement = try prepare(sql, persistent: false)
    defer { statement.finalize() }
    var deadline = deadline
    return try unsafe withUnsafeMutablePointer(to: &deadline) { pointer in
      // Asked every some ten thousand steps of SQLite's machine; another answer than 0 interrupts it.
      unsafe sqlite3_progress_handler(
        handle, 50_000, { unsafe ContinuousClock.now > $0!.load(as: ContinuousClock.Instant.self) ? 1 : 0 }, pointer)
      defer { unsafe sqlite3_progress_handler(handle, 0, nil, nil) }
      return try statement.first { try $0.readText() } ?? ""
    }
  }

  private func prepare(_ sql: String, persistent: Bool) throws -> Statement {
    var prepared: OpaquePointer?
    let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let status = unsafe sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil)
    guard status == SQLITE_OK, let prepared = unsafe prepared else { throw unsafe SQLiteFailure(status, of: handle, path: path).error }
    return unsafe Statement(prepared, path: path)
  }
}

/// SQLite asks it whether to try again for a lock. It asks every millisecond, so that the short pauses of a busy writer are found.
///
/// - Parameter timeout: milliseconds, as an address.
private func waitForLock(_ timeout: UnsafeMutableRawPointer?, _ attempts: Int32) -> Int32 {
  guard Int(attempts) < Int(bitPattern: timeout) else { return 0 }
  usleep(1000)
  return 1
}
