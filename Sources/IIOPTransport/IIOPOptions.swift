public import GIOPCore
public import ORBCore

/// Bounds and waiting times of a transport.
public struct IIOPOptions: Sendable {
  /// What one connection may make us keep; the size of a message first of all.
  public var limits: GIOPLimits
  /// Connections that may be open at once; one more is closed as soon as it is accepted, or takes a stranger's place
  /// (``strangersGiveWay``).
  public var maximumConnections = 4096
  /// Connections of one address that may be open at once, in the same way.
  public var maximumConnectionsPerAddress = Int.max
  /// Whether one connection too many takes the place of a stranger (see ``/ORBCore/PeerStanding``): of the one that has been there for
  /// longest, of the address with the most of them. For servers that know peers at all: elsewhere everybody is a stranger, and who comes
  /// last would send away those who are at work.
  public var strangersGiveWay = false
  /// Requests that one connection may have under way before no more of its octets are read.
  public var pausingRequests = 256
  /// Octets that may wait to be sent on one connection before no more requests are read from it.
  public var pausingOutput = 1 << 20
  /// Octets that all connections may hold together, of messages that have not arrived in full and of replies that peers do not take;
  /// beyond, a connection is closed: strangers before those that are known, and of them the one that holds the most of the address that
  /// does.
  public var maximumHeldOctets = 40 << 20
  /// Octets of those that strangers may hold together; nil: all of them.
  public var maximumStrangerOctets: Int?
  /// How long a message may take from its first octet to its last, and a peer to take a reply off the wire.
  public var messageTimeout: Duration = .seconds(60)
  /// How long a connection may be without a request under way; nil: for ever.
  public var idleTimeout: Duration? = .seconds(3600)
  /// The same for strangers; nil: ``idleTimeout`` holds for them, too.
  public var strangerIdleTimeout: Duration?
  /// Told of connections that were closed for want of room, with the peer's address and the reason. Called on an event loop.
  public var didTurnAway: (@Sendable (_ peer: Endpoint, _ reason: String) -> Void)?
  /// Told of connections that a server ended since what came over them is not GIOP as it may come, or since the peer says so of ours, with
  /// the peer's address. Called on an event loop.
  public var didRefuse: (@Sendable (_ peer: Endpoint, _ error: GIOPError) -> Void)?
  /// How long making a connection may take.
  public var connectTimeout: Duration = .seconds(10)

  public init() {
    limits = GIOPLimits(messageSize: 16 << 20, partialMessages: 64, partialBytes: 16 << 20)
  }
}

extension Duration {
  /// The duration in nanoseconds, never negative, at most some centuries.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    if seconds < 0 || attoseconds < 0 { return 0 }
    return UInt64(min(seconds, 1 << 33)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}
