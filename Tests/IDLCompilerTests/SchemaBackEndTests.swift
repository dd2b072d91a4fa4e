import ForeignORB
import Foundation
import IDLCompiler
import Testing

/// XML schemas from IDL: what they say, and that the one of the canonical model is current.
@Suite struct SchemaBackEndTests {
  private func generate(_ idl: String, interface: String? = nil) throws -> (text: String, problems: [String]) {
    let folder = try TemporaryFolder()
    let path = try folder.write(idl, to: "test.idl")
    let compilation = compileIDL(mainFile: path, loader: FileSourceLoader())
    return SchemaBackEnd(namespace: "urn:test", interface: interface).generate(try #require(compilation.model))
  }

  @Test func membersBecomeElements() throws {
    let (text, problems) = try generate(
      """
      module M {
        typedef fixed<9,2> Amount;
        typedef sequence<long, 1> OptionalCount;
        #pragma tessera optional OptionalCount
        enum Colour { red, green };
        /** One & all. */
        struct Line { string<20> name; Amount price; OptionalCount count; sequence<Amount, 3> steps; Colour paint; sequence<octet> raw; };
      };
      """)
    #expect(problems.isEmpty)
    for expected in [
      "<xs:complexType name=\"Line\">", "<xs:documentation>One &amp; all.</xs:documentation>", "<xs:maxLength value=\"20\"/>",
      "<xs:element name=\"price\" minOccurs=\"0\" type=\"Amount\"/>", "<xs:element name=\"count\" minOccurs=\"0\" type=\"xs:int\"/>",
      "<xs:element name=\"item\" type=\"Amount\" minOccurs=\"0\" maxOccurs=\"3\"/>", "<xs:enumeration value=\"green\"/>",
      "<xs:element name=\"raw\" minOccurs=\"0\" type=\"xs:hexBinary\"/>", "<xs:fractionDigits value=\"2\"/>",
    ] {
      #expect(text.contains(expected), "\(expected) in\n\(text)")
    }
  }

  @Test func operationsBecomeDocuments() throws {
    let idl = "module M { struct R { long a; }; interface I { R put(in string message, in sequence<R> batch); Object away(); }; };"
    let (text, problems) = try generate(
      idl.replacing("in sequence<R> batch", with: "in Rs batch").replacing("interface", with: "typedef sequence<R> Rs; interface"),
      interface: "I")
    #expect(problems.isEmpty)
    #expect(text.contains("<xs:element name=\"put\">"))
    #expect(text.contains("<xs:element name=\"batch\" type=\"Rs\"/>"))
    #expect(text.contains("<xs:element name=\"R\">"))
    #expect(!text.contains("away"))
  }

  @Test func whatIsMissingIsToldOf() throws {
    #expect(try generate("struct R { long a; };", interface: "I").problems == ["there is no interface I"])
  }

  /// `make schemas` writes it anew.
  @Test func theSchemaOfTheCanonicalModelIsCurrent() throws {
    let compilation = compileIDL(mainFile: repositoryPath("Sources/InterchangeIDL/interchange.idl"), loader: FileSourceLoader())
    let (text, problems) = SchemaBackEnd(namespace: "urn:tessera:interchange:1", interface: "Inbound").generate(
      try #require(compilation.model))
    #expect(problems.isEmpty)
    let path = repositoryPath("Schemas/interchange.xsd")
    if ProcessInfo.processInfo.environment["TESSERA_REGENERATE"] != nil { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(text == (try String(contentsOfFile: path, encoding: .utf8)), "run `make schemas`")
  }
}
