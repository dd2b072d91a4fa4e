import ForeignORB
import Glibc
import TesseraProcess
import Testing

/// A broker whose files somebody deletes or replaces while it runs notices it, says so, and acknowledges nothing more.
@Suite("37 The database is taken away") struct F37DatabaseTakenAway {
  /// A serving broker and a partner's token.
  private struct Door {
    let server = try! TesseraServer()
    var running: TesseraServer.Running?
    var token = ""

    init() async throws {
      token = try await server.json("partners", "add", "u8", "--type", "ufinterface", "--sender", "001")["token"]?.string ?? ""
      running = try await server.serve()
    }

    /// The status of the answer to a document with one customer; 0 where nobody answers.
    func post(_ number: Int, more: String = "") async throws -> Int {
      let document = """
        <ufinterface roottag="customer" docid="\(number)" receiver="u8" sender="001" proc="Add">\(more)\
        <customer><code>C-\(number)</code><name>company \(number)</name></customer></ufinterface>
        """
      let result = try await ChildProcess.run(
        "curl",
        [
          "--silent", "--max-time", "60", "-w", "\n%{http_code}", "-H", "Authorization: Bearer \(token)", "-H",
          "Content-Type: application/xml", "--data-binary", "@\(try server.write(document, to: "\(number).xml"))", running?.http ?? "",
        ])
      return Int(result.output.split(separator: "\n").last ?? "") ?? 0
    }

    func shell(_ command: String) async throws { try await ChildProcess.check("sh", ["-c", command], folder: server.folder) }

    /// Customers that are there, counted by somebody else.
    func customers(in folder: String = "tessera-data") async throws -> String {
      try await server.rows("SELECT count(*) FROM linked_customers", in: "\(folder)/tessera.sqlite")
    }
  }

  @Test(
    "its log, its index or the database itself is deleted, replaced or emptied, or the folder is swapped: told, and nothing more is taken",
    arguments: [
      "rm tessera-data/tessera.sqlite-wal", "rm tessera-data/tessera.sqlite-shm", "rm tessera-data/tessera.sqlite",
      "cp tessera-data/tessera.sqlite-wal w && mv w tessera-data/tessera.sqlite-wal",
      ": > tessera-data/tessera.sqlite-wal",
      "cp -r tessera-data other && mv tessera-data old && mv other tessera-data",
      "mv tessera-data gone",
    ]) func taken(how: String) async throws
  {
    let door = try await Door()
    for number in 1...3 { #expect(try await door.post(number) == 200) }
    try await door.shell(how)
    #expect(try await door.post(4) != 200)
    #expect(try await door.post(5) != 200)
    let process = try #require(door.running).process
    #expect(try await process.wait(within: .seconds(30)) == .code(3))
    #expect(process.errorText.contains("STORE_REPLACED: "), "\(process.errorText)")
    #expect(process.errorText.contains("under the running process"))
    if how.hasPrefix("mv tessera-data gone") { #expect(try await door.customers(in: "gone") >= "3") }
    if how.hasPrefix("cp -r") { #expect(try await door.customers(in: "old") >= "3") }
  }

  @Test("where the log alone was deleted, what was acknowledged is saved, and the next start has it") func saved() async throws {
    let door = try await Door()
    for number in 1...5 { #expect(try await door.post(number) == 200) }
    try await door.shell("rm tessera-data/tessera.sqlite-wal")
    // Nobody sends anything: it is noticed all the same.
    let process = try #require(door.running).process
    #expect(try await process.wait(within: .seconds(30)) == .code(3))
    #expect(process.errorText.contains("What was acknowledged was saved into the database"), "\(process.errorText)")
    #expect(try await door.customers() == "5")
    let again = try await door.server.serve()
    let checks = try await door.server.document("doctor")["checks"]?.array ?? []
    #expect(checks.contains { $0["what"]?.string == "database" && $0["found"]?.string?.hasPrefix("sound; 5 messages") == true })
    again.process.signal(SIGTERM)
    #expect(try await again.process.wait(within: .seconds(30)) == .code(0))
  }

  @Test(
    "a database of 0 octets, or none, beside documents or a log is no new installation",
    arguments: [
      (": > tessera-data/tessera.sqlite; rm -f tessera-data/*-wal tessera-data/*-shm", "is empty", "documents are there in"),
      ("rm tessera-data/tessera.sqlite*", "is missing", "documents are there in"),
      ("rm -r tessera-data/archive; : > tessera-data/tessera.sqlite; echo x > tessera-data/tessera.sqlite-wal", "is empty", "its log"),
    ]) func empty(how: String, state: String, found: String) async throws
  {
    let door = try await Door()
    // Larger than 64 KiB: its octets are a file.
    #expect(try await door.post(1, more: "<!--\(String(repeating: "x", count: 100_000))-->") == 200)
    let process = try #require(door.running).process
    process.signal(SIGTERM)
    #expect(try await process.wait(within: .seconds(30)) == .code(0))
    try await door.shell(how)
    for command in [["serve", "--listen", "127.0.0.1:0"], ["systems", "list"], ["partners", "add", "x", "--type", "ufinterface"]] {
      let result = try await door.server.run(arguments: command)
      #expect(result.exit == .code(3))
      #expect(result.errors.contains("DATABASE_MISSING: ") && result.errors.contains(state), "\(result.errors)")
      #expect(result.errors.contains(found) && result.errors.contains("hint: "), "\(result.errors)")
    }
    let doctor = try await door.server.run("doctor")
    #expect(doctor.exit == .code(1) && doctor.output.contains("DATABASE_MISSING"), "\(doctor.output)")
  }

  @Test("an empty folder, and a database of 0 octets alone, is a new installation; doctor makes none") func new() async throws {
    let server = try TesseraServer()
    try await ChildProcess.check("mkdir", ["\(server.folder)/tessera-data"])
    let doctor = try await server.run("doctor")
    #expect(doctor.output.contains("there is no database in ./tessera-data yet"), "\(doctor.output)")
    #expect(try await ChildProcess.check("ls", ["\(server.folder)/tessera-data"]) == "")
    try await ChildProcess.check("touch", ["\(server.folder)/tessera-data/tessera.sqlite"])
    #expect(try await server.json("systems", "list")["systems"]?.array?.isEmpty == true)
  }
}
