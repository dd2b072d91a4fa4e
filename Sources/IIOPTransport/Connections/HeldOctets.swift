import GIOPCore
import ORBCore
import Synchronization

/// What the connections of all loops hold of messages that have not arrived in full, or that peers do not take.
///
/// When that is too much, a connection has to go, so that a greedy peer does not turn away the modest ones: a stranger's before that of
/// a peer that is known; of those the one that holds the most of the address whose connections hold the most together, since a crowd
/// of small ones is greedy, too.
final class HeldOctets: Sendable {
  struct Holder {
    let connection: SocketConnection
    let count: Int
    var isStranger: Bool { !connection.standing.isKnown }
  }

  private let limit: Int
  private let strangerLimit: Int
  private let total = Atomic<Int>(0)
  /// Those that hold much.
  private let holders = Mutex<[ObjectIdentifier: Holder]>([:])
  /// What is no more than this is not worth a lock, and nobody is sent away for it.
  static let much = 4096

  /// - Parameter strangers: what those may hold together who are not known.
  init(limit: Int, strangers: Int) {
    self.limit = limit
    strangerLimit = strangers
  }

  /// Takes over how much a connection holds now.
  ///
  /// - Returns: the connection to close, if all together hold too much.
  func change(_ connection: SocketConnection, from before: Int, to now: Int) -> Holder? {
    let all = total.add(now - before, ordering: .relaxed).newValue
    if before <= Self.much && now <= Self.much { return nil }
    return holders.withLock { holders in
      holders[ObjectIdentifier(connection)] = now > Self.much ? Holder(connection: connection, count: now) : nil
      if now <= before { return nil }
      if all > limit { return Self.greediest(of: holders.values) }
      guard strangerLimit < .max, !connection.standing.isKnown else { return nil }
      let strangers = holders.values.lazy.filter(\.isStranger)
      return strangers.reduce(0, { $0 + $1.count }) > strangerLimit ? Self.greediest(of: strangers) : nil
    }
  }

  private static func greediest(of holders: some Sequence<Holder>) -> Holder? {
    let strangers = holders.filter(\.isStranger)
    let candidates = strangers.isEmpty ? Array(holders) : strangers
    let together = Dictionary(candidates.map { ($0.connection.peer.host, $0.count) }, uniquingKeysWith: +)
    return candidates.max { left, right in
      let (lefts, rights) = (together[left.connection.peer.host]!, together[right.connection.peer.host]!)
      // Of two that are equal the address decides, so that they are not taken by turns.
      if left.connection.peer.host != right.connection.peer.host, lefts == rights {
        return left.connection.peer.host < right.connection.peer.host
      }
      return (lefts, left.count) < (rights, right.count)
    }
  }
}

extension SocketConnection {
  /// How long the connection may be idle: a stranger's shorter.
  var idleTimeout: Duration? {
    guard !standing.isKnown, let strangers = options.strangerIdleTimeout else { return options.idleTimeout }
    return min(strangers, options.idleTimeout ?? strangers)
  }

  /// Closes the connection that has to go.
  func relieve(_ greediest: HeldOctets.Holder?) {
    guard let holder = greediest else { return }
    let (connection, count) = (holder.connection, holder.count)
    let reason = GIOPError(
      .messageTooLarge, "the connections hold too much of unfinished messages and of replies that nobody takes; this one \(count) octets")
    options.didTurnAway?(connection.peer, "they held too much of unfinished messages or of replies that they did not take")
    if connection === self { return close(reason) }
    connection.loop.submit { connection.close(reason) }
  }
}

/// How long the oldest message in fragments takes, however promptly its fragments come.
struct FragmentWatch {
  private var oldest: Int?
  /// When the oldest message began; 0 while there is none.
  private(set) var since: UInt64 = 0

  mutating func look(_ number: Int?, _ now: UInt64) {
    if number == oldest { return }
    oldest = number
    since = number == nil ? 0 : now
  }

  /// Starts anew after a time in which nobody read.
  mutating func goOn(_ now: UInt64) { if since != 0 { since = now } }
}
