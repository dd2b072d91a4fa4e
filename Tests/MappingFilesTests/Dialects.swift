import CDR
import Mapping
import MappingFiles

/// Types, value maps and mappings that the tests are written with.
enum Dialects {
  private static func text(_ name: String) -> RecordType.Field { .init(name, .string(bound: 0)) }

  static let status = EnumerationType(id: "IDL:test/Status:1.0", name: "Status", enumerators: ["active", "inactive"])
  static let money = RecordType(
    id: "IDL:test/Money:1.0", name: "Money", fields: [.init("amount", .fixed(digits: 18, scale: 4)), .init("currency", .string(bound: 3))])
  static let packaging = RecordType(
    id: "IDL:test/Packaging:1.0", name: "Packaging", fields: [text("code"), .init("unitsPerPackage", .fixed(digits: 18, scale: 6))])
  static let product = RecordType(
    id: "IDL:test/Product:1.0", name: "Product",
    fields: [
      text("id"), text("code"), text("name"), text("unit"), text("category"), .init("listPrice", .record(money)),
      .init("status", .enumeration(status)), .init("description", .optional(.string(bound: 0))),
      .init("packagings", .sequence(element: .record(packaging), bound: 0)), .init("rank", .short),
    ])
  static let entry = RecordType(id: "urn:test:entry", name: "entry", fields: [text("unit_code"), text("rate")])
  static let item = RecordType(
    id: "urn:test:item", name: "item",
    fields: [
      text("no"), text("title"), text("uom"), text("group"), text("price"), text("ended"), text("remark"), .init("rank", .long),
      .init("blocked", .boolean), .init("entries", .sequence(element: .record(entry), bound: 0)), .init("@version", .string(bound: 0)),
      .init("digest", .sequence(element: .octet, bound: 0)), .init("factor", .optional(.double)),
    ])

  static let registry: DialectRegistry = {
    var registry = DialectRegistry()
    registry.register([product, packaging])
    registry.register([item, entry], dialect: "erp")
    registry.declare(entities: ["Product", "Category"])
    return registry
  }()

  static let units = """
    <value-map xmlns="urn:tessera:value-map:1" name="units">
      <column name="canonical"/>
      <column name="erp" several="true"/>
      <qualifier name="country"/>
      <row preferred="true"><value column="canonical">piece</value><value column="erp">PCS</value></row>
      <row><value column="canonical">piece</value><value column="erp">EA</value></row>
      <row valid-from="2026-02-01"><value column="canonical">kilogram</value><value column="erp">KG</value></row>
      <row><value column="canonical">bag</value><value column="erp">SK</value><where qualifier="country">DE</where></row>
    </value-map>
    """

  /// A mapping that is right, with a place for more instructions, requirements and tests.
  static func mapping(_ instructions: String = "", tests: String = "") -> String {
    """
    <mapping xmlns="urn:tessera:mapping:1" name="erp-item" from="erp:item">
      <emit to="Product">
        <identity entity="Product" from="no" field="id">
          <match field="code" from="no"/>
          <propose field="name" from="title"/>
        </identity>
        <set field="code" from="no"/>
        <set field="name" from="normalize-space(title)"/>
        <set field="unit" from="uom" table="units" unmapped="hold"/>
        <set field="category" from="group" id-of="Category" unmapped="hold"/>
        <set field="listPrice/amount" from="price" as="decimal" scale="4" round="half-even"/>
        <set field="listPrice/currency" value="CNY"/>
        <set field="status" value="inactive" when="ended != ''" otherwise="active"/>
        <set field="description" from="remark" write="create-only"/>
        <for-each field="packagings" in="entries[unit_code != '']">
          <set field="code" from="unit_code"/>
          <set field="unitsPerPackage" from="rate" as="decimal"/>
        </for-each>
        <set field="rank" from="rank"/>
        <require that="listPrice/amount &gt;= 0" else="reject" code="NEGATIVE_PRICE"/>
        \(instructions)
      </emit>
      \(tests)
    </mapping>
    """
  }

  static func load(_ files: (String, String)...) -> (set: MappingSet, diagnostics: [MappingDiagnostic]) {
    MappingSet.load(files.map { ($0.0, Array($0.1.utf8)) }, types: registry)
  }
}
