import CDR
import Identity

extension JSON {
  /// A record as JSON: members by name in the order of the IDL.
  ///
  /// `fixed` numbers are strings with all their digits, instants are ISO 8601 with microseconds, optional values that are not there are
  /// null, octets are hexadecimal digits.
  init(_ record: Record) {
    self = .object(
      zip(record.type.fields, record.slots).map { field, value in Member(name: field.name, value: JSON(value, as: field.type)) })
  }

  private init(_ value: CDR.Value, as type: TypeCode) {
    if type.isInstant, case .whole(let number) = value, let time = Int64(exactly: number.value) {
      self = .string(Instant.text(time))
      return
    }
    switch value {
    case .absent: self = .null
    case .boolean(let flag): self = .bool(flag)
    case .whole(let number): self = .number(String(number.value))
    case .decimal(let number): self = .string(number.description)
    case .double(let number): self = number.isFinite ? .number(String(number)) : .string(String(number))
    case .text(let text), .enumerator(let text): self = .string(text)
    case .octets(let octets): self = .string(octets.hexadecimal)
    case .record(let record): self = JSON(record)
    case .list(let values):
      let element =
        switch type.resolved {
        case .sequence(let element, _), .array(let element, _): element
        default: type
        }
      self = .array(values.map { JSON($0, as: element) })
    }
  }
}

extension TypeCode {
  /// The model's type of points in time: microseconds since 1970 UTC.
  var isInstant: Bool {
    if case .alias(_, "Timestamp", let original) = self, original.resolved == .longLong { return true }
    return false
  }
}

extension Collection<UInt8> {
  /// Two hexadecimal digits for each octet.
  var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Points in time, as people read them.
enum Instant {
  /// ISO 8601 in UTC with all six decimals: `2026-03-31T08:00:00.000000Z`.
  static func text(_ microseconds: Int64) -> String {
    let (day, seconds, fraction) = parts(microseconds)
    return "\(day)T\(clock(seconds)).\(padded(fraction, 6))Z"
  }

  /// For tables: `2026-03-31 08:00:00`, in UTC.
  static func short(_ microseconds: Int64) -> String {
    let (day, seconds, _) = parts(microseconds)
    return "\(day) \(clock(seconds))"
  }

  /// Reads what ``text(_:)`` writes, with fewer decimals or none as well; nil for anything else.
  static func microseconds(_ text: String) -> Int64? {
    guard let match = text.wholeMatch(of: /(.{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?Z/),
      let day = CalendarDay(match.1), let hour = Int64(match.2), let minute = Int64(match.3), let second = Int64(match.4),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let decimals = match.5.map { $0 + String(repeating: "0", count: 6 - $0.count) } ?? "0"
    return ((Int64(day.number) * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000) + (Int64(decimals) ?? 0)
  }

  private static func parts(_ microseconds: Int64) -> (day: CalendarDay, seconds: Int64, fraction: Int64) {
    // Every time has its words, whatever an earlier release took: nothing here overflows.
    let day = CalendarDay(microseconds: microseconds)
    var rest = microseconds % 86_400_000_000
    if rest < 0 { rest += 86_400_000_000 }
    return (day, rest / 1_000_000, rest % 1_000_000)
  }

  private static func clock(_ seconds: Int64) -> String {
    "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
