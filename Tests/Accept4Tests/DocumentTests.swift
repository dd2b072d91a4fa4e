import ForeignORB
import Foundation
import Testing

@Suite("Documents")
struct DocumentTests {
  @Test("The commands of a document run in order, and print what it shows", arguments: RunnableDocument.all)
  func commands(document: RunnableDocument) async throws {
    try await withTemporaryFolder { folder in
      let (outputs, exit, errors) = try await document.run(in: folder)
      for (step, output) in zip(document.steps, outputs) {
        guard let expected = step.expected else { continue }
        #expect(
          ShownOutput.matches(output, expected),
          "\(document.name):\(step.line) shows\n\(expected)\nbut its commands print\n\(output)")
      }
      let reached = outputs.count < document.steps.count ? document.steps[outputs.count].line : 0
      #expect(exit == .code(0), "\(document.name): the commands at line \(reached) failed:\n\(errors)")
    }
  }

  @Test("The documents that teach are among those that are run")
  func taught() {
    let names = RunnableDocument.all.map(\.name)
    let teaching = ["GettingStarted", "FirstMapping", "Operations", "Contracts", "CreditControl", "Gateway", "Naming", "Prices"]
    for name in teaching { #expect(names.contains("Docs/\(name).md")) }
  }

  @Test("Every command stands in the list of commands")
  func listed() async throws {
    let list = try String(contentsOfFile: repositoryPath("Docs/Commands.md"), encoding: .utf8)
    let rows = list.split(separator: "\n").filter { $0.hasPrefix("| `") }
    for group in try await subcommands([]) {
      let row = rows.filter { $0.hasPrefix("| `\(group)`") || $0.hasPrefix("| `\(group) ") }.joined(separator: "\n")
      #expect(!row.isEmpty, "\(group)")
      for command in try await subcommands([group]) {
        #expect(row.contains("`\(group) \(command)") || row.contains("`\(command)"), "\(group) \(command)")
      }
    }
  }

  /// The names under the heading of the subcommands in a command's help.
  private func subcommands(_ words: [String]) async throws -> [String] {
    let help = try await ChildProcess.check(builtExecutable("tessera"), words + ["--help"])
    let sections = help.split(separator: "\n\n").filter { $0.contains("SUBCOMMANDS:\n") }
    return sections.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .map { String($0.split(separator: " ")[0]) }
  }

  @Test(
    "What a document leaves open may be anything, and nothing else may",
    arguments: [
      ("a\nb\n", "a\nb\n", true), ("a\n", "b\n", false), ("a 17:03 b\n", "a … b\n", true), ("a\n1\n2\nb\n", "a\n…\nb\n", true),
      ("a\nb\n", "a\n…\nb\n", true), ("a\nb\nc\n", "a\n…\nb\n", false), ("held \n", "held\n", true), ("x1y2\n", "x…y…\n", true),
      ("", "", true), ("a\n", "", false),
    ])
  func patterns(printed: String, shown: String, matches: Bool) { #expect(ShownOutput.matches(printed, shown) == matches) }
}
