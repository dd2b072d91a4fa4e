import ForeignORB
import Foundation
import Testing

@Suite("CSV files as messages")
struct PushCommandTests {
  private static let mapping = """
    <mapping xmlns="urn:tessera:mapping:1" name="dealers" from="csv:dealers">
      <column name="code"/>
      <column name="name" heading="Trading name"/>
      <column name="group" optional="true"/>
      <emit to="Party">
        <identity entity="Party" from="code" field="id"/>
        <set field="changedAt" from="now-of-document()"/>
        <set field="status" value="active"/>
        <set field="name" from="name"/>
        <set field="kind" value="customer"/>
        <set field="parent" from="group" id-of="Party" unmapped="hold"/>
        <set field="taxId" value=""/>
        <set field="paymentTerms" value=""/>
      </emit>
      <test name="a dealer">
        <given><dealers><code>A</code><name>Anna</name></dealers></given>
        <expect><Party><id>A</id><changedAt>1767225600000000</changedAt><status>active</status><name>Anna</name><kind>customer</kind></Party></expect>
      </test>
    </mapping>
    """

  /// A data folder with the system `ledger`, and mapping files with that of the dealers.
  private func ledger(_ mapping: String = Self.mapping) async throws -> Commands {
    let commands = try Commands()
    try FileManager.default.copyItem(atPath: repositoryPath("Mappings"), toPath: "\(commands.path)/mappings")
    try commands.folder.write(mapping, to: "mappings/dealers.xml")
    try await commands.json("systems", "add", "ledger", "--adapter", "inbound")
    return commands
  }

  private func write(_ octets: [UInt8], _ commands: Commands) throws {
    try Data(octets).write(to: URL(filePath: "\(commands.path)/dealers.csv"))
  }

  private func push(_ commands: Commands, _ more: String...) async throws -> ChildProcess.Result {
    try await commands.run(
      ["push", "dealers.csv", "--system", "ledger", "--as", "csv:dealers", "--mappings", "mappings", "--json"] + more)
  }

  private func names(_ commands: Commands) async throws -> [String?] {
    try await commands.json("parties", "list")["parties"]?.array?.map { $0["name"]?.string } ?? []
  }

  @Test("The columns that a mapping file declares come in, others are named; the same file gets the first receipt")
  func columns() async throws {
    let commands = try await ledger()
    try write(Array("\u{FEFF}Trading name,code,colour\r\n\"Bäcker, \"\"Süd\"\"\",A,red\r\n\r\n\"two\nlines\",B,\r\n".utf8), commands)
    let result = try await push(commands)
    #expect(result.exit == .code(0), "\(result.output) \(result.errors)")
    let receipt = try JSON(parsing: result.output)
    #expect(receipt["counts"]?["applied"] == 2)
    #expect(receipt["ignoredColumns"] == ["colour"])
    #expect(try await names(commands) == ["Bäcker, \"Süd\"", "two\nlines"])
    let again = try JSON(parsing: try await push(commands).output)
    #expect(again["outcome"] == "duplicate" && again["duplicateOf"] == 1 && again["results"] == receipt["results"])
    #expect(again["counts"]?["applied"] == 0 && again["counts"]?["repeated"] == 2)
    let messages = try await commands.json("messages", "list", "--system", "ledger")["messages"]
    #expect(messages?.array?.count == 1)
    #expect(messages?[0]?["operation"] == "push csv:dealers")
    #expect(try await commands.json("mapping", "test", "mappings")["failed"] == 0)
  }

  @Test(
    "Files come in many encodings",
    arguments: [
      ("utf-8", [0xE8, 0xB4, 0xB8] as [UInt8], "贸"), ("gb18030", [0xC3, 0xB3], "贸"), ("gb2312", [0xC3, 0xB3], "贸"),
      ("windows-1252", [0x80, 0xFC], "€ü"), ("iso-8859-1", [0xFC], "ü"), ("shift_jis", [0x83, 0x4E], "ク"),
    ])
  func encodings(encoding: String, octets: [UInt8], name: String) async throws {
    let commands = try await ledger()
    try write(Array("code,Trading name\nA,".utf8) + octets + Array("\n".utf8), commands)
    let result = try await push(commands, "--encoding", encoding)
    #expect(result.exit == .code(0), "\(result.output) \(result.errors)")
    #expect(try await names(commands) == [name])
  }

