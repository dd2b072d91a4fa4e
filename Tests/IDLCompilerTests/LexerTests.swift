import IDLCompiler
import Testing

@Suite struct LexerTests {
  @Test(arguments: [
    ("0", 0), ("42", 42), ("017", 15), ("0xFf", 255), ("0X10", 16), ("00", 0), ("2147483647", 2_147_483_647),
  ])
  func integers(_ literal: String, _ value: Int128) throws {
    #expect(try model("const long X = \(literal);").value("X") == .integer(value))
  }

  @Test(arguments: [
    ("1.5", 1.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001), ("2.5e+2", 250), ("0.1", 0.1), ("00.5", 0.5),
  ])
  func floatingPointNumbers(_ literal: String, _ value: Double) throws {
    #expect(try model("const double X = \(literal);").value("X") == .floating(value))
  }

  @Test(arguments: [
    ("1d", "1"), ("0001.500D", "1.5"), (".05d", "0.05"), ("12.d", "12"), ("0d", "0"),
    ("1234567890123456789012345.678901d", "1234567890123456789012345.678901"),
  ])
  func fixedPointNumbers(_ literal: String, _ text: String) throws {
    guard case .fixed(let value) = try model("const fixed X = \(literal);").value("X") else { throw NotFound(name: "X") }
    #expect(value.description == text)
  }

  @Test(arguments: [
    (#"'a'"#, 0x61), (#"'\n'"#, 10), (#"'\t'"#, 9), (#"'\v'"#, 11), (#"'\b'"#, 8), (#"'\r'"#, 13), (#"'\f'"#, 12), (#"'\a'"#, 7),
    (#"'\\'"#, 92), (#"'\?'"#, 63), (#"'\''"#, 39), (#"'\"'"#, 34), (#"'\101'"#, 65), (#"'\0'"#, 0), (#"'\377'"#, 255), (#"'\x4'"#, 4),
    (#"'\xe9'"#, 0xE9), ("'é'", 0xE9), (#"'"'"#, 34),
  ])
  func characters(_ literal: String, _ code: UInt8) throws {
    #expect(try model("const char X = \(literal);").value("X") == .character(code))
  }

  @Test(arguments: [("L'a'", 0x61), (#"L'\u6c49'"#, 0x6C49), ("L'汉'", 0x6C49), (#"L'\ue9'"#, 0xE9), (#"L'\ud800'"#, 0xD800)])
  func wideCharacters(_ literal: String, _ unit: UInt16) throws {
    #expect(try model("const wchar X = \(literal);").value("X") == .wideCharacter(unit))
  }

  @Test(arguments: [
    (#""plain""#, "plain"), (#""""#, ""), (#""a" "b" "c""#, "abc"), ("\"a\"\n// between\n\"b\"", "ab"), (#""\x41\102C""#, "ABC"),
    (#""\x4""1""#, "\u{4}1"), (#""caf\xe9""#, "café"), ("\"汉字 ü\"", "汉字 ü"), (#""'\"""#, "'\""),
    ("\"/* no comment */\"", "/* no comment */"),
  ])
  func strings(_ literal: String, _ text: String) throws {
    #expect(try model("const string X = \(literal);").value("X") == .string(text))
  }

  @Test(arguments: [(#"L"\u6c49" L"b""#, "汉b"), (#"L"\ud83d\ude00""#, "😀"), ("L\"汉\"", "汉"), (#"L"\xe9\n""#, "é\n")])
  func wideStrings(_ literal: String, _ text: String) throws {
    #expect(try model("const wstring X = \(literal);").value("X") == .wideString(text))
  }

  @Test func aNameThatBeginsWithLIsNoLiteral() throws {
    #expect(try model("const long L = 1; const long Last = L;").value("Last") == .integer(1))
  }

  @Test func underscoresEscapeKeywords() throws {
    let model = try model("struct _struct { long _in; long other; };")
    #expect(try model.structure("struct").members.map(\.name) == ["in", "other"])
    #expect(try model.find("struct").repositoryID == "IDL:struct:1.0")
  }

  /// Every keyword of CORBA 3.0 is reserved, in any case, but may be escaped.
  @Test(arguments: [
    "abstract", "any", "attribute", "boolean", "case", "char", "component", "const", "consumes", "context", "custom", "default", "double",
    "emits", "enum", "eventtype", "exception", "factory", "FALSE", "finder", "fixed", "float", "getraises", "home", "import", "in", "inout",
    "interface", "local", "long", "module", "multiple", "native", "Object", "octet", "oneway", "out", "primarykey", "private", "provides",
    "public", "publishes", "raises", "readonly", "sequence", "setraises", "short", "string", "struct", "supports", "switch", "TRUE",
    "truncatable", "typedef", "typeid", "typeprefix", "union", "unsigned", "uses", "ValueBase", "valuetype", "void", "wchar", "wstring",
  ])
  func keywords(_ word: String) throws {
    let other = word == word.lowercased() ? word.uppercased() : word.lowercased()
    #expect(compile("typedef long \(word);").model == nil)
    #expect(report("typedef long \(other);").first?.contains("differs from the keyword '\(word)' only in case [IDL0111]") == true)
    #expect(try model("typedef long _\(word);").declarations.map(\.name) == [word])
  }

  @Test func longIdentifiersAreRefused() {
    let name = String(repeating: "a", count: 1_025)
    #expect(
      report("typedef long \(name);") == [
        "t.idl:1:14: error: identifier 'aaaaaaaaaaaaaaaaaaaa...' of 1025 bytes is longer than 1024 [IDL0107]"
      ])
    #expect(compile("typedef long \(name.dropLast());").model != nil)
  }

  @Test func latinOneIsRefusedInLiteralsAndAcceptedInComments() {
    func report(_ bytes: [UInt8]) -> [String] {
      compileIDL(mainFile: "t.idl", loader: InMemorySourceLoader(bytes: ["t.idl": bytes])).diagnostics.map(\.description)
    }
    #expect(report(Array("/** caf".utf8) + [0xE9] + Array(" */ typedef long T;".utf8)) == [])
    #expect(
      report(Array("const string S = \"caf".utf8) + [0xE9] + Array("\";".utf8)) == [
        """
        t.idl:1:22: error: byte outside of UTF-8 in a literal [IDL0103]
        t.idl:1:22: note: save the file in UTF-8 or write '\\x..'
        """
      ])
  }
}
