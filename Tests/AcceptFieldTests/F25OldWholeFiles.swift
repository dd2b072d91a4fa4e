import ForeignORB
import TesseraProcess
import Testing

/// What a file that holds everything leaves out is gone only as far as the file is newer than what is known.
@Suite("25 Whole files that come late") struct F25OldWholeFiles {
  private static let head = "status,name,kind,parent,id,sourceVersion,changedAt"

  /// A ledger whose files of parties hold everything.
  private static func ledger(atMost: Int = 100) async throws -> TesseraServer {
    let server = try TesseraServer()
    try server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><files><mappings path=\"own\"/></files></broker>", to: "tessera-data/broker.xml")
    let shipped = try await ChildProcess.check("cat", [repositoryPath("Mappings/canonical-party.xml")])
    try server.write(
      shipped.replacing(
        "name=\"canonical-party\"", with: "name=\"own-party\" system=\"ledger\" holds=\"everything\" missing-at-most=\"\(atMost)\""),
      to: "tessera-data/own/party.xml")
    _ = try await server.addSystem("ledger")
    return server
  }

  /// What becomes of the rows of a file, each `id,parent,version,hour`.
  private static func push(_ server: TesseraServer, _ rows: [String], named file: String = "file.csv", as state: String = "active")
    async throws
    -> [String]
  {
    let lines = rows.map { row in
      let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return
        "\(cells.count > 4 ? cells[4] : state),Dealer \(cells[0]),customer,\(cells[1]),\(cells[0]),\(cells[2]),2026-03-01T\(cells[3]):00:00Z"
    }
    try server.write(([head] + lines).joined(separator: "\n") + "\n", to: file)
    let results = try await server.document("push", file, "--system", "ledger", "--as", "Party")["results"]?.array ?? []
    return results.map { item in ["id", "outcome", "code"].compactMap { item[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ") }
  }

  /// What is new since then is not made inactive, whether things bear times or versions that their source counts.
  @Test("An old whole file ends nothing", arguments: [false, true]) func late(isCounted: Bool) async throws {
    let server = try await Self.ledger()
    func version(_ number: Int) -> String { isCounted ? String(number) : "" }
    let old = ["A,,\(version(1)),08", "B,,\(version(1)),08"]
    let new = ["A,,\(version(2)),09", "B,,\(version(1)),08", "C,,\(version(1)),10"]
    #expect(try await Self.push(server, old, named: "old.csv") == ["A applied", "B applied"])
    #expect(try await Self.push(server, new, named: "new.csv") == ["A unchanged", "B unchanged", "C applied"])
    // The first again, under another name and with another first column's width, so that it is no repeat.
    let again = try await Self.push(server, old.reversed(), named: "again.csv")
    #expect(again.last == "rejected MISSING_OVERTAKEN", "\(again)")
    // One that is older than what is new, and tells of nothing that was changed.
    let between = try await Self.push(server, ["B,,\(version(1)),08"], named: "between.csv")
    #expect(between.last == "rejected MISSING_OVERTAKEN", "\(between)")
    #expect(
      try await server.json("parties", "list")["parties"]?.array?.compactMap { $0["status"]?.string } == ["active", "active", "active"])
    // A newer one ends it.
    let newer = try await Self.push(server, ["A,,\(version(3)),11", "B,,\(version(1)),08"], named: "newer.csv")
    #expect(newer == ["A unchanged", "B unchanged", "C applied NOT_IN_MESSAGE"], "\(newer)")
  }

  @Test("Only what is active counts among what stands") func deadOnes() async throws {
    let server = try await Self.ledger(atMost: 10)
    // 10 live dealers and 30 dead ones, which the feed carries along.
    let live = (10...19).map { "L\($0),,,08" }
    let dead = (10...39).map { "D\($0),,,08,inactive" }
    #expect(try await Self.push(server, live + dead).count == 40)
    // Three of ten live ones are missing: more than a tenth.
    let cut = try await Self.push(server, Array(live.prefix(7)) + dead, named: "cut.csv")
    #expect(cut.last == "rejected TOO_MANY_MISSING", "\(cut)")
    // One of ten is not.
    let fair = try await Self.push(server, Array(live.prefix(9)) + dead, named: "fair.csv")
    #expect(fair.last == "L19 applied NOT_IN_MESSAGE", "\(fair)")
  }

  @Test("What waits under an id that later files do not have is given up; news later than the file are not") func waiting() async throws {
    let server = try await Self.ledger()
    let first = try await Self.push(server, ["A,,,08", "X,NOBODY,,08"])
    #expect(first == ["A applied", "X held UNKNOWN_PARTY"], "\(first)")
    let second = try await Self.push(server, ["A,,,09"], named: "second.csv")
    #expect(second == ["A unchanged", "X applied NOT_IN_MESSAGE"], "\(second)")
    #expect(try await server.json("held", "list")["held"] == [])
    // It does not come alive when the wait would have ended.
    let third = try await Self.push(server, ["A,,,10", "NOBODY,,,10"], named: "third.csv")
    #expect(third == ["A unchanged", "NOBODY applied"], "\(third)")
    #expect(try await server.run(arguments: ["parties", "show", "ledger:X"]).exit != .code(0))
    // Neighbour: an old file gives nothing up that waits since.
    #expect(try await Self.push(server, ["A,,,11", "NOBODY,,,10", "Y,NONE,,12"], named: "fourth.csv").last == "Y held UNKNOWN_PARTY")
    let old = try await Self.push(server, ["A,,,11", "NOBODY,,,10"], named: "old.csv")
    #expect(old.last == "rejected MISSING_OVERTAKEN", "\(old)")
    #expect(try await server.json("held", "list")["held"]?.array?.count == 1)
  }
}
