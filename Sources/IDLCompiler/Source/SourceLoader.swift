/// Gives the compiler the text of files, so that tests can keep them in memory.
public protocol SourceLoader {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: A path that the compiler formed from its main file, an `#include` line and the include paths.
  ///   - limit: The greatest number of bytes to read.
  /// - Returns: The bytes, or why there are none.
  func load(path: String, limit: Int) -> LoadedSource
}

/// The answer of a ``SourceLoader``.
public enum LoadedSource: Hashable, Sendable {
  /// The content of the file.
  case bytes([UInt8])
  /// There is no file of that name.
  case missing
  /// The file is larger than the limit.
  case tooLarge
  /// The file exists and cannot be read, for the given reason.
  case unreadable(String)
}

/// Files in memory, by path.
public struct InMemorySourceLoader: SourceLoader, Sendable {
  private let files: [String: [UInt8]]

  /// Creates a loader of texts by path.
  public init(_ files: [String: String]) {
    self.files = files.mapValues { Array($0.utf8) }
  }

  /// Creates a loader of raw bytes by path.
  public init(bytes files: [String: [UInt8]]) {
    self.files = files
  }

  /// Gives the stored bytes.
  public func load(path: String, limit: Int) -> LoadedSource {
    guard let bytes = files[path] else { return .missing }
    return bytes.count > limit ? .tooLarge : .bytes(bytes)
  }
}
