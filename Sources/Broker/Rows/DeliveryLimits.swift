/// When a delivery that fails again and again is parked, so that a person decides about it.
///
/// A system that is down is no fault of an order: calls that found it away (``DeliveryFailure/isOutage``) count for the age alone.
public struct DeliveryLimits: Hashable, Sendable {
  /// Failures in a row, apart from those of a system that was away.
  public var attempts: Int
  /// Microseconds since the first of a row of failures.
  public var age: Int64

  /// - Parameters:
  ///   - attempts: at least 1. With the waits between them, 60 take about an hour.
  ///   - age: microseconds, at least 0; three days outlast a weekend.
  public init(attempts: Int = 60, age: Int64 = 3 * 86_400_000_000) {
    self.attempts = max(1, attempts)
    self.age = max(0, age)
  }

  /// Why a delivery that has just failed is to be parked; nil where it is tried again.
  ///
  /// A clock that was set forward must not park what failed once: what was tried rarely is not old.
  func reasonToPark(_ delivery: DeliveryRow, now: Int64) -> String? {
    if delivery.failures >= attempts { return "it failed \(delivery.failures) times in a row" }
    guard let since = delivery.failingSince, now - since >= age, delivery.attempts >= min(attempts, 10) else { return nil }
    return "it has failed for \(Self.words(microseconds: now - since))"
  }

  /// `3 days`, `5 hours`, `7 minutes`
  static func words(microseconds: Int64) -> String {
    let minutes = microseconds / 60_000_000
    if minutes >= 2 * 1440 { return "\(minutes / 1440) days" }
    return minutes >= 120 ? "\(minutes / 60) hours" : "\(minutes) minutes"
  }
}
