import Glibc
import Identity

/// The standard streams.
enum Console {
  /// Writes to the standard output, all of it, at once; what must not be shown is spelled out, wherever it comes from.
  static func print(_ text: String) { write(Array(VisibleText.lines(text).utf8), to: STDOUT_FILENO) }

  /// Writes octets to the standard output as they are, unless a terminal is there to be steered by them.
  static func print(octets: [UInt8]) {
    if isatty(STDOUT_FILENO) == 1 { print(String(decoding: octets, as: UTF8.self)) } else { write(octets, to: STDOUT_FILENO) }
  }

  /// Writes to the standard error.
  static func complain(_ text: String) { write(Array(VisibleText.lines(text).utf8), to: STDERR_FILENO) }

  private static func write(_ octets: [UInt8], to descriptor: Int32) {
    var rest = octets[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Nobody reads any more: nothing is left to be said.
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// The person at the keyboard.
enum Account {
  /// The name of the operating system's user.
  static var current: String {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      guard getpwuid_r(getuid(), &entry, buffer.baseAddress!, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
        return "uid \(getuid())"
      }
      return String(cString: name)
    }
  }
}
