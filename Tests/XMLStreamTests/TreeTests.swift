import Testing

@testable import XMLStream

@Suite struct TreeTests {
  @Test func anElementHoldsNamesValuesAndText() throws {
    let root = try tree("<m:a xmlns:m='urn:m' xmlns='urn:d' b='1' m:c='2'>x<d>y</d>z<m:d/></m:a>")
    #expect(root.name == XMLName("a", namespace: "urn:m"))
    #expect(root.prefix == "m")
    #expect(root.qualifiedName == "m:a")
    #expect(root["b"] == "1")
    #expect(root[XMLName("c", namespace: "urn:m")] == "2")
    #expect(root["c"] == nil)
    #expect(root.text == "xz")
    #expect(root.elements.map(\.name) == [XMLName("d", namespace: "urn:d"), XMLName("d", namespace: "urn:m")])
    #expect(root.element(XMLName("d", namespace: "urn:d"))?.text == "y")
  }

  @Test func prefixesInScopeAreKnown() throws {
    let root = try tree("<a xmlns='urn:1' xmlns:p='urn:2'><b xmlns:p='urn:3' xmlns:q='urn:4'><c xmlns=''/></b></a>")
    let inner = try #require(root.elements[0].elements.first)
    #expect(root.namespaces.uri(for: "p") == "urn:2")
    #expect(root.namespaces.uri(for: "q") == nil)
    #expect(inner.namespaces.uri(for: "p") == "urn:3")
    #expect(inner.namespaces.uri(for: "") == nil)
    #expect(inner.namespaces.uri(for: "xml") == XMLNamespaces.xmlNamespace)
    #expect(inner.namespaces.all == ["p": "urn:3", "q": "urn:4"])
    #expect(inner.name == XMLName("c"))
  }

  @Test func pathsCountElementsOfOneName() throws {
    let root = try tree("<a><b/><c/><b><d/><p:d xmlns:p='u'/><d/></b></a>")
    #expect(root.elements.map(\.path.description) == ["/a/b", "/a/c", "/a/b[2]"])
    #expect(root.elements[2].elements.map(\.path.description) == ["/a/b[2]/d", "/a/b[2]/p:d", "/a/b[2]/d[2]"])
  }

  @Test func whiteSpaceIsKeptAsXMLSays() throws {
    let root = try tree("<a b=' x\ty\r\nz&#10;'>\r\n \rq&#13;</a>")
    #expect(root["b"] == " x y z\n")
    #expect(root.text == "\n \nq\r")
  }

  @Test func everyNamespaceFaultIsReported() throws {
    #expect {
      try tree("<a>\n<p:b/>\n<c q:d='1'/>\n<e>")
    } throws: { error in
      let issues = (error as? XMLIssues)?.issues ?? []
      return issues.map(\.code) == [.namespace, .namespace, .notWellFormed] && issues.map(\.line) == [2, 3, 4]
    }
  }

  @Test func eventsBeforeAFaultAreDelivered() throws {
    let reader = try XMLReader(bytes: Array("<a><b/></c>".utf8))
    var starts = 0
    let fault = #expect(throws: XMLIssue.self) {
      while let event = try reader.next() {
        if case .startElement = event { starts += 1 }
      }
    }
    #expect(starts == 2)
    #expect(fault?.code == .notWellFormed)
    #expect(throws: XMLIssue.self) { try reader.next() }
  }

  @Test func anIssuePointsIntoAnAttribute() throws {
    let set = try #require(try tree("<m>\n  <set field='name' from='a &gt; b c'/></m>").elements.first)
    let issue = set.issue(.schemaViolation, "unexpected 'c'", file: "m.xml", attribute: "from", utf8Offset: 6)
    #expect(issue.description == "m.xml:2:36: error: unexpected 'c' [XML_SCHEMA_VIOLATION]")
    #expect(issue.elementPath == "/m/set")
  }

  @Test func aLargeDocumentIsReadInPieces() throws {
    let item = "<item code=\"A&amp;1\"><name>汉字 &lt;b&gt;</name><price>1.50</price></item>\n"
    let reader = try XMLReader(bytes: Array("<items>\n\(String(repeating: item, count: 20_000))</items>".utf8))
    var names = 0
    var last = XMLPosition.unknown
    while let event = try reader.next() {
      switch event {
      case .startElement(let tag):
        last = tag.position
        if tag.name == "item" { #expect(tag.attributes[0].value == "A&1") }
      case .text(let text) where text.value == "汉字 <b>": names += 1
      default: continue
      }
    }
    #expect(names == 20_000)
    #expect(last.line == 20_001)
  }
}
