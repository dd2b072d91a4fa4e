import Foundation
import Mapping
import Testing

/// Docs/Mapping/functions.md is made of the functions' descriptions, whose examples the tests run.
///
/// After a change: `TESSERA_REGENERATE=1 swift test --filter ManualTests`.
@Suite struct ManualTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/Mapping/functions.md")

  private static var manual: String {
    var text = """
      # Functions of the mapping language

      This page is made of the descriptions in the sources; its examples run as tests. They are about this document:

      | field | value |
      |---|---|
      | code | text `A-100` |
      | name | text `Bolt, hex  M8` (two blanks) |
      | remark | empty text |
      | rank | number `7` |
      | price | number `12.50` |
      | active | truth value `true` |
      | discount | optional number, absent |
      | weight | text `0.350` |
      | since | text `20240229` |
      | changed | time, 1 March 2026, 12:30 UTC |
      | lines | three records: code `L1` `L2` `L3`, quantity `4` `10` `1`, note `x` `y` `z` |

      A result in capital letters is the code of the problem with which the document is refused.

      """
    for function in FunctionDescription.all {
      text += "\n## \(function.signature)\n\n\(function.summary)\n\n"
      for example in function.examples {
        let result = example.result.isEmpty ? "(empty)" : "`\(example.result)`"
        text += "- `\(example.expression)` gives \(result)\n"
      }
    }
    return text
  }

  @Test func theManualSaysWhatTheFunctionsDo() throws {
    if ProcessInfo.processInfo.environment["TESSERA_REGENERATE"] != nil {
      try FileManager.default.createDirectory(at: Self.file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(Self.manual.utf8).write(to: Self.file)
    }
    #expect(try String(decoding: Data(contentsOf: Self.file), as: UTF8.self) == Self.manual)
  }
}
