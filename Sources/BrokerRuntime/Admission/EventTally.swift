import Identity
import Logging

/// What came of one kind since it was logged, and how often with which details.
///
/// A sum names a system, partner or reason alone where all of it was of that one: `system=erp`. Otherwise it says how often which came:
/// `system="erp (3), crm (1), none (2), others (40)"`.
struct EventTally {
  /// Values of a detail that are told apart.
  private static let greatestCount = 3
  /// Characters of a value that count.
  private static let longest = 200

  /// How often each value came, in the order in which they came; those beyond are counted together.
  private struct Values {
    var counts: [(value: String, count: Int)] = []
    var others = 0

    mutating func add(_ text: String) {
      let short = VisibleText.beginning(text, scalars: EventTally.longest)
      // A name that somebody chose must not read like a sum.
      let value = short.hasSuffix(")") && short.contains(" (") ? "'\(short)'" : short
      if let index = counts.firstIndex(where: { $0.value == value }) {
        counts[index].count += 1
      } else if counts.count < EventTally.greatestCount {
        counts.append((value, 1))
      } else {
        others += 1
      }
    }

    /// - Parameter all: events, with this detail or without it.
    func text(of all: Int) -> String {
      if let first = counts.first, first.count == all { return first.value }
      var parts = counts.map { "\($0.value) (\($0.count))" }
      let none = all - others - counts.reduce(0) { $0 + $1.count }
      if none > 0 { parts.append("none (\(none))") }
      if others > 0 { parts.append("others (\(others))") }
      return parts.joined(separator: ", ")
    }
  }

  private(set) var count = 0
  private var details: [String: Values] = [:]

  mutating func add(_ metadata: Logger.Metadata) {
    count += 1
    for (key, value) in metadata { details[key, default: Values()].add("\(value)") }
  }

  var metadata: Logger.Metadata { details.mapValues { .string($0.text(of: count)) } }
}
