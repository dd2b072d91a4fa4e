import IDLCompiler
import Testing

/// A text with the exact answer of the compiler, notes included.
struct BadSource: CustomTestStringConvertible {
  let name: String
  let text: String
  let report: String

  var testDescription: String { name }
}

/// Bad input and the exact diagnostics: place, words, code.
@Suite struct DiagnosticsTableTests {
  @Test(arguments: badSyntax)
  func syntax(_ source: BadSource) {
    #expect(report(source.text).joined(separator: "\n") == source.report)
  }

  @Test(arguments: badNames)
  func names(_ source: BadSource) {
    #expect(report(source.text).joined(separator: "\n") == source.report)
  }

  @Test(arguments: badValues)
  func values(_ source: BadSource) {
    #expect(report(source.text).joined(separator: "\n") == source.report)
  }

  @Test(arguments: badSyntax + badNames + badValues)
  func modelExistsExactlyWithoutErrors(_ source: BadSource) {
    let result = compile(source.text)
    #expect((result.model == nil) == result.diagnostics.contains { $0.severity == .error })
  }

  @Test func errorsOfAnIncludedFileNameThatFile() {
    let lines = report("#include \"part.idl\"\ntypedef Y Z;\n", files: ["part.idl": "typedef long T;\ntypedef X Y;\n"])
    #expect(lines == ["part.idl:2:9: error: unknown name 'X' [IDL0304]"])
  }

  @Test func columnsCountCharactersAndNotBytes() {
    #expect(report("/* 汉字 */ typedef X Y;") == ["t.idl:1:18: error: unknown name 'X' [IDL0304]"])
  }

  @Test func continuedLinesKeepTheirNumbers() {
    #expect(report("#define A \\\n 1\ntypedef\\\r\n X Y;") == ["t.idl:4:2: error: unknown name 'X' [IDL0304]"])
  }

  @Test func aMissingMainFileIsAnError() {
    let result = compileIDL(mainFile: "none.idl", loader: InMemorySourceLoader([:]))
    #expect(result.model == nil)
    #expect(result.diagnostics.map(\.description) == ["none.idl:1:1: error: cannot find 'none.idl' [IDL0001]"])
  }
}
