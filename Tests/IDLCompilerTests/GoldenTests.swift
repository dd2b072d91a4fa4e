import ForeignORB
import Foundation
import IDLCompiler
import Testing

/// The generated text itself: every change of it shows in review.
///
/// `make golden` writes the files in Golden/ anew. The first line of an IDL file may hold options: `// idl2swift: --naming verbatim`.
@Suite struct GoldenTests {
  static let folder = repositoryPath("Tests/IDLCompilerTests/Golden")

  @Test(arguments: ["contracts", "included", "includes", "naming", "references", "reopened", "verbatim"])
  func generatedTextIsAsReviewed(_ name: String) throws {
    let path = "\(Self.folder)/\(name).idl"
    let compilation = compileIDL(mainFile: path, loader: FileSourceLoader())
    #expect(compilation.diagnostics.map(\.description) == [])
    let (files, diagnostics) = SwiftBackEnd(options: try Self.options(path)).generate([try #require(compilation.model)])
    #expect(diagnostics.filter { $0.severity == .error } == [])
    let notes = diagnostics.map { "// \($0)\n".replacing(Self.folder + "/", with: "") }.joined()
    let text = notes + files[0].text
    let golden = "\(Self.folder)/\(name).swift"
    if ProcessInfo.processInfo.environment["TESSERA_REGENERATE"] != nil {
      try text.write(toFile: golden, atomically: true, encoding: .utf8)
      return
    }
    let expected = try String(contentsOfFile: golden, encoding: .utf8)
    guard text != expected else { return }
    let lines = zip(
      text.split(separator: "\n", omittingEmptySubsequences: false), expected.split(separator: "\n", omittingEmptySubsequences: false))
    let difference = lines.enumerated().first { $1.0 != $1.1 }
    Issue.record(
      "\(name).swift, line \((difference?.offset ?? 0) + 1): \(difference.map { "\"\($1.0)\" instead of \"\($1.1)\"" } ?? "another length")"
    )
  }

  @Test func theSameSourceGivesTheSameText() throws {
    let model = try #require(compileIDL(mainFile: Self.folder + "/contracts.idl", loader: FileSourceLoader()).model)
    #expect(SwiftBackEnd().generate([model]).files == SwiftBackEnd().generate([model]).files)
  }

  private static func options(_ path: String) throws -> SwiftOptions {
    var options = SwiftOptions()
    let first = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
    guard first.hasPrefix("// idl2swift: ") else { return options }
    var words = first.split(separator: " ").dropFirst(2).map(String.init)[...]
    while let option = words.popFirst(), let value = words.popFirst() {
      switch option {
      case "--naming": options.naming = try #require(SwiftOptions.Naming(rawValue: value))
      case "--visibility": options.visibility = try #require(SwiftOptions.Visibility(rawValue: value))
      default:
        let pair = value.split(separator: "=").map(String.init)
        options.modules.modules[pair[0]] = pair[1]
      }
    }
    return options
  }
}
