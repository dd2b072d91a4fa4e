import Foundation
import Mapping
import MappingFiles
import Testing

/// The files that Docs/Mapping/language.md shows are right, and their tests pass.
@Suite struct LanguageManualTests {
  @Test func theExamplesOfTheManualWork() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs/Mapping/language.md")
    let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
    let examples = text.components(separatedBy: "```xml\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    #expect(examples.count == 2)
    let documents = examples.enumerated().map { (file: "example-\($0).xml", bytes: Array($1.utf8)) }
    let (set, diagnostics) = MappingSet.load(documents, types: Dialects.registry)
    #expect(diagnostics.map(\.description) == [])
    #expect(set.runTests().count == 2)
    #expect(set.runTests().filter { !$0.passed }.map(\.description) == [])
  }
}
