public import Broker

/// `<orders>`: what is ordered, and what is not.
public enum OrdersSection: ConfigurationSection {
  /// What is decided of orders.
  public struct Value: Sendable, Hashable {
    /// What is done with orders of what is inactive.
    public var inactive = InactivePolicy.refuse

    public init() {}
  }

  public static let defaultValue = Value()

  public static let element = ConfigurationElement(
    "orders", "What is ordered, and what is not.",
    attributes: [
      .choice(
        "inactive", default: InactivePolicy.refuse,
        "What is done with an inactive product or customer in a contract that is drafted, signed, amended, called off or sent: `refuse` it until the thing is active again, or `warn` and go on."
      )
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> Value {
    var value = Value()
    if let inactive = node.choice("inactive", InactivePolicy.self) { value.inactive = inactive }
    return value
  }
}
