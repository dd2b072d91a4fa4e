import CSQLite
import Glibc

/// Gathers what SQLite writes to its log, so that a commit is one write for all of its pages and one wait for the disk: SQLite by itself
/// writes the head of a page and the page apart, one page after the other.
///
/// For connections with `synchronous=FULL` only. They sync the log before they tell other connections that there is more of it, so
/// nobody reads what is still gathered here; a process that dies loses nothing that was committed. What a transaction leaves here that is
/// taken back must be forgotten (``forget(of:)``): its place in the log belongs to whoever commits next.
@safe final class LogFile {
  /// The file as SQLite's own file system opened it.
  private let file: UnsafeMutablePointer<sqlite3_file>
  private let methods: UnsafePointer<sqlite3_io_methods>
  private let gathered: UnsafeMutableRawPointer
  /// Where in the file the gathered octets belong, and how many there are.
  private var start: Int64 = 0
  private var count = 0

  /// Octets that are gathered at most: what SQLite's own file system writes in one go.
  static let capacity = (128 << 10) - 1

  fileprivate init(_ file: UnsafeMutablePointer<sqlite3_file>) {
    unsafe self.file = file
    unsafe methods = file.pointee.pMethods
    unsafe gathered = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  deinit { unsafe gathered.deallocate() }

  @unsafe fileprivate func write(_ octets: UnsafeRawPointer, _ size: Int, at offset: Int64) -> Int32 {
    let place = offset - start
    if count > 0, place >= 0, place + Int64(size) <= count {
      // A page that changed again before its commit.
      unsafe gathered.advanced(by: Int(place)).copyMemory(from: octets, byteCount: size)
      return SQLITE_OK
    }
    if place != count || count + size > Self.capacity {
      let status = flush()
      if status != SQLITE_OK { return status }
      if size > Self.capacity { return unsafe methods.pointee.xWrite(file, octets, Int32(size), offset) }
      start = offset
    }
    unsafe gathered.advanced(by: count).copyMemory(from: octets, byteCount: size)
    count += size
    return SQLITE_OK
  }

  /// Writes what is gathered. What cannot be written is forgotten: the commit that it belongs to fails.
  fileprivate func flush() -> Int32 {
    if count == 0 { return SQLITE_OK }
    defer { count = 0 }
    return unsafe methods.pointee.xWrite(file, gathered, Int32(count), start)
  }

  /// Forgets what is gathered in the log of a connection, whose transaction has been taken back.
  @unsafe static func forget(of connection: OpaquePointer) {
    var file: UnsafeMutablePointer<sqlite3_file>?
    guard unsafe sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK, let file = unsafe file,
      unsafe file.pointee.pMethods == methods
    else { return }
    unsafe at(file).takeUnretainedValue().count = 0
  }

  /// Flushes, then does what SQLite's own file system does.
  @unsafe fileprivate func flushed(_ action: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
    let status = flush()
    return status == SQLITE_OK ? unsafe passed(action) : status
  }

  /// Does what SQLite's own file system does.
  @unsafe fileprivate func passed(_ action: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
    unsafe action(methods.pointee, file)
  }
}

extension LogFile {
  /// The name of the file system that opens logs as ``LogFile`` and other files as SQLite's own does; nil, which means that one, where
  /// it cannot be made.
  static let fileSystem: String? = {
    guard let base = unsafe sqliteFileSystem else { return nil }
    let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    unsafe system.initialize(to: base.pointee)
    unsafe system.pointee.pNext = nil
    unsafe system.pointee.zName = UnsafePointer(strdup("tessera"))
    unsafe system.pointee.szOsFile = Int32(Opened.octets) + base.pointee.szOsFile
    unsafe system.pointee.xOpen = { _, path, file, flags, outFlags in
      guard let file = unsafe file, let base = unsafe sqliteFileSystem else { return SQLITE_CANTOPEN }
      if flags & SQLITE_OPEN_WAL == 0 { return unsafe base.pointee.xOpen(base, path, file, flags, outFlags) }
      unsafe file.pointee.pMethods = nil
      let inner = unsafe UnsafeMutableRawPointer(file).advanced(by: Opened.octets).assumingMemoryBound(to: sqlite3_file.self)
      let status = unsafe base.pointee.xOpen(base, path, inner, flags, outFlags)
      guard status == SQLITE_OK else { return status }
      unsafe UnsafeMutableRawPointer(file).storeBytes(
        of: Opened(methods: methods, file: Unmanaged.passRetained(LogFile(inner))), as: Opened.self)
      return SQLITE_OK
    }
    return unsafe sqlite3_vfs_register(system, 0) == SQLITE_OK ? "tessera" : nil
  }()

