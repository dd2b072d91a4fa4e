import Glibc
import Synchronization

/// One line for every create, change and cancellation that came in, on disk before anything else is done: the proof of how often a partner has sent.
final class CallLog: Sendable {
  private let file: Mutex<Int32>

  /// - Throws: ``FileFailure``.
  init(path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileFailure(path: path, error: errno) }
    file = Mutex(descriptor)
  }

  deinit { file.withLock { _ = close($0) } }

  /// Writes `create KEY REFERENCE`, or another verb; returns when the line is on disk.
  func append(_ verb: String = "create", key: String, reference: String) {
    let line = Array("\(verb) \(key) \(reference)\n".utf8)
    file.withLock { file in
      _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      fsync(file)
    }
  }
}

/// A file that could not be opened or written.
public struct FileFailure: Error, CustomStringConvertible {
  public var path: String
  public var error: Int32
  public var description: String { "cannot write \(path): \(String(cString: strerror(error)))" }
}
