import IDLCompiler
import Testing

/// `idl-swift.json`, right and wrong.
@Suite struct SwiftConfigurationTests {
  @Test func everyMember() {
    let (configuration, diagnostics) = SwiftConfiguration.read(
      """
      {
        "naming": "verbatim", "visibility": "package",
        "includeDirectories": ["../Common", "/usr/share/idl"],
        "defines": { "LEVEL": "2" },
        "modules": { "common.idl": "Common\\u0049DL" }
      }
      """, file: "Sources/X/idl-swift.json")
    #expect(diagnostics == [])
    #expect(configuration.naming == .verbatim && configuration.visibility == .package)
    #expect(configuration.includeDirectories == ["Sources/X/../Common", "/usr/share/idl"])
    #expect(configuration.defines == ["LEVEL": "2"] && configuration.modules == ["common.idl": "CommonIDL"])
  }

  @Test(arguments: [
    ("", "c.json:1:1: error: expected a value, found the end of the file [IDL0905]"),
    ("[]", "c.json:1:1: error: expected an object [IDL0905]"),
    (
      "{\n  \"names\": 1 }",
      "c.json:2:3: error: unknown member 'names'; known are naming, visibility, includeDirectories, defines, modules [IDL0905]"
    ),
    ("{ \"naming\": \"pretty\" }", "c.json:1:13: error: 'pretty' is no naming; possible are idiomatic, verbatim [IDL0905]"),
    ("{ \"visibility\": true }", "c.json:1:17: error: 'visibility' must be a string [IDL0905]"),
    ("{ \"modules\": [] }", "c.json:1:14: error: 'modules' must be an object [IDL0905]"),
    ("{ \"includeDirectories\": [1] }", "c.json:1:26: error: 'includeDirectories' must be a string [IDL0905]"),
    ("{ \"naming\" \"verbatim\" }", "c.json:1:12: error: expected ':', found '\"' [IDL0905]"),
    ("{ \"naming\": \"verb", "c.json:1:18: error: a string does not end [IDL0905]"),
    ("{} x", "c.json:1:4: error: unexpected 'x' behind the value [IDL0905]"),
    (String(repeating: "[", count: 100), "c.json:1:17: error: nested deeper than 16 levels [IDL0905]"),
  ])
  func mistakes(_ text: String, _ expected: String) {
    #expect(SwiftConfiguration.read(text, file: "c.json").diagnostics.map(\.description) == [expected])
  }
}
