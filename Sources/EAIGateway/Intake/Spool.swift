import BrokerRuntime
import COpenSSL
import Glibc
import HTTPTypes

/// A body in a file, not yet looked at.
struct SpooledBody: Sendable {
  var path: String
  var system: String
  /// The message id that came beside the document; empty for none.
  var messageID: String
  var digest: [UInt8]
  var octets: Int64
}

/// A body that is whole, and whose file is still open, since not all of it need be on disk yet.
struct OpenBody: Sendable {
  var body: SpooledBody
  /// Closed by ``Spool/settle(_:)``.
  fileprivate var descriptor: Int32
}

/// Where bodies wait until their items are stored, and where their octets are kept afterwards.
///
/// A body's file bears all that is needed to take it again after a crash: `spool/TIME-RANDOM,SYSTEM,MESSAGE-ID,OCTETS.xml`, all in
/// hexadecimal; until it is whole it ends with `.part`. The archive is addressed by content: `archive/ab/abcd….xml`.
struct Spool: Sendable {
  let folder: String
  private var spoolFolder: String { "\(folder)/spool" }
  private let desk: DiskDesk

  /// Octets of a message id that may come beside a document.
  static let greatestMessageID = 80

  /// Makes the folders where they are not there.
  init(folder: String) throws {
    self.folder = folder
    desk = DiskDesk(folder: "\(folder)/spool")
    for name in [folder, "\(folder)/spool", "\(folder)/archive"] where mkdir(name, 0o700) != 0 && errno != EEXIST {
      throw Self.failure("cannot make the folder \(name)")
    }
  }

  /// Begins a body.
  func begin(system: String, messageID: String) throws -> SpoolWriter {
    let digits = String(UInt64(SystemClock.microseconds()), radix: 16)
    // Sorted as it came.
    let time = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    let random = "\(time)-\(Secrets.random(8).map(Self.hexadecimal).joined())"
    let parts = [random, Array(system.utf8).map(Self.hexadecimal).joined(), Array(messageID.utf8).map(Self.hexadecimal).joined()]
    return try SpoolWriter(path: "\(spoolFolder)/\(parts.joined(separator: ","))", system: system, messageID: messageID)
  }

  /// Returns when a body is on disk. Its items may be taken meanwhile: nothing of it was promised to anybody before.
  func settle(_ body: OpenBody) async throws { try await desk.settle(body.descriptor) }

  /// Bodies that a process left that ended before their items were stored.
  func leftOver() -> [SpooledBody] {
    guard let stream = opendir(spoolFolder) else { return [] }
    defer { closedir(stream) }
    var found: [SpooledBody] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let parts = name.dropLast(4).split(separator: ",", omittingEmptySubsequences: false)
      // A body that never arrived whole was never promised to anybody.
      if name.hasSuffix(".part") { unlink("\(spoolFolder)/\(name)") }
      guard name.hasSuffix(".xml"), parts.count == 4, let system = Self.text(parts[1]), let messageID = Self.text(parts[2]),
        let (digest, octets) = Self.digest(ofFile: "\(spoolFolder)/\(name)")
      else { continue }
      // Nor was one of which the machine went down before all of it was on disk.
      guard octets == Int64(parts[3], radix: 16) else {
        unlink("\(spoolFolder)/\(name)")
        continue
      }
      found.append(
        SpooledBody(path: "\(spoolFolder)/\(name)", system: system, messageID: messageID, digest: digest, octets: octets))
    }
    return found.sorted { $0.path < $1.path }
  }

  /// When a body came, in microseconds since 1970; nil where its name does not say.
  static func arrival(of body: SpooledBody) -> Int64? {
    guard let name = body.path.split(separator: "/").last else { return nil }
    return Int64(name.prefix { $0 != "-" }, radix: 16)
  }

  /// Puts a body whose items are stored into the archive.
  func archive(_ body: SpooledBody) throws {
    let path = archivePath(body.digest)
    let parent = String(path[..<path.lastIndex(of: "/")!])
    // Soon all folders are there.
    if rename(body.path, path) == 0 { return }
    if mkdir(parent, 0o700) != 0, errno != EEXIST { throw Self.failure("cannot make the folder \(parent)") }
    if rename(body.path, path) != 0 { throw Self.failure("cannot put \(body.path) into the archive") }
  }

  /// Where the octets with a digest are kept.
  func archivePath(_ digest: [UInt8]) -> String { DocumentArchive.path(in: folder, digest: digest) }

  /// Forgets a body that leaves no evidence.
  func discard(_ body: SpooledBody) { unlink(body.path) }

  private static func digest(ofFile path: String) -> ([UInt8], Int64)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
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

/// Writes one body, counting its octets and their digest.
final class SpoolWriter {
  private let path: String
  private let system: String
  private let messageID: String
  private var descriptor: Int32
  private let digest = RunningDigest()
  private(set) var octets: Int64 = 0

  /// - Parameter path: of the file, without its octets and the end of its name.
  init(path: String, system: String, messageID: String) throws {
    (self.path, self.system, self.messageID) = (path, system, messageID)
    descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw Spool.failure("cannot write \(path)") }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(path + ".part")
    }
  }

  /// Adds octets.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var offset = 0
    while offset < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw Spool.failure("cannot write \(path)") }
      offset += count
    }
    digest.update(bytes)
    octets += Int64(bytes.count)
  }

  /// Gives the file its name. It is on disk when ``Spool/settle(_:)`` has returned, which must follow.
  func finish() throws -> OpenBody {
    let whole = "\(path),\(String(octets, radix: 16)).xml"
    if rename(path + ".part", whole) != 0 { throw Spool.failure("cannot put \(whole) in its place") }
    defer { descriptor = -1 }
    let body = SpooledBody(path: whole, system: system, messageID: messageID, digest: digest.finish(), octets: octets)
    return OpenBody(body: body, descriptor: descriptor)
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
