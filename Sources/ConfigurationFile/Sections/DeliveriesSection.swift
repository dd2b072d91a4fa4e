public import Broker

/// `<deliveries>`: when an order that cannot be delivered is left to a person.
public enum DeliveriesSection: ConfigurationSection {
  public static let defaultValue = DeliveryLimits()

  public static let element = ConfigurationElement(
    "deliveries", "When an order, a change or a cancellation that fails again and again is parked for a person.",
    attributes: [
      .integer(
        "attempts", 1...1_000_000, default: defaultValue.attempts,
        "Failures in a row; while the system cannot be reached or says that it is busy, only `age` counts."),
      .duration(
        "age", .seconds(1)...(.seconds(365 * 86_400)), default: .microseconds(defaultValue.age),
        "Time since the first of a row of failures, at least 10 of them or `attempts`, if that is less."),
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> DeliveryLimits {
    DeliveryLimits(attempts: node.integer("attempts"), age: Int64(node.duration("age") / .microseconds(1)))
  }
}
