import ForeignORB
import TesseraProcess
import Testing

/// Canonical forms stood in the sources, and nobody could declare one.
@Suite("16 Declared forms of ids") struct F16DeclaredForms {
  @Test func brokerXMLDeclaresThem() async throws {
    let desk = try await CustomerDesk(
      configuration: """
        <ids system="erp" entity="Party" form="upper-case width no-blanks"/>
        <ids system="shop" entity="Product" near-misses="create"/>
        <match entity="Product" field="code" form="upper-case"/>
        """)
    for id in ["C-1", "c-1", "Ｃ－１", "\"c -1 \""] { #expect(try await desk.push("\(id),,DE") == "applied", "\(id)") }
    #expect(try await desk.customers == 1)
    // Other systems have their own forms.
    #expect(try await desk.push("x-1,,DE", of: "shop") == "applied")
    #expect(try await desk.push("X-1,,DE", of: "shop") == "held NEAR_MISS")
    // A system that tells ids apart by their case, and a match value in a form of its own.
    #expect(try await desk.push("00aB,M8", of: "shop", as: "goods") == "applied")
    #expect(try await desk.push("00AB,M9", of: "shop", as: "goods") == "applied")
    #expect(try await desk.push("1,m8", as: "goods") == "applied")
    #expect(try await desk.server.json("products", "list")["products"]?.array?.count == 2)
    // Commands name ids in every spelling, too.
    let found = try await desk.server.json("identity", "find", "Party", "erp:c-1")
    #expect(found["ids"]?.array?.contains { $0["id"]?.string == "C-1" } == true)
    // A running broker obeys the same.
    let running = try await desk.server.serve()
    #expect(try await desk.push("ｃ-1,n,DE") == "applied")
    #expect(try await desk.customers == 2)
    let refused = try await desk.server.run(arguments: [
      "identity", "forms", "set", "trim", "--system", "shop", "--entity", "Party", "--reason", "x",
    ])
    #expect(refused.errors.contains("ALREADY_SERVED"))
    try await running.process.kill()
  }

  @Test func aFormThatWouldMakeOneOfTwoIsShownAndRefused() async throws {
    let desk = try await CustomerDesk(configuration: "<ids system=\"erp\" entity=\"Party\" near-misses=\"create\"/>")
    for id in ["C-1", "c-1", "d-7"] { #expect(try await desk.push("\(id),,DE") == "applied") }
    let forms = ["identity", "forms", "set", "upper-case", "--system", "erp", "--entity", "Party"]
    let shown = try JSON(parsing: try await desk.server.run(arguments: forms + ["--dry-run", "--json"]).output)["effects"]?.array?.first
    #expect(shown?["changed"]?.array?.map { "\($0["from"]?.string ?? "")>\($0["to"]?.string ?? "")" } == ["c-1>C-1", "d-7>D-7"])
    let together = shown?["together"]?.array ?? []
    #expect(together.count == 1 && together[0]["refused"] == .bool(true))
    let members = together[0]["members"]?.array?.map { "\($0["text"]?.string ?? "") \($0["thing"]?.string ?? "")" }
    #expect(members == ["C-1 C-000001", "c-1 C-000002"])
    let words = try await desk.server.run(arguments: forms + ["--dry-run"]).output
    #expect(words.contains("\"d-7\"") && words.contains("\"D-7\""), "\(words)")
    let refused = try await desk.server.run(arguments: forms + ["--reason", "the ERP ignores case"])
    #expect(refused.errors.contains("IDS_FALL_TOGETHER") && refused.exit != .code(0))
    #expect(try await desk.server.json("identity", "find", "Party", "erp:d-7")["ids"]?.array?.count == 2)

    // Until a person has ended one of the two.
    try await desk.server.json("identity", "unlink", "Party", "erp:c-1", "--reason", "typed twice")
    let done = try JSON(parsing: try await desk.server.run(arguments: forms + ["--reason", "the ERP ignores case", "--json"]).output)
    #expect(done["dryRun"] == .bool(false))
    #expect(try await desk.push("c-1,now,DE") == "applied")
    #expect(try await desk.push("D-7,now,DE") == "applied")
    #expect(try await desk.customers == 3)
    let history = try await desk.server.json("identity", "history", "Party", "erp:c-1")
    #expect(history["history"]?.array?.count == 2)
    #expect(try await desk.server.rows("SELECT action FROM audit_trail WHERE action = 'identity-form'").contains("identity-form"))
  }

  @Test func whatWasHeldRunsAgainAndTheFileGoesFirst() async throws {
    let desk = try await CustomerDesk()
    #expect(try await desk.push("C-1,,DE") == "applied")
    #expect(try await desk.push("c-1,DE 5,DE") == "held NEAR_MISS")
    let set = try await desk.mapped(
      "identity", "forms", "set", "upper-case", "--system", "erp", "--entity", "Party", "--reason", "the ERP ignores case")
    #expect(set["released"]?.array?.map { $0["outcome"]?.string } == ["applied"])
    #expect(try await desk.customers == 1)
    #expect(try await desk.held.isEmpty)

    // What is declared in broker.xml and would change stored ids waits for a person.
    #expect(try await desk.push("007,,DE", of: "shop") == "applied")
    try desk.configure("<ids system=\"shop\" entity=\"Party\" form=\"no-zeros\"/>")
    let list = try await desk.server.json("identity", "forms", "list")
    #expect(list["pending"]?.array?.map { $0["form"]?.string } == ["no-zeros"])
    #expect(try await desk.push("7,,DE", of: "shop") == "applied")
    let collision = try await desk.mapped("identity", "forms", "apply", "--dry-run")
    #expect(collision["effects"]?.array?.first?["together"]?.array?.first?["refused"] == .bool(true))
    try await desk.server.json("identity", "unlink", "Party", "shop:7", "--reason", "was 007")
    try await desk.server.json("identity", "forms", "apply", "--reason", "as declared")
    #expect(try await desk.server.json("identity", "forms", "list")["pending"]?.array?.isEmpty == true)
    #expect(try await desk.push("0007,new,DE", of: "shop") == "applied")
    let set2 = try await desk.server.run(arguments: [
      "identity", "forms", "set", "exact", "--system", "shop", "--entity", "Party", "--reason", "x",
    ])
    #expect(set2.errors.contains("FORM_DECLARED") && set2.errors.contains("broker.xml:1:"))
  }

  @Test(arguments: [
    ("<ids system=\"erp\" entity=\"Party\" form=\"exact width\"/>", "CONFIGURATION_VALUE"),
    ("<ids system=\"erp\" entity=\"Party\" form=\"lower-case\"/>", "lower-case"),
    ("<ids system=\"erp\" entity=\"Party\"/><ids system=\"erp\" entity=\"Party\"/>", "CONFIGURATION_REPEATED"),
    ("<match entity=\"Party\" field=\"name\" form=\"trim\"/>", "taxId"),
  ])
  func whatContradictsItselfIsRefused(identity: String, words: String) async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try server.write("<broker xmlns=\"urn:tessera:broker:1\"><identity>\(identity)</identity></broker>\n", to: "tessera-data/broker.xml")
    let said = try await server.run(arguments: ["systems", "list"])
    #expect(said.exit != .code(0) && said.errors.contains(words), "\(said.errors)")
  }

  @Test(
    "What things are not recognised by is refused in words, by every door",
    arguments: [
      ("Product", "code", "name", "Product is recognised by code alone"), ("Product", "code", "unit", "code alone"),
      ("Party", "taxId", "name", "Party is recognised by taxId alone"),
    ])
  func whatIsNeverMatched(entity: String, field: String, wrong: String, words: String) async throws {
    let desk = try await CustomerDesk()
    let file = entity == "Party" ? "customers" : "goods"
    let text = try await ChildProcess.check("cat", ["\(desk.server.folder)/mappings/\(file).xml"])
    #expect(try await desk.server.run("mapping", "check", "mappings/\(file).xml").exit == .code(0))
    try desk.server.write(text.replacing("<match field=\"\(field)\"", with: "<match field=\"\(wrong)\""), to: "mappings/\(file).xml")
    let checked = try await desk.server.run("mapping", "check", "mappings/\(file).xml")
    #expect(checked.exit == .code(1) && checked.output.contains("MAPPING_UNMATCHED_FIELD"), "\(checked.output)")
    #expect(checked.output.contains("'\(wrong)' of \(entity)") && checked.output.contains(words), "\(checked.output)")
    let set = try await desk.server.run(
      "identity", "forms", "set", "trim", "--entity", entity, "--field", wrong, "--reason", "x")
    #expect(set.exit != .code(0) && set.errors.contains("'\(wrong)': they are recognised by \(field)"), "\(set.errors)")
    let ids = try await desk.server.run(
      "identity", "forms", "set", "trim", "--entity", "PriceList", "--field", "code", "--reason", "x")
    #expect(ids.exit != .code(0) && ids.errors.contains("known by their ids alone"), "\(ids.errors)")
    try desk.configure("<match entity=\"\(entity)\" field=\"\(wrong)\" form=\"trim\"/>")
    let declared = try await desk.server.run("systems", "list")
    #expect(declared.exit != .code(0) && declared.errors.contains("it is by \(field)"), "\(declared.errors)")
  }

  @Test func idsOfAnEarlierReleaseAreTrimmedWhereNothingFallsTogether() async throws {
    let server = try TesseraServer()
    try await StoredSample.restore(to: server)
    // As a system with columns of fixed length sent it; and one of which both spellings are there.
    let first = "(SELECT min(foreign_id) FROM link WHERE system = s.system AND entity = s.entity AND ended = 0)"
    let scope = "(SELECT system, entity FROM link WHERE ended = 0 AND system <> (SELECT id FROM name WHERE text = 'crm') LIMIT 1) AS s"
    try await ChildProcess.check(
      "sqlite3",
      [
        "tessera-data/tessera.sqlite",
        "UPDATE link SET foreign_id = foreign_id || '   ' FROM \(scope) WHERE link.system = s.system AND link.entity = s.entity AND foreign_id = \(first)",
      ], folder: server.folder)
    let count = try await server.rows("SELECT count(*) FROM link")
    try await server.json("systems", "list")
    #expect(try await server.rows("SELECT count(*) FROM link WHERE foreign_id LIKE '% '").hasPrefix("0"))
    #expect(try await server.rows("SELECT count(*) FROM link") == count)
    #expect(try await server.rows("SELECT count(*) FROM identity_forms WHERE origin = 'earlier'").hasPrefix("0"))
    // Spellings of what was there are known.
    #expect(
      try await server.rows(
        "SELECT count(*) FROM link WHERE ended = 0 AND foreign_id <> upper(foreign_id) AND foreign_id NOT IN (SELECT text FROM spelling)"
      ).hasPrefix("0"))
  }

