import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// Credit terms from, and credit questions to, an ERP whose ORB is omniORBpy and which adopts our own IDL.
@Suite("Credit with a foreign ORB") struct ForeignTests {
  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  private static func common(_ id: String, _ version: Int) -> [String: JSON] {
    ["id": .string(id), "changedAt": "1", "sourceVersion": [.string("\(version)")], "status": "active", "attributes": []]
  }

  private static func terms(_ party: String, version: Int, limit: String, onHold: Bool = false) -> JSON {
    let figures: [String: JSON] = [
      "party": .string(party), "creditArea": "1000", "currency": "EUR", "rating": "甲", "creditLimit": .string("\(limit).0000"),
      "periodDays": 30, "paymentTerms": "30 days net", "openReceivable": "0.0000", "orderedNotInvoiced": "0.0000", "overdue": "0.0000",
      "onHold": .bool(onHold), "asOf": .string("\(now)"),
    ]
    return .object(common("\(party)/1000", version).merging(figures) { $1 })
  }

  private static func receivable(_ id: String, of party: String, version: Int, open: String) -> JSON {
    let figures: [String: JSON] = [
      "party": .string(party), "creditArea": "", "document": .string(id), "dueDate": "2020-01-31", "amount": "100.0000",
      "openAmount": .string("\(open).0000"), "currency": "EUR",
    ]
    return .object(common(id, version).merging(figures) { $1 })
  }

