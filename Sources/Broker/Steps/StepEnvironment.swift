public import Identity

/// What a step may know of the world beside its rows: the time, randomness and the operator's decisions, all given by the runtime,
/// so that a simulation can replay a step exactly.
public struct StepEnvironment: Sendable {
  /// Microseconds since 1970 UTC.
  public let now: Int64
  private var seed: UInt64
  /// What the last common id was made from.
  private var lastRandom: UInt64?
  /// What the operator decided.
  public let policies: StepPolicies

  /// - Parameter seed: random bits; ids of things are made from them.
  public init(now: Int64, seed: UInt64, policies: StepPolicies = StepPolicies()) {
    self.now = now
    self.seed = seed
    self.policies = policies
  }

  /// How the system writes its ids of the entity.
  public func form(of entity: String, in system: String) -> CanonicalForm {
    policies.forms.isEmpty ? CanonicalForm() : policies.forms[.init(system: system, entity: entity)] ?? CanonicalForm()
  }

  /// How many ids of the system one thing may have.
  public func cardinality(of entity: String, in system: String) -> Cardinality {
    policies.cardinalities[.init(system: system, entity: entity)] ?? .oneToOne
  }

  /// The key of an id as its system wrote it; nil where the text is no id.
  public func key(_ entity: String, _ system: String, _ text: String) -> LinkKey? {
    (try? form(of: entity, in: system).canonical(text)).map { LinkKey(entity: entity, system: system, id: $0) }
  }

  /// A new common id, greater than the one before it (RFC 9562, 6.2, method 2), so that rows of things that are made together stand
  /// together. SplitMix64 gives the random bits.
  mutating func makeCommonID() -> CommonID {
    seed &+= 0x9E37_79B9_7F4A_7C15
    var bits = seed
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    let random = lastRandom.map { $0 &+ 1 &+ bits >> 40 } ?? bits
    lastRandom = random
    return CommonID(microseconds: now, random: random)
  }
}

/// The CRM core as a system of its own.
public let crmSystem = "crm"
