import ForeignORB
import Testing

@Suite("Wrong command lines and refusals")
struct CommandLineTests {
  /// What is typed, and the first line of the answer on the standard error.
  static let wrong: [(arguments: [String], message: String)] = [
    (["sell"], "Error: Unexpected argument 'sell'"),
    (["systems", "add"], "Error: Missing expected argument '<name>'"),
    (
      ["systems", "add", "erp", "--adapter", "sap"],
      "Error: The value 'sap' is invalid for '--adapter <adapter>'. Please provide one of 'inbound', 'eai', 'order-desk', 'sample-erp' or 'u8-eai'."
    ),
    (
      ["systems", "add", "crm", "--adapter", "inbound"],
      "Error: 'crm' cannot be the name of a system: take 1 to 63 letters, digits, '.', '_' and '-', and not 'crm', which is the CRM core."
    ),
    (
      ["systems", "add", "a b", "--adapter", "inbound"],
      "Error: 'a b' cannot be the name of a system: take 1 to 63 letters, digits, '.', '_' and '-', and not 'crm', which is the CRM core."
    ),
    (["systems", "add", "erp", "--adapter", "order-desk"], "Error: --adapter order-desk needs --reference: the object that we call."),
    (
      ["systems", "add", "erp", "--adapter", "inbound", "--reference", "IOR:00"],
      "Error: --adapter inbound takes no --reference: it calls us."
    ),
    (
      ["systems", "add", "erp", "--adapter", "inbound", "--orders"],
      "Error: --orders needs an adapter that we call; 'inbound' only calls us."
    ),
    (["messages", "list", "--limit", "0"], "Error: The value '0' is invalid for '--limit <number>'"),
    (
      ["identity", "find", "Thing", "erp:1"],
      "Error: The value 'Thing' is invalid for '<entity>'. Please provide one of the following:"
    ),
    (["identity", "find", "Product", "1"], "Error: The value '1' is invalid for '<id>'"),
    (
      ["identity", "unlink", "Product", "crm:P-000001", "--reason", "x"],
      "Error: A link of the CRM core's own id does not end; unlink the other system's id."
    ),
    (["identity", "link", "Product", "erp:1", "crm:P-000001"], "Error: Missing expected argument '--reason <reason>'"),
    (["held", "release", "1", "1", "--reason", "x"], "Error: A held item is named twice."),
    (["contracts", "new"], "Error: --party says who signs, or --file says everything."),
    (["contracts", "new", "--party", "C-000001"], "Error: At least one --line says what is sold."),
    (
      ["contracts", "new", "--party", "C-000001", "--line", "P-000001:ten:1"],
      "Error: The value 'P-000001:ten:1' is invalid for '--line <product:quantity:price>'"
    ),
    (
      ["contracts", "settle", "V-000001"],
      "Error: Either --ordered with the number or --not-ordered says how it ended; of a change, --carried-out or --not-carried-out does."
    ),
    (["contracts", "settle", "V-000001", "--not-ordered"], "Error: --not-ordered needs --reason: how it was found out."),
    (["parties", "new"], "Error: Either --name or --file says who the party is."),
    (["serve", "--listen", "localhost"], "Error: The value 'localhost' is invalid for '--listen <host:port>'"),
    (["serve", "--session-idle", "30"], "Error: The value '30' is invalid for '--session-idle <time>'"),
    (["serve", "--loops", "0"], "Error: --loops takes a number from 1 to 64, not 0."),
  ]

  @Test("A wrong command line ends with 2 and says what is wrong", arguments: wrong)
  func commandLine(arguments: [String], message: String) async throws {
    let result = try await Commands().run(arguments)
    #expect(result.exit == .code(2))
    #expect(result.output == "")
    #expect(result.errors.split(separator: "\n").first.map(String.init) == message)
  }

  @Test("With --json a wrong command line is a document, too")
  func document() async throws {
    let (exit, error) = try await Commands().refusal("held", "release", "1", "1", "--reason", "x")
    #expect(exit == .code(2))
    #expect(error == ["code": "COMMAND_LINE", "message": "A held item is named twice.", "hint": nil])
  }

