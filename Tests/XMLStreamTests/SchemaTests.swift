import ForeignORB
import Testing

@testable import XMLStream

@Suite struct SchemaTests {
  static let types = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns:t="urn:t" elementFormDefault="qualified">
      <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="Status">
        <xs:restriction base="xs:string"><xs:enumeration value="active"/><xs:enumeration value="inactive"/></xs:restriction>
      </xs:simpleType>
    </xs:schema>
    """

  static let items = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns:t="urn:t" elementFormDefault="qualified">
      <xs:include schemaLocation="common/types.xsd"/>
      <xs:element name="items">
        <xs:complexType><xs:sequence>
          <xs:element name="item" maxOccurs="unbounded">
            <xs:complexType>
              <xs:sequence><xs:element name="price" type="xs:decimal"/><xs:element name="note" type="xs:string" minOccurs="0"/></xs:sequence>
              <xs:attribute name="code" type="t:Code" use="required"/>
              <xs:attribute name="status" type="t:Status"/>
            </xs:complexType>
          </xs:element>
        </xs:sequence></xs:complexType>
        <xs:unique name="codes"><xs:selector xpath="t:item"/><xs:field xpath="@code"/></xs:unique>
      </xs:element>
    </xs:schema>
    """

  static let documents = [
    SchemaDocument(name: "common/types.xsd", bytes: Array(types.utf8)), SchemaDocument(name: "items.xsd", bytes: Array(items.utf8)),
  ]

  static let schemas = Result { try SchemaSet(documents, main: "items.xsd") }

  struct Case: Sendable, CustomTestStringConvertible {
    let content: String
    let expected: [String]
    var testDescription: String { content }

    init(_ content: String, _ expected: String...) {
      self.content = content
      self.expected = expected
    }
  }

  /// Content of the root, which begins in line 2; every expected line is `line:column path: message`.
  static let cases: [Case] = [
    Case("<item code='A'><price>1.5</price></item>"),
    Case("<item code='&amp;&lt;a'><price>1.5</price></item>"),
    Case(
      "<item code='ABCD'><price>1.5</price></item>",
      "2:13 /items/item: Element 'item', attribute 'code': [facet 'maxLength'] The value 'ABCD' has a length of '4'; "
        + "this exceeds the allowed maximum length of '3'."),
    Case(
      "<item\n status='gone'\n code='A'><price>1.5</price></item>",
      "3:10 /items/item: Element 'item', attribute 'status': [facet 'enumeration'] The value 'gone' is not an element of the set "
        + "{'active', 'inactive'}."),
    Case("<item><price>1</price></item>", "2:1 /items/item: Element 'item': The attribute 'code' is required but missing."),
    Case(
      "<item code='A' ü='1'><price>1</price></item>",
      "2:19 /items/item: Element 'item', attribute 'ü': The attribute 'ü' is not allowed."),
    Case(
      "<item code='A'><price>cheap</price></item>",
      "2:23 /items/item/price: Element 'price': 'cheap' is not a valid value of the atomic type 'xs:decimal'."),
    Case(
      "<item code='A'><note/></item>", "2:16 /items/item/note: Element 'note': This element is not expected. Expected is ( price )."),
    Case("<item code='A'/>", "2:1 /items/item: Element 'item': Missing child element(s). Expected is ( price )."),
    Case(
      "<item code='A'>x<price>1</price></item>",
      "2:16 /items/item: Element 'item': Character content other than whitespace is not allowed because the content type is 'element-only'."
    ),
    Case(
      "<item code='A'><price>1</price></item>\n<item code='A'><price>x</price></item>",
      "3:23 /items/item[2]/price: Element 'price': 'x' is not a valid value of the atomic type 'xs:decimal'.",
      "3:1 /items/item[2]: Element 'item': Duplicate key-sequence ['A'] in unique identity-constraint 'codes'."),
    Case(
      "<item code='A'><price>x</price></item></wrong>",
      "2:23 /items/item/price: Element 'price': 'x' is not a valid value of the atomic type 'xs:decimal'.",
      "2:39 /items: Opening and ending tag mismatch: items line 1 and wrong"),
  ]

