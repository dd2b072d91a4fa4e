import CRMCore

/// What is done with amounts that their currency cannot have, by ISO 4217: 1.005 EUR, 100.5 JPY.
public struct AmountPolicy: Sendable, Hashable {
  /// What is done with amounts that are paid as they stand: totals, credit limits, receivables. Who signs or owes them is hurt when
  /// another rounds them as it likes.
  public var paid = Response.refuse
  /// What is done with prices of more digits than their currency. They are lawful where little things are sold by the thousand: what a line
  /// costs is rounded.
  public var prices = PriceResponse.allow
  /// What is done with an order that its destination would book otherwise than it was signed.
  public var deliveries = DeliveryResponse.block

  /// All defaults.
  public init() {}

  /// What is done with an amount.
  public enum Response: String, Sendable, CaseIterable {
    /// It is not taken.
    case refuse
    /// It waits until a person releases it.
    case hold
    /// It is taken as it is, and its sender is told.
    case warn
  }

  /// What is done for a finding: that of prices for `PRICE_DIGITS`, else that of amounts; nil where it is allowed.
  func response(to finding: Finding) -> Response? { finding.code == "PRICE_DIGITS" ? Response(rawValue: prices.rawValue) : paid }

  /// What is done with a price.
  public enum PriceResponse: String, Sendable, CaseIterable {
    /// It is a price as any other.
    case allow
    /// As for amounts.
    case refuse, hold, warn
  }

  /// What is done with an order.
  public enum DeliveryResponse: String, Sendable, CaseIterable {
    /// It is not sent until the contract or the mapping is another.
    case block
    /// It is sent, which the log and the audit tell.
    case warn
  }
}
