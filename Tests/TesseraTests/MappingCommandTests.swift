import ForeignORB
import Testing

@Suite("Mapping files by command")
struct MappingCommandTests {
  static let mapping = """
    <mapping xmlns="urn:tessera:mapping:1" name="categories" from="Category">
      <emit to="Category">
        <identity entity="Category" from="id" field="id"/>
        <set field="changedAt" from="changedAt"/>
        <set field="status" value="active"/>
        <set field="code" from="code"/>
        <set field="name" from="upper(name)"/>
        <set field="parent" value=""/>
      </emit>
      <test name="a name">
        <given><Category><id>1</id><name>bolts</name></Category></given>
        <expect><Category><id>1</id><status>active</status><name>EXPECTED</name></Category></expect>
      </test>
    </mapping>

    """

  @Test("The files that ship are right, and their tests pass")
  func shipped() async throws {
    let commands = try Commands()
    let checked = try await commands.json("mapping", "check")
    #expect(checked["errors"] == 0)
    #expect(checked["mappings"]?.array?.contains { $0["name"] == "canonical-product" } == true)
    let tested = try await commands.json("mapping", "test")
    #expect(tested["failed"] == 0)
    #expect(tested["passed"]?.integer ?? 0 > 0)
  }

  @Test("A test that fails shows the difference and ends with 1; one that passes ends with 0")
  func tests() async throws {
    let commands = try Commands()
    try commands.folder.write(Self.mapping, to: "categories.xml")
    let failed = try await commands.run("mapping", "test", "categories.xml")
    #expect(failed.exit == .code(1))
    #expect(failed.output.hasPrefix("categories.xml:10:3: failed: categories: a name\n"))
    #expect(failed.output.contains("EXPECTED"))
    #expect(failed.output.hasSuffix("passed: 0, failed: 1\n"))
    try commands.folder.write(String(Self.mapping.split(separator: "EXPECTED").joined(separator: "BOLTS")), to: "categories.xml")
    let passed = try await commands.run("mapping", "test", "categories.xml")
    #expect(passed.exit == .code(0))
    #expect(passed.output == "categories.xml:10:3: passed: categories: a name\npassed: 1, failed: 0\n")
  }

  @Test("A wrong file is told with place, line and caret, and ends with 1")
  func check() async throws {
    let commands = try Commands()
    try commands.folder.write(String(Self.mapping.split(separator: "upper(name)").joined(separator: "nome")), to: "categories.xml")
    let result = try await commands.run("mapping", "check", "categories.xml")
    #expect(result.exit == .code(1))
    #expect(
      result.output == """
        categories.xml:7:29: error: Category has no field 'nome' [MAPPING_UNKNOWN_PATH]
              <set field="name" from="nome"/>
                                      ^
          hint: did you mean 'name'?
        right: 0 mappings, 0 value maps; errors: 1, warnings: 0

        """)
    let json = try await commands.run("mapping", "check", "categories.xml", "--json")
    #expect(json.exit == .code(1))
    let diagnostic = try JSON(parsing: json.output)["diagnostics"]?[0]
    #expect(diagnostic?["line"] == 7)
    #expect(diagnostic?["code"] == "MAPPING_UNKNOWN_PATH")
    #expect(try await commands.run("mapping", "check", "none.xml").exit == .code(1))
  }
}
