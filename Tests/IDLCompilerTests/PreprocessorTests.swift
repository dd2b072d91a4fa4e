import IDLCompiler
import Testing

@Suite struct PreprocessorTests {
  @Test func quotedNamesAreFoundBesideTheIncludingFileFirst() throws {
    let files = ["lib/a.idl": "#include \"b.idl\"\n", "lib/b.idl": "typedef long Beside;\n", "b.idl": "typedef long Other;\n"]
    let model = try model("#include \"lib/a.idl\"\n", files: files)
    #expect(model.files.map(\.path) == ["t.idl", "lib/a.idl", "lib/b.idl"])
    #expect(model.files.map(\.includes) == [["lib/a.idl"], ["lib/b.idl"], []])
    #expect(model.declarations.map(\.name) == ["Beside"])
  }

  @Test func namesInAnglesAreFoundOnTheIncludePathsOnly() throws {
    let files = ["b.idl": "typedef long Beside;\n", "one/c.idl": "typedef long One;\n", "two/b.idl": "typedef long Two;\n"]
    let model = try model("#include <b.idl>\n#include \"c.idl\"\n", files: files, includePaths: ["one", "two/"])
    #expect(model.declarations.map(\.name) == ["Two", "One"])
    #expect(model.mainFile.includes == ["two/b.idl", "one/c.idl"])
  }

  @Test(arguments: [("a/./b.idl", "a/b.idl"), ("a/../b.idl", "b.idl"), ("../b.idl", "../b.idl"), ("/x//y/../b.idl", "/x/b.idl")])
  func oneFileHasOnePath(_ written: String, _ path: String) throws {
    let model = try model("#include \"\(written)\"\n", files: [path: "typedef long T;\n"])
    #expect(model.mainFile.includes == [path])
  }

  @Test func pragmaOnceAndGuardsIncludeOnce() throws {
    let text = "#include \"once.idl\"\n#include \"once.idl\"\n#include \"guarded.idl\"\n#include \"guarded.idl\"\n"
    let guarded = "#ifndef G\n#define G\ntypedef long B;\n#endif\n"
    let model = try model(text, files: ["once.idl": "#pragma once\ntypedef long A;\n", "guarded.idl": guarded])
    #expect(model.declarations.map(\.name) == ["A", "B"])
  }

  @Test func includingWithoutEndIsAnError() {
    #expect(
      report("#include \"t.idl\"\n#include \"t.idl\"\n") == ["t.idl:1:2: error: 't.idl' is included more than 64 files deep [IDL0004]"])
  }

  @Test(arguments: [
    ("", ["No"]), ("A", ["Yes", "IsOne"]), ("A=2", ["Yes"]), ("A=1", ["Yes", "IsOne"]), ("A=", ["Yes"]), ("A=(3 - 2)", ["Yes", "IsOne"]),
  ])
  func definesOfTheCommandLine(_ define: String, _ names: [String]) throws {
    let text = """
      #ifdef A
      typedef long Yes;
      #else
      typedef long No;
      #endif
      #if defined(A) && defined VALUE
      typedef long Never;
      #endif
      #ifdef A
      #define HAS_A 1
      #endif
      #if HAS_A
      #define TEXT A
      #endif
      """
    let isOne =
      "\n#if HAS_A && defined(A) && (0 + HAS_A) == 1\n#if \(define == "A=" ? "0" : "A") == 1\ntypedef long IsOne;\n#endif\n#endif\n"
    let model = try model(text + isOne, defines: define.isEmpty ? [] : [define])
    #expect(model.declarations.map(\.name) == names)
  }

  @Test func aBadDefineIsAnError() {
    #expect(report("typedef long T;", defines: ["A B=2"]) == ["<command line>:1:1: error: 'A B' is no name of a macro [IDL0005]"])
  }

  @Test func macrosReplaceWordsOnceAndNotTheirOwnNames() throws {
    let model = try model(
      """
      #define TYPE long
      #define SELF SELF
      #define ONE TWO
      #define TWO ONE
      #define EMPTY
      typedef EMPTY TYPE SELF; typedef SELF ONE;
      """)
    #expect(model.declarations.map(\.name) == ["SELF", "ONE"])
  }

  @Test func textThatIsSwitchedOffNeedNotBeIDL() throws {
    let model = try model("#if 0\nit's \"open /* and */ \\\n#error not this\n#else\ntypedef long T;\n#endif\n")
    #expect(model.declarations.map(\.name) == ["T"])
  }

  @Test func aCommentMayHideADirective() throws {
    let model = try model("/*\n#error hidden\n*/ typedef long T; // #error hidden\n")
    #expect(model.declarations.count == 1)
  }

  @Test func macrosThatGrowWithoutEndAreStopped() {
    let doubling = (1...64).map { "#define A\($0) A\($0 - 1) A\($0 - 1)\n" }.joined()
    #expect(report(doubling + "typedef A64 T;") == ["t.idl:65:9: error: macros expand to more than 1000000 words [IDL0013]"])
  }

  @Test func aBOMAndForeignLineEndsAreAccepted() throws {
    let model = try model("\u{FEFF}#define A 1\r\n#if A\r\ntypedef long T;\r\n#endif\rtypedef long U;\r")
    #expect(model.declarations.map(\.location.line) == [3, 5])
  }

  @Test func unreadableSourcesAreNamed() {
    struct Loader: SourceLoader {
      func load(path: String, limit: Int) -> LoadedSource {
        switch path {
        case "main.idl": .bytes(Array("#include \"big.idl\"\n".utf8))
        default: .tooLarge
        }
      }
    }
    let result = compileIDL(mainFile: "main.idl", loader: Loader())
    #expect(result.diagnostics.map(\.description) == ["main.idl:1:2: error: 'big.idl' is larger than 16 MiB [IDL0002]"])
  }
}
