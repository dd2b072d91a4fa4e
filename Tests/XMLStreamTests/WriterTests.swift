import Testing

@testable import XMLStream

@Suite struct WriterTests {
  /// What a sequence of calls writes, without a declaration.
  func written(indentation: Int? = nil, _ body: (inout XMLWriter) throws -> Void) throws -> String {
    var writer = XMLWriter(indentation: indentation, declaration: false)
    try body(&writer)
    return String(decoding: try writer.finish(), as: UTF8.self)
  }

  @Test func textAndAttributesAreEscaped() throws {
    let text = try written {
      try $0.startElement("a")
      try $0.attribute("b", "<\"&'>\t\r\n")
      try $0.text("<\"&'>]]>\t\r\n汉")
      try $0.endElement()
    }
    #expect(text == "<a b=\"&lt;&quot;&amp;'&gt;&#9;&#13;&#10;\">&lt;\"&amp;'&gt;]]&gt;\t&#13;\n汉</a>\n")
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let value = "<\"&'>]]>\t\r\n\r &#38; 汉字 😀 \u{85} \u{2028} \u{FFFD}"
    var writer = XMLWriter()
    try writer.startElement("a")
    try writer.attribute("b", value)
    try writer.text(value)
    try writer.endElement()
    let root = try XMLDocument(parsing: try writer.finish(), file: "doc.xml").root
    #expect(root["b"] == value)
    #expect(root.text == value)
  }

  @Test func elementsAreIndentedButTextIsNot() throws {
    let text = try written(indentation: 2) {
      try $0.startElement("a")
      try $0.startElement("b")
      try $0.element("c", text: "x")
      try $0.element("d", text: "")
      try $0.endElement()
      try $0.startElement("e", isMixed: true)
      try $0.element("f", text: "y")
      try $0.text(" z")
      try $0.endElement()
      try $0.endElement()
    }
    #expect(text == "<a>\n  <b>\n    <c>x</c>\n    <d/>\n  </b>\n  <e><f>y</f> z</e>\n</a>\n")
  }

