/// Something that does not work and is tried again: each wait is twice as long as the one before, at most half a minute. No retry without
/// a wait.
struct RepeatedTrouble: Sendable {
  /// Failures in a row.
  private(set) var count = 0
  private var until: ContinuousClock.Instant?

  /// The longest wait.
  static let longestWait = Duration.seconds(30)

  /// Whether nothing has failed since it last worked.
  var isOver: Bool { count == 0 }

  /// How long to wait now; nil where the time to try again has come, or nothing has failed.
  var wait: Duration? {
    guard let until, case let left = until - .now, left > .zero else { return nil }
    return left
  }

  /// It failed once more.
  mutating func begin() {
    count += 1
    until = .now + min(Self.longestWait, .milliseconds(125 << min(count, 10)))
  }

  /// It worked.
  mutating func end() { (count, until) = (0, nil) }
}
