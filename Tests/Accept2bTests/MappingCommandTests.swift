import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// The shipped mapping of products with one mistake, and what `tessera mapping check` prints of it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  /// All that is said of the file, which is named `maps/product.xml`.
  let printed: String

  var testDescription: String { new.isEmpty ? "without \(old)" : new }

  static let all = [
    Mistake(
      old: #"from="serialised""#, new: #"from="serialized""#,
      printed: """
        maps/product.xml:27:35: error: Product has no field 'serialized' [MAPPING_UNKNOWN_PATH]
              <set field="serialised" from="serialized"/>
                                            ^
          hint: did you mean 'serialised'?
        """),
    Mistake(
      old: #"table="status-words""#, new: #"table="status-word""#,
      printed: """
        maps/product.xml:10:46: error: there is no value map 'status-word' [MAPPING_UNKNOWN_TABLE]
              <set field="status" from="status" table="status-word" table-from="sent" table-to="canonical" unmapped="pass"/>
                                                       ^
          hint: did you mean 'status-words'?
        """),
    Mistake(
      old: #"id-of="Category""#, new: #"id-of="Kategorie""#,
      printed: """
        maps/product.xml:17:50: error: there is no entity 'Kategorie' [MAPPING_UNKNOWN_ENTITY]
              <set field="category" from="category" id-of="Kategorie" unmapped="hold"/>
                                                           ^
          hint: did you mean 'Category'?
        """),
    Mistake(
      old: "    <set field=\"unit\" from=\"unit\" id-of=\"Unit\" unmapped=\"hold\"/>\n", new: "",
      printed: """
        maps/product.xml:4:3: error: the field 'unit' of Product is not set [MAPPING_MISSING_FIELD]
            <emit to="Product">
            ^
          hint: add <set field="unit" …/>; only optional fields and lists may be left out
        """),
    Mistake(
      old: #"unmapped="pass""#, new: #"unmapped="wait""#,
      printed: """
        maps/product.xml:10:109: error: Element 'set', attribute 'unmapped': [facet 'enumeration'] The value 'wait' is not an element of the set {'fail', 'hold', 'pass', 'keep', 'drop-line'}. [XML_SCHEMA_VIOLATION]
              <set field="status" from="status" table="status-words" table-from="sent" table-to="canonical" unmapped="wait"/>
                                                                                                                      ^
        """),
    Mistake(
      old: "</emit>", new: "</emi>",
      printed: """
        maps/product.xml:28:3: error: Opening and ending tag mismatch: emit line 4 and emi [XML_NOT_WELL_FORMED]
            </emi>
            ^
        """),
    Mistake(
      old: #"from="listPrice/amount""#, new: #"from="description""#,
      printed: """
        maps/product.xml:24:41: error: 'description' is text, and the field 'listPrice/amount' is MoneyAmount [MAPPING_TYPE]
              <set field="listPrice/amount" from="description"/>
                                                  ^
          hint: say how it is converted: as="decimal"
        """),
    Mistake(
      old: #"to="Product""#, new: #"to="Produkt""#,
      printed: """
        maps/product.xml:4:13: error: there is no type 'Produkt' [MAPPING_UNKNOWN_TYPE]
            <emit to="Produkt">
                      ^
          hint: did you mean 'Product'?
        """),
  ]
}

/// The commands by which integrators check their files. The table of thirty mistakes stands in MappingFilesTests.
@Suite struct MappingCommandTests {
  @Test(arguments: Mistake.all)
  func aMistakeIsShownWithItsPlaceAndEndsWithOne(_ mistake: Mistake) async throws {
    let server = try TesseraServer()
    let product = try shipped("canonical-product")
    try #require(product.contains(mistake.old))
    try server.write(product.replacing(mistake.old, with: mistake.new, maxReplacements: 1), to: "maps/product.xml")
    try server.write(try shipped("status-words"), to: "maps/status-words.xml")
    let result = try await server.run("mapping", "check", "maps")
    #expect(result.output == mistake.printed + "\nright: 0 mappings, 1 value maps; errors: 1, warnings: 0\n")
    #expect(result.exit == .code(1))
    // A broker does not start with it.
    let start = try await server.run("serve", "--mappings", "maps", "--listen", "127.0.0.1:0")
    #expect(start.exit == .code(1) && start.errors.contains("MAPPINGS_INVALID"))
  }

  @Test func whatShipsIsRightAndPassesItsTests() async throws {
    let server = try TesseraServer()
    let checked = try await server.json("mapping", "check")
    #expect(checked["errors"] == 0 && checked["diagnostics"] == [])
    let names = Set(checked["mappings"]?.array?.compactMap { $0["name"]?.string } ?? [])
    #expect(
      names.isSuperset(
        of: ["unit", "category", "product", "party", "contact", "contract", "order"].map { "canonical-\($0)" }))
    let tested = try await server.json("mapping", "test")
    #expect(tested["failed"] == 0 && (tested["passed"]?.integer ?? 0) >= 15)
  }

  @Test func aTestThatFailsShowsWhatDiffers() async throws {
    let server = try TesseraServer()
    try server.write(
      try shipped("canonical-unit").replacing("<rec20>DZN</rec20><baseUnit>", with: "<rec20>XXX</rec20><baseUnit>", maxReplacements: 1),
      to: "maps/unit.xml")
    try server.write(try shipped("status-words"), to: "maps/status-words.xml")
    let result = try await server.run("mapping", "test", "maps")
    #expect(
      result.output == """
        maps/unit.xml:21:3: passed: canonical-unit: a base unit
        maps/unit.xml:35:3: failed: canonical-unit: a unit of another, in a word of the sender's own
          /Unit/rec20: is 'XXX', expected 'DZN'
        passed: 1, failed: 1

        """)
    #expect(result.exit == .code(1))
  }

  private func shipped(_ name: String) throws -> String {
    try String(contentsOfFile: repositoryPath("Mappings/\(name).xml"), encoding: .utf8)
  }
}
