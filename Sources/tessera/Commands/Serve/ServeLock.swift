import Glibc

/// The lock that one serving process holds on a data folder; the system takes it back when the process ends, however it ends.
struct ServeLock: Sendable {
  private let descriptor: Int32

  /// - Throws: ``Refusal`` where another process serves the folder, ``InfrastructureFailure``.
  init(_ folder: DataFolder) throws {
    descriptor = open(folder.lockFile, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    if descriptor < 0 { throw Files.failure("LOCK_FAILED", "cannot open \(folder.lockFile)") }
    // It is written to: so it must be ours alone, and nothing else by another name.
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
      close(descriptor)
      throw Refusal(
        "LINK_REFUSED", "\(folder.lockFile) is no file of its own, and is not written to", hint: "remove it, and find out who made it")
    }
    fchmod(descriptor, 0o600)
    // Commands look for a moment whether it is held.
    var tries = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      tries += 1
      if errno == EWOULDBLOCK, tries < 20 {
        usleep(25_000)
        continue
      }
      let reason = errno
      var buffer = [UInt8](repeating: 0, count: 20)
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      close(descriptor)
      if reason != EWOULDBLOCK {
        errno = reason
        throw Files.failure("LOCK_FAILED", "cannot lock \(folder.lockFile)")
      }
      let process = String(decoding: buffer.prefix(max(0, count)).prefix { $0 > 0x20 }, as: UTF8.self)
      throw Refusal(
        "ALREADY_SERVED", "the process \(process) serves \(folder.path) already",
        hint: "stop it first, or choose another folder with --data")
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// The number of the process that took the lock last, as it wrote it down.
  static func holder(_ folder: DataFolder) -> String? {
    guard let octets = try? Files.read(folder.lockFile, limit: 64) else { return nil }
    return String(decoding: octets.prefix { $0 > 0x20 }, as: UTF8.self)
  }

  func release() { close(descriptor) }

  /// Whether a process serves the folder now.
  static func isHeld(_ folder: DataFolder) -> Bool {
    let descriptor = open(folder.lockFile, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
