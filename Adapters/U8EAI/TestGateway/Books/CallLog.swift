import Glibc
import Synchronization

/// One line for every order that came in, on disk before anything else is done: the proof of how often a partner has sent.
final class CallLog: Sendable {
  private let file: Mutex<Int32>

  /// - Throws: ``FileFailure``.
  init(path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileFailure(path: path, error: errno) }
    file = Mutex(descriptor)
  }

  deinit { file.withLock { _ = close($0) } }

  /// Writes `Add KEY CODE` or `Query KEY`; returns when the line is on disk.
  func append(_ words: String) {
    let line = Array("\(words.map { $0.isNewline ? " " : $0 }.reduce(into: "") { $0.append($1) })\n".utf8)
    file.withLock { file in
      _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      fsync(file)
    }
  }
}

/// A file that could not be opened or written.
struct FileFailure: Error, CustomStringConvertible {
  var path: String
  var error: Int32
  var description: String { "cannot write \(path): \(String(cString: strerror(error)))" }
}
