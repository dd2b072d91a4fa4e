public import CDR
public import Identity
public import InterchangeIDL

/// What a party owes by how long it has been due, worked out from its open receivables.
///
/// A receivable is overdue from the day after its due date on. Credit notes count with their negative amounts.
public struct CreditAgeing: Hashable, Sendable {
  /// An interval of days after the due date with the open amount in it.
  public struct Bucket: Hashable, Sendable {
    /// Nil for what is not due yet.
    public let days: ClosedRange<Int>?
    public fileprivate(set) var amount: DecimalNumber
    public fileprivate(set) var count = 0

    /// `not due`, `1-30`, `over 90`.
    public var name: String {
      guard let days else { return "not due" }
      return days.upperBound == .max ? "over \(days.lowerBound - 1)" : "\(days.lowerBound)-\(days.upperBound)"
    }
  }

  /// Not due, 1 to 30 days over, 31 to 60, 61 to 90, more.
  public private(set) var buckets: [Bucket]
  public private(set) var open = Credit.zero
  public private(set) var overdue = Credit.zero
  private var oldestDue: CalendarDay?
  private let today: CalendarDay
  /// The days past due of each open receivable with its amount.
  private var late: [Int: DecimalNumber] = [:]

  /// - Parameter receivables: of one party, area and currency; closed ones are of no weight.
  public init(_ receivables: some Sequence<Interchange.V1.Receivable>, on today: CalendarDay) {
    self.today = today
    buckets = [nil, 1...30, 31...60, 61...90, 91 ... .max].map { Bucket(days: $0, amount: Credit.zero) }
    for receivable in receivables where receivable.isOpen {
      guard let due = CalendarDay(receivable.dueDate) else { continue }
      let amount = receivable.openAmount.decimal
      let days = today.number - due.number
      open = Credit.sum(open, amount)
      let index = buckets.firstIndex { days > 0 ? $0.days?.contains(days) == true : $0.days == nil } ?? 0
      buckets[index].amount = Credit.sum(buckets[index].amount, amount)
      buckets[index].count += 1
      guard days > 0 else { continue }
      overdue = Credit.sum(overdue, amount)
      late[days] = Credit.sum(late[days] ?? Credit.zero, amount)
      if oldestDue.map({ due < $0 }) ?? true { oldestDue = due }
    }
  }

  /// The due date that lies furthest back, and the days since then; nil where nothing is overdue.
  public var oldest: (due: CalendarDay, days: Int)? { oldestDue.map { ($0, today.number - $0.number) } }

  /// The open amount that is overdue for more than `days` days.
  public func overdue(beyond days: Int) -> DecimalNumber {
    late.reduce(Credit.zero) { $1.key > days ? Credit.sum($0, $1.value) : $0 }
  }
}

/// Arithmetic and words of amounts.
public enum Credit {
  public static let zero = DecimalNumber(0)

  /// Amounts have 18 digits and sums 37: they do not overflow before there are 10^19 of them.
  public static func sum(_ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber {
    guard let sum = left.adding(right) else { preconditionFailure("the amounts \(left) and \(right) cannot be added") }
    return sum
  }

  public static func difference(_ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber {
    guard let difference = left.subtracting(right) else { preconditionFailure("the amounts \(left) and \(right) cannot be subtracted") }
    return difference
  }

  /// At least two decimals, no others that say nothing: `12.50`.
  public static func words(_ amount: DecimalNumber) -> String {
    let short = amount.normalized
    return (short.scale < 2 ? short.rescaled(to: 2, rounding: .exact) ?? short : short).description
  }

  /// `1 day`, `26 hours`, `5 minutes`: the largest unit of which there are two, rounded down.
  public static func words(microseconds: Int64) -> String {
    let seconds = max(0, microseconds) / 1_000_000
    for (length, unit) in [(86_400, "day"), (3_600, "hour"), (60, "minute")] as [(Int64, String)] where seconds >= 2 * length {
      return "\(seconds / length) \(unit)s"
    }
    return "\(seconds) second\(seconds == 1 ? "" : "s")"
  }
}
