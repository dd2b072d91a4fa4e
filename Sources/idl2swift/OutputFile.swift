import Glibc

/// Writes generated files so that a reader sees the old or the new content, never half of one, and unchanged ones keep their time.
enum OutputFile {
  /// Why a file could not be written.
  struct Failure: Error {
    let message: String
  }

  static func write(_ text: String, to path: String) throws(Failure) {
    let bytes = Array(text.utf8)
    if content(of: path, limit: bytes.count) == bytes { return }
    let temporary = "\(path).\(getpid()).tmp"
    guard let file = fopen(temporary, "wb") else { throw Failure(message: "\(temporary): \(String(cString: strerror(errno)))") }
    let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
    let closed = fclose(file)
    guard written == bytes.count, closed == 0, rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw Failure(message: "\(path): \(reason)")
    }
  }

  /// The absolute path without links and dots; the path itself if there is no such file.
  static func canonicalPath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The bytes of a file; nil if it cannot be read or is longer than the limit.
  static func content(of path: String, limit: Int) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, limit + 1, file)
    return count > limit ? nil : Array(bytes[..<count])
  }
}
