import Glibc

/// Who may read what a data folder holds, and whether somebody else could have put something there.
///
/// All of it is for its owner alone. Links inside are not followed: who may write there could make us write anywhere else. Two folders may be
/// links of the owner's own (or root's), since documents may need another disk: `spool` and `archive`. The data folder itself may be one.
struct FolderModes {
  /// What is wrong with one name.
  enum Fault: Hashable {
    case link(String)
    /// The mode, as `ls` would have it in octal digits.
    case open(String, mode: UInt32)
    case foreign(String, owner: UInt32)

    var text: String {
      switch self {
      case .link(let path): "\(path) is a link, which is not followed"
      case .open(let path, let mode): "\(path) has the mode \(String(mode, radix: 8)): others may use it"
      case .foreign(let path, let owner): "\(path) belongs to the user \(owner)"
      }
    }
  }

  private static let files = [
    "tessera.sqlite", "tessera.sqlite-wal", "tessera.sqlite-shm", "serve.lock", "tessera.ior", "doorbell", "broker.xml",
    "serve.files", "serve.configuration",
  ]
  private static let folders = ["spool", "archive"]

  let path: String

  /// Everything that is wrong.
  var faults: [Fault] {
    var faults: [Fault] = []
    var status = stat()
    if stat(path, &status) == 0 { faults += Self.looked(at: path, status) }
    for name in Self.files + Self.folders {
      let place = "\(path)/\(name)"
      guard lstat(place, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFLNK {
        if !Self.folders.contains(name) || (status.st_uid != geteuid() && status.st_uid != 0) { faults.append(.link(place)) }
        continue
      }
      // A socket that others may ring at tells them nothing.
      if name != "doorbell" { faults += Self.looked(at: place, status) }
    }
    return faults
  }

  private static func looked(at path: String, _ status: stat) -> [Fault] {
    if geteuid() != 0, status.st_uid != geteuid() { return [.foreign(path, owner: status.st_uid)] }
    return status.st_mode & 0o077 == 0 ? [] : [.open(path, mode: UInt32(status.st_mode & 0o7777))]
  }

  /// - Throws: ``Refusal`` where something is a link.
  func refuseLinks() throws {
    for fault in faults {
      guard case .link = fault else { continue }
      throw Refusal(
        "LINK_REFUSED", fault.text,
        hint: "remove it, and find out who made it; to keep everything elsewhere, make the data folder itself a link")
    }
  }

  /// Takes away what others may do.
  ///
  /// - Returns: what was changed, in words.
  func close() -> [String] {
    faults.compactMap { fault in
      guard case .open(let path, let mode) = fault, chmod(path, mode & 0o700) == 0 else { return nil }
      return "\(path) had the mode \(String(mode, radix: 8))"
    }
  }
}

extension Doctor {
  /// Whether the data folder is for its owner alone.
  func folder() -> [Finding] {
    guard Files.isFolder(common.data) else { return [] }
    let faults = FolderModes(path: common.data).faults
    if faults.isEmpty {
      return [Finding(subject: "folder", state: .good, text: "\(common.data) is for its owner alone, and holds no links")]
    }
    return faults.map { fault in
      let remedy =
        switch fault {
        case .link: "remove it, and find out who made it"
        case .open(let path, let mode): "`tessera serve` takes it away when it starts, or `chmod \(String(mode & 0o700, radix: 8)) \(path)`"
        case .foreign: "run tessera as that user, or give it back with chown"
        }
      return Finding(subject: "folder", state: .bad, text: fault.text, remedy: remedy)
    }
  }
}
