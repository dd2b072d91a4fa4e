public import Identity

/// What the operator decided, as far as steps look at it: the runtime reads it from broker.xml once and gives it to every step.
///
/// A policy is a type beside the rule that obeys it, with its default there; here it has one property.
public struct StepPolicies: Sendable {
  /// How systems write their ids of an entity.
  public var forms: [FormKey: CanonicalForm] = [:]
  /// The forms in which the database held its ids when these policies were made; nil where nobody looked.
  public var storedForms: Set<FormRow>?
  /// How values are written by which things are recognised.
  public var matchForms = MatchForms()
  /// What is done with ids that only look new; held where a system and entity are not here.
  public var nearMisses: [FormKey: NearMissPolicy] = [:]
  /// How many ids of a system a thing may have.
  public var cardinalities: [FormKey: Cardinality] = [:]

  /// Where days begin and end.
  public var zone = DayZone.utc
  /// What is done with orders of what is inactive.
  public var inactive = InactivePolicy.refuse
  /// What is done with amounts that their currency cannot have.
  public var amounts = AmountPolicy()
  /// When a delivery that fails again and again is left to a person.
  public var deliveryLimits = DeliveryLimits()

  /// A system and an entity.
  public struct FormKey: Hashable, Sendable {
    public let system: String
    public let entity: String
    public init(system: String, entity: String) {
      self.system = system
      self.entity = entity
    }
  }

  /// All defaults.
  public init() {}
}
