import IDLCompiler
import Testing

/// What the Swift back end refuses, warns of, and how it names things.
@Suite struct SwiftBackEndTests {
  private func generate(_ text: String, files: [String: String] = [:], options: SwiftOptions = SwiftOptions()) throws -> (String, [String])
  {
    let (generated, diagnostics) = SwiftBackEnd(options: options).generate([try model(text, files: files)])
    return (generated[0].text, diagnostics.flatMap { $0.description.split(separator: "\n").map(String.init) })
  }

  @Test(arguments: [
    ("struct S { any what; };", "t.idl:1:16: error: the Swift mapping does not cover 'any' [IDL0900]"),
    ("local interface L { void f(); };", "t.idl:1:17: error: the Swift mapping does not cover local interfaces such as 'L' [IDL0900]"),
    (
      "abstract interface A { void f(); };", "t.idl:1:20: error: the Swift mapping does not cover abstract interfaces such as 'A' [IDL0900]"
    ),
    (
      "interface F; struct S { F it; };",
      "t.idl:1:11: error: interface 'F' is declared, but never defined [IDL0904]"
    ),
    (
      "struct S { octet big[300][300]; };",
      "t.idl:1:18: error: an array of 90000 elements is too large to be kept in line; the limit is 65536 [IDL0903]"
    ),
    (
      "typedef octet Row[60000]; typedef Row Rows[60000]; struct S { Rows all; };",
      "t.idl:1:39: error: an array of 3600000000 elements is too large to be kept in line; the limit is 65536 [IDL0903]"
    ),
    (
      "interface I {}; typedef sequence<I, 1> M;\n#pragma tessera optional M\n",
      "t.idl:1:40: error: 'M' cannot be an optional value: its element is optional already [IDL0900]"
    ),
    (
      "module M { struct a_b { long n; }; struct AB { long n; }; };",
      "t.idl:1:19: warning: 'a_b' keeps its IDL name in Swift, since 'AB' stands for 'AB' already [IDL0901]"
    ),
  ])
  func diagnostics(_ source: String, _ expected: String) throws {
    let (_, found) = try generate(source)
    #expect(found.first == expected)
  }

  @Test func declarationsOfIncludedFilesNeedASwiftModule() throws {
    let files = ["other.idl": "module Other { struct Point { long x; }; struct Unused { long y; }; };"]
    let source = "#include \"other.idl\"\nstruct S { Other::Point at; };"
    let (_, found) = try generate(source, files: files)
    #expect(
      found == [
        "t.idl:2:25: error: 'Other::Point' comes from other.idl, which no Swift module is named for [IDL0902]",
        "t.idl:2:25: note: name it in idl-swift.json: \"modules\": { \"other.idl\": \"ItsSwiftModule\" }",
      ])
    let (text, none) = try generate(source, files: files, options: SwiftOptions(modules: SwiftModuleMap(["other.idl": "OtherIDL"])))
    #expect(none == [])
    #expect(text.contains("public import OtherIDL\n"))
    #expect(text.contains("public var at: OtherIDL.Other.Point\n"))
    #expect(!text.contains("enum Other"))
  }

  @Test func filesOfOneRunShareModulesAndNames() throws {
    let first = "module M { struct one_thing { long n; }; };"
    let models = [
      try #require(compileIDL(mainFile: "a.idl", loader: InMemorySourceLoader(["a.idl": first])).model),
      try #require(
        compileIDL(
          mainFile: "b.idl",
          loader: InMemorySourceLoader(["a.idl": first, "b.idl": "#include \"a.idl\"\nmodule M { struct OneThing { one_thing it; }; };"])
        ).model),
    ]
    let (files, diagnostics) = SwiftBackEnd().generate(models)
    #expect(files.map(\.source) == ["a.idl", "b.idl"])
    #expect(files[0].text.contains("public enum M {}"))
    #expect(!files[1].text.contains("enum M"))
    // The included file's names are what they are without the including one.
    #expect(files[0].text.contains("struct OneThing:"))
    #expect(files[1].text.contains("public var it: M.OneThing\n"))
    #expect(files[1].text.contains("struct OneThing_:"))
    #expect(diagnostics.map(\.severity) == [.warning])
  }

  @Test(arguments: [
    ("ORDER_LINE", "OrderLine", "orderLine"), ("order_line", "OrderLine", "orderLine"), ("OrderLine", "OrderLine", "orderLine"),
    ("SKU", "SKU", "sku"), ("URLPath", "URLPath", "urlPath"), ("x", "X", "x"), ("customerID", "CustomerID", "customerID"),
    ("line_1_2", "Line1_2", "line1_2"), ("a__b", "AB", "aB"), ("UTF8", "UTF8", "utf8"), ("MAX_ID", "MaxId", "maxId"),
  ])
  func idiomaticNames(_ idl: String, _ type: String, _ value: String) throws {
    let (text, _) = try generate("module Holder { struct \(idl) { long n; }; }; struct S { long \(idl); };")
    #expect(text.contains("public struct \(type):"))
    #expect(text.contains("public var \(value): Int32"))
  }

  @Test func modulesAreFoundByTheEndOfAPath() {
    let map = SwiftModuleMap(["common.idl": "A", "erp/common.idl": "B", "./x/../deep.idl": "C"])
    #expect(map.module(ofFile: "common.idl") == "A")
    #expect(map.module(ofFile: "/usr/idl/common.idl") == "A")
    #expect(map.module(ofFile: "idl/erp/./common.idl") == "B")
    #expect(map.module(ofFile: "uncommon.idl") == nil)
    #expect(map.module(ofFile: "y/deep.idl") == "C")
  }

  @Test(arguments: [
    ("@throws Full, when the store is full", "- Throws: Full, when the store is full"),
    ("@throws Full: when the store is full", "- Throws: Full: when the store is full"),
    ("@exception Full when the store is full", "- Throws: Full: when the store is full"),
    ("@raises Full", "- Throws: Full"), ("@throws Full, Empty", "- Throws: Full, Empty"),
    ("@param key, its number", "- Parameter key: its number"), ("@param key: its number", "- Parameter key: its number"),
  ])
  func commentsBecomeDocumentation(_ comment: String, _ expected: String) throws {
    let (text, _) = try generate("exception Full {}; interface Store { /** \(comment) */ void put(in long key) raises (Full); };")
    #expect(text.split(separator: "\n").contains { $0.hasSuffix("/// " + expected) }, "\(text)")
  }
}
