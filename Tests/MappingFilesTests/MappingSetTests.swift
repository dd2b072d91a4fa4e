import CDR
import Foundation
import Mapping
import MappingFiles
import Testing

@Suite struct MappingSetTests {
  private static let test = """
    <test name="a bolt with a carton">
      <given>
        <item version="3">
          <no>A-1</no> <title>Bolt  M8</title> <uom>EA</uom> <group>G1</group> <price>1.5</price> <rank>7</rank>
          <entries><item><unit_code>BOX</unit_code><rate>10.0</rate></item><item><rate>9</rate></item></entries>
        </item>
      </given>
      <expect>
        <Product>
          <id>A-1</id> <code>A-1</code> <name>Bolt M8</name> <unit>piece</unit> <category>G1</category>
          <listPrice><amount>1.50</amount><currency>CNY</currency></listPrice> <status>active</status>
          <packagings><item><code>BOX</code><unitsPerPackage>10</unitsPerPackage></item></packagings> <rank>7</rank>
        </Product>
      </expect>
    </test>
    """

  @Test func readsAMappingAndRunsItsTests() throws {
    let (set, diagnostics) = Dialects.load(("units.xml", Dialects.units), ("item.xml", Dialects.mapping(tests: Self.test)))
    #expect(diagnostics.map(\.description) == [])
    let plan = try #require(set.plan(named: "erp-item"))
    #expect(plan.sourceTypeName == "erp:item" && plan.targetTypeNames == ["Product"] && plan.tableNames == ["units"])
    #expect(plan.contentHash.count == 64)
    #expect(set.mappings[0].file == "item.xml" && set.mappings[0].testCount == 1)
    #expect(set.valueMapFiles == ["units": "units.xml"])
    #expect(set.runTests().map(\.description) == ["item.xml:23:3: passed: erp-item: a bolt with a carton"])
  }