  @Test("It pushes terms and receivables; each item has its result, older news are stale, a bad item fails no batch")
  func pushes() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let erp = try await PythonSender(running.login, system: "erp", secret: secret)
    let party: JSON = .object(
      Self.common("D-1", 1).merging(
        ["name": "Müller", "kind": "customer", "parent": "", "taxId": "", "paymentTerms": "", "addresses": []]) { $1 })
    #expect(try await erp.push("pushParties", "p", [party]).items.map(\.words) == ["applied"])
    var negative = Self.terms("D-1", version: 3, limit: "-1")
    if case .object(var members) = negative {
      members["id"] = "D-1/2000"
      negative = .object(members)
    }
    let receipt = try await erp.push(
      "pushCreditTerms", "t1", [Self.terms("D-1", version: 2, limit: "500"), negative, Self.terms("D-9", version: 1, limit: "5")])
    #expect(receipt.items.map(\.words) == ["applied", "rejected AMOUNT_NEGATIVE creditLimit", "held UNKNOWN_PARTY"])
    let older = try await erp.push("pushCreditTerms", "t2", [Self.terms("D-1", version: 1, limit: "900")])
    #expect(older.items.map(\.words) == ["stale STALE_VERSION sourceVersion"])
    let open = try await erp.push("pushReceivables", "r1", [Self.receivable("R-1", of: "D-1", version: 1, open: "70")])
    #expect(open.items.map(\.words) == ["applied"])
    let shown = try await server.json("credit", "show", "erp:D-1")["terms"]?[0]
    #expect(shown?["limit"] == "500.00" && shown?["rating"] == "甲" && shown?["overdueComputed"] == "70.00")
    let closed = try await erp.push("pushReceivables", "r2", [Self.receivable("R-1", of: "D-1", version: 2, open: "0")])
    #expect(closed.items.map(\.words) == ["applied"])
    #expect(try await server.json("credit", "show", "erp:D-1")["terms"]?[0]?["overdueComputed"] == "0.00")
    try await running.process.kill()
  }

  @Test("It pushes contacts, customers' numbers of products and news of orders; each is shown, and waits for what it names")
  func pushesTheRest() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let erp = try await PythonSender(running.login, system: "erp", secret: secret)
    func document(_ id: String, _ members: [String: JSON]) -> JSON { .object(Self.common(id, 1).merging(members) { $1 }) }
    func contact(_ id: String, of party: String, _ name: String) -> JSON {
      document(
        id, ["party": .string(party), "name": .string(name), "role": "Einkauf", "phone": "0228", "email": "", "preferredChannel": "phone"])
    }
    let number = document("N-1", ["party": "D-1", "product": "B-1", "code": "M-4711", "name": "阀"])
    let news = document(
      "SO-1",
      [
        "number": "SO-1", "placed": "", "party": "D-1", "state": "open", "hold": "", "orderDate": "2026-01-02", "currency": "EUR",
        "netTotal": "100.0000", "taxTotal": "19.0000", "grossTotal": "119.0000",
        "lines": [
          [
            "number": 1, "product": "B-1", "ordered": "10.000000", "shipped": "4.000000", "invoiced": "3.000000", "hold": "",
            "promisedDate": "2026-02-01",
          ]
        ],
      ])
    // Before anybody knows the party and the product.
    let contacts = [contact("K-1", of: "D-1", "Jörg")]
    #expect(try await erp.push("pushContacts", "c", contacts).items.map(\.words) == ["held UNKNOWN_PARTY"])
    #expect(try await erp.push("pushCustomerProducts", "n", [number]).items.map(\.outcome) == ["held"])
    #expect(try await erp.push("pushOrderStatuses", "s", [news]).items.map(\.outcome) == ["held"])
    let party = document("D-1", ["name": "Müller", "kind": "customer", "parent": "", "taxId": "", "paymentTerms": "", "addresses": []])
    #expect(try await erp.push("pushParties", "p", [party]).items.map(\.words) == ["applied"])
    #expect(try await erp.push("pushProducts", "a", [Document.product("B-1")]).items.map(\.words) == ["applied"])
    #expect(try await server.rows("SELECT count(*) FROM held_items WHERE state = 'waiting'") == "0")
    #expect(try await server.rows("SELECT name, status FROM contacts") == "Jörg|active")
    #expect(try await server.rows("SELECT code, name FROM linked_objects WHERE entity = 'CustomerProduct'") == "M-4711|阀")
    let shown = try #require(try await server.json("orders", "show", "erp:SO-1")["order"])
    #expect(shown["contract"] == JSON.null && shown["orderDate"] == "2026-01-02" && shown["grossTotal"] == "119.00")
    let line = shown["lines"]?[0]
    #expect(line?["invoiced"]?.string.flatMap(Double.init) == 3 && line?["promisedDate"] == "2026-02-01")
    #expect(shown["state"] == "partly-shipped")
    // What comes again is what it was.
    #expect(try await erp.push("pushOrderStatuses", "s2", [news]).items.map(\.outcome) == ["unchanged"])
    try await running.process.kill()
  }

  @Test(
    "Its order desk is asked before an order is sent, in its own ids", arguments: ["allowed", "refused", "NO_IMPLEMENT", "BAD_OPERATION"])
  func isAsked(answer: String) async throws {
    let server = try TesseraServer()
    let peer = try await PythonPeer(idl: PythonSender.idl)
    let desk = try await peer.serve("Interchange::V1::OrderDesk")
    switch answer {
    case "allowed", "refused":
      let isRefused = answer == "refused"
      try await desk.answer(
        "checkCredit",
        .results([
          [
            "outcome": .string(answer), "code": .string(isRefused ? "ZU_SPÄT" : ""),
            "explanation": .string(isRefused ? "zahlt zu spät" : ""),
            "creditLimit": "0.0000", "exposure": "0.0000", "currency": "EUR", "asOf": "1",
          ]
        ]))
    default: try await desk.answer("checkCredit", .raiseSystem("CORBA::\(answer)", minor: 1, completed: "COMPLETED_NO"))
    }
    try await desk.answer(
      "create",
      .results([
        [
          "outcome": "accepted", "orderNumber": "SO-1", "customerNumber": "D-1", "code": "", "explanation": "", "lines": [],
          "bookedAt": [.string("\(Self.now)")],
        ]
      ]))
    try await server.json(
      "systems", "add", "desk", "--adapter", "order-desk", "--reference", desk.reference, "--guarantee", "idempotent-by-key", "--orders")
    let files: [(type: String, rows: String)] = [
      ("Party", "id,sourceVersion,status,name,kind\nD-1,1,active,Müller,customer\n"),
      (
        "Product",
        "id,sourceVersion,status,code,name,listPrice/amount,listPrice/currency\nA,1,active,A,Kran,1,EUR\n"
      ),
      (
        "CreditTerms",
        "id,sourceVersion,status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,asOf\nT,1,active,D-1,1000,EUR,500,0,0,0,\(Self.now)\n"
      ),
    ]
    for (type, rows) in files {
      try server.write(rows, to: "\(type).csv")
      #expect(try await server.json("push", "\(type).csv", "--system", "desk", "--as", type)["outcome"] == "accepted")
    }
    let running = try await server.serve("--log", "error")
    let draft = try await server.json("contracts", "new", "--party", "desk:D-1", "--currency", "EUR", "--line", "P-000001:1:100")
    let contract = try #require(draft["id"]?.string)
    try await server.json("contracts", "sign", contract)
    let expected = answer == "refused" ? "credit-hold" : "ordered"
    let end = ContinuousClock.now + .seconds(40)
    var shown = try await server.json("contracts", "show", contract)
    while shown["state"]?.string != expected, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
      shown = try await server.json("contracts", "show", contract)
    }
    #expect(shown["state"]?.string == expected, "\(shown)")
    let calls = try await desk.calls()
    let question = try #require(calls.first { $0.operation == "checkCredit" })
    #expect(question.arguments[1]["customerNumber"] == "D-1" && question.arguments[1]["amount"] == "100.0000")
    #expect(question.arguments[1]["creditArea"] == "1000" && question.arguments[1]["contractKey"]?.string == contract)
    #expect(calls.count { $0.operation == "create" } == (answer == "refused" ? 0 : 1))
    if answer == "refused" {
      let hold = try await server.json("contracts", "show", contract)["creditHolds"]?[0]
      #expect(hold?["code"] == "CREDIT_REFUSED" && hold?["explanation"] == "desk refuses the credit (ZU_SPÄT): zahlt zu spät")
    }
    try await running.process.kill()
  }
}
