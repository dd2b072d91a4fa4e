import ForeignORB
import Testing

/// `tessera doctor` finds what would keep a broker from working, and says what to do.
@Suite struct DoctorTests {
  /// What is found of a subject, worst first, and how the command ended.
  private static func findings(
    _ commands: Commands, _ subject: String, _ options: [String] = []
  ) async throws -> (exit: ChildProcess.Exit, found: [String]) {
    let result = try await commands.run(["doctor", "--json", "--listen", "127.0.0.1:0"] + options)
    let checks = try JSON(parsing: result.output)["checks"]?.array ?? []
    let found = checks.filter { $0["what"]?.string == subject }.map { check in
      // What is wrong always comes with what to do.
      if check["state"]?.string != "good" { #expect(check["remedy"]?.string?.isEmpty == false, "\(check)") }
      return "\(check["state"]?.string ?? ""): \(check["found"]?.string ?? "")"
    }
    return (result.exit, found)
  }

  private static func expect(
    _ text: String, of subject: String, _ commands: Commands, _ options: String..., ends exit: ChildProcess.Exit,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let (ended, found) = try await findings(commands, subject, options)
    #expect(found.contains { $0.contains(text) }, "\(found)", sourceLocation: sourceLocation)
    #expect(ended == exit, "\(found)", sourceLocation: sourceLocation)
  }

  @Test func aHealthyInstallationHasNothingBad() async throws {
    let commands = try await Commands.withProducts()
    let result = try await commands.run("doctor", "--json", "--listen", "127.0.0.1:0")
    #expect(result.exit == .code(0), "\(result.output)")
    let checks = try JSON(parsing: result.output)["checks"]?.array ?? []
    #expect(
      checks.compactMap { $0["what"]?.string }
        == [
          "broker", "configuration", "database", "folder", "disk", "clock", "mappings", "dialects", "partners", "ports", "ports",
          "certificates",
        ])
    #expect(checks.allSatisfy { $0["state"]?.string != "bad" })
  }

  @Test func aDamagedDatabaseIsFound() async throws {
    let commands = try await Commands.withProducts()
    let store = "tessera-data/tessera.sqlite"
    try await Self.expect("good: sound", of: "database", commands, ends: .code(0))
    // The page of an index: everything can still be read that nobody looks up by it.
    let shell = """
      page=$(sqlite3 \(store) "SELECT rootpage FROM sqlite_schema WHERE name = 'message_of_system'") \
      && dd if=/dev/urandom of=\(store) bs=8192 seek=$((page - 1)) count=1 conv=notrunc status=none
      """
    _ = try await ChildProcess.check("sh", ["-c", shell], folder: commands.path)
    try await Self.expect("bad: ./tessera-data/tessera.sqlite is damaged", of: "database", commands, ends: .code(1))
    _ = try await ChildProcess.check("sh", ["-c", "echo nothing > \(store)"], folder: commands.path)
    try await Self.expect("bad: STORE_CORRUPT", of: "database", commands, ends: .code(1))
  }

  @Test func portsThatAnotherProgramHasAreFound() async throws {
    let other = try Commands()
    let (process, announcement) = try await other.serve()
    let taken = "127.0.0.1:\(try #require(announcement["port"]?.integer))"
    let commands = try Commands()
    try await Self.expect("bad: --listen \(taken) is taken", of: "ports", commands, "--listen", taken, ends: .code(1))
    try await Self.expect("bad: --http \(taken) is taken", of: "ports", commands, "--http", taken, ends: .code(1))
    try await Self.expect("good: --http 127.0.0.1:0 takes a port", of: "ports", commands, ends: .code(0))
    try await Self.expect("bad: --listen and --http are both", of: "ports", commands, "--listen", taken, "--http", taken, ends: .code(1))
    try await Self.expect("bad: --http 192.0.2.1:80", of: "ports", commands, "--http", "192.0.2.1:80", ends: .code(1))
    try await Self.expect("warning: --http 0.0.0.0:0 can be reached", of: "ports", commands, "--http", "0.0.0.0:0", ends: .code(0))
    // A broker that serves this folder has its own ports.
    try await Self.expect("good: a broker serves", of: "ports", other, "--listen", taken, ends: .code(0))
    try await process.kill()
  }

