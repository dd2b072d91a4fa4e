internal import CSQLite

/// A prepared statement of one connection.
@safe final class SQLiteStatement {
  private let handle: OpaquePointer
  private let database: OpaquePointer
  private let text: String

  init(_ text: String, _ database: OpaquePointer) throws(SQLiteError) {
    var handle: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle = unsafe handle else { throw unsafe SQLiteConnection.error(of: database, text) }
    unsafe self.handle = handle
    unsafe self.database = database
    self.text = text
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Runs the statement to its end.
  ///
  /// - Parameter each: told each row; it is valid only during the call.
  func run(_ values: [SQLiteValue], each: (SQLiteRow) throws -> Void) throws {
    defer {
      unsafe sqlite3_reset(handle)
      unsafe sqlite3_clear_bindings(handle)
    }
    for (place, value) in values.enumerated() { try bind(value, at: Int32(place + 1)) }
    while true {
      switch unsafe sqlite3_step(handle) {
      case SQLITE_ROW: try each(unsafe SQLiteRow(handle))
      case SQLITE_DONE: return
      default: throw unsafe SQLiteConnection.error(of: database, text)
      }
    }
  }

  private func bind(_ value: SQLiteValue, at index: Int32) throws(SQLiteError) {
    let code: Int32
    switch value {
    case .null: code = unsafe sqlite3_bind_null(handle, index)
    case .integer(let number): code = unsafe sqlite3_bind_int64(handle, index, number)
    case .text(var text):
      code = text.withUTF8 { octets in
        // A nil pointer would mean NULL.
        octets.isEmpty
          ? unsafe tessera_sqlite3_bind_text(handle, index, "", 0)
          : unsafe tessera_sqlite3_bind_text(handle, index, octets.baseAddress, Int32(octets.count))
      }
    case .octets(let octets):
      code = unsafe octets.withUnsafeBytes { unsafe tessera_sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count)) }
    }
    guard code == SQLITE_OK else { throw unsafe SQLiteConnection.error(of: database, text) }
  }
}

/// The current row of a statement; columns are counted from 0.
@safe public struct SQLiteRow: ~Escapable {
  private let handle: OpaquePointer

  @_lifetime(immortal)
  init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  public func isNull(_ column: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

  /// 0 for NULL.
  public func integer(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }

  /// The empty text for NULL; invalid UTF-8 is repaired.
  public func text(_ column: Int) -> String {
    guard let octets = unsafe sqlite3_column_text(handle, Int32(column)) else { return "" }
    let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
    return unsafe String(decoding: UnsafeBufferPointer(start: octets, count: count), as: UTF8.self)
  }

  public func octets(_ column: Int) -> [UInt8] {
    guard let octets = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
    let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: octets, count: count))
  }
}
