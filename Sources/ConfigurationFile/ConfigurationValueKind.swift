/// What an attribute of broker.xml may hold. Blanks around a value do not count, as for types of XML Schema that collapse them; in texts
/// they do.
public enum ConfigurationValueKind: Sendable {
  /// Any text of at most so many octets, but not an empty one.
  case text(maximumOctets: Int)
  /// The path of a file or folder; a relative one starts at the folder of broker.xml.
  case path
  /// A name as systems, entities, mappings and value maps have them.
  case name
  /// Names with blanks between them; at least one.
  case names
  case flag
  case integer(ClosedRange<Int>)
  case duration(ClosedRange<Duration>)
  /// One of these words.
  case choice([String])
  /// Some of these words with blanks between them; at least one.
  case choices([String])

  /// The value without the blanks that do not count.
  func collapsed(_ text: String) -> String {
    switch self {
    case .text: text
    default: text.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }.joined(separator: " ")
    }
  }

  /// What is expected, for people.
  public var description: String {
    switch self {
    case .text(let octets): "a text of 1 to \(octets) octets"
    case .path: "a path"
    case .name: "a name of letters, digits, '.', '_' and '-'"
    case .names: "names with blanks between them"
    case .flag: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .duration(let range):
      "a time from \(ConfigurationDuration.text(range.lowerBound)) to \(ConfigurationDuration.text(range.upperBound)), such as 500ms, 30s, 5m, 2h or 7d"
    case .choice(let words): words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    case .choices(let words): "one or more of \(words.joined(separator: ", ")), with blanks between them"
    }
  }

  /// Whether a value without the blanks around it is of the kind.
  public func takes(_ text: String) -> Bool {
    switch self {
    case .text(let octets): !text.isEmpty && text.utf8.count <= octets && !text.contains { $0.isControl }
    case .path: !text.isEmpty && text.utf8.count <= 4096 && !text.contains { $0.isControl }
    case .name: Self.isName(text)
    case .names: !text.isEmpty && text.split(separator: " ").allSatisfy { Self.isName(String($0)) }
    case .flag: ["true", "false", "1", "0"].contains(text)
    case .integer(let range): Self.integer(text).map(range.contains) ?? false
    case .duration(let range): ConfigurationDuration.duration(text).map(range.contains) ?? false
    case .choice(let words): words.contains(text)
    case .choices(let words): !text.isEmpty && text.split(separator: " ").allSatisfy { words.contains(String($0)) }
    }
  }

  static func integer(_ text: String) -> Int? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }
}

extension Character {
  fileprivate var isControl: Bool { unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
}

/// Times as broker.xml writes them: `500ms`, `30s`, `5m`, `2h`, `7d`.
public enum ConfigurationDuration {
  static let pattern = "[0-9]{1,9}(ms|s|m|h|d)"

  /// Nil where the text is no such time.
  public static func duration(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard digits.count <= 9, let number = Int64(digits) else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(number)
    case "s": return .seconds(number)
    case "m": return .seconds(number * 60)
    case "h": return .seconds(number * 3600)
    case "d": return .seconds(number * 86_400)
    default: return nil
    }
  }

  /// The shortest way to write it, to the millisecond.
  public static func text(_ duration: Duration) -> String {
    let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000)] as [(String, Int64)]
    where milliseconds != 0 && milliseconds % length == 0 {
      return "\(milliseconds / length)\(unit)"
    }
    return "\(milliseconds / 1000)s"
  }
}
