/// A day of the Gregorian calendar, without a time zone: validity dates and dates in documents.
public struct CalendarDay: Sendable, Hashable {
  /// Days since 1 January 1970.
  public let number: Int

  /// The day that is so many days after 1 January 1970.
  public init(number: Int) { self.number = number }

  /// Nil where the calendar has no such day, or the year is not from 1 to 9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
    // Years run from March, so that the leap day is the last of its year; an era has 400 of them.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Reads `yyyy-MM-dd` (ISO 8601); nil for anything else.
  public init?(_ text: some StringProtocol) {
    let octets = Array(text.utf8)
    guard octets.count == 10, octets[4] == UInt8(ascii: "-"), octets[7] == UInt8(ascii: "-") else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var result = 0
      for octet in octets[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) else { return nil }
        result = result * 10 + Int(octet - UInt8(ascii: "0"))
      }
      return result
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day, in UTC, of a time given in microseconds since 1970.
  public init(microseconds: Int64) {
    let (days, rest) = microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
    number = Int(rest < 0 ? days - 1 : days)
  }

  /// Year, month and day of the month.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let calendarMonth = month < 10 ? month + 3 : month - 9
    return (yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1)
  }

  /// 28 to 31.
  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension CalendarDay: Comparable, CustomStringConvertible {
  public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }

  /// `yyyy-MM-dd`.
  public var description: String {
    let (year, month, day) = components
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
