import GIOPCore
import ORBCore

/// The connections of a listener by address, in the order in which they came.
struct Crowd {
  private var byHost: [String: [ServerConnection]] = [:]

  /// Connections of one address.
  func count(of host: String) -> Int { byHost[host]?.count ?? 0 }

  mutating func add(_ connection: ServerConnection) { byHost[connection.peer.host, default: []].append(connection) }

  mutating func remove(_ connection: ServerConnection) {
    let host = connection.peer.host
    byHost[host]?.removeAll { $0 === connection }
    if byHost[host]?.isEmpty == true { byHost[host] = nil }
  }

  /// Takes the stranger that has been there for longest: of one address, or of the one with the most strangers.
  mutating func takeStranger(of host: String?) -> ServerConnection? {
    let strangers = (host.map { [$0: byHost[$0] ?? []] } ?? byHost).mapValues { $0.filter { !$0.standing.isKnown } }
    guard let leaver = strangers.max(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) })?.value.first else { return nil }
    remove(leaver)
    return leaver
  }
}
