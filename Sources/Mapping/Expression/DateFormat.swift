import Identity

/// How a date or a time is written: `yyyy-MM-dd`, `dd.MM.yyyy HH:mm:ss`.
///
/// `yyyy` `MM` `dd` `HH` `mm` `ss` have so many digits; `M` `d` `H` have one or two; `S` to `SSSSSS` are digits of a fraction of a
/// second. `T`, `Z` and everything that is no letter stand for themselves.
struct DateFormat: Sendable, Hashable {
  enum Element: Sendable, Hashable {
    case year
    case month(digits: Int)
    case day(digits: Int)
    case hour(digits: Int)
    case minute
    case second
    case fraction(digits: Int)
    case literal(UInt8)
  }

  static let iso = DateFormat(elements: [
    .year, .literal(UInt8(ascii: "-")), .month(digits: 2), .literal(UInt8(ascii: "-")), .day(digits: 2),
  ])

  let elements: [Element]
  /// Whether it is `yyyy-MM-dd`.
  let isISO: Bool
  /// Whether it reads each day that is written as ``iso``.
  let readsISO: Bool

  private init(elements: [Element]) {
    self.elements = elements
    let dash = Element.literal(UInt8(ascii: "-"))
    func isDay(_ widths: ClosedRange<Int>) -> Bool {
      guard elements.count == 5, elements[0] == .year, elements[1] == dash, elements[3] == dash, case .month(let month) = elements[2],
        case .day(let day) = elements[4]
      else { return false }
      return widths.contains(month) && widths.contains(day)
    }
    isISO = isDay(2...2)
    readsISO = isDay(1...2)
  }

  /// Whether a text is a day of the calendar, written as ``iso``: found out without making anything, since most dates are.
  static func isISODay(_ text: String) -> Bool {
    guard text.utf8.count == 10 else { return false }
    var number = 0
    var parts = (0, 0, 0)
    for (place, octet) in text.utf8.enumerated() {
      if place == 4 || place == 7 {
        guard octet == UInt8(ascii: "-") else { return false }
        if place == 4 { parts.0 = number } else { parts.1 = number }
        number = 0
      } else {
        guard octet >= UInt8(ascii: "0"), octet <= UInt8(ascii: "9") else { return false }
        number = number * 10 + Int(octet - UInt8(ascii: "0"))
      }
    }
    parts.2 = number
    return CalendarDay(year: parts.0, month: parts.1, day: parts.2) != nil
  }

  /// Reads a pattern.
  ///
  /// - Returns: The format, or what is wrong with the pattern.
  static func reading(_ pattern: String) -> Result<DateFormat, ExpressionFault> {
    func failure(_ message: String, hint: String = "") -> Result<DateFormat, ExpressionFault> {
      .failure(ExpressionFault(code: .literal, message: message, offset: 0, hint: hint))
    }
    let octets = Array(pattern.utf8)
    guard octets.count <= 64 else { return failure("the format has more than 64 characters") }
    var elements: [Element] = []
    var position = 0
    while position < octets.count {
      let letter = octets[position]
      var end = position
      while end < octets.count, octets[end] == letter { end += 1 }
      let isLetter = (letter | 0x20) >= UInt8(ascii: "a") && (letter | 0x20) <= UInt8(ascii: "z")
      if !isLetter || letter == UInt8(ascii: "T") || letter == UInt8(ascii: "Z") {
        elements.append(.literal(letter))
        position += 1
        continue
      }
      let run = String(decoding: octets[position..<end], as: UTF8.self)
      switch run {
      case "yyyy": elements.append(.year)
      case "MM", "M": elements.append(.month(digits: run.utf8.count))
      case "dd", "d": elements.append(.day(digits: run.utf8.count))
      case "HH", "H": elements.append(.hour(digits: run.utf8.count))
      case "mm": elements.append(.minute)
      case "ss": elements.append(.second)
      case "S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS": elements.append(.fraction(digits: run.utf8.count))
      case "yy": return failure("'yy' does not say the century", hint: "write yyyy, or put the century before it with concat()")
      default: return failure("'\(run)' is no part of a date format", hint: "there are: yyyy, MM, M, dd, d, HH, H, mm, ss, S to SSSSSS")
      }
      position = end
    }
    let days: [Element] = elements.filter {
      switch $0 {
      case .year, .month, .day: true
      default: false
      }
    }
    guard days.count == 3, Set(days.map { "\($0)".prefix(3) }).count == 3 else {
      return failure("the format has not each of year, month and day once", hint: "for example yyyy-MM-dd")
    }
    return .success(DateFormat(elements: elements))
  }

