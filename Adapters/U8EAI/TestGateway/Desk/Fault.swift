import Synchronization

/// What the interface does wrong on demand, as real ones do.
public enum Fault: String, CaseIterable, Sendable {
  /// Enters the order, then closes the connection without an answer.
  case commitThenDrop = "commit-then-drop"
  /// Closes the connection without an answer and enters the order after a while, though nobody waits any more.
  case lateCommit = "late-commit"
  /// Refuses the order in words.
  case refuse
  /// Says that its database does not answer, and enters nothing.
  case busy
  /// Answers success without a key and enters nothing, as for documents with wrong names.
  case succeedWithoutKey = "succeed0-empty-key"
  /// Enters the order, then answers 500 with a page of words.
  case htmlError = "html-error"
  /// Answers 200 with a page for people to log in, and enters nothing.
  case htmlPage = "html-page"
  /// Enters the order, then sends half of the answer.
  case cutOff = "cut-off"
  /// Enters the order, then answers without an end.
  case endless
  /// Enters the order; the answer says UTF-8 and is GB 18030.
  case wrongEncoding = "wrong-encoding"
  /// Enters the order and gives the answer to another message.
  case otherMessage = "other-message"
  /// Points at another address and enters nothing.
  case redirect
  /// Enters the order and answers after a while.
  case slow
  /// Takes no connections.
  case down
}

/// Which orders a fault strikes.
public struct FaultPlan: Sendable {
  public var fault: Fault?
  /// How many orders are struck, the first ones; nil for the first of every key.
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

  /// The fault that strikes this order, counted; nil where none does.
  func strike(key: String) -> Fault? {
    guard let fault = plan.fault else { return nil }
    return state.withLock { state in
      if let remaining = state.remaining {
        state.remaining = max(0, remaining - 1)
        return remaining > 0 ? fault : nil
      }
      return state.keys.insert(key).inserted ? fault : nil
    }
  }
}