  @Test("A command that looks at nothing says where it looked")
  func noFolder() async throws {
    let result = try await Commands().run("systems", "list", "--data", "nowhere")
    #expect(result.exit == .code(1))
    #expect(
      result.errors == """
        tessera: DATA_FOLDER_MISSING: there is no data folder nowhere
          hint: start `tessera serve`, or name the folder with --data

        """)
  }

  /// What is typed over a folder with one system and three products, the code and the message.
  static let refused: [(arguments: [String], code: String, message: String)] = [
    (["systems", "rotate", "sap"], "SYSTEM_UNKNOWN", "there is no system \"sap\""),
    (["systems", "add", "erp", "--adapter", "inbound"], "SYSTEM_EXISTS", "the system \"erp\" is there already, as canonical"),
    (
      ["systems", "add", "far", "--adapter", "order-desk", "--reference", "http://x"], "REFERENCE_INVALID",
      "\"http://x\" is no object reference: character 1: expected IOR: or corbaloc:, found \"http://x\""
    ),
    (
      ["systems", "add", "far", "--adapter", "order-desk", "--reference", "@none"], "FILE_UNREADABLE",
      "cannot read none: No such file or directory"
    ),
    (["messages", "show", "99"], "MESSAGE_UNKNOWN", "there is no message 99"),
    (["messages", "list", "--system", "sap"], "SYSTEM_UNKNOWN", "there is no system \"sap\""),
    (["products", "show", "P-999999"], "PRODUCT_UNKNOWN", "there is no product \"P-999999\""),
    (["parties", "show", "C-000001"], "PARTY_UNKNOWN", "there is no party \"C-000001\""),
    (["identity", "find", "Product", "erp:1"], "LINK_UNKNOWN", "Product 1 of erp is not linked"),
    (["identity", "find", "Product", "sap:1"], "SYSTEM_UNKNOWN", "there is no system \"sap\""),
    (["identity", "find", "Product", "erp:"], "ID_EMPTY", "the id is empty; every item needs the id by which its own system knows it"),
    (
      ["identity", "link", "Product", "erp:1", "crm:P-000009", "--reason", "x"], "LINK_BOTH_UNKNOWN",
      "neither Product 1 of erp nor Product P-000009 of crm is known; one of them must have been received or created before"
    ),
    (["held", "show", "1"], "HELD_UNKNOWN", "there is no held item 1"),
    (["held", "release", "1", "--reason", "x"], "HELD_UNKNOWN", "there is no held item 1"),
    (["contracts", "show", "V-000001"], "CONTRACT_UNKNOWN", "there is no contract \"V-000001\""),
    (["contracts", "sign", "V-000001"], "CONTRACT_UNKNOWN", "there is no contract \"V-000001\""),
    (["contracts", "settle", "V-000001", "--ordered", "1"], "CONTRACT_UNKNOWN", "there is no contract \"V-000001\""),
    (
      ["contracts", "new", "--party", "nobody", "--line", "B-8:1:1", "--currency", "EUR"], "PARTY_UNKNOWN", "there is no party \"nobody\""
    ),
    (["deliveries", "show", "1"], "DELIVERY_UNKNOWN", "there is no delivery 1"),
    (
      ["serve", "--listen", "0.0.0.0:0"], "NOT_LOOPBACK", "0.0.0.0 can be reached by other machines, and nothing is encrypted yet"
    ),
    (
      ["serve", "--listen", "127.0.0.1:0", "--http", "0.0.0.0:0"], "NOT_LOOPBACK",
      "0.0.0.0 can be reached by other machines, and nothing is encrypted yet"
    ),
    (
      ["serve", "--listen", "127.0.0.1:0", "--http", "[::]:0"], "NOT_LOOPBACK",
      ":: can be reached by other machines, and nothing is encrypted yet"
    ),
  ]

  private static let shared = Shared()

  /// One data folder for all refusals: none of them changes anything.
  private actor Shared {
    private var made: Task<Commands, any Error>?

    func commands() async throws -> Commands {
      if let made { return try await made.value }
      let task = Task { try await Commands.withProducts() }
      made = task
      return try await task.value
    }
  }

  @Test("What cannot be done is refused with 1, in words with a stable code", arguments: refused)
  func refusal(arguments: [String], code: String, message: String) async throws {
    let result = try await Self.shared.commands().run(arguments + ["--json"])
    #expect(result.exit == .code(1))
    let error = try JSON(parsing: result.output)["error"]
    #expect(error?["code"]?.string == code)
    #expect(error?["message"]?.string == message)
    #expect(result.errors.hasPrefix("tessera: \(code): \(message)\n"))
  }

  @Test("A store that is none is a failure of the installation: 3")
  func noStore() async throws {
    let commands = try Commands()
    try commands.folder.write("this is no database, whatever its name says", to: "tessera-data/tessera.sqlite")
    let (exit, error) = try await commands.refusal("systems", "list")
    #expect(exit == .code(3))
    #expect(error?["code"]?.string == "STORE_CORRUPT")
  }

  @Test("Without mapping files an import is a failure of the installation: 3")
  func noHome() async throws {
    let commands = try Commands()
    try commands.folder.write("code,name\n", to: "products.csv")
    let result = try await commands.run(["products", "import", "products.csv"], environment: ["TESSERA_HOME": commands.path])
    #expect(result.exit == .code(3))
    #expect(result.errors == "tessera: HOME_INVALID: TESSERA_HOME is \(commands.path), which has no folder Mappings\n")
  }

  @Test("A code that several things have, as a tax id that branches share, is not chosen among")
  func ambiguous() async throws {
    let commands = try Commands()
    for name in ["head office", "branch"] { try await commands.json("parties", "new", "--name", name, "--tax-id", "螺栓1") }
    let (exit, error) = try await commands.refusal("parties", "show", "螺栓1")
    #expect(exit == .code(1) && error?["code"] == "PARTY_AMBIGUOUS")
    #expect(error?["message"] == "\"螺栓1\" is the code of C-000001, C-000002")
  }
}
