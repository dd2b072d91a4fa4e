import Glibc

/// Files that are read whole: regular ones alone. A pipe would be waited for without end, and what a device says ends nowhere.
public enum RegularFile {
  /// Why a file is not read.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// In words, without the name of the file.
    public let description: String
  }

  /// What stands at a path; links are followed.
  public enum Kind: Sendable { case missing, file, folder, other }

  /// What stands at a path.
  public static func kind(at path: String) -> Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .missing }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    default: .other
    }
  }

  /// The octets of a file.
  ///
  /// - Parameters:
  ///   - limit: octets that it may have; the size is looked at before memory is taken.
  ///   - followsLinks: whether the path may name a symbolic link.
  public static func octets(of path: String, limit: Int, followsLinks: Bool = true) throws(Failure) -> [UInt8] {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      if !followsLinks, errno == ELOOP { throw Failure(description: "it is a link, which is not followed") }
      throw Failure(description: unsafe String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(description: "it is no regular file")
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(min(Int(status.st_size), limit) + 1)
    if Int(status.st_size) > limit { throw tooLarge(Int(status.st_size), limit) }
    while true {
      var failure: CInt = 0
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
        let got = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if got < 0 { failure = errno } else { count = got }
      }
      if failure == EINTR { continue }
      if failure != 0 { throw Failure(description: unsafe String(cString: strerror(failure))) }
      if chunk.isEmpty { return octets }
      octets += chunk
      // It may grow meanwhile.
      if octets.count > limit { throw tooLarge(octets.count, limit) }
    }
  }

  private static func tooLarge(_ size: Int, _ limit: Int) -> Failure {
    Failure(description: "it has \(size) octets; at most \(limit) are allowed")
  }
}

/// The `.xml` files of a folder.
public struct XMLFilesOfFolder: Sendable {
  /// Names that a folder may have, with those of the folders inside: one with more is the wrong one, such as that of the whole system.
  public static let greatestCount = 10_000

  /// Their paths within the folder, sorted.
  public private(set) var names: [String] = []
  /// Whether there is anything at all.
  public private(set) var isEmpty = true
  /// Whether there is more than ``greatestCount``: then ``names`` are not all.
  public private(set) var isTooLarge = false

  /// Looks into a folder.
  ///
  /// - Parameter deep: whether the files of the folders inside count, too. Links to folders are not followed.
  public init(_ path: String, deep: Bool) {
    var count = 0
    look(path, "", deep, &count)
    names.sort()
  }

  private mutating func look(_ folder: String, _ prefix: String, _ deep: Bool, _ count: inout Int) {
    guard let stream = unsafe opendir(folder) else { return }
    defer { unsafe closedir(stream) }
    while !isTooLarge, let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      isEmpty = false
      count += 1
      if count > Self.greatestCount { isTooLarge = true }
      var status = stat()
      let place = "\(folder)/\(name)"
      if deep, unsafe lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        look(place, "\(prefix)\(name)/", deep, &count)
      } else if name.hasSuffix(".xml") {
        names.append(prefix + name)
      }
    }
  }
}