  /// A person's word ends each wait for recognition, and what waited for the id goes on.
  @Test func whatNobodyCanRecogniseIsEndedByAPersonOrAForm() async throws {
    let desk = try await CustomerDesk(configuration: "<match entity=\"Product\" field=\"code\" form=\"upper-case\"/>")
    // One code in two spellings, in one system: a person says that they are two.
    #expect(try await desk.push("1,M8", as: "goods") == "applied")
    #expect(try await desk.push("2,m8", as: "goods") == "held AMBIGUOUS_MATCH")
    let words = try await desk.server.json("held", "list")["held"]?[0]?["explanation"]?.string ?? ""
    #expect(words.contains("P-000001, which is erp:1 already") && words.contains("--replace") && words.contains("--as-new"), "\(words)")
    let released = try await desk.mapped("held", "release", "1", "--as-new", "--reason", "two kinds of bolts")
    #expect(released["results"]?[0]?["result"]?["outcome"] == "applied", "\(released)")
    #expect(try await desk.server.json("products", "list")["products"]?.array?.count == 2)

    // An id in another spelling with the same tax id is a near miss, and a form lets it go, with what waited for it.
    #expect(try await desk.push("C-1,DE 5,DE") == "applied")
    #expect(try await desk.push("c-1,DE 5,DE") == "held NEAR_MISS")
    let head = "status,name,kind,parent,id,changedAt"
    try desk.server.write("\(head)\nactive,Branch,customer,c-1,C-2,2026-03-01T00:00:00Z\n", to: "branch.csv")
    #expect(try await desk.server.run("push", "branch.csv", "--system", "erp", "--as", "Party").exit == .code(4))
    _ = try await desk.mapped(
      "identity", "forms", "set", "upper-case", "--system", "erp", "--entity", "Party", "--reason", "the ERP ignores case")
    #expect(try await desk.server.json("held", "list")["held"] == [])
    #expect(try await desk.customers == 2)
    #expect(try await desk.server.json("parties", "show", "erp:C-2")["party"]?["record"]?["parent"] == "C-000001")
  }