  @Test func namespacesAreDeclaredWhereTheyAreNeeded() throws {
    let text = try written {
      try $0.startElement(XMLName("a", namespace: "urn:1"))
      try $0.namespace("p", "urn:2")
      try $0.attribute(XMLName("x", namespace: "urn:2"), "1")
      try $0.attribute(XMLName("lang", namespace: XMLNamespaces.xmlNamespace), "de")
      try $0.element(XMLName("b", namespace: "urn:1"), text: "")
      try $0.element(XMLName("c", namespace: "urn:2"), text: "", prefix: "p")
      try $0.element(XMLName("d", namespace: "urn:3"), text: "", prefix: "p")
      try $0.element("e", text: "")
      try $0.endElement()
    }
    #expect(
      text == "<a xmlns:p=\"urn:2\" xmlns=\"urn:1\" p:x=\"1\" xml:lang=\"de\"><b/><p:c/><p:d xmlns:p=\"urn:3\"/><e xmlns=\"\"/></a>\n")
  }

  @Test(arguments: [
    "<a xmlns=\"urn:1\" b=\"1\"><c xmlns:p=\"urn:2\" p:d=\"x&amp;\"/><p:e xmlns:p=\"urn:3\">t</p:e></a>\n",
    "<a>mixed <b>bold</b> text\n</a>\n", "<p:a xmlns:p=\"u\"><b/></p:a>\n",
  ]) func aTreeIsWrittenAsItWasRead(document: String) throws {
    let root = try tree(document)
    #expect(try written { try $0.write(root) } == document)
  }

  @Test func aSubtreeTakesItsNamespacesAlong() throws {
    let inner = try tree("<a xmlns='urn:1' xmlns:p='urn:2'><b type='p:c'/></a>").elements[0]
    #expect(try written { try $0.write(inner) } == "<b xmlns=\"urn:1\" xmlns:p=\"urn:2\" type=\"p:c\"/>\n")
  }

  @Test func aTreeIsIndentedAnew() throws {
    let root = try tree("<a>   <b><c>x</c></b>\n<d> y <e/></d></a>")
    #expect(try written(indentation: 1) { try $0.write(root) } == "<a>\n <b>\n  <c>x</c>\n </b>\n <d> y <e/></d>\n</a>\n")
  }

  @Test func theDeclarationIsWritten() throws {
    var writer = XMLWriter()
    try writer.element("a", text: "")
    #expect(String(decoding: try writer.finish(), as: UTF8.self) == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n")
  }

  @Test(arguments: ["\u{0}", "\u{1}", "\u{8}", "\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"])
  func illegalCharactersAreRefused(character: String) {
    func code(_ body: (inout XMLWriter) throws -> Void) -> XMLIssue.Code? {
      var writer = XMLWriter()
      do {
        try writer.startElement("a")
        try body(&writer)
        return nil
      } catch {
        return (error as? XMLIssue)?.code
      }
    }
    #expect(code { try $0.text("x\(character)y") } == .illegalCharacter)
    #expect(code { try $0.attribute("b", "x\(character)y") } == .illegalCharacter)
    #expect(code { try $0.namespace("b", "x\(character)y") } == .illegalCharacter)
  }

  @Test func anIllegalCharacterIsNamed() throws {
    var writer = XMLWriter()
    try writer.startElement("a")
    try writer.startElement("b")
    let issue = #expect(throws: XMLIssue.self) { try writer.text("x\u{1F}") }
    #expect(issue?.message == "The text 'x' holds the character U+001F.")
    #expect(issue?.elementPath == "/a/b")
  }

  @Test(arguments: ["", "1a", "-a", "a b", "a:b", "a>", "a\u{0}", "\u{D7}"]) func illegalNamesAreRefused(name: String) throws {
    var writer = XMLWriter()
    #expect(throws: XMLIssue.self) { try writer.startElement(XMLName(name)) }
    #expect(throws: XMLIssue.self) { try writer.startElement(XMLName("a", namespace: "urn:1"), prefix: name) }
    try writer.startElement("a")
    #expect(throws: XMLIssue.self) { try writer.attribute(XMLName(name), "x") }
  }

  @Test(arguments: ["a", "_a", "ä-1.b", "汉字", "a\u{B7}"]) func legalNamesAreWritten(name: String) throws {
    #expect(try written { try $0.element(XMLName(name), text: "") } == "<\(name)/>\n")
  }

  static let misuses: [(String, @Sendable (inout XMLWriter) throws -> Void)] = [
    (
      "two roots",
      {
        try $0.element("a", text: ""); try $0.element("b", text: "")
      }
    ),
    (
      "an end too many",
      {
        try $0.element("a", text: ""); try $0.endElement()
      }
    ),
    ("text before the root", { try $0.text("x") }),
    (
      "an attribute after text",
      {
        try $0.startElement("a"); try $0.text("x"); try $0.attribute("b", "")
      }
    ),
    (
      "an attribute twice",
      {
        try $0.startElement("a"); try $0.attribute("b", ""); try $0.attribute("b", "")
      }
    ),
    (
      "an attribute with a namespace and no prefix",
      {
        try $0.startElement("a"); try $0.attribute(XMLName("b", namespace: "u"), "")
      }
    ),
    ("a prefix without a namespace", { try $0.startElement("a", prefix: "p") }),
    (
      "a prefix declared twice",
      {
        try $0.startElement("a"); try $0.namespace("p", "1"); try $0.namespace("p", "2")
      }
    ),
    (
      "the prefix xml",
      {
        try $0.startElement("a"); try $0.namespace("xml", "1")
      }
    ),
    (
      "text after indented elements",
      {
        try $0.startElement("a"); try $0.element("b", text: ""); try $0.text("x")
      }
    ),
    ("no root", { _ = try $0.finish() }),
    (
      "an element that has not ended",
      {
        try $0.startElement("a"); _ = try $0.finish()
      }
    ),
  ]

  @Test(arguments: misuses.indices) func misuseIsRefused(index: Int) {
    var writer = XMLWriter(indentation: 2)
    #expect(throws: XMLIssue.self, "\(Self.misuses[index].0)") { try Self.misuses[index].1(&writer) }
  }
}
