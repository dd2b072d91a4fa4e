/// What stands between the fields of a CSV file.
enum CSVSeparator: String, CaseIterable, Sendable {
  case comma, semicolon, tab, bar

  var octet: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }

  private var plural: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .bar: "bars"
    }
  }

  /// The separator that a first line seems to have, where another was named: it would make more columns of it.
  ///
  /// - Parameters:
  ///   - line: the octets of the first line.
  ///   - columns: how many columns the named one makes.
  static func likely(in line: some Sequence<UInt8>, insteadOf named: UInt8, columns: Int) -> CSVSeparator? {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for octet in line {
      if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted { counts[octet, default: 0] += 1 }
    }
    let best = allCases.filter { $0.octet != named }.max { counts[$0.octet, default: 0] < counts[$1.octet, default: 0] }
    return best.flatMap { counts[$0.octet, default: 0] >= columns ? $0 : nil }
  }

  /// What is wrong with a file of which this stands between the fields, in one message.
  func message(insteadOf named: UInt8) -> String {
    let other = Self.allCases.first { $0.octet == named }?.plural ?? "other separators"
    return
      "\(other) are to stand between the fields, and the first line has \(plural): name them with --separator \(rawValue), or in the mapping with <csv separator=\"\(rawValue)\"/>"
  }
}
