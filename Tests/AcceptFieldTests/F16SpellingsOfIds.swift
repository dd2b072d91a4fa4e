import ForeignORB
import TesseraProcess
import Testing

/// Ids and tax ids of customers that differ in what nobody sees, or means, made several customers of one.
@Suite("16 Spellings of ids") struct F16SpellingsOfIds {
  @Test func blanksAtTheEndsDoNotCountAndOtherSpellingsWait() async throws {
    let desk = try await CustomerDesk()
    #expect(try await desk.push("C-1,,DE") == "applied")
    // The blank and the no-break space at the end, and what is as invisible: at the start, and of no width.
    for same in ["\"C-1 \"", "C-1\u{A0}", "\"\u{3000}C-1\"", "C-1\u{200B}", "\u{FEFF}\u{2060}C-1"] {
      #expect(try await desk.push("\(same),x\(same.utf8.count),DE") == "applied", "\(same)")
    }
    #expect(try await desk.customers == 1)
    // Case; and what stands in no list: full width, digits of full width, a blank inside, an en dash, a soft hyphen.
    let near = ["c-1", "Ｃ－１", "C-１", "C -1", "C–1", "C\u{AD}-1"]
    for id in near { #expect(try await desk.push("\(id),,DE") == "held NEAR_MISS", "\(id)") }
    #expect(try await desk.customers == 1)
    let held = try await desk.server.json("held", "list")["held"]?.array ?? []
    #expect(held.count == near.count)
    #expect(held.allSatisfy { $0["explanation"]?.string?.contains("differs from \"C-1\", which is C-000001") == true })
    // What only looks alike to a machine is another one.
    #expect(try await desk.push("C-11,,DE") == "applied")
    #expect(try await desk.push("C1,,DE") == "applied")

    // A person says of one that it is another, of another that it takes the place.
    let number = try #require(try await desk.held.first { $0.id == "c-1" }?.number)
    let released = try await desk.mapped("held", "release", number, "--as-new", "--reason", "our ids know case")
    #expect(released["results"]?.array?.first?["result"]?["outcome"]?.string == "applied")
    #expect(try await desk.customers == 4)
    #expect(try await desk.push("c-1,n,DE") == "applied")
    let stands = try await desk.server.run("identity", "link", "Party", "erp:C -1", "crm:C-000001", "--reason", "x")
    #expect(stands.errors.contains("LINK_ALREADY_LINKED") && stands.errors.contains("--replace"), "\(stands.errors)")
    let linked = try await desk.mapped(
      "identity", "link", "Party", "erp:C -1", "crm:C-000001", "--replace", "--reason", "typed with a blank from now on")
    #expect(linked["released"]?.array?.count == 1)
    #expect(try await desk.customers == 4)
  }

  @Test func oneMessageIsNoWayAround() async throws {
    let desk = try await CustomerDesk()
    try desk.server.write("code,tax,country\nc-9,,DE\nC-9,,DE\nC-9 ,,DE\n", to: "three.csv")
    let said = try await desk.mapped("push", "three.csv", "--system", "erp", "--as", "csv:customers")
    #expect(try await desk.customers == 1)
    #expect(said.results.first == "c-9 applied", "\(said.results)")
    #expect(said.results.dropFirst().allSatisfy { $0.contains("NEAR_MISS") || $0.contains("DUPLICATE") || $0.contains("superseded") })
  }

  @Test func whatAWholeFileMentionsInAnotherSpellingDoesNotEnd() async throws {
    let files = try await DealerFiles(attributes: " holds=\"everything\"")
    try files.write("a.csv", "A,Alpha,customer", "B,Beta,customer")
    #expect(try await files.pushed("a.csv").results == ["A applied", "B applied"])
    try files.write("b.csv", "A,Alpha,customer", "b,Beta,customer")
    #expect(try await files.pushed("b.csv").results == ["A unchanged", "b held NEAR_MISS"])
    let parties = try await files.server.json("parties", "list")["parties"]?.array ?? []
    #expect(parties.map { $0["status"]?.string } == ["active", "active"])
  }

  @Test func whatChangesOrDeletesTheKnownAloneNamesTheNearOne() async throws {
    let files = try await DealerFiles()
    try files.write("a.csv", "A-1,Alpha,customer", "B-1,Beta,customer")
    #expect(try await files.pushed("a.csv").results == ["A-1 applied", "B-1 applied"])
    let deletes = """
      <mapping xmlns="urn:tessera:mapping:1" name="dealers" from="csv:dealers">
        <column name="code"/><column name="name" optional="true"/><column name="kind" optional="true"/>
        <emit to="Party" takes="deletes">
          <identity entity="Party" from="code" field="id"/><set field="changedAt" from="now-of-document()"/>
        </emit>
      </mapping>
      """
    try files.server.write(deletes, to: "mappings/dealers.xml")
    // Case, blanks, width; and what is near to nothing.
    try files.server.write("code\na-1\nB -1\nＢ-1\nC-1\n", to: "d.csv")
    #expect(
      try await files.pushed("d.csv").results == [
        "a-1 held NEAR_MISS", "B -1 held NEAR_MISS", "Ｂ-1 held NEAR_MISS", "C-1 rejected ID_UNKNOWN",
      ])
    // Updates of a whole record, and of a part of one.
    for emit in [" takes=\"updates\"", " takes=\"updates\" absent=\"keep\"", " absent=\"keep\""] {
      try files.map(emit: emit)
      try files.write("u.csv", "a-1,,", "c-1,,")
      let said = try await files.pushed("u.csv")
      #expect(said.results.first == "a-1 held NEAR_MISS", "\(emit): \(said)")
      #expect(said["results"]?.array?.first?["explanation"]?.string?.contains("differs from \"A-1\", which is C-000001") == true)
    }
    // It runs once a person says that the two are one.
    try files.server.write(deletes, to: "mappings/dealers.xml")
    try files.server.write("code\nb-1\n", to: "b.csv")
    #expect(try await files.pushed("b.csv").results == ["b-1 held NEAR_MISS"])
    let set = try await files.server.run(
      arguments: [
        "identity", "forms", "set", "upper-case", "--system", "ledger", "--entity", "Party", "--reason", "the ledger ignores case",
        "--mappings", "mappings",
      ])
    #expect(set.exit == .code(0), "\(set.errors)")
    let parties = try await files.server.json("parties", "list")["parties"]?.array ?? []
    #expect(parties.map { "\($0["name"]?.string ?? "") \($0["status"]?.string ?? "")" } == ["Alpha inactive", "Beta inactive"])
  }

