import CSQLite
import StoreAPI

/// A result code of SQLite in the words of the store.
struct SQLiteFailure {
  let error: StoreError

  /// - Parameter connection: gives SQLite's own words and the system's error, where there is a connection.
  init(_ status: Int32, of connection: OpaquePointer?, path: String) {
    let words = unsafe String(cString: connection == nil ? sqlite3_errstr(status) : sqlite3_errmsg(connection))
    let extended = unsafe connection == nil ? status : sqlite3_extended_errcode(connection)
    let systemError = unsafe connection == nil ? 0 : sqlite3_system_errno(connection)
    error = Self.error(status, extended, systemError, words, path)
  }

  private static func error(_ status: Int32, _ extended: Int32, _ systemError: Int32, _ words: String, _ path: String) -> StoreError {
    let isFull = status & 0xFF == SQLITE_IOERR && [27, 28, 122].contains(systemError)  // EFBIG, ENOSPC, EDQUOT
    switch isFull ? SQLITE_FULL : status & 0xFF {
    case SQLITE_FULL:
      return StoreError(
        .diskFull, "\(path) cannot grow: \(words).", hint: "Make room on its file system; nothing of the failed transaction was kept.")
    case SQLITE_BUSY, SQLITE_LOCKED:
      return StoreError(
        .busy, "\(path) is held by another process: \(words).",
        hint: "Wait for its transaction to end, or find it with ‘fuser -v \(path)’; a backup should use sqlite3's .backup.")
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      return StoreError(
        .corrupt, "\(path) is no store, or is damaged: \(words).",
        hint: "Restore it from a backup, with its -wal file; ‘sqlite3 \(path) .recover’ saves what is readable.")
    case SQLITE_CONSTRAINT:
      let isUnique = [Int32(2067), 1555, 2579].contains(extended)  // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY, _ROWID
      return isUnique
        ? StoreError(.conflict, "A row is there already: \(words).", hint: "Load the rows again and repeat the step.")
        : StoreError(.failed, "\(path) refused a row: \(words).", hint: "The row breaks a rule of the schema; report it.")
    case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      return StoreError(
        .cannotOpen, "\(path) cannot be opened for writing: \(words).",
        hint: "The file, its -wal and -shm files and their folder must exist and be writable for this user.")
    default:
      return StoreError(
        .failed, "\(path): \(words) (SQLite \(extended), system error \(systemError)).", hint: "See the system's log for disk errors.")
    }
  }
}
