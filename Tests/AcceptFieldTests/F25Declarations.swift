import ForeignORB
import TesseraProcess
import Testing

/// What a mapping declares of its messages: that they hold everything, that they change or delete what is known alone.
@Suite("25 Whole files, updates and deletes are declared") struct F25Declarations {
  /// The code, name and state of all dealers: `A Alpha active`.
  private static func dealers(_ files: DealerFiles) async throws -> [String] {
    let parties = try await files.server.json("parties", "list")["parties"]?.array ?? []
    return parties.map { "\($0["name"]?.string ?? "-") \($0["status"]?.string ?? "-")" }.sorted()
  }

  @Test("What a file that holds everything does not mention is inactive, and active when it comes again") func everything() async throws {
    let files = try await DealerFiles(attributes: " holds=\"everything\" missing-at-most=\"40\"")
    try files.write("a.csv", "A,Alpha,customer", "B,Beta,customer", "C,Gamma,customer")
    #expect(try await files.pushed("a.csv").results == ["A applied", "B applied", "C applied"])
    try files.write("b.csv", "A,Alpha,customer", "C,Gamma GmbH,customer")
    #expect(try await files.pushed("b.csv").results == ["A unchanged", "C applied", "B applied NOT_IN_MESSAGE"])
    #expect(try await Self.dealers(files) == ["Alpha active", "Beta inactive", "Gamma GmbH active"])
    // The same file changes nothing, and says that it is the same.
    let again = try await files.push("b.csv")
    #expect(again.output.contains("duplicate of message"), "\(again.output)")
    // What was missing is back, with all that was known of it.
    try files.write("c.csv", "A,Alpha,customer", "B,Beta,customer", "C,Gamma GmbH,customer")
    #expect(try await files.pushed("c.csv").results == ["A unchanged", "B applied", "C unchanged"])
    #expect(try await Self.dealers(files) == ["Alpha active", "Beta active", "Gamma GmbH active"])
    // The file of before is news now: by it, Beta goes.
    #expect(try await files.pushed("b.csv").results == ["A unchanged", "C unchanged", "B applied NOT_IN_MESSAGE"])
  }

  @Test("A file that was cut deletes nothing, nor does one with an item that nobody knows") func cut() async throws {
    let files = try await DealerFiles(attributes: " holds=\"everything\"")
    let rows = (1...20).map { "D\($0),Dealer \($0),customer" }
    try files.write("all.csv", rows: rows)
    #expect(try await files.pushed("all.csv").results.count == 20)
    try files.write("cut.csv", rows: Array(rows.prefix(12)))
    let cut = try await files.pushed("cut.csv")
    #expect(cut.results.last == "rejected TOO_MANY_MISSING", "\(cut.results)")
    #expect(try await Self.dealers(files).allSatisfy { $0.hasSuffix(" active") })
    try files.write("empty.csv", rows: [])
    #expect(try await files.push("empty.csv").output.contains("TOO_MANY_MISSING"))
    // An id that is empty may be that of what is missing.
    try files.write("unclear.csv", rows: Array(rows.prefix(19)) + [",Dealer 20,customer"])
    #expect(try await files.pushed("unclear.csv").results.last == "rejected MISSING_UNCLEAR")
    #expect(try await Self.dealers(files).allSatisfy { $0.hasSuffix(" active") })
    // A row that is refused is mentioned all the same; two of twenty may be missing.
    try files.write("fair.csv", rows: rows.dropLast(3) + ["D18,Dealer 18,nonsense"])
    #expect(try await files.pushed("fair.csv").results.suffix(2) == ["D19 applied NOT_IN_MESSAGE", "D20 applied NOT_IN_MESSAGE"])
    #expect(try await Self.dealers(files).filter { $0.hasSuffix("inactive") } == ["Dealer 19 inactive", "Dealer 20 inactive"])
  }