  @Test(arguments: cases) func everyViolationHasItsPlace(example: Case) throws {
    let document = "<items xmlns='urn:t'>\n\(example.content)\n</items>"
    let issues = try Self.schemas.get().validate(Array(document.utf8), file: "doc.xml").issues
    #expect(issues.map { "\($0.position) \($0.elementPath): \($0.message)" } == example.expected)
  }

  @Test func theTreeAndItsViolationsComeFromOnePass() throws {
    let schemas = try Self.schemas.get()
    let good = "<items xmlns='urn:t'><item code='A'><price>1</price></item></items>"
    #expect(try tree(good, schemas: schemas).elements.count == 1)
    let bad = "<items xmlns='urn:t'><item><price>x</price></item></items>"
    #expect { try tree(bad, schemas: schemas) } throws: { ($0 as? XMLIssues)?.issues.map(\.code) == [.schemaViolation, .schemaViolation] }
  }

  @Test func issuesAreReportedUpToTheLimit() throws {
    let item = "<item code='A'><price>x</price></item>\n"
    func document(_ count: Int) -> [UInt8] {
      Array("<items xmlns='urn:t'>\((0..<count).map { item.replacing("'A'", with: "'\($0)'") }.joined())</items>".utf8)
    }
    let exact = try Self.schemas.get().validate(document(100), file: "doc.xml")
    #expect(exact.issues.count == 100 && !exact.isTruncated)
    let more = try Self.schemas.get().validate(document(101), file: "doc.xml")
    #expect(more.issues.count == 100 && more.isTruncated)
  }

  @Test func aValueDoesNotFloodTheMessage() throws {
    let value = "\u{202E}" + String(repeating: "x", count: 1_000_000)
    let document = "<items xmlns='urn:t'><item code='A'><price>\(value)</price></item></items>"
    let issue = try #require(try Self.schemas.get().validate(Array(document.utf8), file: "doc.xml").issues.first)
    #expect(issue.message.unicodeScalars.count < 330)
    #expect(issue.message.hasPrefix("Element 'price': '"))
    #expect(!issue.message.unicodeScalars.contains("\u{202E}"))
  }

  @Test func limitsHoldWhileValidating() throws {
    let document = "<items xmlns='urn:t'><item code='\(String(repeating: "x", count: 70_000))'/></items>"
    #expect(try Self.schemas.get().validate(Array(document.utf8), file: "doc.xml").issues.map(\.code) == [.startTagTooLarge])
  }

