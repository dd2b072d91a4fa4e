import ForeignORB
import TesseraProcess
import Testing

@Suite("3 Blanks, and elements in texts") struct F03Blanks {
  private static let schema = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
      <xs:element name="Goods"><xs:complexType><xs:sequence>
        <xs:element name="Article" maxOccurs="unbounded"><xs:complexType><xs:sequence>
          <xs:element name="Code" type="xs:token"/>
          <xs:element name="Price" type="xs:decimal"/>
          <xs:element name="Serial" type="xs:boolean"/>
          <xs:element name="Remark" type="xs:string"/>
        </xs:sequence><xs:attribute name="grade" type="xs:NMTOKEN"/></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:schema>
    """

  private static let mapping = """
    <mapping xmlns="urn:tessera:mapping:1" name="shop-articles" from="shop:Article">
      <emit to="Product">
        <identity entity="Product" from="Code" field="id"/>
        <set field="changedAt" from="now-of-document()"/>
        <set field="status" value="active"/>
        <set field="code" from="Code"/>
        <set field="name" from="concat(Code, '/', @grade)"/>
        <set field="description" from="Remark"/>
        <set field="specification" value=""/>
        <set field="category" value=""/>
        <set field="unit" value=""/>
        <set field="listPrice/amount" from="Price" as="decimal"/>
        <set field="listPrice/currency" value="EUR"/>
        <set field="priceIncludesTax" value="false"/>
        <set field="serialised" from="Serial" as="boolean"/>
      </emit>
    </mapping>
    """

  private func article(_ code: String, _ price: String, _ serial: String = "false", _ remark: String = "") -> String {
    "<Article grade=\"A\"><Code>\(code)</Code><Price>\(price)</Price><Serial>\(serial)</Serial><Remark>\(remark)</Remark></Article>"
  }

  private func desk(_ validation: String) async throws -> XMLDesk {
    let desk = try await XMLDesk(
      dialect: """
        <document type="Article" root="Goods" items="Article" key="Code" schema="goods.xsd"><sample file="sample.xml"/></document>
        """,
      samples: ["sample.xml": "<Goods>\(article("X", "1", "true", "r"))</Goods>", "goods.xsd": Self.schema],
      mappings: ["articles": Self.mapping], agreed: ["--documents", "shop:*", "--validation", validation])
    try await desk.serve()
    return desk
  }

  @Test("What the schema passes with blanks and line ends, the mapping reads as the schema did")
  func passed() async throws {
    let desk = try await desk("strict")
    let items = try await desk.items(
      "<Goods>\(article("\n  A-1\n", " 1.5 ", " true "))\(article("A  2", "\t2\n", "\n0", " keep \n me "))"
        + "\(article("A-3", "+3.", "1").replacing("\"A\"", with: "\" B \""))</Goods>")
    #expect(items == ["A-1 applied", "A 2 applied", "A-3 applied"])
    #expect(
      try await desk.rows(
        "SELECT group_concat(code || '=' || name, ';') FROM (SELECT code, name FROM object WHERE code <> '' ORDER BY code)")
        == "A 2=A 2/A;A-1=A-1/A;A-3=A-3/B")
    let record = try await desk.document("products", "show", "shop:A-1")["product"]?["record"]
    #expect(record?["listPrice"]?["amount"] == "1.5000" && record?["serialised"] == true)
    // Text of the type string stays as it was written.
    #expect(try await desk.document("products", "show", "shop:A 2")["product"]?["record"]?["description"] == " keep \n me ")
    try await desk.stop()
  }

  @Test("An element where text is expected is refused, whatever is validated", arguments: ["off", "warn", "strict"])
  func torn(_ validation: String) async throws {
    let desk = try await desk(validation)
    let (status, body) = try await desk.post(
      "<Goods>\(article("A-1", "1<b>.5</b>0"))\(article("A-2", "2"))\(article("A<i/>3", "3"))\(article("A-4", "4").replacing("</Code>", with: "</Code>loose"))</Goods>"
    )
    if validation == "strict" {
      #expect(status == 422 && body.contains("line"), "\(body)")
    } else {
      #expect(status == 200 && body.contains("ELEMENT_IN_TEXT") && body.contains("TEXT_UNEXPECTED"), "\(body)")
      #expect(try await desk.rows("SELECT group_concat(code) FROM object WHERE code <> ''") == "A-2")
    }
    try await desk.stop()
  }
}
