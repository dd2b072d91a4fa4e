import Testing

@testable import XMLStream

@Suite struct PositionTests {
  /// Every `§` in a document marks a place; the places of the tags and attributes found must be those, in that order.
  static let documents: [String] = [
    "§<a/>",
    "<?xml version='1.0'?>\n<!-- ü -->§<a>\n  §<b/>\n</a>",
    "§<a\n  §x='§1'\n  §y=\"§2\">§<b §z = '§'/></a>",
    "§<a §x='§äöü' §y='§汉字' §z='§😀'/>",
    "§<汉字 §属性='§值'>文本§<字/></汉字>",
    "\r\n§<a>\r\n§<b\r\n §x='§1'/>\r\n\r\n§<c/></a>",
    "\r§<a>\r§<b\r §x='§1'/></a>",
    "§<a §x='§&lt;&#228;&amp;' §y='§2'/>",
    "§<a §x='§line\nline' §y='§2'/>",
    "§<p:a xmlns:p='u' §x='§1' xmlns='v' §p:y='§2'>§<b/></p:a>",
    "<!DOCTYPE a SYSTEM 'a.dtd' >§<a><![CDATA[<b x='1'>]]>§<c/><!-- <d/> -->§<e/><?f <g/>?>§<h/></a>",
    "§<a>\t§<b\t§x='§\t'/></a>",
    "§<a §x='§>' §y=\"§'\" §z='§\"/>'/>",
  ]

  /// The same after 70,000 bytes of comment in characters of three bytes, so that every kind of place comes to stand across chunks.
  static let fillers = [
    "", String(repeating: "汉", count: 21_800), String(repeating: "汉", count: 21_836), String(repeating: "<!--x-->\n", count: 9_000),
  ]

  @Test(arguments: documents, fillers.indices) func everyTagAndAttributeHasItsPlace(marked: String, filler: Int) throws {
    let fill = Self.fillers[filler]
    let prefix = fill.isEmpty ? "" : fill.hasPrefix("<") ? fill : "<!--\(fill)-->"
    // A comment cannot stand before the XML declaration.
    let text = marked.hasPrefix("<?xml") ? marked : prefix + marked
    let reader = try XMLReader(bytes: Array(text.filter { $0 != "§" }.utf8))
    var found: [XMLPosition] = []
    while let event = try reader.next() {
      guard case .startElement(let tag) = event else { continue }
      found.append(tag.position)
      for attribute in tag.attributes { found += [attribute.position, attribute.valuePosition] }
    }
    #expect(found == Self.marks(text))
  }

  @Test(arguments: documents, [true, false]) func utf16HasTheSamePlaces(marked: String, bigEndian: Bool) throws {
    let text = marked.filter { $0 != "§" }
    let reader = try XMLReader(bytes: utf16(text, bigEndian: bigEndian))
    var found: [XMLPosition] = []
    while let event = try reader.next() {
      guard case .startElement(let tag) = event else { continue }
      found.append(tag.position)
      for attribute in tag.attributes { found += [attribute.position, attribute.valuePosition] }
    }
    #expect(found == Self.marks(marked))
  }

