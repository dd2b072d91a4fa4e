/// Records of a message that no description knows, beside its items.
public struct LeftOutRow: Hashable, Sendable {
  public var message: Int64
  /// What they are called there: the local name of their elements.
  public var name: String
  public var count: Int

  public init(message: Int64, name: String, count: Int) {
    self.message = message
    self.name = name
    self.count = count
  }
}

/// That a message came once more and changed nothing.
public struct RepeatRow: Hashable, Sendable {
  /// Our number of the message that came first.
  public var message: Int64
  /// When it came again: microseconds since 1970 UTC.
  public var at: Int64

  public init(message: Int64, at: Int64) {
    self.message = message
    self.at = at
  }

  /// Repeats are counted by the quarter of an hour, so that a sender that never tires fills no disk; every day of every zone of time begins
  /// with one.
  public var quarter: Int64 { at.floorDivided(by: Self.quarterLength) }

  /// Microseconds.
  public static let quarterLength: Int64 = 900_000_000
}

/// What a system sent within a time, and what became of it until now.
public struct BalanceRow: Hashable, Sendable {
  public var system: String
  /// Messages, parts of large documents and repeats.
  public var messages = 0
  /// Those of them that were refused whole, so that nobody knows how many items they had.
  public var refused = 0
  public var counts = ReceiptCounts()

  public init(system: String) { self.system = system }
}

extension Int64 {
  /// The quotient, rounded down.
  func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