  /// SQLite's own, which lives as long as the process.
  nonisolated(unsafe) private static let sqliteFileSystem = unsafe sqlite3_vfs_find(nil)

  /// What SQLite holds of an open log; behind it stands what its own file system holds.
  @unsafe private struct Opened {
    /// First, as in every `sqlite3_file`.
    let methods: UnsafePointer<sqlite3_io_methods>
    let file: Unmanaged<LogFile>

    static var octets: Int { 16 }
  }

  @unsafe private static func at(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Unmanaged<LogFile> {
    unsafe UnsafeRawPointer(file!).load(as: Opened.self).file
  }

  /// Made once, and never changed.
  nonisolated(unsafe) private static let methods: UnsafePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe methods.initialize(to: sqlite3_io_methods())
    // Without shared memory and mapped pages, which SQLite asks of the database alone.
    unsafe methods.pointee.iVersion = 1
    unsafe methods.pointee.xClose = { file in
      // Whatever is gathered was never committed.
      unsafe at(file).takeRetainedValue().passed { unsafe $0.xClose($1) }
    }
    unsafe methods.pointee.xRead = { file, octets, count, offset in
      unsafe at(file).takeUnretainedValue().flushed { unsafe $0.xRead($1, octets, count, offset) }
    }
    unsafe methods.pointee.xWrite = { file, octets, count, offset in
      guard let octets = unsafe octets else { return SQLITE_IOERR }
      return unsafe at(file).takeUnretainedValue().write(octets, Int(count), at: offset)
    }
    unsafe methods.pointee.xTruncate = { file, size in
      unsafe at(file).takeUnretainedValue().flushed { unsafe $0.xTruncate($1, size) }
    }
    unsafe methods.pointee.xSync = { file, flags in
      unsafe at(file).takeUnretainedValue().flushed { unsafe $0.xSync($1, flags) }
    }
    unsafe methods.pointee.xFileSize = { file, size in
      unsafe at(file).takeUnretainedValue().flushed { unsafe $0.xFileSize($1, size) }
    }
    unsafe methods.pointee.xLock = { file, level in unsafe at(file).takeUnretainedValue().passed { unsafe $0.xLock($1, level) } }
    unsafe methods.pointee.xUnlock = { file, level in unsafe at(file).takeUnretainedValue().passed { unsafe $0.xUnlock($1, level) } }
    unsafe methods.pointee.xCheckReservedLock = { file, answer in
      unsafe at(file).takeUnretainedValue().passed { unsafe $0.xCheckReservedLock($1, answer) }
    }
    unsafe methods.pointee.xFileControl = { file, code, argument in
      unsafe at(file).takeUnretainedValue().passed { unsafe $0.xFileControl($1, code, argument) }
    }
    unsafe methods.pointee.xSectorSize = { file in unsafe at(file).takeUnretainedValue().passed { unsafe $0.xSectorSize($1) } }
    unsafe methods.pointee.xDeviceCharacteristics = { file in
      unsafe at(file).takeUnretainedValue().passed { unsafe $0.xDeviceCharacteristics($1) }
    }
    return unsafe UnsafePointer(methods)
  }()
}
