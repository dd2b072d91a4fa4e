import Glibc

/// Ends connections without a word, as a failing network does.
///
/// An ORB has no business doing this, so it has no way to ask for it: the socket is found by its peer's address.
enum ConnectionBreaker {
  /// Shuts the connection with the given peer, `127.0.0.1:40000`, down in both directions.
  static func breakConnection(to peer: String) {
    guard let colon = peer.lastIndex(of: ":"), let port = UInt16(peer[peer.index(after: colon)...]) else { return }
    for descriptor in Int32(3)..<4096 {
      var address = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let found = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
      }
      if found, Self.port(of: address) == port { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  private static func port(of address: sockaddr_storage) -> UInt16? {
    guard Int32(address.ss_family) == AF_INET || Int32(address.ss_family) == AF_INET6 else { return nil }
    // The port has the same place in both families (RFC 3493 3.3).
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
  }
}
