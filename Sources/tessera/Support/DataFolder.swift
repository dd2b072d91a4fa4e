import Glibc
import StoreAPI

/// The folder that keeps everything of one installation: the store, the doorbell, the reference file, the lock.
struct DataFolder: Sendable {
  let path: String

  /// The folder of that name, whether it is there or not.
  init(named path: String) { self.path = path }

  /// The folder of a command that looks at what is there.
  ///
  /// - Throws: ``Refusal`` where there is none.
  init(existing path: String) throws {
    self.path = path
    if !Files.isFolder(path) {
      throw Refusal(
        "DATA_FOLDER_MISSING", "there is no data folder \(path)", hint: "start `tessera serve`, or name the folder with --data")
    }
    try FolderModes(path: path).refuseLinks()
  }

  /// The folder of a command that may be the first; made where it is not there, readable for its owner alone.
  ///
  /// - Throws: ``InfrastructureFailure``, ``Refusal`` where it holds links.
  init(creating path: String) throws {
    self.path = path
    try Files.makeFolder(path)
    try FolderModes(path: path).refuseLinks()
  }

  /// The store's file.
  var storeFile: String { "\(path)/tessera.sqlite" }
  /// The stringified reference of the well-known object `Tessera/Login`.
  var referenceFile: String { "\(path)/tessera.ior" }
  /// The files that `tessera serve` uses, where options named them.
  var filesInUseFile: String { "\(path)/serve.files" }
  /// broker.xml as `tessera serve` has read it.
  var servedConfigurationFile: String { "\(path)/serve.configuration" }
  /// Held by the one process that serves.
  var lockFile: String { "\(path)/serve.lock" }
}

/// Files, by the calls of the system.
enum Files {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static func makeFolder(_ path: String) throws {
    if isFolder(path) { return }
    let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
    if !parent.isEmpty { try makeFolder(path.hasPrefix("/") ? "/" + parent : parent) }
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw failure("DATA_FOLDER_FAILED", "cannot make the folder \(path)") }
  }

  /// A path that names the same from every folder.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getcwd(&buffer, buffer.count) != nil else { return path }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + "/" + path
  }

  /// The octets of a file that a person named.
  ///
  /// - Throws: ``Refusal`` where there is none, or where it is larger than `limit` octets.
  static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw Refusal("FILE_UNREADABLE", "cannot read \(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var octets: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Refusal("FILE_UNREADABLE", "cannot read \(path): \(String(cString: strerror(errno)))") }
      if count == 0 { return octets }
      octets += buffer[..<count]
      if octets.count > limit { throw Refusal("FILE_TOO_LARGE", "\(path) has more than \(limit) bytes") }
    }
  }

  /// Writes a file beside its place and then puts it there, so that nobody sees half of it.
  static func replace(_ path: String, with text: String) throws { try replace(path, with: Array(text.utf8)) }

  static func replace(_ path: String, with octets: [UInt8]) throws {
    let temporary = "\(path).\(getpid())"
    // What an earlier process left, or somebody planted, is not written to.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw failure("FILE_FAILED", "cannot write \(temporary)") }
    var rest = octets[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        close(descriptor)
        throw failure("FILE_FAILED", "cannot write \(temporary)")
      }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
    if rename(temporary, path) != 0 { throw failure("FILE_FAILED", "cannot put \(path) in its place") }
  }

  /// Removes a file; one that is not there is gone already.
  static func remove(_ path: String) throws {
    if unlink(path) != 0, errno != ENOENT { throw failure("FILE_FAILED", "cannot remove \(path)") }
  }

  static func failure(_ code: String, _ message: String) -> InfrastructureFailure {
    InfrastructureFailure(code, "\(message): \(String(cString: strerror(errno)))")
  }
}

extension DataFolder {
  /// Refuses a folder whose database is empty or missing while other files are there that a database must know: a new one would begin to
  /// count from 1, answer old messages as new ones and order again what was ordered.
  ///
  /// - Throws: ``InfrastructureFailure``.
  func refuseEmptyDatabase() throws {
    if Files.size(storeFile) > 0 { return }
    let state = Files.isFile(storeFile) ? "is empty" : "is missing"
    var found: [String] = []
    if Files.size("\(storeFile)-wal") > 0 { found.append("its log \(storeFile)-wal is there") }
    for name in ["archive", "spool"] where Files.holdsFiles("\(path)/\(name)") { found.append("documents are there in \(path)/\(name)") }
    if found.isEmpty { return }
    throw InfrastructureFailure(
      "DATABASE_MISSING", "\(storeFile) \(state), and \(found.joined(separator: ", "))",
      hint: "put the database or a backup back; to begin anew, choose another folder with --data, or move these files away")
  }
}

extension Files {
  /// The size of a file in octets; 0 where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  /// Whether a file stands in the folder or in one below it.
  static func holdsFiles(_ path: String) -> Bool {
    names(in: path).contains { isFile("\(path)/\($0)") || (isFolder("\(path)/\($0)") && holdsFiles("\(path)/\($0)")) }
  }
}
