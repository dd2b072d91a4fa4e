import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// broker.xml in the data folder says which files are in use, for `serve` and every command alike.
@Suite("26 The configuration file") struct F26ConfigurationFile {
  static let broker = "tessera-data/broker.xml"

  static func configuration(_ inside: String) -> String {
    "<broker xmlns=\"urn:tessera:broker:1\">\n\(inside)\n</broker>\n"
  }

  /// Reads a CSV file of groups into categories.
  static func groups(name: String = "own-groups", more: String = "", prefix: String = "") -> String {
    """
    <mapping xmlns="urn:tessera:mapping:1" name="\(name)" from="csv:groups"\(more)>
      <column name="code"/>
      <column name="name"/>
      <emit to="Category">
        <identity entity="Category" from="code" field="id"/>
        <set field="changedAt" from="now-of-document()"/>
        <set field="status" value="active"/>
        <set field="code" from="code"/>
        <set field="name" from="concat('\(prefix)', name)"/>
        <set field="parent" value=""/>
      </emit>
    </mapping>
    """
  }

  private static func server(_ inside: String) async throws -> TesseraServer {
    let server = try TesseraServer()
    _ = try await server.addSystem("ledger")
    try server.write(configuration(inside), to: broker)
    try server.write("code,name\nG1,Bolts\n", to: "groups.csv")
    return server
  }

