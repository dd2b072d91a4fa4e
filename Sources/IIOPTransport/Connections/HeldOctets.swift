import GIOPCore
import Synchronization

/// What the connections of all loops hold of messages that have not arrived in full, or that peers do not take.
///
/// When that is too much, the connection with the most of it has to go, so that a greedy peer does not turn away the modest ones.
final class HeldOctets: Sendable {
  typealias Holder = (connection: SocketConnection, count: Int)

  private let limit: Int
  private let total = Atomic<Int>(0)
  /// Those that hold much.
  private let holders = Mutex<[ObjectIdentifier: Holder]>([:])
  /// What is less is not worth a lock.
  private static let much = 64 << 10

  init(limit: Int) { self.limit = limit }

  /// Takes over how much a connection holds now.
  ///
  /// - Parameter floor: a connection with no more than that is never sent away.
  /// - Returns: the connection to close, if all together hold too much.
  func change(_ connection: SocketConnection, from before: Int, to now: Int, floor: Int) -> Holder? {
    let all = total.add(now - before, ordering: .relaxed).newValue
    if before >= Self.much || now >= Self.much {
      holders.withLock { $0[ObjectIdentifier(connection)] = now >= Self.much ? (connection, now) : nil }
    }
    if all <= limit || now <= before { return nil }
    let greatest: Holder = holders.withLock { $0.values.max { $0.count < $1.count } } ?? (connection, now)
    return greatest.count > floor ? greatest : nil
  }
}

extension SocketConnection {
  /// Closes the connection that holds the most.
  func relieve(_ greatest: HeldOctets.Holder?) {
    guard let (connection, count) = greatest else { return }
    let reason = GIOPError(
      .messageTooLarge, "the connections hold too much of unfinished messages and of replies that nobody takes; this one \(count) octets")
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