  @Test("What cannot be known, or cannot end, ends nothing") func unclear() async throws {
    let files = try await DealerFiles(attributes: " holds=\"everything\" missing-at-most=\"0\"")
    try files.write("a.csv", "A,Alpha,customer", "B,Beta,customer")
    #expect(try await files.pushed("a.csv").results == ["A applied", "B applied"])
    try files.write("b.csv", "A,Alpha,customer")
    #expect(try await files.pushed("b.csv").results.last == "rejected TOO_MANY_MISSING")
    try files.map(attributes: " holds=\"everything\" missing-at-most=\"100\"")
    // An id that is none, with a line feed, may be that of what is missing.
    try files.write("c.csv", "A,Alpha,customer", "\"B\n\",Beta,customer")
    #expect(try await files.pushed("c.csv").results.last == "rejected MISSING_UNCLEAR")
    // What waits of a thing that is gone is not true any more: it does not come back when the wait ends.
    try files.server.write(
      "status,name,kind,parent,id,sourceVersion,changedAt\nactive,Beta 2,customer,NOBODY,B,9,1\n", to: "held.csv")
    #expect(try await files.server.run("push", "held.csv", "--system", "ledger", "--as", "Party").exit == .code(4))
    #expect(try await files.pushed("b.csv").results.last == "B applied NOT_IN_MESSAGE")
    #expect(try await files.server.json("held", "list")["held"] == [])
    // Contracts do not end by not being mentioned.
    try files.server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="ends" from="csv:ends">
        <column name="code"/>
        <emit to="Contract" takes="deletes">
          <identity entity="Contract" from="code" field="id"/><set field="changedAt" from="now-of-document()"/>
        </emit>
      </mapping>
      """, to: "mappings/ends.xml")
    try files.server.write("code\nV-000001\n", to: "ends.csv")
    let ended = try await files.server.run(
      arguments: ["push", "ends.csv", "--system", "ledger", "--as", "csv:ends", "--mappings", "mappings"])
    #expect(ended.exit == .code(1) && ended.output.contains("CANNOT_BE_DELETED"), "\(ended.output)")
  }

  @Test("Updates and deletes of what nobody knows make nothing") func known() async throws {
    let files = try await DealerFiles()
    try files.write("a.csv", "A,Alpha,customer", "B,Beta,customer")
    #expect(try await files.pushed("a.csv").results == ["A applied", "B applied"])
    try files.map(emit: " takes=\"updates\"")
    try files.write("u.csv", "A,Alpha AG,customer", "X,Unknown,customer")
    #expect(try await files.pushed("u.csv").results == ["A applied", "X rejected ID_UNKNOWN"])
    try files.server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="dealers" from="csv:dealers">
        <column name="code"/><column name="name" optional="true"/><column name="kind" optional="true"/>
        <emit to="Party" takes="deletes">
          <identity entity="Party" from="code" field="id"/>
          <set field="changedAt" from="now-of-document()"/>
        </emit>
      </mapping>
      """, to: "mappings/dealers.xml")
    try files.server.write("code\nB\nY\n", to: "d.csv")
    #expect(try await files.pushed("d.csv").results == ["B applied", "Y rejected ID_UNKNOWN"])
    #expect(try await Self.dealers(files) == ["Alpha AG active", "Beta inactive"])
    let beta = try await files.server.json("parties", "show", "ledger:B")["party"]?["record"]
    #expect(beta?["kind"]?.string == "customer")
  }

  @Test(
    "Declarations that mean nothing are told",
    arguments: [
      (" holds=\"some\"", "", "'some'"), (" missing-at-most=\"5\"", "", "add holds="),
      (" holds=\"everything\" missing-at-most=\"101\"", "", "101"),
      ("", " takes=\"everything\"", "everything"),
      ("", " takes=\"deletes\"", "the field 'status' is set by a record that deletes its thing"),
    ])
  func wrong(_ attributes: String, _ emit: String, _ said: String) async throws {
    let files = try await DealerFiles()
    try files.map(attributes: attributes, emit: emit)
    let checked = try await files.server.run("mapping", "check", "mappings/dealers.xml")
    #expect(checked.exit == .code(1) && checked.output.contains(said), "\(checked.output)")
  }

  @Test("A document that is taken in parts is one file that holds everything") func inParts() async throws {
    let server = try TesseraServer()
    try server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><files><mappings path=\"own\"/></files></broker>", to: "tessera-data/broker.xml")
    let shipped = try await ChildProcess.check("cat", [repositoryPath("Mappings/canonical-unit.xml")])
    try server.write(
      shipped.replacing("name=\"canonical-unit\"", with: "name=\"own-unit\" system=\"shop\" holds=\"everything\""),
      to: "tessera-data/own/unit.xml")
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    func units(_ message: String, _ numbers: some Sequence<Int>) -> String {
      let items = numbers.map { number in
        """
        <item><id>U\(number)</id><changedAt>1767225600000000</changedAt><status>active</status><code>U\(number)</code><name>unit \(number)</name>\
        <factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item>
        """
      }
      return "<pushUnits xmlns=\"urn:tessera:interchange:1\"><message>\(message)</message><batch>\(items.joined())</batch></pushUnits>"
    }
    let count = 2_500
    #expect(try await shop.post(units("1", 1...count)).status == 200)
    let answer = try await shop.post(units("2", (1...count).filter { $0 % 500 != 0 }))
    let gone = try answer.results.filter { $0.contains("NOT_IN_MESSAGE") }
    #expect(
      gone == [
        "U1000 applied NOT_IN_MESSAGE", "U1500 applied NOT_IN_MESSAGE", "U2000 applied NOT_IN_MESSAGE", "U2500 applied NOT_IN_MESSAGE",
        "U500 applied NOT_IN_MESSAGE",
      ])
    #expect(try await server.rows("SELECT count(*) FROM object WHERE status = 'inactive'") == "5")
    // They come again with the very time of change that they had.
    #expect(try await shop.post(units("3", 1...count)).status == 200)
    #expect(try await server.rows("SELECT count(*) FROM object WHERE status = 'inactive'") == "0")
    try await running.process.kill()
  }
}