  /// Counts lines and columns in another way than the scanner: by lines first, then by scalars.
  static func marks(_ text: String) -> [XMLPosition] {
    var positions: [XMLPosition] = []
    let lines = text.unicodeScalars.map { String($0) }.joined()
      .replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      var column = 1
      for scalar in line.unicodeScalars {
        if scalar == "§" { positions.append(XMLPosition(line: number + 1, column: column)) } else { column += 1 }
      }
    }
    return positions
  }

  struct Inside: Sendable, CustomTestStringConvertible {
    let document: String
    let value: String
    let utf8Offset: Int
    let place: XMLPosition
    var testDescription: String { "\(document) at \(utf8Offset)" }
  }

  static let insides: [Inside] = [
    Inside(document: "<a x='abc'/>", value: "abc", utf8Offset: 0, place: .init(line: 1, column: 7)),
    Inside(document: "<a x='abc'/>", value: "abc", utf8Offset: 2, place: .init(line: 1, column: 9)),
    Inside(document: "<a x='abc'/>", value: "abc", utf8Offset: 99, place: .init(line: 1, column: 10)),
    Inside(document: "<a x='äbc'/>", value: "äbc", utf8Offset: 2, place: .init(line: 1, column: 8)),
    Inside(document: "<a x='1 &gt; &amp;2'/>", value: "1 > &2", utf8Offset: 3, place: .init(line: 1, column: 13)),
    Inside(document: "<a x='1 &gt; &amp;2'/>", value: "1 > &2", utf8Offset: 5, place: .init(line: 1, column: 19)),
    Inside(document: "<a x='&#x6C49;b&#228;c'/>", value: "汉bäc", utf8Offset: 6, place: .init(line: 1, column: 22)),
    Inside(document: "<a x='a\r\n  b'/>", value: "a   b", utf8Offset: 4, place: .init(line: 2, column: 3)),
    Inside(document: "<a x='&#38;&#38;#38;b'/>", value: "&&#38;b", utf8Offset: 6, place: .init(line: 1, column: 21)),
  ]

  @Test(arguments: insides) func aCharacterOfAValueHasItsPlace(inside: Inside) throws {
    let attribute = try #require(try tree(inside.document).attributes.first)
    #expect(attribute.value == inside.value)
    #expect(attribute.position(utf8Offset: inside.utf8Offset) == inside.place)
  }

  @Test func textBeginsAfterItsTag() throws {
    let root = try tree("<a>\n <b>x</b><c><!-- no -->汉&amp;<![CDATA[<]]></c>\n</a>")
    #expect(root.children.compactMap(\.text).map(\.position) == [.init(line: 1, column: 4), .init(line: 2, column: 47)])
    #expect(root.element("b")?.children.first?.text?.position == .init(line: 2, column: 5))
    #expect(root.element("c")?.children.first?.text?.position == .init(line: 2, column: 24))
    #expect(root.element("c")?.text == "汉&<")
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let document: String
    let code: XMLIssue.Code
    let place: XMLPosition
    let path: String
    let message: String
    var testDescription: String { document }

    init(_ document: String, _ code: XMLIssue.Code, _ line: Int, _ column: Int, _ path: String, _ message: String) {
      self.document = document
      self.code = code
      place = XMLPosition(line: line, column: column)
      self.path = path
      self.message = message
    }
  }

  static let faults: [Fault] = [
    Fault("", .notWellFormed, 1, 1, "", "no root element"),
    Fault("  hello", .notWellFormed, 1, 3, "", "outside the root"),
    Fault("<a>\n <b>\n </c>\n</a>", .notWellFormed, 3, 2, "/a/b", "mismatch: b line 2 and c"),
    Fault("<a>\n <b x=1/>", .notWellFormed, 2, 7, "/a", "quotes"),
    Fault("<a>\n <b x/>", .notWellFormed, 2, 6, "/a", "'=' is expected"),
    Fault("<a>\n ü <b x='1' x='2'/>", .notWellFormed, 2, 4, "/a", "x redefined"),
    Fault("<a>\n ü < b/>", .notWellFormed, 2, 4, "/a", "'<' begins no tag"),
    Fault("<a>\n AT&T</a>", .notWellFormed, 2, 4, "/a", "'&' begins no reference"),
    Fault("<a>\n <b x='&y'/></a>", .notWellFormed, 2, 8, "/a", "'&' begins no reference"),
    Fault("<a>\n <b x='&y;'/></a>", .entityReference, 2, 8, "/a", "'&y;'"),
    Fault("<a>\n <b>", .notWellFormed, 2, 5, "/a/b", "'b' begun at 2:2 is closed"),
    Fault("<a>\n <b", .notWellFormed, 2, 2, "/a", "ends within a tag"),
    Fault("<a>\n <!-- b", .notWellFormed, 2, 2, "/a", "ends within a comment"),
    Fault("<a/>\n<b/>", .notWellFormed, 2, 1, "", "second element"),
    Fault("<a>ü\u{1}</a>", .notWellFormed, 1, 5, "/a", "invalid Char"),
    Fault("<a><x:b/></a>", .namespace, 1, 4, "/a", "x on b is not defined"),
    Fault("<!DOCTYPE a [\n<!ENTITY b 'c'>]><a/>", .internalSubset, 1, 1, "", "internal subset"),
  ]

  @Test(arguments: faults) func faultsAreFoundWhereTheyStand(fault: Fault) throws {
    let issue = try #require(refusal(fault.document))
    #expect(issue.code == fault.code)
    #expect(issue.position == fault.place)
    #expect(issue.elementPath == fault.path)
    #expect(issue.message.contains(fault.message), "\(issue)")
    #expect(issue.file == "doc.xml")
  }

  @Test func anIssueReadsAsALineThatEditorsKnow() throws {
    let issue = try #require(refusal("<a>\n AT&T</a>"))
    #expect("\(issue)" == "doc.xml:2:4: error: '&' begins no reference. [XML_NOT_WELL_FORMED]\n  hint: Write '&' as '&amp;'.")
  }

  @Test func anExcerptPointsAtTheColumn() {
    let lines = XMLSourceLines(Array("<a>\r\n\t<ü x='1'/>\r\n</a>".utf8))
    #expect(lines.excerpt(at: .init(line: 2, column: 5)) == " <ü x='1'/>\n    ^")
    #expect(lines.excerpt(at: .init(line: 9, column: 1)).isEmpty)
    let long = XMLSourceLines(Array("\(String(repeating: "a", count: 500))X\(String(repeating: "b", count: 500))".utf8))
    let excerpt = long.excerpt(at: .init(line: 1, column: 501), width: 40).split(separator: "\n")
    #expect(excerpt[0].count == 40)
    #expect(Array(excerpt[0])[excerpt[1].count - 1] == "X")
  }
}
