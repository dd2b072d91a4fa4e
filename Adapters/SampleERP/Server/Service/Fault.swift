import Synchronization

/// What the ERP does wrong on demand, as real ones do: partners prove with it that no order is lost or doubled.
public enum Fault: String, CaseIterable, Sendable {
  /// Books the order, then closes the connection without an answer.
  case commitThenDrop = "commit-then-drop"
  /// Closes the connection without an answer and books the order after a while, though nobody waits any more; a key that was
  /// asked for in between stays unbooked where keys are fenced.
  case lateCommit = "late-commit"
  /// Refuses the last position of an order.
  case refuseLine = "refuse-line"
  /// Works, and answers after a while.
  case slow
  /// Writes its reference and takes no connections.
  case down
}

/// Which calls a fault strikes.
public struct FaultPlan: Sendable {
  public var fault: Fault?
  /// How many calls are struck, the first ones. Nil: the first create of every key (`commit-then-drop`, `late-commit`), every call
  /// (`refuse-line`, `slow`).
  public var count: Int?
  /// How long `slow` and `late-commit` take.
  public var delay: Duration

  public init(fault: Fault? = nil, count: Int? = nil, delay: Duration = .seconds(2)) {
    self.fault = fault
    self.count = count
    self.delay = delay
  }
}

/// Counts what a fault has struck.
final class FaultCounter: Sendable {
  let plan: FaultPlan
  private let state: Mutex<(remaining: Int?, keys: Set<String>)>

  init(_ plan: FaultPlan) {
    self.plan = plan
    state = Mutex((plan.count, []))
  }

  /// Whether this call is struck; counts it if so.
  ///
  /// - Parameter key: of the order, empty for reads.
  func strikes(_ fault: Fault, key: String) -> Bool {
    guard plan.fault == fault else { return false }
    return state.withLock { state in
      if let remaining = state.remaining {
        state.remaining = max(0, remaining - 1)
        return remaining > 0
      }
      let isOncePerKey = fault == .commitThenDrop || fault == .lateCommit
      return !isOncePerKey || state.keys.insert(key).inserted
    }
  }
}
