import Glibc

/// Reads files from the file system.
public struct FileSourceLoader: SourceLoader, Sendable {
  /// Creates the loader.
  public init() {}

  /// Reads at most `limit` bytes; a directory counts as missing. Pipes, sockets and devices are refused: they may wait or go on for ever.
  public func load(path: String, limit: Int) -> LoadedSource {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(Self.reason(errno))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { return .missing }
    guard status.st_mode & S_IFMT == S_IFREG else { return .unreadable("it is no regular file") }
    guard let file = fopen(path, "rb") else { return .unreadable(Self.reason(errno)) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      guard bytes.count + count <= limit else { return .tooLarge }
      bytes += chunk[..<count]
    }
    return ferror(file) == 0 ? .bytes(bytes) : .unreadable(Self.reason(errno))
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
