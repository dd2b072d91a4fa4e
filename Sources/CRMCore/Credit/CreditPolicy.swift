/// How the orders for a system, or for one of its credit areas, are controlled.
public struct CreditPolicy: Hashable, Sendable {
  public enum Control: String, Sendable, CaseIterable {
    /// A party is controlled from the moment on at which credit terms came in for it: who gives none is not controlled.
    case auto
    /// Every party is controlled; one without terms buys nothing on credit.
    case on
    case off
  }

  /// What is done where the system cannot be asked before an order is sent.
  public enum Fallback: String, Sendable, CaseIterable {
    /// The decision on the terms that we have stands.
    case stored
    /// The contract goes on hold.
    case hold
  }

  public var control = Control.auto
  /// Microseconds after which terms are too old to sell by; nil: never.
  public var staleAfter: Int64? = 48 * 3_600_000_000
  /// Days that a receivable may be overdue.
  public var graceDays = 5
  /// The system is asked before an order is sent, where it offers that.
  public var asks = true
  public var fallback = Fallback.stored

  public init() {}
}
