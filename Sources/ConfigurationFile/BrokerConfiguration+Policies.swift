public import Broker

extension BrokerConfiguration {
  /// What steps obey: one line for each section that has a policy.
  public var stepPolicies: StepPolicies {
    var policies = StepPolicies()
    policies.zone = self[DaysSection.self]
    policies.inactive = self[OrdersSection.self].inactive
    policies.amounts = self[AmountsSection.self]
    policies.deliveryLimits = self[DeliveriesSection.self]
    policies.nearMisses = self[IdentitySection.self].nearMisses
    return policies
  }
}
