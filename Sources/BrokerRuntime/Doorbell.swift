internal import Glibc

/// Tells a running broker that another process changed its rows: one datagram on a socket in the data folder.
///
/// Nothing is lost where nobody listens: a broker that starts looks at all rows anyway.
public enum Doorbell {
  private static func address(_ folder: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(folder)/doorbell".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    return address
  }

  private static func open(_ folder: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Int32? {
    guard var address = address(folder) else { return nil }
    let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return nil }
    let done = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    if done { return socket }
    close(socket)
    return nil
  }

  /// Rings at the broker that serves the data folder, if there is one.
  public static func ring(_ folder: String) {
    let socket = open(folder) { socket, address, length in
      sendto(socket, [1 as UInt8], 1, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), address, length) >= 0
    }
    if let socket { close(socket) }
  }

  /// Calls `action` for every ring until the returned closure is called.
  ///
  /// - Returns: nil where the socket cannot be opened, for example because the folder's path is too long for one.
  public static func listen(_ folder: String, _ action: @escaping @Sendable () -> Void) -> (@Sendable () -> Void)? {
    unlink("\(folder)/doorbell")
    guard let socket = open(folder, { bind($0, $1, $2) == 0 }) else { return nil }
    var thread = pthread_t()
    let listener = Unmanaged.passRetained(Listener(socket: socket, action: action))
    let started = pthread_create(
      &thread, nil,
      {
        Unmanaged<Listener>.fromOpaque($0!).takeRetainedValue().run(); return nil
      }, listener.toOpaque())
    guard started == 0 else {
      listener.release()
      close(socket)
      return nil
    }
    pthread_detach(thread)
    return { shutdown(socket, Int32(SHUT_RDWR)) }
  }

  private final class Listener: Sendable {
    let socket: Int32
    let action: @Sendable () -> Void

    init(socket: Int32, action: @escaping @Sendable () -> Void) {
      self.socket = socket
      self.action = action
    }

    func run() {
      var octet: UInt8 = 0
      while true {
        let count = recv(socket, &octet, 1, 0)
        if count > 0 { action() } else if count == 0 || errno != EINTR { break }
      }
      close(socket)
    }
  }
}
