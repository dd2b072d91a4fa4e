/// Who waits for something scarce, and who is next: addresses take turns, and so do the connections of one address, so that nobody gets
/// more by asking more often.
struct FairQueue {
  /// Who asks.
  struct Caller: Hashable, Sendable {
    /// The address of the machine.
    var host: String
    /// The connection, by its address and port.
    var connection: String
  }

  /// What may wait.
  struct Limits: Sendable {
    /// In all.
    var all: Int
    /// Of one address.
    var perHost: Int
    /// Of one connection, those under way counted with those that wait.
    var perConnection: Int
  }

  private struct Waiting {
    let ticket: UInt64
    let caller: Caller
  }

  private let limits: Limits
  /// In the order in which they came.
  private var waiting: [Waiting] = []
  private var underWay: [Caller] = []
  /// Who was served when, by a count of all that were served; of those alone that are still here.
  private var served: [String: UInt64] = [:]
  private var servedCount: UInt64 = 0

  init(limits: Limits) { self.limits = limits }

  var waitingCount: Int { waiting.count }
  var underWayCount: Int { underWay.count }

  /// Queues a caller.
  ///
  /// - Returns: false where too many wait already: in all, of the caller's address, or of its connection.
  mutating func add(_ ticket: UInt64, _ caller: Caller) -> Bool {
    let sameConnection = waiting.count { $0.caller == caller } + underWay.count { $0 == caller }
    guard waiting.count < limits.all, sameConnection < limits.perConnection,
      waiting.count(where: { $0.caller.host == caller.host }) < limits.perHost
    else { return false }
    waiting.append(Waiting(ticket: ticket, caller: caller))
    return true
  }

  /// Takes whoever is next: the address that was served longest ago, of that the connection that was, of that who came first.
  mutating func takeNext() -> UInt64? {
    func turn(_ waiting: Waiting) -> (UInt64, UInt64) { (served[waiting.caller.host] ?? 0, served[waiting.caller.connection] ?? 0) }
    guard let index = waiting.indices.min(by: { turn(waiting[$0]) < turn(waiting[$1]) }) else { return nil }
    let next = waiting.remove(at: index)
    underWay.append(next.caller)
    servedCount += 1
    served[next.caller.host] = servedCount
    served[next.caller.connection] = servedCount
    return next.ticket
  }

  /// Forgets who does not want any more.
  ///
  /// - Returns: whether the caller still waited.
  mutating func withdraw(_ ticket: UInt64) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return false }
    waiting.remove(at: index)
    forget()
    return true
  }

  /// Whoever was taken is done.
  mutating func finish(_ caller: Caller) {
    if let index = underWay.firstIndex(of: caller) { underWay.remove(at: index) }
    forget()
  }

  /// Keeps the turns of those alone that are here: nobody's memory grows with the addresses that came by.
  private mutating func forget() {
    if waiting.isEmpty && underWay.isEmpty {
      served = [:]
    } else if served.count > 4 * (limits.all + limits.perConnection) {
      let present = Set((waiting.map(\.caller) + underWay).flatMap { [$0.host, $0.connection] })
      served = served.filter { present.contains($0.key) }
    }
  }
}
