/// A field and a value by which things of different systems are recognised as the same.
public struct MatchValue: Hashable, Sendable {
  public var field: String
  public var value: String
  public init(field: String, value: String) {
    self.field = field
    self.value = value
  }

  public static func == (left: MatchValue, right: MatchValue) -> Bool {
    left.field == right.field && ForeignID(left.value) == ForeignID(right.value)
  }

  /// The value alone tells nearly all apart.
  public func hash(into hasher: inout Hasher) { hasher.combine(ForeignID(value)) }
}

/// What to do with an id that is not linked yet.
public enum MatchDecision: Hashable, Sendable {
  /// Nothing like it is known: create the thing.
  case create
  /// One free hit: the id means this thing.
  case link(CommonID, by: MatchValue)
  /// Several hits, or a hit that another id of this system means already: a person decides.
  case ambiguous([CommonID], by: MatchValue)
}

/// The rules by which an unknown id finds its thing.
public enum MatchRules {
  /// Tries the match keys in their order; the first that hits anything decides. Empty values match nothing.
  ///
  /// - Parameters:
  ///   - candidates: the things that carry a match value, each once.
  ///   - isTaken: whether the thing has another id in the system whose item is being identified.
  public static func decide(
    _ keys: [MatchValue], candidates: (MatchValue) -> [CommonID], isTaken: (CommonID) -> Bool
  ) -> MatchDecision {
    for key in keys where !key.value.isEmpty {
      let hits = candidates(key)
      if hits.isEmpty { continue }
      if hits.count == 1, !isTaken(hits[0]) { return .link(hits[0], by: key) }
      return .ambiguous(hits.sorted(), by: key)
    }
    return .create
  }
}
