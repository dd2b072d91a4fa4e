import BrokerRuntime
import COpenSSL
import Glibc
import HTTPTypes

/// A body, not yet looked at.
struct SpooledBody: Sendable {
  /// Where its octets are.
  enum Content: Sendable {
    /// In memory: those of a small one, which are stored with its items.
    case octets([UInt8])
    case file(String)
  }

  var content: Content
  var system: String
  /// The message id that came beside the document; empty for none.
  var messageID: String
  var digest: [UInt8]
  var octets: Int64

  /// The octets that are to be stored with the body's message; none of one that has a file.
  var kept: [UInt8] { if case .octets(let octets) = content { octets } else { [] } }
  /// The file; empty where there is none.
  var path: String { if case .file(let path) = content { path } else { "" } }
  var hasFile: Bool { !path.isEmpty }
}

/// A body that is whole, and whose file, if it has one, is still open, since not all of it need be on disk yet.
struct OpenBody: Sendable {
  var body: SpooledBody
  /// Closed by ``Spool/settle(_:)``.
  fileprivate var descriptor: Int32?
}

/// Where large bodies wait until their items are stored, and where their octets are kept afterwards.
///
/// A small body has no file: nothing of it was promised to anybody before it is stored, octets and items together.
/// A large body's file bears all that is needed to take it again after a crash: `spool/TIME-RANDOM+SYSTEM+MESSAGE-ID+OCTETS.xml`, the
/// numbers in hexadecimal, the names in base64url (RFC 4648), which is short enough for the longest names that there may be: a file
/// name has 255 octets. Until it is whole it ends with `.part`. Earlier releases wrote the names in hexadecimal, with commas between them.
/// The archive is addressed by content: `archive/ab/abcd….xml`.
struct Spool: Sendable {
  let folder: String
  private var spoolFolder: String { "\(folder)/spool" }
  private let desk: DiskDesk

  /// Octets of a message id that may come beside a document.
  static let greatestMessageID = 80
  /// Octets of a body that is kept in memory, and then in the store. To make, name and move a file costs more than to write these.
  static let greatestKept = 64 << 10

  /// Makes the folders where they are not there.
  init(folder: String) throws {
    self.folder = folder
    desk = DiskDesk(folder: "\(folder)/spool")
    for name in [folder, "\(folder)/spool", "\(folder)/archive"] where mkdir(name, 0o700) != 0 && errno != EEXIST {
      throw Self.failure("cannot make the folder \(name)")
    }
  }

  /// Begins a body.
  func begin(system: String, messageID: String) -> SpoolWriter {
    SpoolWriter(folder: spoolFolder, system: system, messageID: messageID)
  }

  /// Returns when a body is on disk. Its items may be taken meanwhile: nothing of it was promised to anybody before.
  func settle(_ body: OpenBody) async throws {
    if let descriptor = body.descriptor { try await desk.settle(descriptor) }
  }

  /// Bodies that a process left that ended before their items were stored.
  func leftOver() -> [SpooledBody] {
    guard let stream = opendir(spoolFolder) else { return [] }
    defer { closedir(stream) }
    var found: [SpooledBody] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isHexadecimal = name.contains(",")
      let parts = name.dropLast(4).split(separator: isHexadecimal ? "," : "+", omittingEmptySubsequences: false)
      let read = isHexadecimal ? Self.text : FileNameText.text
      // A body that never arrived whole was never promised to anybody.
      if name.hasSuffix(".part") { unlink("\(spoolFolder)/\(name)") }
      guard name.hasSuffix(".xml"), parts.count == 4, let system = read(parts[1]), let messageID = read(parts[2]),
        let (digest, octets) = Self.digest(ofFile: "\(spoolFolder)/\(name)")
      else { continue }
      // Nor was one of which the machine went down before all of it was on disk.
      guard octets == Int64(parts[3], radix: 16) else {
        unlink("\(spoolFolder)/\(name)")
        continue
      }
      found.append(
        SpooledBody(
          content: .file("\(spoolFolder)/\(name)"), system: system, messageID: messageID, digest: digest, octets: octets))
    }
    return found.sorted { $0.path < $1.path }
  }

  /// When a body came, in microseconds since 1970; nil where its name does not say.
  static func arrival(of body: SpooledBody) -> Int64? {
    guard let name = body.path.split(separator: "/").last else { return nil }
    return Int64(name.prefix { $0 != "-" }, radix: 16)
  }

  /// Puts a body whose items are stored into the archive, unless it was stored with them.
  func archive(_ body: SpooledBody) throws {
    guard case .file(let file) = body.content else { return }
    let path = archivePath(body.digest)
    let parent = String(path[..<path.lastIndex(of: "/")!])
    // Soon all folders are there.
    if rename(file, path) == 0 { return }
    if mkdir(parent, 0o700) != 0, errno != EEXIST { throw Self.failure("cannot make the folder \(parent)") }
    if rename(file, path) != 0 { throw Self.failure("cannot put \(file) into the archive") }
  }

  /// Where the octets with a digest are kept.
  func archivePath(_ digest: [UInt8]) -> String { DocumentArchive.path(in: folder, digest: digest) }

  /// Forgets a body that leaves no evidence.
  func discard(_ body: SpooledBody) {
    if case .file(let file) = body.content { unlink(file) }
  }

  private static func digest(ofFile path: String) -> ([UInt8], Int64)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let digest = RunningDigest()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var octets: Int64 = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      digest.update(buffer[..<count])
      octets += Int64(count)
    }
    return (digest.finish(), octets)
  }

  static func hexadecimal(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }

  private static func text(_ digits: Substring) -> String? {
    var octets: [UInt8] = []
    var rest = digits
    while !rest.isEmpty {
      guard let octet = UInt8(rest.prefix(2), radix: 16) else { return nil }
      octets.append(octet)
      rest = rest.dropFirst(2)
    }
    return String(decoding: octets, as: UTF8.self)
  }

  static func failure(_ message: String) -> GatewayRefusal {
    GatewayRefusal(.serviceUnavailable, "SPOOL_FAILED", "\(message): \(String(cString: strerror(errno)))", retryAfter: 30)
  }
}

