import CSQLite
import Identity
import StoreAPI

/// A prepared statement. Values are bound and columns are read in the order in which the SQL names them.
///
/// It belongs to the thread of its connection.
@safe final class Statement {
  private let handle: OpaquePointer
  private let path: String
  /// The parameter that was bound last, from 1.
  private var parameter: Int32 = 0
  /// The column to be read next, from 0.
  private var column: Int32 = 0
  /// Copies of short values that are bound, until the next reset: SQLite need not copy them once more.
  private let scratch: UnsafeMutableRawBufferPointer
  private var scratchCount = 0
  /// The first failure of a bind; told by ``step()``.
  private var bindStatus = SQLITE_OK

  init(_ handle: OpaquePointer, path: String) {
    unsafe self.handle = unsafe handle
    self.path = path
    unsafe scratch = .allocate(byteCount: max(2048, 64 * Int(sqlite3_bind_parameter_count(handle))), alignment: 1)
  }

  deinit { unsafe scratch.deallocate() }

  func finalize() { _ = unsafe sqlite3_finalize(handle) }

  /// A copy that stands until the next reset; nil where there is no room.
  private func copy(_ octets: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    guard unsafe octets.count <= scratch.count - scratchCount, let start = unsafe scratch.baseAddress?.advanced(by: scratchCount) else {
      return nil
    }
    // SQLite takes no address for NULL, and an empty value may have none.
    if let source = octets.baseAddress { unsafe start.copyMemory(from: source, byteCount: octets.count) }
    scratchCount += octets.count
    return UnsafeRawPointer(start)
  }

  // MARK: Binding

  @discardableResult func bind(_ value: Int64) -> Statement {
    parameter += 1
    return bound(unsafe sqlite3_bind_int64(handle, parameter, value))
  }

  @discardableResult func bind(_ value: Int) -> Statement { bind(Int64(value)) }

  @discardableResult func bind(_ value: Bool) -> Statement { bind(value ? 1 : 0) }

  @discardableResult func bindNull() -> Statement {
    parameter += 1
    return bound(unsafe sqlite3_bind_null(handle, parameter))
  }

  @discardableResult func bind(_ value: String) -> Statement {
    parameter += 1
    let span = value.utf8Span.span
    return bound(
      unsafe span.withUnsafeBytes { octets in
        if let copy = unsafe copy(octets) {
          return unsafe sqlite3_bind_text(handle, parameter, copy.assumingMemoryBound(to: CChar.self), Int32(octets.count), nil)
        }
        // SQLite takes no address for NULL.
        guard let start = octets.baseAddress else { return unsafe tessera_sqlite3_bind_text(handle, parameter, "", 0) }
        return unsafe tessera_sqlite3_bind_text(handle, parameter, start, Int32(octets.count))
      })
  }

  @discardableResult func bind(_ value: ForeignID) -> Statement { bind(value.text) }

  @discardableResult func bind(_ value: [UInt8]) -> Statement {
    parameter += 1
    return bound(
      unsafe value.withUnsafeBytes { octets in
        if octets.count > 0, let copy = unsafe copy(octets) {
          return unsafe sqlite3_bind_blob(handle, parameter, copy, Int32(octets.count), nil)
        }
        guard let start = octets.baseAddress else { return unsafe sqlite3_bind_zeroblob(handle, parameter, 0) }
        return unsafe tessera_sqlite3_bind_blob(handle, parameter, start, Int32(octets.count))
      })
  }

  @discardableResult func bind(_ value: CommonID) -> Statement {
    parameter += 1
    let words = (value.high.bigEndian, value.low.bigEndian)
    return bound(
      unsafe withUnsafeBytes(of: words) { octets in
        if let copy = unsafe copy(octets) { return unsafe sqlite3_bind_blob(handle, parameter, copy, 16, nil) }
        return unsafe tessera_sqlite3_bind_blob(handle, parameter, octets.baseAddress, 16)
      })
  }

