import ORBCore

/// Who may change names; everybody may read them.
///
/// Plain CosNaming carries no credentials, so what counts is what the transport knows of the caller: its address. This is the one place
/// that decides.
public struct NamingAccess: Hashable, Sendable {
  /// Whether callers on this machine may.
  public var loopback: Bool
  /// Addresses of other callers that may, as their connections show them, without port: `10.1.2.3`, `2001:db8::1`.
  public var hosts: Set<String>

  /// - Parameter hosts: Addresses of other machines that may change names.
  public init(loopback: Bool = true, hosts: Set<String> = []) {
    self.loopback = loopback
    self.hosts = hosts
  }

  /// Whether the caller may change names.
  ///
  /// - Parameter peer: ``/ORBCore/ServerContext/peer``: `host:port`, `[host]:port`, or `in-process`.
  public func mayChange(peer: String) -> Bool {
    if peer == "in-process" { return true }
    let host = ServerContext.host(of: peer)
    return (loopback && Self.isLoopback(host)) || hosts.contains(host)
  }

  /// - Throws: NO_PERMISSION where the caller may not change names.
  func check(_ context: ServerContext) throws(SystemException) {
    if mayChange(peer: context.peer) { return }
    throw SystemException(
      .noPermission, completed: .no, message: "\(context.peer) may read names but not change them (\(context.operation))")
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