/// Takes one body in, counting its octets and their digest: in memory as long as it is small, then in a file.
final class SpoolWriter {
  private let folder: String
  private let system: String
  private let messageID: String
  /// What came as long as there is no file.
  private var kept: [UInt8] = []
  private var file: (path: String, descriptor: Int32)?
  private let digest = RunningDigest()
  private(set) var octets: Int64 = 0

  /// - Parameter folder: of the file, if there is to be one.
  init(folder: String, system: String, messageID: String) { (self.folder, self.system, self.messageID) = (folder, system, messageID) }

  deinit {
    if let file {
      close(file.descriptor)
      unlink(file.path + ".part")
    }
  }

  /// Adds octets.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if file == nil, kept.count + bytes.count <= Spool.greatestKept {
      kept.append(contentsOf: bytes)
    } else {
      let file = try file ?? begin()
      try kept.withUnsafeBytes { try write($0, to: file) }
      kept = []
      try write(bytes, to: file)
    }
    digest.update(bytes)
    octets += Int64(bytes.count)
  }

  /// Makes the file. Its name, which lacks the octets and the end, is sorted as bodies come.
  private func begin() throws -> (path: String, descriptor: Int32) {
    let digits = String(UInt64(SystemClock.microseconds()), radix: 16)
    let time = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    let random = "\(time)-\(Secrets.random(8).map(Spool.hexadecimal).joined())"
    let path = "\(folder)/\(random)+\(FileNameText.encoded(system))+\(FileNameText.encoded(messageID))"
    let descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Spool.failure("cannot write \(path)") }
    file = (path, descriptor)
    return (path, descriptor)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, to file: (path: String, descriptor: Int32)) throws {
    var offset = 0
    while offset < bytes.count {
      let count = Glibc.write(file.descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw Spool.failure("cannot write \(file.path)") }
      offset += count
    }
  }

  /// Gives the file its name, if there is one. It is on disk when ``Spool/settle(_:)`` has returned, which must follow.
  func finish() throws -> OpenBody {
    guard let file else { return OpenBody(body: body(.octets(kept)), descriptor: nil) }
    let whole = "\(file.path)+\(String(octets, radix: 16)).xml"
    if rename(file.path + ".part", whole) != 0 { throw Spool.failure("cannot put \(whole) in its place") }
    self.file = nil
    return OpenBody(body: body(.file(whole)), descriptor: file.descriptor)
  }

  private func body(_ content: SpooledBody.Content) -> SpooledBody {
    SpooledBody(content: content, system: system, messageID: messageID, digest: digest.finish(), octets: octets)
  }
}

/// The SHA-256 of octets that come one after the other.
final class RunningDigest {
  private let context: OpaquePointer

  init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { fatalError("OpenSSL has no SHA-256") }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

  func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }

  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    EVP_DigestFinal_ex(context, &digest, &length)
    return digest
  }
}

/// Where documents are kept as they came.
public enum DocumentArchive {
  /// The file of the document with a SHA-256.
  ///
  /// - Parameter folder: the data folder.
  public static func path(in folder: String, digest: [UInt8]) -> String {
    let name = digest.map(Spool.hexadecimal).joined()
    return "\(folder)/archive/\(name.prefix(2))/\(name).xml"
  }
}

enum FileSize {
  /// The octets of a file.
  static func of(_ path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Spool.failure("cannot look at \(path)") }
    return Int(status.st_size)
  }
}
