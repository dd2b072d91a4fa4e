/// Takes the text out of documentation comments.
enum DocumentationComment {
  /// The token of a `//` comment, or nil when it is an ordinary one.
  ///
  /// - Parameter text: What stands behind the two slashes.
  static func line(_ text: String) -> Token.Kind? {
    guard text.hasPrefix("/"), !text.hasPrefix("//") else { return nil }
    let isTrailing = text.hasPrefix("/<")
    return .documentation(lines: [trimmed(text.dropFirst(isTrailing ? 2 : 1))], isTrailing: isTrailing, isLine: true)
  }

  /// The token of a block comment, or nil when it is an ordinary one.
  ///
  /// - Parameter text: What stands between `/*` and `*/`.
  static func block(_ text: String) -> Token.Kind? {
    guard text.hasPrefix("*"), !text.hasPrefix("**"), text.count > 1 else { return nil }
    let isTrailing = text.hasPrefix("*<")
    var lines: [String] = []
    for (number, raw) in text.dropFirst(isTrailing ? 2 : 1).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var line = raw
      if number > 0 {
        let content = raw.drop { $0 == " " || $0 == "\t" }
        if content.hasPrefix("*") { line = content.dropFirst() }
      }
      lines.append(trimmed(line))
    }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.isEmpty ? nil : .documentation(lines: lines, isTrailing: isTrailing, isLine: false)
  }

  /// Without one space in front and all space behind.
  private static func trimmed(_ text: Substring) -> String {
    var line = text.hasPrefix(" ") ? text.dropFirst() : text
    while let last = line.last, last == " " || last == "\t" { line.removeLast() }
    return String(line)
  }
}
