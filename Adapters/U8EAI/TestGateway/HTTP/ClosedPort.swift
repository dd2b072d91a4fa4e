import Glibc

/// A port that is taken and refuses every connection: bound, but nobody listens.
final class ClosedPort: Sendable {
  let port: Int
  private let descriptor: Int32

  /// - Parameter port: 0 for one that is free.
  /// - Throws: ``PortFailure``.
  init(_ port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else {
      let error = errno
      close(descriptor)
      throw PortFailure(port: port, error: error)
    }
    self.port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}

/// A port that could not be taken.
struct PortFailure: Error, CustomStringConvertible {
  var port: Int
  var error: Int32
  var description: String { "cannot take port \(port): \(String(cString: strerror(error)))" }
}
