import ForeignORB
import Testing
import XMLStream

/// The same verdict as xmllint's on every file of the conformance suite that our own rules do not refuse.
@Suite(.needsCorpus) struct VerdictTests {
  /// Documents that are not well-formed, documents that are valid, and what canonical form makes of those.
  static let groups = ["not-wf/sa", "valid/sa", "valid/sa/out"]

  /// What we refuse though it may be well-formed.
  static let rules: Set<XMLIssue.Code> = [.internalSubset, .entityReference, .encodingUnsupported, .namespace]

  /// One file, and what both say.
  struct Verdict: Sendable {
    var file: String
    var issue: XMLIssue?
    var isWellFormed: Bool

    /// The rule of ours that refuses it.
    var rule: XMLIssue.Code? { issue.flatMap { VerdictTests.rules.contains($0.code) ? $0.code : nil } }
  }

  /// How many files of a group there are, and what became of them.
  struct Tally: Equatable {
    /// Both accept it; both refuse it.
    var accepted = 0
    var refused = 0
    /// Refused by a rule of ours alone, with how many of them xmllint would accept.
    var byRule: [String: Int] = [:]
    var wellFormedByRule: [String: Int] = [:]
  }

  private static func verdicts(_ group: String) async throws -> [Verdict] {
    let folder = try Corpus.path("xmlconf-xmltest/\(group)")
    var verdicts: [Verdict] = []
    for name in try fileNames(folder) where name.hasSuffix(".xml") {
      let path = "\(folder)/\(name)"
      var issue: XMLIssue?
      do { _ = try XMLDocument(path: path) } catch { issue = error.issues.first }
      let theirs = try await ChildProcess.run("xmllint", ["--nonet", "--stream", "--noout", path]).exit
      verdicts.append(Verdict(file: "\(group)/\(name)", issue: issue, isWellFormed: theirs == .code(0)))
    }
    return verdicts
  }

  /// The table of Docs/Gateway.md.
  static let expected = [
    "not-wf/sa": Tally(
      refused: 86, byRule: ["XML_INTERNAL_SUBSET": 96, "XML_ENTITY_REFERENCE": 4, "XML_ENCODING_UNSUPPORTED": 1],
      wellFormedByRule: ["XML_INTERNAL_SUBSET": 2]),
    "valid/sa": Tally(byRule: ["XML_INTERNAL_SUBSET": 120], wellFormedByRule: ["XML_INTERNAL_SUBSET": 120]),
    "valid/sa/out": Tally(
      accepted: 115, byRule: ["XML_INTERNAL_SUBSET": 4, "XML_NAMESPACE": 1],
      wellFormedByRule: ["XML_INTERNAL_SUBSET": 4, "XML_NAMESPACE": 1]),
  ]

  @Test(arguments: groups) func verdictsAreThoseOfXmllint(group: String) async throws {
    var tally = Tally()
    for verdict in try await Self.verdicts(group) {
      if let rule = verdict.rule {
        tally.byRule["\(rule)", default: 0] += 1
        if verdict.isWellFormed { tally.wellFormedByRule["\(rule)", default: 0] += 1 }
        continue
      }
      let ours = verdict.issue.map(\.description) ?? "accepted"
      #expect(verdict.isWellFormed == (verdict.issue == nil), "\(verdict.file): \(ours), xmllint says \(verdict.isWellFormed)")
      if verdict.isWellFormed { tally.accepted += 1 } else { tally.refused += 1 }
    }
    #expect(tally == Self.expected[group])
  }
}
