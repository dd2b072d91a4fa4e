/// What became of everything that a message, a document, a file or a day brought. It adds up: what was received is the sum of the six.
///
/// Every receipt, command and balance counts by this type, so that all of them agree.
public struct ReceiptCounts: Hashable, Sendable {
  /// Items that changed something.
  public var applied = 0
  /// Items that say what was known already.
  public var unchanged = 0
  /// Items that wait for an id, a word or a person.
  public var held = 0
  /// Items that were refused.
  public var rejected = 0
  /// Items that were said before, in the same message or an earlier one, or that newer ones have overtaken.
  public var repeated = 0
  /// What nobody wanted: items for which the mapping emits nothing, and records beside the items that no description knows.
  public var leftOut = 0
  /// Those of ``repeated`` that are older than what was known, or bear its version with another content.
  public var stale = 0

  /// Counts nothing.
  public init() {}

  /// Counts outcomes.
  @inlinable public init(_ outcomes: some Sequence<ItemOutcome>) { for outcome in outcomes { add(outcome) } }

  /// Counts outcomes as receipts write them; one that no release knows counts as rejected.
  @inlinable public init(names: some Sequence<String>) { for name in names { add(ItemOutcome(rawValue: name) ?? .rejected) } }

  /// Everything that came.
  public var received: Int { applied + unchanged + held + rejected + repeated + leftOut }

  /// Counts some items of one outcome.
  public mutating func add(_ outcome: ItemOutcome, _ count: Int = 1) {
    switch outcome {
    case .applied: applied += count
    case .unchanged: unchanged += count
    case .held: held += count
    case .rejected: rejected += count
    case .stale:
      repeated += count
      stale += count
    case .superseded, .repeated: repeated += count
    case .leftOut: leftOut += count
    }
  }

  /// Counts what others have counted.
  public static func += (left: inout ReceiptCounts, right: ReceiptCounts) {
    left.applied += right.applied
    left.unchanged += right.unchanged
    left.held += right.held
    left.rejected += right.rejected
    left.repeated += right.repeated
    left.leftOut += right.leftOut
    left.stale += right.stale
  }

  /// The same items once more: all of them are repeated.
  public var again: ReceiptCounts {
    var counts = ReceiptCounts()
    counts.repeated = received
    return counts
  }

  /// The outcome of the whole: `accepted` where nothing is rejected or held, `refused` where nothing else came of it than rejections,
  /// `partial` between. Where everything was left out nothing is in order either, though nothing was refused: that is partial, too.
  public var outcome: String {
    if rejected > 0, rejected + leftOut == received { return "refused" }
    return rejected == 0 && held == 0 && (leftOut == 0 || leftOut < received) ? "accepted" : "partial"
  }

  /// All counts under the names that JSON and XML use, `received` first; `stale` is a part of `repeated`.
  public var named: [(name: String, count: Int)] {
    [
      ("received", received), ("applied", applied), ("unchanged", unchanged), ("held", held), ("rejected", rejected),
      ("repeated", repeated), ("leftOut", leftOut), ("stale", stale),
    ]
  }

  /// The counts that are not 0, in words: `2 applied, 1 left out`.
  public var words: String {
    let parts = [
      (applied, "applied"), (unchanged, "unchanged"), (held, "held"), (rejected, "rejected"), (repeated - stale, "repeated"),
      (stale, "stale"), (leftOut, "left out"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
