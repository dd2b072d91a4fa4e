public import Broker

/// `<amounts>`: amounts that their currency cannot have.
public enum AmountsSection: ConfigurationSection {
  public static let defaultValue = AmountPolicy()

  public static let element = ConfigurationElement(
    "amounts",
    "Amounts that their currency cannot have by ISO 4217, such as 1.005 EUR or 100.5 JPY, and orders that would be booked otherwise.",
    attributes: [
      .choice(
        "paid", default: defaultValue.paid,
        "What is done with an amount that is paid as it stands (a total, a credit limit, a receivable): `refuse` it, `hold` it until a person releases it, or `warn` and take it as it is."
      ),
      .choice(
        "prices", default: defaultValue.prices,
        "What is done with a price of more digits than its currency: `allow` it, since a line is rounded, or as `paid`."),
      .choice(
        "deliveries", default: defaultValue.deliveries,
        "What is done with an order whose mapping changes what was signed (a price that becomes 0, a line that costs something else): `block` it, or `warn` and send it."
      ),
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> AmountPolicy {
    var policy = AmountPolicy()
    if let paid = node.choice("paid", AmountPolicy.Response.self) { policy.paid = paid }
    if let prices = node.choice("prices", AmountPolicy.PriceResponse.self) { policy.prices = prices }
    if let deliveries = node.choice("deliveries", AmountPolicy.DeliveryResponse.self) { policy.deliveries = deliveries }
    return policy
  }
}