  @Test func whatAPersonSaidIsKeptWhileTheItemWaitsForMore() async throws {
    let desk = try await CustomerDesk()
    #expect(try await desk.push("C-1,,DE") == "applied")
    let head = "status,name,kind,parent,id,changedAt"
    try desk.server.write("\(head)\nactive,Other,customer,H-1,c-1,2026-03-01T00:00:00Z\n", to: "other.csv")
    #expect(try await desk.server.run("push", "other.csv", "--system", "erp", "--as", "Party").exit == .code(4))
    let released = try await desk.mapped("held", "release", "1", "--as-new", "--reason", "our ids know case")
    #expect(released["results"]?[0]?["result"]?["code"] == "UNKNOWN_PARTY", "\(released)")
    #expect(try await desk.push("H-1,,DE") == "applied")
    #expect(try await desk.server.json("held", "list")["held"] == [])
    #expect(try await desk.customers == 3)

    // Neighbour: what waits for an id that is linked all the same is let go by stating once more what it means.
    try desk.server.write("\(head)\nactive,Late,customer,H-9,L-1,2026-03-01T00:00:00Z\n", to: "late.csv")
    #expect(try await desk.server.run("push", "late.csv", "--system", "erp", "--as", "Party").exit == .code(4))
    _ = try await ChildProcess.check(
      "sqlite3", ["tessera-data/tessera.sqlite", "UPDATE held_cause SET value = 'H-1' WHERE value = 'H-9'"], folder: desk.server.folder)
    let again = try await desk.mapped("identity", "link", "Party", "erp:H-1", "crm:C-000002", "--reason", "once more")
    #expect(again["changed"] == false, "\(again)")
    #expect(try await desk.server.rows("SELECT count(*) FROM held_cause WHERE value = 'H-1'") == "0")
  }
}