  @discardableResult func bind(_ value: Int64?) -> Statement { value.map { bind($0) } ?? bindNull() }
  @discardableResult func bind(_ value: String?) -> Statement { value.map { bind($0) } ?? bindNull() }
  @discardableResult func bind(_ value: CommonID?) -> Statement { value.map { bind($0) } ?? bindNull() }

  private func bound(_ status: Int32) -> Statement {
    if status != SQLITE_OK && bindStatus == SQLITE_OK { bindStatus = status }
    return self
  }

  // MARK: Running

  /// Goes to the next row; false at the end, when the statement is ready to be bound again.
  func step() throws -> Bool {
    let status = bindStatus == SQLITE_OK ? unsafe sqlite3_step(handle) : bindStatus
    switch status {
    case SQLITE_ROW:
      column = 0
      return true
    case SQLITE_DONE:
      reset()
      return false
    default:
      let failure = unsafe SQLiteFailure(status, of: sqlite3_db_handle(handle), path: path)
      reset()
      throw failure.error
    }
  }

  /// Makes the statement ready to be bound again.
  func reset() {
    // The status repeats the failure of the last step, which was told already.
    _ = unsafe sqlite3_reset(handle)
    parameter = 0
    scratchCount = 0
    bindStatus = SQLITE_OK
  }

  /// Runs to the end.
  func run() throws { while try step() {} }

  /// Runs a statement that inserts a row; where it is there already, the error names it.
  func run(inserting row: @autoclosure () throws -> String) throws {
    do {
      while try step() {}
    } catch let error as StoreError where error.code == .conflict {
      throw StoreError.taken(try row())
    }
  }

  /// The first row, if there is one.
  func first<Row>(_ read: (Statement) throws -> Row) throws -> Row? {
    guard try step() else { return nil }
    defer { reset() }
    return try read(self)
  }

  /// All rows.
  func all<Row>(_ read: (Statement) throws -> Row) throws -> [Row] {
    defer { reset() }
    var rows: [Row] = []
    while try step() { rows.append(try read(self)) }
    return rows
  }

  // MARK: Reading

  func readInt64() -> Int64 {
    defer { column += 1 }
    return unsafe sqlite3_column_int64(handle, column)
  }

  func readInt() -> Int { Int(readInt64()) }

  func readBool() -> Bool { readInt64() != 0 }

  /// - Throws: ``StoreError`` with code `corrupt` where the text is no UTF-8.
  func readText() throws -> String {
    defer { column += 1 }
    guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
    let octets = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    do {
      return try String(copying: UTF8Span(validating: unsafe octets.span))
    } catch {
      throw StoreError(.corrupt, "\(path) holds a text that is no UTF-8.", hint: "Restore the file from a backup.")
    }
  }

  func readOctets() -> [UInt8] {
    defer { column += 1 }
    guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  func readCommonID() throws -> CommonID {
    defer { column += 1 }
    guard let start = unsafe sqlite3_column_blob(handle, column), unsafe sqlite3_column_bytes(handle, column) == 16 else {
      throw StoreError(.corrupt, "\(path) holds a common id that is not 16 octets long.", hint: "Restore the file from a backup.")
    }
    return unsafe CommonID(
      high: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// Leaves columns out.
  func skip(_ count: Int32) { column += count }

  /// The column if it is not NULL.
  func readIfPresent<Value>(_ read: (Statement) throws -> Value) rethrows -> Value? {
    if unsafe sqlite3_column_type(handle, column) == SQLITE_NULL {
      column += 1
      return nil
    }
    return try read(self)
  }

  /// The value whose raw text the column holds.
  func read<Value: RawRepresentable<String>>(_: Value.Type) throws -> Value {
    let text = try readText()
    guard let value = Value(rawValue: text) else {
      throw StoreError(
        .corrupt, "\(path) holds the unknown \(Value.self) ‘\(text)’.", hint: "Was it changed by hand? Restore it from a backup.")
    }
    return value
  }
}