  /// Microseconds since 1970 of a date and time without a zone; nil where the text is not written so or the calendar has no such time.
  func microseconds(of text: String) -> Int64? {
    let octets = Array(text.utf8)
    var position = 0
    func digits(_ least: Int, _ most: Int) -> Int? {
      var value = 0
      var count = 0
      while count < most, position < octets.count, octets[position] >= UInt8(ascii: "0"), octets[position] <= UInt8(ascii: "9") {
        value = value * 10 + Int(octets[position] - UInt8(ascii: "0"))
        count += 1
        position += 1
      }
      return count >= least ? value : nil
    }
    var (year, month, day, hour, minute, second, fraction) = (0, 0, 0, 0, 0, 0, 0)
    for element in elements {
      switch element {
      case .literal(let octet):
        guard position < octets.count, octets[position] == octet else { return nil }
        position += 1
      case .year:
        guard let value = digits(4, 4) else { return nil }
        year = value
      case .month(let width):
        guard let value = digits(width, 2) else { return nil }
        month = value
      case .day(let width):
        guard let value = digits(width, 2) else { return nil }
        day = value
      case .hour(let width):
        guard let value = digits(width, 2), value < 24 else { return nil }
        hour = value
      case .minute:
        guard let value = digits(2, 2), value < 60 else { return nil }
        minute = value
      case .second:
        guard let value = digits(2, 2), value < 60 else { return nil }
        second = value
      case .fraction(let width):
        guard let value = digits(width, width) else { return nil }
        fraction = (width..<6).reduce(value) { result, _ in result * 10 }
      }
    }
    guard position == octets.count, let date = CalendarDay(year: year, month: month, day: day) else { return nil }
    return (Int64(date.number) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)) * 1_000_000 + Int64(fraction)
  }

  /// The text of a time without a zone; nil for years before 1 or after 9999.
  func text(ofMicroseconds time: Int64) -> String? {
    let day = CalendarDay(microseconds: time)
    let (year, month, date) = day.components
    guard (1...9999).contains(year) else { return nil }
    let rest = Int(time - Int64(day.number) * 86_400_000_000)
    let seconds = rest / 1_000_000
    var octets: [UInt8] = []
    func append(_ value: Int, _ width: Int) {
      let digits = String(value).utf8
      for _ in 0..<max(0, width - digits.count) { octets.append(UInt8(ascii: "0")) }
      octets.append(contentsOf: digits)
    }
    for element in elements {
      switch element {
      case .literal(let octet): octets.append(octet)
      case .year: append(year, 4)
      case .month(let width): append(month, width)
      case .day(let width): append(date, width)
      case .hour(let width): append(seconds / 3_600, width)
      case .minute: append(seconds / 60 % 60, 2)
      case .second: append(seconds % 60, 2)
      case .fraction(let width): append((width..<6).reduce(rest % 1_000_000) { result, _ in result / 10 }, width)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// Microseconds that a zone such as `+08:00`, `-03:30` or `Z` is ahead of UTC; nil for anything else.
  static func offset(_ text: String) -> Int64? {
    if text == "Z" { return 0 }
    let octets = Array(text.utf8)
    guard octets.count == 6, octets[3] == UInt8(ascii: ":"), let hours = Int64(text.dropFirst().prefix(2)), hours <= 14,
      let minutes = Int64(text.suffix(2)), minutes < 60, hours >= 0, minutes >= 0
    else { return nil }
    let magnitude = (hours * 60 + minutes) * 60_000_000
    switch octets[0] {
    case UInt8(ascii: "+"): return magnitude
    case UInt8(ascii: "-"): return -magnitude
    default: return nil
    }
  }
}
