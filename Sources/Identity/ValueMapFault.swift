/// One thing that is wrong with a value map.
public struct ValueMapFault: Sendable, Hashable {
  /// Stable names of the kinds of fault.
  public enum Code: String, Sendable {
    case duplicateColumn = "TABLE_DUPLICATE_COLUMN"
    case unknownColumn = "TABLE_UNKNOWN_COLUMN"
    case tooLarge = "TABLE_TOO_LARGE"
    case malformedRow = "TABLE_MALFORMED_ROW"
    case validity = "TABLE_VALIDITY"
    case duplicateRow = "TABLE_DUPLICATE_ROW"
    case ambiguous = "TABLE_AMBIGUOUS"
  }

  public let code: Code
  public let message: String
  public let hint: String
  /// Index of the row, nil where the fault concerns the map.
  public let row: Int?

  init(_ code: Code, _ message: String, row: Int? = nil, hint: String = "") {
    self.code = code
    self.message = message
    self.row = row
    self.hint = hint
  }
}

/// All that is wrong with a value map.
public struct ValueMapFaults: Error, Sendable, Hashable {
  public let faults: [ValueMapFault]
  public init(_ faults: [ValueMapFault]) { self.faults = faults }
}

extension ValueMapFault {
  /// All faults of a map's parts; a faulty shape hides the faults between rows.
  static func faults(
    columns: [ValueMap.Column], qualifiers: [String], rows: [ValueMap.Row], defaults: [String: String]
  ) -> [ValueMapFault] {
    var faults: [ValueMapFault] = []
    if rows.count > ValueMap.greatestRowCount || columns.count > ValueMap.greatestColumnCount {
      let bound = "\(ValueMap.greatestRowCount) rows and \(ValueMap.greatestColumnCount) columns"
      return [ValueMapFault(.tooLarge, "\(rows.count) rows and \(columns.count) columns; a value map has at most \(bound)")]
    }
    var seen: Set<String> = []
    for name in columns.map(\.name) + qualifiers where !seen.insert(name).inserted {
      faults.append(ValueMapFault(.duplicateColumn, "the column '\(name)' is declared twice"))
    }
    for name in defaults.keys.sorted() where !columns.contains(where: { $0.name == name }) {
      faults.append(ValueMapFault(.unknownColumn, "the default is for '\(name)', which is no column"))
    }
    for (number, row) in rows.enumerated() {
      if row.values.count != columns.count || row.qualifiers.count != qualifiers.count {
        faults.append(ValueMapFault(.malformedRow, "the row has not one value for each column and qualifier", row: number))
      } else if row.values.count(where: { $0 != nil }) < 2 {
        faults.append(ValueMapFault(.malformedRow, "the row has fewer than two values, so it maps nothing", row: number))
      }
      if let from = row.validFrom, let to = row.validTo, to < from {
        faults.append(ValueMapFault(.validity, "the row ends on \(to), before it begins on \(from)", row: number))
      }
    }
    guard faults.isEmpty else { return faults }
    return duplicates(rows) + conflicts(columns: columns, rows: rows)
  }

  private static func duplicates(_ rows: [ValueMap.Row]) -> [ValueMapFault] {
    var faults: [ValueMapFault] = []
    var seen: [[String?]: [Int]] = [:]
    for (number, row) in rows.enumerated() {
      let key = row.values + row.qualifiers
      if let first = seen[key]?.first(where: { rows[$0].overlaps(row) }) {
        faults.append(ValueMapFault(.duplicateRow, "the row says the same as \(place(of: first, rows))", row: number))
      }
      seen[key, default: []].append(number)
    }
    return faults
  }

  /// Rows that answer the same question, in each direction between two columns.
  private static func conflicts(columns: [ValueMap.Column], rows: [ValueMap.Row]) -> [ValueMapFault] {
    var faults: [ValueMapFault] = []
    var reported: Set<[Int]> = []
    for source in columns.indices {
      var groups: [[String?]: [Int]] = [:]
      var order: [[String?]] = []
      for (number, row) in rows.enumerated() where row.values[source] != nil {
        let key = [row.values[source]] + row.qualifiers
        if groups[key] == nil { order.append(key) }
        groups[key, default: []].append(number)
      }
      for key in order {
        guard let group = groups[key], group.count > 1 else { continue }
        for target in columns.indices where target != source {
          guard let (first, second, why) = conflict(in: group, to: target, columns[target], rows),
            reported.insert([first, second]).inserted
          else { continue }
          let question = "'\(rows[second].values[source] ?? "")' of '\(columns[source].name)'"
          let answers = "'\(rows[first].values[target] ?? "")' (\(place(of: first, rows))) and '\(rows[second].values[target] ?? "")'"
          faults.append(
            ValueMapFault(.ambiguous, "\(question) is both \(answers) in '\(columns[target].name)'", row: second, hint: why))
        }
      }
    }
    return faults
  }

  /// The first two rows of a group that answer differently although nothing decides between them, and what would.
  ///
  /// Sweeps over the rows by their first day, so that a large group costs no more than sorting it.
  private static func conflict(
    in group: [Int], to target: Int, _ column: ValueMap.Column, _ rows: [ValueMap.Row]
  ) -> (Int, Int, String)? {
    let answering = group.filter { rows[$0].values[target] != nil }
      .sorted { (rows[$0].validFrom?.number ?? .min, $0) < (rows[$1].validFrom?.number ?? .min, $1) }
    guard column.allowsSeveral else {
      return firstRivals(answering, target, rows) { _ in true }.map {
        ($0, $1, "declare the column '\(column.name)' with several=\"true\", or limit the rows by dates")
      }
    }
    let preferred = answering.filter { rows[$0].isPreferred }
    if let (first, second) = firstRivals(preferred, target, rows, where: { _ in true }) {
      return (first, second, "only one of the rows can be preferred")
    }
    let undecided = firstRivals(answering, target, rows) { row in !preferred.contains { rows[$0].overlaps(rows[row]) } }
    return undecided.map { ($0, $1, "mark one of the rows with preferred=\"true\"") }
  }

  /// The first row that satisfies the condition and holds on a day on which an earlier one says something else, after that one.
  private static func firstRivals(
    _ sorted: [Int], _ target: Int, _ rows: [ValueMap.Row], where counts: (Int) -> Bool
  ) -> (Int, Int)? {
    // The row that holds longest, and the one that holds longest of those that answer otherwise.
    var longest: Int?
    var otherwise: Int?
    func ends(_ row: Int) -> Int { rows[row].validTo?.number ?? .max }
    for row in sorted {
      let answer = rows[row].values[target]
      let rival = longest.flatMap { rows[$0].values[target] != answer ? $0 : otherwise }
      if let rival, rows[rival].overlaps(rows[row]), counts(row) { return (min(rival, row), max(rival, row)) }
      guard let current = longest else {
        longest = row
        continue
      }
      let sameAnswer = rows[current].values[target] == answer
      if ends(row) > ends(current) {
        if !sameAnswer { otherwise = current }
        longest = row
      } else if !sameAnswer, otherwise.map({ ends(row) > ends($0) }) ?? true {
        otherwise = row
      }
    }
    return nil
  }

  private static func place(of row: Int, _ rows: [ValueMap.Row]) -> String {
    rows[row].line > 0 ? "line \(rows[row].line)" : "row \(row + 1)"
  }
}
