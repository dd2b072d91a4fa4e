import Mapping
import MappingFiles
import Testing

/// A mapping file with one mistake, and what is said of it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let title: String
  /// What is changed in the file that is right.
  let change: [(old: String, new: String)]
  /// All that is printed.
  let printed: String

  init(_ title: String, _ old: String, _ new: String, _ printed: String) {
    self.title = title
    change = [(old, new)]
    self.printed = printed
  }

  var testDescription: String { title }

  var text: String {
    change.reduce(Dialects.mapping()) { text, change in
      precondition(text.contains(change.old), "\(title): the file has no \(change.old)")
      return text.replacing(change.old, with: change.new, maxReplacements: 1)
    }
  }
}

@Suite struct BadFileTests {
  @Test(arguments: BadFile.all) func saysExactlyWhatIsWrong(_ bad: BadFile) {
    let (set, diagnostics) = Dialects.load(("units.xml", Dialects.units), ("m.xml", bad.text))
    #expect(diagnostics.map(\.description).joined(separator: "\n") == bad.printed)
    #expect(set.mappings.isEmpty == diagnostics.contains { $0.severity == .error })
  }

  @Test func thereAreThirty() { #expect(BadFile.all.count >= 30) }
}
