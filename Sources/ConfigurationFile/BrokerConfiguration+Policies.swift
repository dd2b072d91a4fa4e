public import Broker

extension BrokerConfiguration {
  /// What steps obey: one line for each section that has a policy.
  public var stepPolicies: StepPolicies {
    let policies = StepPolicies()
    return policies
  }
}
