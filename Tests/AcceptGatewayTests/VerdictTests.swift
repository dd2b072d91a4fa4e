import ForeignORB
import Testing
import XMLStream

/// The same verdict as xmllint's on every file of the conformance suite that our own rules do not refuse.
@Suite(.needsCorpus) struct VerdictTests {
  @Test func verdictsAreThoseOfXmllint() async throws {
    var refusedByRule: [String: Int] = [:]
    var same = 0
    for group in ["not-wf/sa", "valid/sa"] {
      let folder = try Corpus.path("xmlconf-xmltest/\(group)")
      for name in try fileNames(folder) where name.hasSuffix(".xml") {
        let path = "\(folder)/\(name)"
        var issue: XMLIssue?
        do { _ = try XMLDocument(path: path) } catch { issue = error.issues.first }
        if let code = issue?.code, Self.rules.contains(code) {
          refusedByRule["\(group): \(code)", default: 0] += 1
          continue
        }
        let verdict = try await ChildProcess.run("xmllint", ["--nonet", "--stream", "--noout", path]).exit
        #expect((verdict == .code(0)) == (issue == nil), "\(path): \(issue.map(\.description) ?? "accepted"), xmllint says \(verdict)")
        same += 1
      }
    }
    print("same verdict as xmllint: \(same) files; refused by rules of our own:")
    for (rule, count) in refusedByRule.sorted(by: { $0.key < $1.key }) { print("  \(rule): \(count)") }
    #expect(same > 50)
  }

  /// What we refuse though it may be well-formed.
  static let rules: Set<XMLIssue.Code> = [.internalSubset, .entityReference, .encodingUnsupported]
}
