import Foundation
import Synchronization

/// A new empty folder that goes away, with everything in it, when the last reference to this object does, or the test process ends.
public final class TemporaryFolder: Sendable {
  /// Its absolute path, without a slash at its end.
  public let path: String

  /// Makes the folder below the system's folder for temporary files.
  public init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
    LiveFolders.shared.add(path)
  }

  deinit {
    LiveFolders.shared.remove(path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a text file into the folder, and gives its path.
  @discardableResult public func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }
}

/// Runs the body with the path of a new empty folder, and removes the folder afterwards.
public func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try await body(folder.path)
}

/// The folders of static variables, which nothing releases, are removed when the process ends.
private final class LiveFolders: Sendable {
  static let shared = LiveFolders()
  private let paths = Mutex<Set<String>>([])

  private init() { atexit { LiveFolders.shared.removeAll() } }

  func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  private func removeAll() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
