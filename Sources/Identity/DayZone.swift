/// Where days begin and end: a zone of the time zone database, or UTC.
///
/// Times are told in UTC everywhere; a *day* that is made of a time, such as that of a signature, is the day in this zone.
public struct DayZone: Sendable, Hashable {
  /// `UTC`, or as the database names it: `Asia/Shanghai`.
  public let name: String
  /// Microseconds east of UTC at a time in microseconds since 1970.
  private let offset: @Sendable (Int64) -> Int64

  public static let utc = DayZone("UTC") { _ in 0 }

  /// - Parameter offset: microseconds east of UTC at a time in microseconds since 1970.
  public init(_ name: String, offset: @escaping @Sendable (Int64) -> Int64) {
    self.name = name
    self.offset = offset
  }

  /// The day of a time in microseconds since 1970.
  public func day(of time: Int64) -> CalendarDay { CalendarDay(microseconds: time &+ offset(time)) }

  /// The first moment of a day, in microseconds since 1970: midnight, or what follows where clocks skip midnight.
  public func start(of day: CalendarDay) -> Int64 {
    let midnight = Int64(day.number) * 86_400_000_000
    // Clocks change by hours at most, so that one of the offsets around holds at midnight; where none does, midnight is skipped.
    let around = [midnight - 86_400_000_000, midnight + 86_400_000_000].map { midnight - offset($0) }
    if let first = around.filter({ self.day(of: $0) == day && self.day(of: $0 - 1) != day }).min() { return first }
    var (low, high) = (around.min()! - 86_400_000_000, around.max()! + 86_400_000_000)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if self.day(of: middle).number < day.number { low = middle } else { high = middle }
    }
    return high
  }

  public static func == (one: DayZone, other: DayZone) -> Bool { one.name == other.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