  @Test("A byte order mark says more than an option", arguments: [true, false])
  func byteOrderMark(bigEndian: Bool) async throws {
    let commands = try await ledger()
    let units = Array("\u{FEFF}code;Trading name\nA;起重机\n".utf16)
    try write(units.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }, commands)
    #expect(try await push(commands, "--separator", "semicolon").exit == .code(0))
    #expect(try await names(commands) == ["起重机"])
  }

  static let badFiles: [([UInt8], [String])] = [
    (Array("".utf8), ["1:1: the file is empty; its first line names the columns"]),
    (
      Array("code,Trading nam\nA,B\n".utf8),
      ["1:1: the column \"Trading name\" is missing; did you mean 'Trading nam'?"]
    ),
    (
      Array("code,Trading name\nA\n\"B\"x,C\nD,E\"F\nG,\"H\n".utf8),
      [
        "2:1: there are 1 fields; the header names 2 columns",
        "3:4: a field in quotes must be followed by a comma or the end of the line",
        "3:1: there are 1 fields; the header names 2 columns",
        "4:4: a quote stands within a field; put the field in quotes and write it twice",
        "5:3: a field in quotes has no end",
      ]
    ),
    (
      Array("code,Trading name\nA,ü".utf8) + [0xFF],
      ["2:4: the octet 0xff is no UTF-8; name what the file is with --encoding"]
    ),
  ]

  @Test("Everything that is wrong with a file is told at once, with its place, and nothing is taken", arguments: badFiles)
  func badFile(octets: [UInt8], faults: [String]) async throws {
    let commands = try await ledger()
    try write(octets, commands)
    let result = try await push(commands)
    #expect(result.exit == .code(1))
    let answer = try JSON(parsing: result.output)
    #expect(answer["error"]?["code"] == "FILE_INVALID")
    let said = answer["faults"]?.array?.map { "\($0["line"]?.integer ?? 0):\($0["column"]?.integer ?? 0): \($0["message"]?.string ?? "")" }
    #expect(said == faults)
    #expect(try await commands.json("messages", "list")["messages"] == [])
  }

  @Test("A row that waits is read by its columns' names when its mapping file has got others")
  func heldRow() async throws {
    let commands = try await ledger()
    try write(Array("group,code,Trading name\nHQ,A,Anna\n".utf8), commands)
    let receipt = try JSON(parsing: try await push(commands).output)
    #expect(receipt["results"]?[0]?["code"] == "UNKNOWN_PARTY")
    let shown = try await commands.json("held", "show", "1")
    #expect(shown["sourceType"] == "csv:dealers")
    #expect(shown["source"]?["cells"]?.array?.count == 3)
    try commands.folder.write(
      Self.mapping.replacingOccurrences(
        of: "<column name=\"code\"/>", with: "<column name=\"extra\" optional=\"true\"/><column name=\"code\"/>"),
      to: "mappings/dealers.xml")
    let made = try await commands.json("parties", "new", "--name", "Headquarters")
    try await commands.json(
      "identity", "link", "Party", "ledger:HQ", "crm:\(made["party"]?["id"]?.string ?? "")", "--reason", "the same", "--mappings",
      "mappings")
    #expect(try await names(commands) == ["Headquarters", "Anna"])
  }

  @Test("A row may be a type of a dialect, with a field for each column")
  func typed() async throws {
    let commands = try await ledger()
    try commands.folder.write(
      "id,sourceVersion,changedAt,status,code,name,listPrice/amount,listPrice/currency,serialised\nA,7,2026-03-31T08:00:00Z,active,A,Kran,12.5,EUR,yes\n",
      to: "p.csv")
    try await commands.json("push", "p.csv", "--system", "ledger", "--as", "Product")
    let record = try await commands.json("products", "show", "ledger:A")["product"]?["record"]
    #expect(record?["listPrice"]?["amount"] == "12.5000" && record?["serialised"] == true)
    #expect(record?["sourceVersion"]?.integer == 7 && record?["changedAt"] == "2026-03-31T08:00:00.000000Z")
    try commands.folder.write("id,nam,listPrice/amount\n", to: "q.csv")
    let header = try await commands.run("push", "q.csv", "--system", "ledger", "--as", "Product", "--json")
    #expect(try JSON(parsing: header.output)["faults"]?[0]?["message"] == "Product has no field \"nam\"; did you mean 'name'?")
    try commands.folder.write("id,serialised,listPrice/amount\nA,maybe,x\nB,no,1.23456\n", to: "r.csv")
    let values = try JSON(parsing: try await commands.run("push", "r.csv", "--system", "ledger", "--as", "Product", "--json").output)
    #expect(
      values["faults"]?.array?.map { $0["message"]?.string } == [
        "serialised: \"maybe\" is neither true nor false", "listPrice/amount: \"x\" is no decimal number such as 12.50",
        "listPrice/amount: 1.23456 does not fit: at most 14 digits before the point and 4 behind it",
      ])
  }

  @Test(
    "What cannot be taken is said",
    arguments: [("nobody", "csv:dealers", "SYSTEM_UNKNOWN"), ("ledger", "csv:x", "MAPPING_MISSING"), ("ledger", "Prodct", "TYPE_UNKNOWN")])
  func refused(system: String, type: String, code: String) async throws {
    let commands = try await ledger()
    try commands.folder.write("code,Trading name\nA,B\n", to: "dealers.csv")
    let result = try await commands.run(
      "push", "dealers.csv", "--system", system, "--as", type, "--mappings", "mappings", "--json")
    #expect(result.exit == .code(1))
    #expect(try JSON(parsing: result.output)["error"]?["code"]?.string == code)
  }

  @Test("A mapping of CSV files declares their columns, once each")
  func badColumns() async throws {
    for (old, new, message) in [
      ("<column name=\"code\"/>", "<column name=\"code\"/><column name=\"code\"/>", "the column 'code' stands there twice"),
      ("from=\"csv:dealers\"", "from=\"Party\"", "columns are those of CSV files, and 'Party' is none"),
      ("<set field=\"name\" from=\"name\"/>", "<set field=\"name\" from=\"nme\"/>", "'nme'"),
    ] {
      let commands = try await ledger(Self.mapping.replacingOccurrences(of: old, with: new))
      let result = try await commands.run("mapping", "check", "mappings")
      #expect(result.exit == .code(1))
      #expect(result.output.contains(message), "\(result.output)")
    }
  }
}