  @Test func saysInWordsWhatATestFound() {
    let wrong = Self.test.replacing("<name>Bolt M8</name>", with: "<name>Bolt M9</name>").replacing(
      " <rank>7</rank>\n    </Product>", with: "\n    </Product>"
    )
    .replacing("<unit>piece</unit>", with: "<unit/>").replacing("<item><code>BOX</code>", with: "<item/><item><code>BOX</code>")
    let (set, diagnostics) = Dialects.load(("units.xml", Dialects.units), ("item.xml", Dialects.mapping(tests: wrong)))
    #expect(diagnostics.isEmpty)
    #expect(
      set.runTests().map(\.description) == [
        """
        item.xml:23:3: failed: erp-item: a bolt with a carton
          /Product/name: is 'Bolt M8', expected 'Bolt M9'
          /Product/unit: is 'piece', expected ''
          /Product/packagings/item: is missing, expected <item><code/><unitsPerPackage>0</unitsPerPackage></item>
          /Product/rank: is '7', expected '0'
        """
      ])
  }

  @Test(arguments: [
    (
      "<given><item><no>A</no><uom>LB</uom><price>1</price></item></given><expect-held table=\"units\" value=\"LB\"/>", []
    ),
    ("<given><item><no>A</no><price>-1</price></item></given><expect-problem code=\"NEGATIVE_PRICE\"/>", []),
    ("<given><item><no>A</no><price>x</price></item></given><expect-problem code=\"NOT_A_NUMBER\" field=\"listPrice/amount\"/>", []),
    (
      "<given><item><no>A</no><price>x</price></item></given><expect-problem code=\"NOT_A_NUMBER\" field=\"name\"/>",
      [
        "the problem was not expected: NOT_A_NUMBER listPrice/amount: \"x\" is no decimal number: character 1: 'x' is neither a digit nor a mark (item.xml:11:5)",
        "the problem NOT_A_NUMBER of 'name' was expected, and did not occur",
      ]
    ),
    ("<given><item><no>A</no><price>1</price></item></given>", ["the test expects nothing; give it <expect> or <expect-problem>"]),
    ("<given><item><no>A</no><price>1</price></item></given><expect/>", ["1 item came out, 0 items were expected"]),
    (
      "<given><item><no>A</no><prize>1</prize></item></given><expect/>",
      ["item.xml:23:41: error: item has no field 'prize' [MAPPING_TEST_DOCUMENT]\n  hint: did you mean 'price'?"]
    ),
    (
      "<given><thing/></given><expect/>", ["item.xml:23:25: error: <thing> stands where <item> is needed [MAPPING_TEST_DOCUMENT]"]
    ),
    (
      "<given><item><rank>x</rank><blocked>maybe</blocked><digest>0g</digest></item></given><expect/>",
      [
        "item.xml:23:31: error: 'x' in <rank> is no long [MAPPING_TEST_DOCUMENT]",
        "item.xml:23:45: error: 'maybe' in <blocked> is no boolean [MAPPING_TEST_DOCUMENT]",
        "item.xml:23:69: error: the octets of <digest> are not hexadecimal [MAPPING_TEST_DOCUMENT]",
      ]
    ),
  ])
  func testsExpectProblemsToo(_ content: String, _ failures: [String]) {
    let (set, diagnostics) = Dialects.load(
      ("units.xml", Dialects.units), ("item.xml", Dialects.mapping(tests: "<test name=\"t\">\(content)</test>")))
    #expect(diagnostics.map(\.description) == [])
    #expect(set.runTests().first?.failures == failures)
  }

  @Test func testsHaveATimeAndQualifiers() {
    func result(_ attributes: String, _ unit: String) -> [String] {
      let given = "<given><item><no>A</no><uom>\(unit)</uom><price>1</price></item></given><expect-held table=\"units\" value=\"\(unit)\"/>"
      let test = "<test name=\"t\"\(attributes)</test>".replacing("</test>", with: given + "</test>")
      return Dialects.load(("u.xml", Dialects.units), ("i.xml", Dialects.mapping(tests: test))).set.runTests().flatMap(\.failures)
    }
    let notHeld = "the item was expected to be held for"
    #expect(result(" time=\"2026-01-31\">", "KG") == [])
    #expect(result(" time=\"2026-02-01T00:00:00Z\">", "KG") == ["\(notHeld) 'KG' of the value map 'units'"])
    #expect(result("><qualifier name=\"country\" value=\"FR\"/>", "SK") == [])
    #expect(result("><qualifier name=\"country\" value=\"DE\"/>", "SK") == ["\(notHeld) 'SK' of the value map 'units'"])
    #expect(result(" time=\"noon\">", "KG") == ["i.xml:23:24: error: 'noon' is no time; a time is written 2026-03-31T12:00:00Z"])
  }

  @Test func systemsMayHaveTheirOwnMapping() throws {
    func mapping(_ name: String, _ attributes: String) -> String {
      Dialects.mapping().replacing("name=\"erp-item\"", with: "name=\"\(name)\" \(attributes)")
    }
    let (set, diagnostics) = Dialects.load(
      ("u.xml", Dialects.units), ("a.xml", mapping("all", "")), ("b.xml", mapping("type", "system-type=\"erp\"")),
      ("c.xml", mapping("one", "system=\"erp-shanghai\"")))
    #expect(diagnostics.isEmpty)
    #expect(set.plan(from: "erp:item", target: "Product", system: "erp-shanghai", systemType: "erp")?.name == "one")
    #expect(set.plan(from: "erp:item", system: "erp-berlin", systemType: "erp")?.name == "type")
    #expect(set.plan(from: "erp:item", system: "x", systemType: "other")?.name == "all")
    #expect(set.plan(from: "erp:item", target: "Party", system: "x", systemType: "other") == nil)
    #expect(
      Dialects.load(("u.xml", Dialects.units), ("a.xml", mapping("all", "")), ("b.xml", mapping("again", ""))).diagnostics.map(\.message)
        == [
          "the mapping 'all' maps the same types for the same systems: a.xml, and the two differ: what this one maps is refused, since nobody could tell which of the two is meant"
        ])
  }

  @Test func readsFoldersInTheOrderOfTheirNames() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tessera-mappings-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder.appending(path: "tables"), withIntermediateDirectories: true)
    try Data(Dialects.units.utf8).write(to: folder.appending(path: "tables/units.xml"))
    try Data(Dialects.mapping().utf8).write(to: folder.appending(path: "item.xml"))
    try Data("no mapping".utf8).write(to: folder.appending(path: "notes.txt"))
    let (set, diagnostics) = MappingSet.load([folder.path], types: Dialects.registry)
    #expect(diagnostics.isEmpty)
    #expect(set.mappings.map(\.file) == ["\(folder.path)/item.xml"])
    #expect(
      MappingSet.load(["\(folder.path)/nothing.xml"], types: Dialects.registry).diagnostics.map(\.description)
        == ["\(folder.path)/nothing.xml: error: there is no file or folder '\(folder.path)/nothing.xml' [MAPPING_UNREADABLE]"])
  }

  @Test func recordsReadWhatTheyWrite() throws {
    let record = Record(
      type: Dialects.item,
      slots: [
        .text(" A<&> "), .text("汉字"), .text(""), .text("x"), .text("1"), .text(""), .text(""), .integer(-7), .boolean(true),
        .list([.record(Record(type: Dialects.entry, slots: [.text("BOX"), .text("2")]))]), .text("v"), .octets([0, 255]), .double(0.5),
      ])
    let read = RecordXML.record(RecordXML.element(record), Dialects.item, file: "")
    #expect(read.diagnostics.isEmpty)
    #expect(read.record == record)
  }
}
