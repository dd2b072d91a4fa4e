/// Why the CRM core refuses an object: a stable code, the field, the bad value quoted, and what to do.
public struct Finding: Hashable, Sendable {
  public var code: String
  /// The field, as a path: `packagings[2]/unitsPerPackage`.
  public var path: String
  public var explanation: String

  public init(code: String, path: String, explanation: String) {
    self.code = code
    self.path = path
    self.explanation = explanation
  }

  /// `lines[2]/quantity: what is wrong`; without a path where the finding is about the whole object.
  public var words: String { path.isEmpty ? explanation : "\(path): \(explanation)" }
}

extension Sequence<Finding> {
  /// All of them in one sentence.
  public var words: String { map(\.words).joined(separator: "; ") }
}

/// Collects what is wrong with one object, all of it.
struct Examination {
  private(set) var findings: [Finding] = []
  /// Findings that are kept for one object; a person reads no more.
  static let limit = 20

  mutating func find(_ code: String, _ path: String, _ explanation: String) {
    if findings.count < Self.limit { findings.append(Finding(code: code, path: path, explanation: explanation)) }
  }

  /// Shows the start of a value that may be long.
  static func quote(_ text: String) -> String {
    "\"\(text.unicodeScalars.count > 40 ? String(text.unicodeScalars.prefix(40)) + "…" : text)\""
  }

  /// - Parameter path: made only where there is something to say.
  mutating func text(_ text: String, _ path: @autoclosure () -> String, atMost octets: Int, required: Bool = false) {
    let length = text.utf8.count
    if length > octets { find("TEXT_TOO_LONG", path(), "\(Self.quote(text)) has \(length) octets; \(path()) takes at most \(octets)") }
    if required, Self.isBlank(text) { find("TEXT_MISSING", path(), "\(path()) is empty and is needed") }
  }

  private static func isBlank(_ text: String) -> Bool {
    // Nearly every text begins with a letter or a digit: nothing else need be looked at.
    if let first = text.utf8.first, (0x21...0x7E).contains(first) { return false }
    return text.allSatisfy(\.isWhitespace)
  }

  mutating func word(_ text: String, _ path: String, of words: [String]) {
    if !words.contains(text) { find("VALUE_UNKNOWN", path, "\(Self.quote(text)) is none of \(words.joined(separator: ", "))") }
  }

  mutating func currency(_ code: String, _ path: String) {
    if !Currencies.codes.contains(code) { find("CURRENCY_UNKNOWN", path, "\(Self.quote(code)) is no currency code of ISO 4217") }
  }

  mutating func country(_ code: String, _ path: String) {
    let octets = Array(code.utf8)
    if !octets.isEmpty, octets.count != 2 || !octets.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) {
      find("COUNTRY_UNKNOWN", path, "\(Self.quote(code)) is no country code of ISO 3166-1 (two capital letters)")
    }
  }

  /// An ISO 8601 calendar date; empty where it may be left out.
  mutating func date(_ text: String, _ path: String, required: Bool = false) {
    if text.isEmpty, !required { return }
    if !Self.isDate(text) { find("DATE_INVALID", path, "\(Self.quote(text)) is no date; write it as 2026-03-31") }
  }

  static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }
}
