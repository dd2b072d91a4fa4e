import ForeignORB
import Testing

@testable import XMLStream

@Suite struct AttackTests {
  /// Documents of our own that try to make a reader expand, open or lose something.
  static let attacks: [(document: String, code: XMLIssue.Code)] = [
    ("<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>", .internalSubset),
    ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>", .internalSubset),
    ("<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://192.0.2.1/b.dtd'> %b;]><a/>", .internalSubset),
    ("<!DOCTYPE a SYSTEM 'x' [<!ATTLIST a b CDATA 'c'>]><a/>", .internalSubset),
    ("<!DOCTYPE a []><a/>", .internalSubset),
    ("<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a>&b;</a>", .entityReference),
    ("<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a b='&b;'/>", .entityReference),
    ("<a>&b;</a>", .entityReference),
    ("<a>&\(String(repeating: "b", count: 100_000));</a>", .entityReference),
    ("<a>&#0;</a>", .notWellFormed),
    ("<a>&#x110000;</a>", .notWellFormed),
    ("<a>\0</a>", .notWellFormed),
    ("<a>]]></a>", .notWellFormed),
  ]

  @Test(arguments: attacks.indices) func attacksAreRefused(index: Int) {
    #expect(refusal(Self.attacks[index].document)?.code == Self.attacks[index].code)
  }

  @Test(.needsCorpus) func publishedPayloadsAreRefused() throws {
    let files = try xmlFiles(in: Corpus.path("xml-attack/payloads"))
    #expect(files.count == 6)
    for file in files {
      let issue = refusal(try bytes(of: file))
      #expect([.internalSubset, .notWellFormed].contains(issue?.code), "\(file)")
      #expect(issue?.message.contains("passwd") != true, "\(file)")
    }
  }

  /// An external DTD may be named: real catalogues do. It is not looked for, and the document is read.
  @Test(arguments: [
    "<!DOCTYPE BMECAT SYSTEM 'bmecat_new_catalog_1_2.dtd'>", "<!DOCTYPE a PUBLIC '-//X//Y' 'http://192.0.2.1/cXML.dtd'>",
  ]) func anExternalIdentifierIsAllowed(declaration: String) {
    #expect(refusal("\(declaration)<a/>") == nil)
  }

  /// The loader that libxml2 would open files with knows nothing but schemas during their compilation.
  @Test(arguments: ["/etc/hostname", "file:///etc/hostname", "http://192.0.2.1/", "tessera-schema:///a.xsd"])
  func theLoaderRefuses(location: String) {
    XMLLibrary.start()
    #expect(SchemaLibrary.load(location, for: nil) == nil)
  }

  /// A catalogue named by the document could redirect what is loaded; the instruction is passed over.
  @Test func cataloguesAreNotRead() {
    #expect(refusal("<?oasis-xml-catalog catalog='/etc/hostname'?><a/>") == nil)
  }

  @Test(arguments: ["\u{7}", "\n", "\u{1B}[31m", "\u{202E}", "\u{2028}"]) func messagesAreSafeToPrint(character: String) throws {
    let issue = XMLIssue(.notWellFormed, "value 'a\(character)b' is \(String(repeating: "long ", count: 1_000)) indeed")
    #expect(issue.message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{202E}" && $0 != "\u{2028}" })
    #expect(issue.message.unicodeScalars.count < 330)
    #expect(issue.message.hasPrefix("value 'a"))
    #expect(issue.message.hasSuffix("indeed"))
  }
}
