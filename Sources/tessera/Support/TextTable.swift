import Identity

/// Rows under headings, aligned for a terminal.
struct TextTable {
  /// How a column stands in its width.
  enum Alignment { case left, right }

  let columns: [(heading: String, alignment: Alignment)]
  private(set) var rows: [[String]] = []

  /// A heading that begins with `>` is that of a column of numbers, aligned on the right.
  init(_ headings: String...) { self.init(headings) }

  /// The same for columns that are worked out.
  init(_ headings: [String]) {
    columns = headings.map { $0.hasPrefix(">") ? (String($0.dropFirst()), .right) : ($0, .left) }
  }

  /// - Precondition: as many cells as there are columns.
  mutating func add(_ cells: String...) { add(cells) }

  /// The same for cells that are worked out.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
    rows.append(cells.map { $0.isEmpty ? "-" : Terminal.visible($0) })
  }

  /// The lines, each with its end; nothing but the given sentence where there are no rows.
  func text(whenEmpty sentence: String) -> String {
    if rows.isEmpty { return sentence + "\n" }
    let headings = columns.map { $0.heading.uppercased() }
    let widths = columns.indices.map { column in
      ([headings[column]] + rows.map { $0[column] }).map(Terminal.width).max() ?? 0
    }
    return ([headings] + rows).map { line($0, widths) }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - Terminal.width(cell))
      if index > 0 { line += "  " }
      line += columns[index].alignment == .right ? padding + cell : cell + padding
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line + "\n"
  }
}

/// Names with their values, one a line.
struct TextSheet {
  private var lines: [(name: String, value: String)] = []

  /// Empty values are left out.
  mutating func add(_ name: String, _ value: String) {
    if !value.isEmpty { lines.append((name, Terminal.visible(value))) }
  }

  var text: String {
    let width = lines.map { Terminal.width($0.name) }.max() ?? 0
    return lines.map { "\($0.name)\(String(repeating: " ", count: width - Terminal.width($0.name)))  \($0.value)\n" }.joined()
  }
}

/// What a terminal makes of text.
enum Terminal {
  /// The text on one line: what a foreign system sends must not steer a terminal.
  static func visible(_ text: String) -> String { VisibleText.line(text) }

  /// How many cells the text takes: East Asian wide characters two (UAX #11), combining marks none.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      if scalar.isASCII { return sum + 1 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: return sum
      default: return sum + (isWide(scalar.value) ? 2 : 1)
      }
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    wideRanges.contains { $0.contains(value) }
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
