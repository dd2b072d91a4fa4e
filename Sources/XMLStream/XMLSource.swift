import Glibc

/// Hands out the bytes of a document in chunks of 64 KiB, never more than the document's bound.
final class XMLSource {
  /// The bytes of one step; also how much of a document one call into libxml2 sees.
  static let chunkBytes = 64 << 10

  private enum Storage {
    case bytes([UInt8], offset: Int)
    case file(descriptor: CInt, path: String, taken: Int)
  }

  private var storage: Storage
  private let limit: Int
  /// The octets of the document, as far as they are known before it is read.
  private(set) var octets = 0

  /// Reads from memory.
  init(bytes: [UInt8], file: String, limits: XMLLimits) throws(XMLIssue) {
    guard bytes.count <= limits.documentBytes else { throw Self.tooLarge(bytes.count, file: file, limit: limits.documentBytes) }
    storage = .bytes(bytes, offset: 0)
    octets = bytes.count
    limit = limits.documentBytes
  }

  /// Reads a regular file, whose size is checked before a byte is read.
  init(path: String, limits: XMLLimits) throws(XMLIssue) {
    limit = limits.documentBytes
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable(path, reason: unsafe String(cString: strerror(errno))) }
    storage = .file(descriptor: descriptor, path: path, taken: 0)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Self.unreadable(path, reason: "it is no regular file")
    }
    octets = Int(status.st_size)
    guard octets <= limit else { throw Self.tooLarge(octets, file: path, limit: limit) }
  }

  deinit {
    if case .file(let descriptor, _, _) = storage { close(descriptor) }
  }

  /// The next chunk; after the last one the answer stays empty.
  func next() throws(XMLIssue) -> (bytes: [UInt8], isLast: Bool) {
    switch storage {
    case .bytes(let bytes, let offset):
      let end = min(offset + Self.chunkBytes, bytes.count)
      storage = .bytes(bytes, offset: end)
      return (Array(bytes[offset..<end]), end == bytes.count)
    case .file(let descriptor, let path, let taken):
      let chunk = try Self.read(descriptor, path: path)
      guard taken + chunk.count <= limit else { throw Self.tooLarge(taken + chunk.count, file: path, limit: limit) }
      storage = .file(descriptor: descriptor, path: path, taken: taken + chunk.count)
      return (chunk, chunk.count < Self.chunkBytes)
    }
  }

  /// Reads until the chunk is full or the file ends.
  private static func read(_ descriptor: CInt, path: String) throws(XMLIssue) -> [UInt8] {
    var failure: CInt = 0
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: chunkBytes) { buffer, count in
      while count < buffer.count {
        let got = unsafe Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    guard failure == 0 else { throw unreadable(path, reason: unsafe String(cString: strerror(failure))) }
    return chunk
  }

  private static func tooLarge(_ size: Int, file: String, limit: Int) -> XMLIssue {
    XMLIssue(
      .documentTooLarge, "The document has \(size) bytes, the limit is \(limit).", file: file,
      hint: "Send it in several documents, or raise the limit documentBytes.")
  }

  private static func unreadable(_ path: String, reason: String) -> XMLIssue {
    XMLIssue(.fileUnreadable, "The file '\(path)' cannot be read: \(reason).", file: path)
  }
}
