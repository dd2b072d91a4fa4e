extension FileWriter {
  /// Writes the lines of an IDL comment as a Swift one, `@param` and the like as DocC lists, the repository id as last line.
  func document(_ lines: [String], repositoryID: String? = nil, parameters: [String: String] = [:], into out: inout SourceText) {
    var text = lines.map { Self.line($0, parameters) }
    while text.first?.isEmpty == true { text.removeFirst() }
    while text.last?.isEmpty == true { text.removeLast() }
    if let repositoryID {
      if !text.isEmpty { text.append("") }
      text.append("`\(repositoryID)`")
    }
    for (index, line) in text.enumerated() {
      // A list must be set apart from the paragraph before it.
      if line.hasPrefix("- "), index > 0, !text[index - 1].isEmpty, !text[index - 1].hasPrefix("- "), !text[index - 1].hasPrefix("  ") {
        out.line("///")
      }
      out.line(line.isEmpty ? "///" : "/// " + line)
    }
  }

  private static func line(_ line: String, _ parameters: [String: String]) -> String {
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    guard trimmed.first == "@" || trimmed.first == "\\" else {
      var kept = line
      while kept.last == " " || kept.last == "\t" || kept.last == "\r" { kept.removeLast() }
      return kept
    }
    let words = trimmed.dropFirst().split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    let tag = words.first.map(String.init) ?? ""
    let rest = words.count > 1 ? words[1].drop { $0 == " " } : ""
    let parts = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    var subject = parts.first.map(String.init) ?? ""
    // "Full, when the store is": what follows the name is set off already.
    let isSentence = subject.last == ","
    while let last = subject.last, ",:;".contains(last) { subject.removeLast() }
    let about = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
    switch tag {
    case "param": return "- Parameter \(parameters[subject] ?? subject): \(about)"
    case "return", "returns", "result": return "- Returns: \(rest)"
    case "throws", "throw", "exception", "raises":
      return "- Throws: \(subject)" + (about.isEmpty ? "" : isSentence ? ", \(about)" : ": \(about)")
    case "see", "sa": return "- SeeAlso: \(rest)"
    case "note": return "- Note: \(rest)"
    case "warning": return "- Warning: \(rest)"
    case "since": return "- Since: \(rest)"
    case "author": return "- Author: \(rest)"
    case "brief": return String(rest)
    default: return String(trimmed)
    }
  }
}