  private func ownText(_ path: String) throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }

  private static func push(_ server: TesseraServer, system: String = "ledger", _ more: [String] = []) async throws -> ChildProcess.Result {
    try await server.run(arguments: ["push", "groups.csv", "--system", system, "--as", "csv:groups"] + more)
  }

  @Test func foldersAreAddedToWhatShipsForEveryCommand() async throws {
    let server = try await Self.server(
      "<files><mappings path='own'/><dialects path='dialects'/><schemas path='schemas'/></files>")
    try server.write(Self.groups(), to: "tessera-data/own/inside/groups.xml")
    try server.write(
      """
      <dialect xmlns="urn:tessera:dialect:1" name="shop" protocol="receipt">
        <schemas folder="nowhere"/>
        <document type="good" root="goods" items="good" key="no" schema="goods.xsd"><sample file="samples/goods.xml"/></document>
      </dialect>
      """, to: "tessera-data/dialects/shop.xml")
    try server.write("<goods><good><no>1</no></good></goods>", to: "tessera-data/dialects/samples/goods.xml")
    try server.write(
      """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="goods"><xs:complexType><xs:sequence>
        <xs:element name="good" maxOccurs="9"><xs:complexType><xs:sequence><xs:element name="no" type="xs:int"/></xs:sequence></xs:complexType>
        </xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>
      """, to: "tessera-data/schemas/goods.xsd")
    try server.write(
      Self.groups(name: "shop-good").replacing("csv:groups", with: "shop:good").replacing("<column name=\"code\"/>", with: "")
        .replacing("<column name=\"name\"/>", with: "").replacing("from=\"code\"", with: "from=\"no\"")
        .replacing("concat('', name)", with: "no"), to: "tessera-data/own/good.xml")
    let checked = try await server.json("mapping", "check")
    #expect(checked["errors"] == 0)
    let names = checked["mappings"]?.array?.compactMap { $0["name"]?.string } ?? []
    #expect(names.contains("own-groups") && names.contains("shop-good") && names.contains("canonical-product"))
    #expect(try await Self.push(server).exit == .code(0))
    #expect(try await server.run("categories", "list").output.contains("Bolts"))
    #expect(try await server.run("documents", "kinds").output.contains("shop:good"))
    try server.write("<goods><good><no>x</no></good></goods>", to: "goods.xml")
    let document = try await server.run("documents", "check", "goods.xml")
    #expect(document.exit == .code(1) && document.output.contains("'x'"), "\(document.output)\(document.errors)")
    #expect(try await server.run("doctor", "--listen", "127.0.0.1:0").output.contains("tessera-data/broker.xml is right"))
  }

  @Test func everyCommandUsesWhatServeUses() async throws {
    let server = try await Self.server("")
    try server.write(Self.groups(), to: "maps/groups.xml")
    #expect(try await Self.push(server).errors.contains("MAPPING_MISSING"))
    let running = try await server.serve("--add-mappings", "maps")
    // Without any option, and from another folder.
    let pushed = try await ChildProcess.run(
      builtExecutable("tessera"),
      [
        "push", "\(server.folder)/groups.csv", "--system", "ledger", "--as", "csv:groups", "--data",
        "\(server.folder)/tessera-data",
      ], folder: "/")
    #expect(pushed.exit == .code(0), "\(pushed.errors)")
    _ = try await running.process.kill()
    #expect(try await server.run("mapping", "check").output.contains("own-groups") == false)
  }

  @Test func oneForeignMappingDoesNotStopAllAndNoOtherReadsItsDocuments() async throws {
    let server = try await Self.server("<files><mappings path='own'/></files>")
    try server.write(Self.groups(), to: "tessera-data/own/a-groups.xml")
    _ = try await server.addSystem("till")
    // For the till alone, and wrong: the mapping for all must not read the till's files instead.
    try server.write(
      Self.groups(name: "till-groups", more: " system=\"till\"").replacing("\"concat('', name)\"", with: "\"nmae\""),
      to: "tessera-data/own/b-till.xml")
    try server.write("<mapping", to: "tessera-data/own/c-broken.xml")
    let running = try await server.serve()
    #expect(try await Self.push(server).exit == .code(0))
    let refused = try await Self.push(server, system: "till")
    #expect(refused.exit == .code(1))
    #expect(refused.errors.contains("MAPPING_INVALID") && refused.errors.contains("b-till.xml:9:"), "\(refused.errors)")
    let doctor = try await server.run("doctor", "--listen", "127.0.0.1:0")
    #expect(doctor.exit == .code(1) && doctor.output.contains("2 errors"), "\(doctor.output)")
    #expect(running.process.errorText.contains("b-till.xml:9:"))
    #expect(running.process.errorText.contains("c-broken.xml:1:"))
    _ = try await running.process.kill()
  }

  @Test func twoFilesOfOneNameAreTold() async throws {
    let server = try await Self.server("<files><mappings path='own'/><dialects path='dialects'/></files>")
    let category = try ownText(repositoryPath("Mappings/canonical-category.xml"))
    try server.write(category, to: "tessera-data/own/same.xml")
    try server.write(category.replacing("concat", with: "concat") + "<!-- mine -->", to: "tessera-data/own/other.xml")
    let words = try ownText(repositoryPath("Mappings/status-words.xml"))
    try server.write(words + "<!-- mine -->", to: "tessera-data/own/words.xml")
    let dialect = try ownText(repositoryPath("Adapters/U8EAI/Dialects/ufinterface.xml"))
    try server.write(
      dialect.replacing("../S", with: "\(repositoryPath("Adapters/U8EAI"))/S"), to: "tessera-data/dialects/ufinterface.xml")
    let checked = try await server.run("mapping", "check")
    #expect(checked.exit == .code(1))
    // What differs is wrong, what is the same is told.
    #expect(checked.output.contains("other.xml:3:"), "\(checked.output)")
    #expect(checked.output.contains("there is a mapping 'canonical-category' already"))
    #expect(checked.output.contains("there is a value map 'status-words' already"))
    #expect(checked.output.contains("warning: the mapping 'canonical-category' stands there twice, with the same octets"))
    let doctor = try await server.run("doctor", "--listen", "127.0.0.1:0").output
    #expect(doctor.contains("dialects/ufinterface.xml describes 'ufinterface:"), "\(doctor)")
  }

  @Test("An edited copy says which files are meant and what ends it, and stops nothing else")
  func editedCopies() async throws {
    let server = try await Self.server("<files><mappings path='own'/></files>")
    try server.write(Self.groups(), to: "tessera-data/own/groups.xml")
    #expect(try await Self.push(server).exit == .code(0))
    // The same name, and another name for the same work; before the other file in the order of names, and behind it.
    for (copy, name) in [("groups-old.xml", "own-groups"), ("a.xml", "own-groups"), ("groups2.xml", "mine"), ("b.xml", "mine")] {
      try server.write(Self.groups(name: name, prefix: "Old "), to: "tessera-data/own/\(copy)")
      let refused = try await Self.push(server)
      #expect(refused.exit == .code(1) && refused.errors.contains("MAPPING_INVALID"), "\(copy): \(refused.errors)")
      #expect(refused.errors.contains("/\(copy)") && refused.errors.contains("/groups.xml"), "\(copy): \(refused.errors)")
      #expect(refused.errors.contains("which of the two is meant") && refused.errors.contains("take one of the two files away"))
      let checked = try await server.run("mapping", "check")
      #expect(checked.exit == .code(1) && checked.output.contains("take one of the two files away"), "\(checked.output)")
      try await ChildProcess.check("rm", ["\(server.folder)/tessera-data/own/\(copy)"])
    }
    // A copy for another system is another mapping, once it has a name of its own; an edited one that ships is told how to go first.
    try server.write(Self.groups(more: " system=\"till\"", prefix: "Till "), to: "tessera-data/own/till.xml")
    try server.write("code,name\nG2,Nuts\n", to: "groups.csv")
    #expect(try await Self.push(server).exit == .code(0))
    let shipped = try ownText(repositoryPath("Mappings/canonical-category.xml"))
    try server.write(shipped + "<!-- mine -->", to: "tessera-data/own/category.xml")
    let checked = try await server.run("mapping", "check")
    #expect(checked.output.contains("leave the one that ships out with <leave-out> in broker.xml"), "\(checked.output)")
  }

  @Test func whatShipsCanBeLeftOut() async throws {
    let server = try await Self.server(
      """
      <files><mappings path='own'/><leave-out kind='mapping' name='canonical-category'/><leave-out kind='value-map' name='no-such'/></files>
      """)
    let category = try ownText(repositoryPath("Mappings/canonical-category.xml"))
    try server.write(category + "<!-- mine -->", to: "tessera-data/own/category.xml")
    let checked = try await server.run("mapping", "check")
    #expect(checked.exit == .code(0))
    #expect(checked.output.contains("broker.xml:2:") && checked.output.contains("no value-map 'no-such' ships"), "\(checked.output)")
  }

  @Test func aConfigurationThatIsWrongIsRefusedWithAllThatIs() async throws {
    let server = try await Self.server("<fils/>\n<files><mappings path='own'/></files>")
    for command in [["serve", "--listen", "127.0.0.1:0"], ["products", "list"], ["mapping", "check"], ["held", "list"]] {
      let result = try await server.run(arguments: command)
      #expect(result.exit == .code(1), "\(command)")
      #expect(result.errors.contains("CONFIGURATION_INVALID") && result.errors.contains("broker.xml:2:1"), "\(command): \(result.errors)")
      #expect(result.errors.contains("did you mean files?") && result.errors.contains("broker.xml:3:"), "\(command): \(result.errors)")
    }
    let doctor = try await server.run("doctor", "--listen", "127.0.0.1:0")
    #expect(doctor.exit == .code(1) && doctor.output.contains("configuration  bad"), "\(doctor.output)")
    let checked = try await server.document("config", "check")
    #expect(checked["errors"] == 2)
  }

  /// What serve has read at its start holds for the commands beside it: two that decide differently would both be right.
  @Test func aChangeHoldsFromTheNextStartOnForCommandsToo() async throws {
    let server = try await Self.server("<files><mappings path='own'/></files>")
    try server.write(Self.groups(), to: "tessera-data/own/groups.xml")
    let running = try await server.serve()
    for changed in ["<broker xmlns=\"urn:tessera:broker:1\"/>", "<broker"] {
      try server.write(changed, to: "tessera-data/broker.xml")
      #expect(try await Self.push(server).exit == .code(0), "\(changed)")
      let doctor = try await server.run("doctor", "--listen", "127.0.0.1:0").output
      #expect(doctor.contains("was changed since the broker that runs has read it") || changed == "<broker", "\(doctor)")
    }
    // The file itself is read by who checks it, and by the next start.
    #expect(try await server.run("config", "check").exit == .code(1))
    _ = try await running.process.kill()
    #expect(try await server.run("products", "list").errors.contains("CONFIGURATION_INVALID"))
    try server.write("<broker xmlns=\"urn:tessera:broker:1\"/>", to: "tessera-data/broker.xml")
    #expect(try await Self.push(server).exit != .code(0))

    // Neighbour: a file that comes to be while one serves without.
    try await ChildProcess.check("rm", ["\(server.folder)/tessera-data/broker.xml"])
    let without = try await server.serve()
    try server.write("<broker xmlns=\"urn:tessera:broker:1\"><files><mappings path='own'/></files></broker>", to: "tessera-data/broker.xml")
    #expect(try await Self.push(server).exit != .code(0))
    _ = try await without.process.kill()
    #expect(try await Self.push(server).exit == .code(0))
  }
}
