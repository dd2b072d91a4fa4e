/// What peers may take of the broker at most. Whatever is reserved for those who are known is what these leave over.
public struct PeerLimits: Sendable, Hashable {
  /// Sessions that one system may have open.
  public var sessionsPerSystem = 100
  /// Connections over IIOP: in all, of one address, and how long one without a log-in may be idle. The system's limit of open files may
  /// allow fewer.
  public var connections = 4_096
  public var connectionsPerAddress = 3_072
  public var strangerIdle: Duration = .seconds(120)
  /// Connections over HTTP: in all and of one address.
  public var httpConnections = 1_024
  public var httpConnectionsPerAddress = 768
  /// How long a connection over HTTP may take until it has sent the head of its first request, and how long one may be idle over which a
  /// partner has shown its token.
  public var httpHead: Duration = .seconds(20)
  public var httpIdle: Duration = .seconds(120)
  /// Octets of a body that have to come in each such time, unless it ends before.
  public var bodyOctets = 65_536
  public var bodyTime: Duration = .seconds(60)
  /// Requests of one partner that are served at the same time.
  public var requestsPerPartner = 64

  public init() {}

  /// The same limits for a process that may have so many files open: an eighth of them is left for the database, documents and calls.
  ///
  /// - Parameter descriptors: the limit of open files.
  public func within(descriptors: Int) -> PeerLimits {
    var limits = self
    let all = max(16, descriptors - max(64, descriptors / 8))
    // A large document has a file beside its connection.
    limits.httpConnections = min(httpConnections, all / 4)
    limits.connections = min(connections, all / 2)
    limits.httpConnectionsPerAddress = min(httpConnectionsPerAddress, max(1, limits.httpConnections * 3 / 4))
    limits.connectionsPerAddress = min(connectionsPerAddress, max(1, limits.connections * 3 / 4))
    return limits
  }
}
