import CDR
import Identity
public import Mapping
import XMLStream

/// A test inside a mapping file: a document, and what is to become of it.
struct MappingTest: Sendable {
  struct ExpectedProblem: Sendable {
    let code: String
    /// Nil for any.
    let field: String?
  }

  struct ExpectedHold: Sendable {
    let table: String
    let value: String
  }

  let name: String
  let place: SourcePlace
  /// When the document was received; 1 January 2026 if the test says nothing.
  var time: SourceText?
  var qualifiers: [String: String] = [:]
  let given: XMLElement
  /// One for each item; nil if the test says nothing of them.
  var expected: [XMLElement]?
  var problems: [ExpectedProblem] = []
  var held: [ExpectedHold] = []

  init(name: String, place: SourcePlace, time: SourceText?, given: XMLElement) {
    self.name = name
    self.place = place
    self.time = time
    self.given = given
  }
}

/// What came of a test.
public struct MappingTestResult: Sendable {
  public let mapping: String
  public let test: String
  public let place: SourcePlace
  /// Empty where the test passed: each a difference, or something that is wrong with the test itself.
  public let failures: [String]

  public var passed: Bool { failures.isEmpty }
}

extension MappingTestResult: CustomStringConvertible {
  /// `file:line:column: passed|failed: mapping: test`, and a line for each failure.
  public var description: String {
    (["\(place): \(passed ? "passed" : "failed"): \(mapping): \(test)"] + failures.map { "  \($0)" }).joined(separator: "\n")
  }
}

/// Runs the tests of one mapping.
struct MappingTestRunner {
  /// 1 January 2026, 00:00 UTC.
  private static let defaultTime: Int64 = 1_767_225_600_000_000

  let plan: MappingPlan
  let types: DialectRegistry
  let valueMaps: ValueMapSet
  let file: String

  func run(_ test: MappingTest) -> MappingTestResult {
    var failures: [String] = []
    let given = RecordXML.record(test.given, plan.sourceType, file: file)
    failures += given.diagnostics.map(\.description)
    let time = documentTime(test, &failures)
    if let record = given.record, let time {
      let context = MappingContext(valueMaps: valueMaps, documentTime: time, qualifiers: test.qualifiers)
      let outcome = plan.run(record, in: context)
      failures += compareProblems(test, outcome)
      failures += compareHolds(test, outcome)
      failures += compareItems(test, outcome)
    }
    return MappingTestResult(mapping: plan.name, test: test.name, place: test.place, failures: failures)
  }

  private func documentTime(_ test: MappingTest, _ failures: inout [String]) -> Int64? {
    guard let time = test.time else { return Self.defaultTime }
    if let microseconds = DocumentTime.microseconds(time.text) { return microseconds }
    failures.append("\(time.place): error: '\(time.text)' is no time; a time is written 2026-03-31T12:00:00Z")
    return nil
  }

  private func compareProblems(_ test: MappingTest, _ outcome: MappingOutcome) -> [String] {
    var unmet = test.problems
    var failures: [String] = []
    // A test tells what becomes of a thing that is new.
    for problem in outcome.problems + outcome.problemsIfNew where problem.severity != .note {
      if let met = unmet.firstIndex(where: { $0.code == problem.code.rawValue && $0.field.map { $0 == problem.field } ?? true }) {
        unmet.remove(at: met)
      } else {
        failures.append("the problem was not expected: \(problem)")
      }
    }
    return failures + unmet.map { "the problem \($0.code)\($0.field.map { " of '\($0)'" } ?? "") was expected, and did not occur" }
  }

  private func compareHolds(_ test: MappingTest, _ outcome: MappingOutcome) -> [String] {
    var unmet = test.held
    var failures: [String] = []
    for held in outcome.items.flatMap(\.heldValues) {
      if let met = unmet.firstIndex(where: { $0.table == held.table && $0.value == held.value }) {
        unmet.remove(at: met)
      } else {
        failures.append("the item is held for '\(held.value)', which is not in the value map '\(held.table)'")
      }
    }
    return failures + unmet.map { "the item was expected to be held for '\($0.value)' of the value map '\($0.table)'" }
  }

  /// References show the document's ids, and the item's own id is the one that it has there.
  private func compareItems(_ test: MappingTest, _ outcome: MappingOutcome) -> [String] {
    guard let expected = test.expected else {
      return test.problems.isEmpty && test.held.isEmpty ? ["the test expects nothing; give it <expect> or <expect-problem>"] : []
    }
    // With a problem there is no item to compare.
    guard !outcome.isRejected, outcome.problemsIfNew.isEmpty else { return [] }
    var failures: [String] = []
    if expected.count != outcome.items.count {
      failures.append("\(count(outcome.items.count)) came out, \(count(expected.count)) \(expected.count == 1 ? "was" : "were") expected")
    }
    for (item, element) in zip(outcome.items, expected) {
      let resolved = item.resolving(ownID: item.identity.sourceID, item.references.map(\.foreignID))
      let wanted = RecordXML.record(element, item.type, file: file)
      failures += wanted.diagnostics.map(\.description)
      guard let record = wanted.record else { continue }
      let differences = XMLDiff.differences(expected: RecordXML.element(record), actual: RecordXML.element(resolved.record))
      failures += differences.map(\.description)
    }
    return failures
  }

  private func count(_ items: Int) -> String { items == 1 ? "1 item" : "\(items) items" }
}

extension MappingOutcome {
  fileprivate var problemsIfNew: [MappingProblem] { items.flatMap { $0.partial?.problemsIfNew ?? [] } }
}

/// Reads times as tests write them.
enum DocumentTime {
  /// Microseconds since 1970 of `yyyy-MM-ddTHH:mm:ssZ` or `yyyy-MM-dd`; nil for anything else.
  static func microseconds(_ text: String) -> Int64? {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let day = CalendarDay(first) else { return nil }
    let midnight = Int64(day.number) * 86_400_000_000
    guard parts.count == 2 else { return midnight }
    let clock = Array(parts[1].utf8)
    func number(_ start: Int) -> Int64? { Int64(String(decoding: clock[start..<start + 2], as: UTF8.self)) }
    guard clock.count == 9, clock[2] == UInt8(ascii: ":"), clock[5] == UInt8(ascii: ":"), clock[8] == UInt8(ascii: "Z"),
      let hours = number(0), let minutes = number(3), let seconds = number(6), (0..<24).contains(hours), (0..<60).contains(minutes),
      (0..<60).contains(seconds)
    else { return nil }
    return midnight + (hours * 3_600 + minutes * 60 + seconds) * 1_000_000
  }
}