  @Test func aSetIsSharedByThreads() async throws {
    let schemas = try Self.schemas.get()
    await withTaskGroup(of: Int.self) { group in
      for worker in 0..<8 {
        group.addTask {
          let price = worker.isMultiple(of: 2) ? "1.5" : "x"
          let items = (0..<300).map { "<item code='\($0)'><price>\(price)</price></item>" }.joined()
          return schemas.validate(Array("<items xmlns='urn:t'>\(items)</items>".utf8), file: "doc.xml").issues.count
        }
      }
      for await count in group { #expect(count == 0 || count == 100) }
    }
  }

  /// The instance names schemas of its own; they are not looked for, and the set's are used.
  @Test func schemaLocationsOfInstancesAreNotFollowed() throws {
    let document = """
      <items xmlns='urn:t' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:t file:///etc/hostname'>
      <item code='A'><price>1</price></item></items>
      """
    #expect(try Self.schemas.get().validate(Array(document.utf8), file: "doc.xml").issues.isEmpty)
  }

  struct BadSet: Sendable, CustomTestStringConvertible {
    let body: String
    let expected: String
    var testDescription: String { body }
  }

  static let badSets: [BadSet] = [
    BadSet(
      body: "<xs:include schemaLocation='no.xsd'/>",
      expected: "a.xsd:2:29 XML_SCHEMA_NOT_REGISTERED The schema document 'no.xsd' is not registered"),
    BadSet(
      body: "<xs:import namespace='urn:u' schemaLocation='http://192.0.2.1/u.xsd'/>",
      expected: "a.xsd:2:46 XML_SCHEMA_NOT_REGISTERED The schema document 'http://192.0.2.1/u.xsd' is not registered"),
    BadSet(
      body: "<xs:redefine schemaLocation='/etc/hostname'/>",
      expected: "a.xsd:2:30 XML_SCHEMA_NOT_REGISTERED The schema document '/etc/hostname' is not registered"),
    BadSet(
      body: "<xs:include schemaLocation='b.xsd'>",
      expected: "a.xsd:3:1 XML_NOT_WELL_FORMED Opening and ending tag mismatch: include line 2 and schema"),
    BadSet(
      body: "<xs:include schemaLocation='b.xsd'/>\n <xs:element name='e'\n  type='nothing'/>",
      expected: "a.xsd:3:2 XML_SCHEMA_INVALID element decl. 'e', attribute 'type': The QName value 'nothing' does not resolve"),
    BadSet(
      body: "<xs:element name='e'><xs:foo/></xs:element>",
      expected: "a.xsd:2:22 XML_SCHEMA_INVALID Element 'element': The content is not valid. Expected is (annotation?"),
  ]

  @Test(arguments: badSets) func faultsOfSchemasHaveTheirPlace(bad: BadSet) throws {
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n\(bad.body)\n</xs:schema>"
    let other = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>"
    let documents = [SchemaDocument(name: "a.xsd", bytes: Array(schema.utf8)), SchemaDocument(name: "b.xsd", bytes: Array(other.utf8))]
    #expect { try SchemaSet(documents, main: "a.xsd") } throws: { error in
      guard let issue = (error as? XMLIssues)?.issues.first else { return false }
      let text = "\(issue.file):\(issue.position) \(issue.code) \(issue.message)"
      #expect(text.hasPrefix(bad.expected))
      return true
    }
  }

  @Test(arguments: ["", "/a.xsd", "../a.xsd", "a//b.xsd", "a b.xsd", "./a.xsd"]) func namesThatLeadElsewhereAreRefused(name: String) {
    #expect(throws: XMLIssues.self) { try SchemaSet([SchemaDocument(name: name, bytes: Array(Self.types.utf8))], main: name) }
  }

  @Test func theMainDocumentMustBeRegistered() {
    #expect { try SchemaSet(Self.documents, main: "other.xsd") } throws: {
      ($0 as? XMLIssues)?.issues.map(\.code) == [.schemaNotRegistered]
    }
  }

  /// Published schemas of many files, one of them with an internal subset, over folders; the examples that come with them.
  @Test(.needsCorpus, arguments: ["Order", "Invoice", "Quotation", "OrderResponse", "CreditNote"])
  func publishedSchemasCompileAndValidate(kind: String) throws {
    let folder = try Corpus.path("ubl-2.1/xsd")
    let common = try fileNames(in: "\(folder)/common", ending: ".xsd").map { "common/\($0)" }
    let documents = try (common + ["maindoc/UBL-\(kind)-2.1.xsd"]).map {
      SchemaDocument(name: $0, bytes: try bytes(of: "\(folder)/\($0)"))
    }
    let schemas = try SchemaSet(documents, main: "maindoc/UBL-\(kind)-2.1.xsd")
    let example = try Corpus.path("ubl-2.1/examples/UBL-\(kind)-2.1-Example.xml")
    #expect(schemas.validate(path: example).issues == [])
  }

  @Test(.needsCorpus) func aPublishedSchemaImportsItsNeighbours() throws {
    let folder = try Corpus.path("bmecat-opentrans/xsd")
    let documents = try fileNames(in: folder, ending: ".xsd").map { SchemaDocument(name: $0, bytes: try bytes(of: "\(folder)/\($0)")) }
    #expect(throws: Never.self) { try SchemaSet(documents, main: "opentrans_2_1.xsd") }
  }
}
