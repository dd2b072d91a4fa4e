public import BrokerRuntime

/// `<limits>`: what peers may take of the broker at most.
public enum LimitsSection: ConfigurationSection {
  public static let defaultValue = PeerLimits()

  public static let element = ConfigurationElement(
    "limits", "What peers may take of the broker at most. Where room is scarce, who has logged in or shown a token goes first.",
    attributes: [
      .integer("sessions-per-system", 1...100_000, default: defaultValue.sessionsPerSystem, "Sessions that one system may have open."),
      .integer(
        "connections", 16...65_536, default: defaultValue.connections,
        "Connections over IIOP. The limit of open files may allow fewer (half of them); one more takes the place of a stranger."),
      .integer("connections-per-address", 1...65_536, default: defaultValue.connectionsPerAddress, "Those of one address."),
      .duration(
        "stranger-idle", .seconds(1)...(.seconds(86_400)), default: defaultValue.strangerIdle,
        "How long a connection over IIOP may be idle over which nobody has logged in."),
      .integer(
        "http-connections", 8...65_536, default: defaultValue.httpConnections,
        "Connections over HTTP. The limit of open files may allow fewer (a quarter of them)."),
      .integer("http-connections-per-address", 1...65_536, default: defaultValue.httpConnectionsPerAddress, "Those of one address."),
      .duration(
        "http-head", .seconds(1)...(.seconds(3_600)), default: defaultValue.httpHead,
        "How long a connection over HTTP may be there without a request, before a token was shown."),
      .duration(
        "http-idle", .seconds(1)...(.seconds(86_400)), default: defaultValue.httpIdle, "The same for one over which a token was shown."),
      .integer(
        "body-octets", 1...(1 << 30), default: defaultValue.bodyOctets,
        "Octets of a body that have to come in each `body-time`, unless it ends before."),
      .duration("body-time", .seconds(1)...(.seconds(3_600)), default: defaultValue.bodyTime, "See `body-octets`."),
      .integer(
        "requests-per-partner", 1...10_000, default: defaultValue.requestsPerPartner,
        "Requests of one partner that are served at the same time."),
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> PeerLimits {
    var limits = PeerLimits()
    limits.sessionsPerSystem = node.integer("sessions-per-system")
    limits.connections = node.integer("connections")
    limits.connectionsPerAddress = node.integer("connections-per-address")
    limits.strangerIdle = node.duration("stranger-idle")
    limits.httpConnections = node.integer("http-connections")
    limits.httpConnectionsPerAddress = node.integer("http-connections-per-address")
    limits.httpHead = node.duration("http-head")
    limits.httpIdle = node.duration("http-idle")
    limits.bodyOctets = node.integer("body-octets")
    limits.bodyTime = node.duration("body-time")
    limits.requestsPerPartner = node.integer("requests-per-partner")
    return limits
  }
}
