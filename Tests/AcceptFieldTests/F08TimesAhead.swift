import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("8 Times that have not come") struct F08TimesAhead {
  private static func time(inDays days: Double) -> Int64 { Int64((Date().timeIntervalSince1970 + days * 86_400) * 1_000_000) }

  /// Pushes one row and gives what became of it.
  private func push(_ head: String, _ row: String, as type: String, to server: TesseraServer) async throws -> String {
    try server.write("\(head)\n\(row)\n", to: "rows.csv")
    let item = try await server.document("push", "rows.csv", "--system", "erp", "--as", type)["results"]?[0]
    return ["outcome", "code", "path"].compactMap { item?[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  @Test("No kind takes news of a time that has not come, whatever else orders them; within a day clocks may differ")
  func bounded() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let (far, near) = (Self.time(inDays: 400), Self.time(inDays: 0.9))
    let kinds: [(type: String, head: String, row: String)] = [
      ("Unit", "status,code,name,factorNumerator,factorDenominator,id,changedAt", "active,PC,piece,1,1,PC"),
      ("Category", "status,code,name,id,changedAt", "active,V,valves,V"),
      ("Product", "status,code,name,listPrice/amount,listPrice/currency,id,changedAt", "active,B-8,bolt,1,EUR,B-8"),
      ("Party", "status,name,kind,id,changedAt", "active,Miller,customer,D-1"),
      ("Contact", "status,name,preferredChannel,party,id,changedAt", "active,Ann,phone,D-1,N-1"),
      ("PriceList", "status,code,name,currency,id,changedAt", "active,L,list,EUR,L"),
      ("PriceLine", "status,list,product,unitPrice,changedAt", "active,L,B-8,1"),
      ("CustomerProduct", "status,party,product,code,id,changedAt", "active,D-1,B-8,X,M-1"),
      ("Receivable", "status,party,document,dueDate,amount,openAmount,currency,id,changedAt", "active,D-1,R-1,2026-12-31,1,1,EUR,R-1"),
    ]
    for kind in kinds {
      #expect(
        try await push(kind.head, "\(kind.row),\(far)", as: kind.type, to: server) == "rejected TIME_AHEAD changedAt", "\(kind.type)")
      #expect(try await push(kind.head, "\(kind.row),\(near)", as: kind.type, to: server) == "applied", "\(kind.type)")
    }
    // A version that its source counts does not excuse the clock.
    let counted = "status,name,kind,id,sourceVersion,changedAt"
    #expect(try await push(counted, "active,Smith,customer,D-2,7,\(far)", as: "Party", to: server) == "rejected TIME_AHEAD changedAt")
    // Figures of a day to come would never be stale, and forget orders that they cannot hold.
    let terms = "status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,id,sourceVersion,asOf"
    #expect(try await push(terms, "active,D-1,1000,EUR,500,0,0,0,T,1,\(far)", as: "CreditTerms", to: server) == "rejected TIME_AHEAD asOf")
    #expect(try await push(terms, "active,D-1,1000,EUR,500,0,0,0,T,1,\(near)", as: "CreditTerms", to: server) == "applied")
    let stock = "status,product,site,quantity,asOf,changedAt"
    #expect(try await push(stock, "active,B-8,S,1,\(near),\(far)", as: "Availability", to: server) == "rejected TIME_AHEAD changedAt")
    let response = "status,key,revision,outcome,orderNumber,id,changedAt,bookedAt"
    #expect(
      try await push(response, "active,x,1,accepted,A,W,1,\(far)", as: "OrderResponse", to: server) == "rejected TIME_AHEAD bookedAt")
    // Our own forms, too: nothing of theirs may stand before what comes.
    try server.write("{\"name\": \"Ahead\", \"kind\": \"customer\", \"status\": \"active\", \"changedAt\": \(far)}", to: "party.json")
    let own = try await server.document("parties", "new", "--file", "party.json")
    #expect(own["party"]?["code"] == "TIME_AHEAD")
  }

  @Test("Times before 1970 are days without a value; whatever stands already is shown")
  func beforeEverything() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    for (number, time) in [Int64.min, .min + 1, -62_135_596_800_000_000, -1].enumerated() {
      let answer = try await shop.post(
        """
        <pushUnits xmlns="urn:tessera:interchange:1"><message>\(number)</message><batch><item><id>PC</id><changedAt>\(time)</changedAt>\
        <status>active</status><code>PC</code><name>piece</name><factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator>\
        </item></batch></pushUnits>
        """)
      #expect(try answer.results == ["PC rejected TIME_BEFORE_1970"], "\(time)")
    }
    try await running.process.kill()
    let none = "0001-01-01T00:00:00Z"
    let head = "status,code,name,factorNumerator,factorDenominator,id,changedAt"
    #expect(try await push(head, "active,PC,piece,1,1,PC,\(none)", as: "Unit", to: server) == "rejected TIME_BEFORE_1970 changedAt")
    let counted = "status,name,kind,id,sourceVersion,changedAt"
    #expect(
      try await push(counted, "active,Smith,customer,D-2,7,\(none)", as: "Party", to: server) == "rejected TIME_BEFORE_1970 changedAt")
    let terms = "status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,id,sourceVersion,asOf"
    #expect(
      try await push(terms, "active,D-2,1000,EUR,500,0,0,0,T,1,\(none)", as: "CreditTerms", to: server) == "rejected TIME_BEFORE_1970 asOf")
    let response = "status,key,revision,outcome,orderNumber,id,changedAt,bookedAt"
    #expect(
      try await push(response, "active,x,1,accepted,A,W,1,\(none)", as: "OrderResponse", to: server) == "rejected TIME_BEFORE_1970 bookedAt"
    )
    // An earlier release took it.
    #expect(try await push(head, "active,PC,piece,1,1,PC,1", as: "Unit", to: server) == "applied")
    for time in [Int64.min, .max] {
      let database = "\(server.folder)/tessera-data/tessera.sqlite"
      _ = try await ChildProcess.check("sqlite3", [database, "UPDATE object SET changed_at = \(time)"])
      for command in [["units", "show", "PC"], ["units", "list"]] {
        let shown = try await server.run(arguments: command)
        #expect(shown.exit == .code(0), "\(command) \(shown.errors)")
      }
    }
  }

  @Test("What stands already with such a version can be let go, by a person with a reason")
  func reset() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let head = "status,name,kind,id,sourceVersion,changedAt"
    // A version that counts on from one which was never meant stands for what an earlier release took.
    #expect(
      try await push(head, "active,wrong,customer,D-1,9000000000000000000,1", as: "Party", to: server) == "applied")
    #expect(
      try await push(head, "active,right,customer,D-1,12,1", as: "Party", to: server) == "stale STALE_VERSION sourceVersion")
    let result = try await server.json("objects", "reset-version", "Party", "erp:D-1", "--reason", "their clock was wrong", "--by", "Ann")
    #expect(result["former"]?.integer == 9_000_000_000_000_000_000)
    #expect(try await push(head, "active,right,customer,D-1,13,1", as: "Party", to: server) == "applied")
    #expect(try await push(head, "active,late,customer,D-1,12,1", as: "Party", to: server) == "stale STALE_VERSION sourceVersion")
    #expect(try await server.json("parties", "show", "erp:D-1")["party"]?["record"]?["name"] == "right")
    let audit = try await server.rows("SELECT who, subject, reason FROM audit_trail WHERE action = 'reset-version'")
    #expect(audit == "Ann|Party D-1 of erp, version 9000000000000000000|their clock was wrong")
    // What waits with such a version is given up.
    let held = "status,name,kind,id,parent,sourceVersion,changedAt"
    #expect(
      try await push(held, "active,child,customer,D-2,D-9,9000000000000000000,1", as: "Party", to: server) == "held UNKNOWN_PARTY")
    #expect(try await push(held, "active,child,customer,D-2,,5,1", as: "Party", to: server) == "stale STALE_VERSION sourceVersion")
    let given = try await server.json("objects", "reset-version", "Party", "erp:D-2", "--reason", "the same")
    #expect(given["discarded"]?.array?.count == 1 && given["former"] == JSON.null)
    #expect(try await push(held, "active,child,customer,D-2,,6,1", as: "Party", to: server) == "applied")
    let unknown = try await server.document("objects", "reset-version", "Party", "erp:D-7", "--reason", "nothing there")
    #expect(unknown["error"]?["code"] == "VERSION_UNKNOWN")
  }
}
