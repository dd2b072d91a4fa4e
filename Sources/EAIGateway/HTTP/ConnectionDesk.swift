import BrokerRuntime
import NIOCore
import Synchronization

/// A connection over HTTP, as the others are compared with it.
final class GatewayConnection: Sendable {
  let channel: any Channel
  /// The peer's address.
  let host: String
  private let known = Atomic(false)
  private let busy = Atomic(false)

  init(_ channel: any Channel) {
    self.channel = channel
    host = channel.peerHost
  }

  /// Whether a partner has shown its token over this connection.
  var isKnown: Bool { known.load(ordering: .relaxed) }
  func vouch() { known.store(true, ordering: .relaxed) }

  /// Whether a request is under way.
  var isBusy: Bool {
    get { busy.load(ordering: .relaxed) }
    set { busy.store(newValue, ordering: .relaxed) }
  }
}

extension Channel {
  /// The address at the other end, without its port.
  var peerHost: String { remoteAddress?.ipAddress ?? "unknown" }
}

/// The connections that are open: so many at most, and of one address so many. One more takes the place of another: of a stranger, else of
/// a partner that has nothing under way; of the one that has been there for longest.
final class ConnectionDesk: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: (connection: GatewayConnection, number: Int)] = [:]
    var lastNumber = 0
  }

  private let limits: PeerLimits
  private let refusals: TalliedLog
  private let state = Mutex(State())

  init(limits: PeerLimits, refusals: TalliedLog) {
    self.limits = limits
    self.refusals = refusals
  }

  /// Takes a connection in. Where there is no room for it, another one is closed, or this one.
  func enter(_ channel: any Channel) -> GatewayConnection {
    let connection = GatewayConnection(channel)
    let leaver = state.withLock { state -> GatewayConnection? in
      let all = state.connections.values
      let isFull = all.count >= limits.httpConnections
      var leaver: GatewayConnection?
      if isFull || all.count(where: { $0.connection.host == connection.host }) >= limits.httpConnectionsPerAddress {
        leaver = Self.leaver(of: isFull ? Array(all) : all.filter { $0.connection.host == connection.host }) ?? connection
      }
      if let leaver { state.connections[ObjectIdentifier(leaver.channel)] = nil }
      if leaver !== connection {
        state.lastNumber += 1
        state.connections[ObjectIdentifier(channel)] = (connection, state.lastNumber)
      }
      return leaver
    }
    if let leaver {
      let reason = leaver === connection ? "all places are taken by partners" : "they gave way to others before they had shown a token"
      refusals.note("connections were closed: \(reason)", from: leaver.host)
      leaver.channel.close(promise: nil)
    }
    return connection
  }

  private static func leaver(of all: [(connection: GatewayConnection, number: Int)]) -> GatewayConnection? {
    let strangers = all.filter { !$0.connection.isKnown }
    let together = Dictionary(strangers.map { ($0.connection.host, 1) }, uniquingKeysWith: +)
    let stranger = strangers.max { (together[$0.connection.host]!, $1.number) < (together[$1.connection.host]!, $0.number) }
    return (stranger ?? all.filter { !$0.connection.isBusy }.min { $0.number < $1.number })?.connection
  }

  func leave(_ connection: GatewayConnection) {
    state.withLock { state in
      let key = ObjectIdentifier(connection.channel)
      if state.connections[key]?.connection === connection { state.connections[key] = nil }
    }
  }

  /// A partner has shown its token.
  func vouch(for channel: any Channel) { state.withLock { $0.connections[ObjectIdentifier(channel)]?.connection }?.vouch() }
}
