import Identity
import Mapping
import MappingFiles
import Testing

@Suite struct ValueMapFileTests {
  @Test(arguments: [
    (
      "<row><value column=\"canonical\">bag</value><value column=\"erp\">SK</value>",
      "<row><value column=\"canonical\">box</value><value column=\"erp\">KG</value>",
      nil
    ),
    (
      "<row preferred=\"true\">", "<row>",
      """
      u.xml:6:3: error: 'piece' of 'canonical' is both 'PCS' (line 5) and 'EA' in 'erp' [TABLE_AMBIGUOUS]
          <row><value column="canonical">piece</value><value column="erp">EA</value></row>
          ^
        hint: mark one of the rows with preferred="true"
      """
    ),
    (
      "<value column=\"erp\">EA</value>", "<value column=\"erp\">PCS</value>",
      """
      u.xml:6:3: error: the row says the same as line 5 [TABLE_DUPLICATE_ROW]
          <row><value column="canonical">piece</value><value column="erp">PCS</value></row>
          ^
      """
    ),
    (
      "<value column=\"canonical\">kilogram</value><value column=\"erp\">KG</value>",
      "<value column=\"canonical\">kilogram</value><value column=\"erp\">PCS</value>",
      """
      u.xml:7:3: error: 'PCS' of 'erp' is both 'piece' (line 5) and 'kilogram' in 'canonical' [TABLE_AMBIGUOUS]
          <row valid-from="2026-02-01"><value column="canonical">kilogram</value><value column="erp">PCS</value></row>
          ^
        hint: declare the column 'canonical' with several="true", or limit the rows by dates
      """
    ),
    (
      "<value column=\"erp\">SK", "<value column=\"epr\">SK",
      """
      u.xml:8:60: error: there is no column 'epr' [TABLE_UNKNOWN_COLUMN]
          <row><value column="canonical">bag</value><value column="epr">SK</value><where qualifier="country">DE</where></row>
                                                                   ^
        hint: there are: canonical, erp
      """
    ),
    (
      "<value column=\"erp\">SK", "<value column=\"canonical\">SK",
      """
      u.xml:8:60: error: the row has two values for 'canonical' [TABLE_DUPLICATE_VALUE]
          <row><value column="canonical">bag</value><value column="canonical">SK</value><where qualifier="country">DE</where></row>
                                                                   ^
        hint: write a row for each
      """
    ),
    (
      "valid-from=\"2026-02-01\"", "valid-from=\"2026-02-01Z\"",
      """
      u.xml:7:20: error: '2026-02-01Z' is no day [TABLE_VALIDITY]
          <row valid-from="2026-02-01Z"><value column="canonical">kilogram</value><value column="erp">KG</value></row>
                           ^
        hint: a day is written 2026-03-31
      """
    ),
  ])
  func saysExactlyWhatIsWrong(_ old: String, _ new: String, _ printed: String?) {
    let text = Dialects.units.replacing(old, with: new)
    #expect(text != Dialects.units)
    let (set, diagnostics) = Dialects.load(("u.xml", text))
    #expect(diagnostics.map(\.description).joined(separator: "\n") == printed ?? "")
    #expect((set.valueMaps["units"] == nil) == (printed != nil))
  }

  @Test func aFaultyValueMapDoesNotMakeTheMappingsFaulty() {
    let (set, diagnostics) = Dialects.load(
      ("m.xml", Dialects.mapping()), ("u.xml", Dialects.units.replacing("<row preferred=\"true\">", with: "<row>")))
    #expect(diagnostics.count == 1)
    // It is not wrong, but it cannot do its work.
    #expect(set.mappings.isEmpty && Set(set.setAside.map(\.file)) == ["m.xml", "u.xml"])
  }

  @Test func twoOfOneNameAreAMistake() {
    let (_, diagnostics) = Dialects.load(("u.xml", Dialects.units), ("v.xml", Dialects.units + "<!-- other -->"))
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.message.hasPrefix("there is a value map 'units' already: u.xml, and the two differ") == true)
    #expect(diagnostics.map(\.severity) == [.error])
  }

  @Test func theSameFileTwiceIsTold() {
    let (_, diagnostics) = Dialects.load(("u.xml", Dialects.units), ("v.xml", Dialects.units))
    #expect(diagnostics.map(\.message) == ["the value map 'units' stands there twice, with the same octets: u.xml"])
    #expect(diagnostics.map(\.severity) == [.warning])
  }

  /// The other direction: canonical ids and codes become those of a foreign system.
  @Test func mapsIntoAForeignDialect() {
    let mapping = """
      <mapping xmlns="urn:tessera:mapping:1" name="product-to-erp" from="Product">
        <emit to="erp:item">
          <identity entity="Product" from="id" field="no"/>
          <set field="title" from="upper(name)"/>
          <set field="uom" from="unit" table="units"/>
          <set field="group" from="category" id-of="Category" default="NONE"/>
          <set field="price" from="listPrice/amount" as="text"/>
          <set field="ended" from="date('2026-03-31', 'yyyy-MM-dd', 'yyyyMMdd')" when="status = 'inactive'" otherwise=""/>
          <set field="remark" from="coalesce(description, name)"/>
          <set field="rank" from="round(listPrice/amount * 100, 0, 'half-up')"/>
          <set field="blocked" from="status = 'inactive'"/>
          <set field="@version" value="1"/>
          <for-each field="entries" in="packagings">
            <set field="unit_code" from="code"/>
            <set field="rate" from="unitsPerPackage" as="text"/>
          </for-each>
        </emit>
        <test name="a product">
          <given>
            <Product>
              <id>P-1</id><name>Bolt</name><unit>piece</unit><category>K-1</category><status>inactive</status>
              <listPrice><amount>1.995</amount></listPrice><packagings><item><code>B</code><unitsPerPackage>12</unitsPerPackage></item></packagings>
            </Product>
          </given>
          <expect>
            <item version="1">
              <no>P-1</no><title>BOLT</title><uom>PCS</uom><group>K-1</group><price>1.995</price><ended>20260331</ended><remark>Bolt</remark>
              <rank>200</rank><blocked>true</blocked><entries><item><unit_code>B</unit_code><rate>12</rate></item></entries>
            </item>
          </expect>
        </test>
      </mapping>
      """
    let (set, diagnostics) = Dialects.load(("u.xml", Dialects.units), ("m.xml", mapping))
    #expect(diagnostics.map(\.description) == [])
    #expect(set.runTests().map(\.failures) == [[]])
  }
}
