import Glibc
import StoreAPI
import Synchronization

/// The files of a store as they were when it was opened: the database, its log and the index of the log.
///
/// SQLite goes on with the files that it opened. Where somebody deletes or replaces one of them, its commits succeed and reach nobody.
/// So whoever acknowledges a commit asks here first.
final class FilePlaces: Sendable {
  private struct Identity: Hashable {
    let device: UInt
    let number: UInt

    /// The file that stands there now; nil where none does.
    init?(of path: String) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      device = UInt(status.st_dev)
      number = UInt(status.st_ino)
    }
  }

  private let path: String
  private let files: [(path: String, identity: Identity)]
  /// Of the log, to look at its beginning. (The database itself is never opened beside SQLite: closing it would drop SQLite's locks.)
  private let log: Int32
  private let state = Mutex((failure: nil as StoreError?, isSaved: nil as Bool?))

  /// - Throws: ``StoreError`` with code `cannotOpen`, `replaced` where a file went away while it was opened.
  init(of path: String) throws {
    self.path = path
    log = unsafe open("\(path)-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    files = try [path, "\(path)-wal", "\(path)-shm"].map { file in
      guard let identity = Identity(of: file) else { throw Self.failure("\(file) was deleted while it was opened", nil) }
      return (file, identity)
    }
  }

  deinit { if log >= 0 { close(log) } }

  /// Why commits reach nobody any more; nil as long as they do. It stays once it was found.
  var failure: StoreError? {
    if let known = state.withLock({ $0.failure }) { return known }
    guard let words = fault() else { return nil }
    return state.withLock { state in
      if state.failure == nil { state.failure = Self.failure(words, nil) }
      return state.failure
    }
  }

  private func fault() -> String? {
    for (file, identity) in files {
      guard let now = Identity(of: file) else { return "\(file) was deleted under the running process" }
      if now != identity { return "\(file) was replaced by another file under the running process" }
    }
    // A log that was emptied in its place, and written further behind.
    var status = stat()
    if log >= 0, unsafe fstat(log, &status) == 0, status.st_size > 0 {
      var magic: UInt32 = 0
      if unsafe pread(log, &magic, 4, 0) == 4, magic.bigEndian & ~1 != 0x377F_0682 {
        return "\(path)-wal was emptied or written over under the running process"
      }
    }
    return nil
  }

  /// Has what the log holds copied into the database, where that is the file that it was and nobody began another log.
  ///
  /// - Parameter copy: gives whether all of it was copied.
  func saveOnce(_ copy: () -> Bool) {
    guard state.withLock({ $0.failure != nil && $0.isSaved == nil }) else { return }
    var log = stat()
    let isAlone = unsafe stat(files[1].path, &log) != 0 || log.st_size == 0
    let isSame = Identity(of: files[0].path) == files[0].identity && Identity(of: files[2].path) == files[2].identity
    let isSaved = isAlone && isSame && copy()
    state.withLock { state in
      state.isSaved = isSaved
      if let failure = state.failure { state.failure = Self.failure(String(failure.message.dropLast()), isSaved) }
    }
  }

  private static func failure(_ words: String, _ isSaved: Bool?) -> StoreError {
    let hint =
      switch isSaved {
      case true?: "What was acknowledged was saved into the database. Start again, and find who deletes files there."
      case false?:
        """
        Nothing more is acknowledged. Keep all files as they are, put the right ones back, or a backup, and start again; compare with what \
        senders were told.
        """
      case nil: "Nothing more is acknowledged. Find who changes files there before you start again."
      }
    return StoreError(.replaced, words + ".", hint: hint)
  }
}
