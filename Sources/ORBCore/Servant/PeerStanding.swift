import Synchronization

/// What is known of the peer at the other end of one connection. The application says so, and the transport acts on it: where room is
/// scarce, who is known goes first.
public final class PeerStanding: Sendable {
  private let known = Atomic<Bool>(false)

  public init() {}

  /// Whether the peer has shown who it is: it logged in, or called an object whose key nobody can guess.
  public var isKnown: Bool { known.load(ordering: .relaxed) }

  /// The peer has shown who it is; that holds until its connection ends.
  public func vouch() { if !isKnown { known.store(true, ordering: .relaxed) } }
}

extension ServerContext {
  /// The caller's address without its port; ``peer`` where that is none.
  public var peerHost: String { Self.host(of: peer) }

  /// The address alone of `host:port` or `[host]:port`; one of IPv4 that came through an IPv6 socket as IPv4.
  public static func host(of peer: String) -> String {
    var host = peer[..<(peer.lastIndex(of: ":") ?? peer.endIndex)]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    let mapped = "::ffff:"
    return host.lowercased().hasPrefix(mapped) ? String(host.dropFirst(mapped.count)) : String(host)
  }
}