  /// Certificates that are valid for so many days from now; of one that has ended, its days are negative.
  private static func certificate(_ commands: Commands, days: Int) async throws -> String {
    let configuration = """
      [ca]
      default_ca = own
      [own]
      database = index.txt
      new_certs_dir = .
      serial = serial
      default_md = sha256
      policy = names
      [names]
      commonName = supplied
      [req]
      distinguished_name = name
      [name]
      """
    try commands.folder.write(configuration, to: "ca.cnf")
    let shell = """
      : > index.txt; echo 01 > serial
      openssl req -new -newkey rsa:2048 -nodes -config ca.cnf -keyout key.pem -out request.pem -subj /CN=u8 2> log.txt
      openssl ca -batch -selfsign -notext -config ca.cnf -in request.pem -keyfile key.pem -out certificate.pem \
        -startdate 20200101000000Z -enddate $(date -u -d '\(days) days' +%Y%m%d%H%M%SZ) 2>> log.txt || cat log.txt
      """
    let said = try await ChildProcess.check("sh", ["-c", shell], folder: commands.path)
    #expect(said == "")
    return "certificate.pem"
  }

  private static func calling(_ reference: String, _ prepare: (Commands) async throws -> Void) async throws -> Commands {
    let commands = try Commands()
    try await prepare(commands)
    try await commands.json("systems", "add", "u8", "--adapter", "u8-eai", "--reference", reference, "--orders")
    return commands
  }

  @Test(arguments: [
    (-1, "bad: u8 is trusted by certificate.pem, of which a certificate ended on", 1),
    (10, "warning: u8 is trusted by certificate.pem, of which a certificate ends on", 0),
    (1_000, "good: u8 is trusted by certificate.pem until", 0),
  ])
  func theEndOfACertificateIsSeenInTime(days: Int, text: String, exit: Int32) async throws {
    let commands = try await Self.calling("https://127.0.0.1:9/#sender=001&ca=certificate.pem") {
      _ = try await Self.certificate($0, days: days)
    }
    try await Self.expect(text, of: "certificates", commands, ends: .code(exit))
  }

  @Test func aCertificateThatCannotBeReadAnyMoreIsFound() async throws {
    let commands = try await Self.calling("https://127.0.0.1:9/#sender=001&ca=certificate.pem") {
      _ = try await Self.certificate($0, days: 100)
    }
    _ = try await ChildProcess.check("sh", ["-c", "echo nothing > certificate.pem"], folder: commands.path)
    try await Self.expect("bad: u8 cannot be called: the certificates in certificate.pem", of: "certificates", commands, ends: .code(1))
    _ = try await ChildProcess.check("rm", ["certificate.pem"], folder: commands.path)
    try await Self.expect("bad: u8 cannot be called: the certificates in certificate.pem", of: "certificates", commands, ends: .code(1))
  }

  @Test func callsWithoutEncryptionAndWithoutCertificatesOfTheirOwnAreTold() async throws {
    let open = try await Self.calling("http://127.0.0.1:9/#sender=001") { _ in }
    try await Self.expect("warning: u8 is called over http", of: "certificates", open, ends: .code(0))
    let usual = try await Self.calling("https://127.0.0.1:9/#sender=001") { _ in }
    try await Self.expect("good: u8 is trusted by the certificates of this machine", of: "certificates", usual, ends: .code(0))
  }

  @Test func mappingFilesDialectsAndPartnersAreLookedAt() async throws {
    let commands = try Commands()
    try commands.folder.write("<mapping/>", to: "Mappings/wrong.xml")
    try await Self.expect("bad: 0 mappings, 1 errors", of: "mappings", commands, "--mappings", "Mappings", ends: .code(1))
    try commands.folder.write("<dialect/>", to: "dialect.xml")
    try await Self.expect("bad:", of: "dialects", commands, "--dialect", "dialect.xml", ends: .code(1))
    try await commands.json("partners", "add", "u8", "--type", "ufinterface")
    try await Self.expect("bad: u8 sends ufinterface documents, and no sender was agreed", of: "partners", commands, ends: .code(1))
    try await commands.json("partners", "add", "u8", "--type", "ufinterface", "--sender", "001", "--validation", "off")
    try await Self.expect("warning: the documents of u8 are not checked", of: "partners", commands, ends: .code(0))
  }

  @Test func aClockThatWasSetBackIsFound() async throws {
    let commands = try await Commands.withProducts()
    let shell = "sqlite3 tessera-data/tessera.sqlite 'UPDATE message SET received_at = 4102444800000000'"
    let result = try await ChildProcess.run("sh", ["-c", shell], folder: commands.path)
    #expect(result.exit == .code(0), "\(result.errors)")
    try await Self.expect("came in at 2100-01-01", of: "clock", commands, ends: .code(1))
  }
}
