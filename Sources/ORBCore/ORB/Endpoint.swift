/// Where a transport reaches, or accepts, peers.
public struct Endpoint: Sendable, Hashable {
  /// A name or an address, as references carry it.
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

extension Endpoint: CustomStringConvertible {
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