  @Test func taxIDsHaveTheFormOfTheirCountry() async throws {
    let desk = try await CustomerDesk()
    let spellings: [(known: String, other: String)] = [
      ("DE123456789,DE", "DE 123.456.789,DE"), ("91310115MA1K4Y2X3R,CN", "9131 0115 ma1k-4y2x3r,CN"),
      ("12/345/67890,DE", "12 345 67890,DE"), ("ATU12345678,AT", "u12345678,AT"), ("CHE-123.456.789 MWST,CH", "che123456789,CH"),
      ("GB 980 7806 84,GB", "gb980780684,"), ("１２３４５６７８－９,US", "12345678-9,US"), ("EL094259216,GR", "GR 094259216,GR"),
      ("FR 40 303 265 045,FR", "fr40303265045\u{A0},"),
    ]
    for (index, pair) in spellings.enumerated() {
      #expect(try await desk.push("E-\(index),\(pair.known)") == "applied")
      #expect(try await desk.push("S-\(index),\(pair.other)", of: "shop") == "applied", "\(pair)")
      #expect(try await desk.customers == index + 1, "\(pair)")
    }
    // Another company, and the same company once more in one system: the second is for a person.
    #expect(try await desk.push("S-X,DE123456780,DE", of: "shop") == "applied")
    #expect(try await desk.customers == spellings.count + 1)
    #expect(try await desk.push("E-X,de 123 456 789,DE") == "held AMBIGUOUS_MATCH")
    // What was sent stays as it was sent, and people find it under each spelling.
    #expect(try await desk.push("1,B-8", as: "goods") == "applied")
    for (number, name) in [("K-1", "DE123456780"), ("K-2", "de 123 456 780"), ("K-3", "123.456.780")] {
      try await desk.server.json("contracts", "new", "--number", number, "--party", name, "--line", "B-8:1:1", "--currency", "EUR")
    }
  }

  @Test func codesOfProductsWaitWhereTheyOnlyLookNew() async throws {
    let desk = try await CustomerDesk()
    #expect(try await desk.push("1,M8X40", as: "goods") == "applied")
    #expect(try await desk.push("900,\"M8X40 \"", of: "shop", as: "goods") == "applied")
    #expect(try await desk.push("901,m8x40", of: "shop", as: "goods") == "held NEAR_MISS")
    #expect(try await desk.push("902,M8Ｘ40", of: "shop", as: "goods") == "held NEAR_MISS")
    #expect(try await desk.push("903,M8X41", of: "shop", as: "goods") == "applied")
    // Those that people type in: refused, since there is nothing to be mapped again.
    try desk.server.write("code,name,currency,listPrice\nm8-x40,Bolt,EUR,1\nM8 X41,Bolt,EUR,1\n", to: "own.csv")
    let own = try await desk.server.document("products", "import", "own.csv")
    #expect(own["results"]?.array?.map { $0["code"]?.string ?? "" } == ["", "NEAR_MISS"])
  }
}
