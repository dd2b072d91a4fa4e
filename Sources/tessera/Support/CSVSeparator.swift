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

  /// What a first line `sep=;` says, as spreadsheets write and read it; nil where there is no such line.
  ///
  /// - Parameter named: what somebody said that stands between the fields.
  /// - Returns: also how many octets the line has, with its end.
  /// - Throws: ``CSVFaults`` where it says what is no separator, or another than was named.
  static func said(in octets: [UInt8], _ lineEnd: UInt8, besides named: CSVSeparator?) throws -> (separator: CSVSeparator, length: Int)? {
    let start = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let line = octets[start...].prefix { $0 != lineEnd }
    var text = String(decoding: line.prefix(20), as: UTF8.self)
    if text.hasSuffix("\r") { text.removeLast() }
    if text.hasPrefix("\""), text.hasSuffix("\""), text.count > 1 { text = String(text.dropFirst().dropLast()) }
    guard text.lowercased().hasPrefix("sep="), text.count <= 5 else { return nil }
    let octet = text.utf8.dropFirst(4).first
    guard let separator = allCases.first(where: { $0.octet == octet }) else {
      let all = allCases.map { "\($0.rawValue) \($0 == .tab ? "" : String(decoding: [$0.octet], as: UTF8.self))" }.joined(separator: ", ")
      throw CSVFaults([
        CSVFault(line: 1, column: 1, message: "the first line '\(text)' names no separator that is known; there are: \(all)")
      ])
    }
    if let named, named != separator {
      throw CSVFaults([
        CSVFault(
          line: 1, column: 1,
          message:
            "the first line '\(text)' says that \(separator.plural) stand between the fields, and --separator or the mapping says \(named.plural)"
        )
      ])
    }
    return (separator, line.count + (start + line.count < octets.count ? 1 : 0))
  }

  /// What is wrong with a file of which this stands between the fields, in one message.
  func message(insteadOf named: UInt8) -> String {
    let other = Self.allCases.first { $0.octet == named }?.plural ?? "other separators"
    return
      "\(other) are to stand between the fields, and the first line has \(plural): name them with --separator \(rawValue), or in the mapping with <csv separator=\"\(rawValue)\"/>"
  }
}
