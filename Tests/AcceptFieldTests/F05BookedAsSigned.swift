import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("5 Booked as signed") struct F05BookedAsSigned {
  private static func amounts(_ attributes: String) -> String { OrderingDesk.configuration("<amounts \(attributes)/>") }

  // MARK: - The sample ERP: prices of four digits, sums in hundredths

  private func draft(_ sale: FieldSale, _ number: String, _ line: String) async throws -> String {
    let drafted = try await sale.server.json(
      "contracts", "new", "--number", number, "--party", "C-000001", "--currency", "EUR", "--line", line)
    let id = try #require(drafted["id"]?.string)
    try await sale.server.json("contracts", "sign", id)
    return id
  }

  private func delivery(_ sale: FieldSale, _ contract: String, in state: String) async throws -> JSON {
    var last: JSON = nil
    try await eventually("\(contract) is \(state): \(last)") {
      last = try await sale.server.json("contracts", "show", contract)["orders"]?[0] ?? nil
      return last["state"]?.string == state
    }
    return last
  }

  @Test("An order whose price becomes 0, or whose line costs something else in the ERP's digits, is blocked and shown")
  func blocked() async throws {
    let sale = try await FieldSale()
    let item = FieldSale.codes[0]
    let nothing = try await draft(sale, "Z-1", "\(item):1000:0.00003")
    let zero = try await delivery(sale, nothing, in: "blocked")
    #expect(zero["code"] == "PRICE_BECOMES_ZERO" && zero["attempts"] == 0 && zero["waitsForPerson"] == true, "\(zero)")
    #expect(
      zero["explanation"]?.string?.hasPrefix(
        "position_list[1]/position_price: line 1: the unit price 0.00003 EUR becomes 0 there; amend the contract") == true, "\(zero)")
    // 10,000 at 0.00335 are 33.50, and 34 at 0.0034.
    let rounded = try await draft(sale, "Z-2", "\(item):10000:0.00335")
    let differs = try await delivery(sale, rounded, in: "blocked")
    #expect(differs["code"] == "AMOUNT_DIFFERS", "\(differs)")
    #expect(
      differs["explanation"]?.string?.contains("the line costs 34 EUR there instead of the 33.5 that was signed") == true, "\(differs)")
    // A discount of more digits than the ERP's.
    let discount = try await draft(sale, "Z-3", "\(item):100:99.99:33.3333")
    #expect(try await delivery(sale, discount, in: "blocked")["code"] == "AMOUNT_DIFFERS")
    // Where the line costs the same, the digits do not matter.
    let same = try await draft(sale, "Z-4", "\(item):3:0.33334")
    let ordered = try await delivery(sale, same, in: "ordered")
    let people = try await sale.server.json("deliveries", "list", "--for-people")["deliveries"]?.array ?? []
    #expect(people.compactMap { $0["contract"]?.string } == [nothing, rounded, discount])
    // It goes on once it is amended to what the ERP can book.
    try await sale.server.json("contracts", "amend", rounded, "--line", "1:10000:0.0034", "--reason", "the ERP's digits")
    _ = try await delivery(sale, rounded, in: "ordered")

    // The ERP tells that it has booked another sum.
    let order = try #require(ordered["orderNumber"]?.string)
    let told = try await sale.tell(order, version: 900_000_000, gross: "1.5000", [(1, "3.000000", "0.000000", "0.000000")])
    #expect(told == "applied")
    let shown = try await sale.server.json("contracts", "show", same)["warnings"]?.array?.compactMap(\.string)
    #expect(shown == ["order \(order) is booked with 1.5 EUR, and 1 EUR were signed"])
    #expect(try await sale.server.rows("SELECT count(*) FROM audit_trail WHERE action = 'booked-differently'") == "1")
    try await sale.end()
  }

  @Test("Where broker.xml says warn, it is sent, and the audit says what differs")
  func warned() async throws {
    let sale = try await FieldSale(configuration: Self.amounts("deliveries=\"warn\""))
    let contract = try await draft(sale, "Z-1", "\(FieldSale.codes[0]):10000:0.00335")
    _ = try await delivery(sale, contract, in: "ordered")
    let audit = try await sale.server.rows("SELECT reason FROM audit_trail WHERE action = 'send-amounts'")
    #expect(audit.hasPrefix("position_list[1]/position_price: line 1: unitPrice 0.00335 becomes 0.0034"), "\(audit)")
    try await sale.end()
  }

  // MARK: - A mapping of an integrator's own, and the doors

  /// The order mapping that ships, for `desk` alone, with other text.
  private static func mapping(_ changes: [(String, String)]) throws -> String {
    var text = try String(contentsOfFile: repositoryPath("Mappings/canonical-order.xml"), encoding: .utf8)
    text = text.range(of: "  <test").map { String(text[..<$0.lowerBound]) + "</mapping>\n" } ?? text
    for (old, new) in changes + [("name=\"canonical-order\"", "name=\"desk-order\" system=\"desk\"")] {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    return text
  }

  @Test("A mapping that rounds a total or a quantity is found, too; every door refuses what the currency cannot have")
  func doors() async throws {
    let own = try Self.mapping([
      ("from=\"quantity\"", "from=\"div(quantity * 10, 10, 0, 'down')\""),
      ("from=\"grossTotal\"", "from=\"if(currency = 'EUR', round(grossTotal, 0, 'half-up'), grossTotal)\""),
    ])
    let world = try await OrderingDesk(
      guarantee: "none",
      before: { server in
        try server.write(own, to: "tessera-data/own/desk-order.xml")
        try server.write(OrderingDesk.configuration("<files><mappings path=\"own\"/></files>"), to: "tessera-data/broker.xml")
      })
    let server = world.server
    let secret = try await server.addSystem("shop")
    let partner = try await server.json(
      "partners", "add", "post", "--type", "canonical", "--identity", "body", "--documents", "*")
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]))
    let made = try await server.json("parties", "new", "--name", "Miller", "--tax-id", "GB1", "--country", "GB")
    let party = try #require(made["party"]?["id"]?.string)
    func sign(_ line: String) async throws -> String {
      let id = try #require(
        try await server.json("contracts", "new", "--party", party, "--line", line, "--currency", "EUR")["id"]?.string)
      try await server.json("contracts", "sign", id)
      return id
    }
    let half = try await world.delivery(try await sign("P-000001:2.5:2"), in: "blocked")
    #expect(half["code"] == "QUANTITY_DIFFERS", "\(half)")
    let total = try await world.delivery(try await sign("P-000001:2:1.25"), in: "blocked")
    #expect(total["code"] == "AMOUNT_DIFFERS", "\(total)")
    #expect(total["explanation"]?.string?.hasPrefix("grossTotal: grossTotal 2.5 EUR would be booked as 3") == true, "\(total)")
    try await world.delivery(try await sign("P-000001:2:1"), in: "ordered")

    // CORBA: a batch, and a contract.
    let sender = try await PythonSender(world.running.login, system: "shop", secret: secret)
    let receipt = try await sender.push("pushReceivables", "r1", [Self.receivable("1.0050", "EUR"), Self.receivable("100.5000", "JPY")])
    #expect(receipt.items.map(\.words) == ["rejected AMOUNT_DIGITS amount", "rejected AMOUNT_DIGITS amount"])
    try await server.json("identity", "link", "Party", "crm:\(party)", "shop:7", "--reason", "the same")
    try await server.json("identity", "link", "Product", "crm:P-000001", "shop:bolt", "--reason", "the same")
    let contracts = try await sender.peer.call(sender.session, "Interchange::V1::Inbound", "contracts", [])[0].string
    func submit(_ id: String, _ tax: String, _ gross: String) async throws -> [JSON] {
      try await sender.peer.call(
        try #require(contracts), "Interchange::V1::ContractDesk", "submit", [.string(id), Self.contract(id, tax: tax, gross: gross)])
    }
    await #expect(throws: ForeignORBError.self) { try await submit("K-1", "1.0050", "3.0050") }
    #expect(try await server.rows("SELECT count(*) FROM linked_contracts WHERE system = 'shop'") == "0")
    #expect(try await submit("K-2", "1.0000", "3.0000")[0]["state"] == "signed")

    // XML.
    let items = """
      <item><id>R-9</id><changedAt>1</changedAt><status>active</status><attributes/><party>7</party><creditArea/><document>R-9</document>\
      <dueDate>2026-12-31</dueDate><amount>-0.5</amount><openAmount>0</openAmount><currency>JPY</currency></item>
      """
    let file = try server.write(
      "<pushReceivables xmlns=\"urn:tessera:interchange:1\"><message>m</message><batch>\(items)</batch></pushReceivables>", to: "r.xml")
    let answer = try await ChildProcess.check(
      "curl",
      [
        "--silent", "--max-time", "60", "--data-binary", "@\(file)", "-H", "Content-Type: text/xml", "-H",
        "Authorization: Bearer \(try #require(partner["token"]?.string))", world.running.http,
      ], folder: server.folder)
    #expect(answer.contains("AMOUNT_DIGITS"), "\(answer)")
    try await world.running.process.kill()
  }

  private static func receivable(_ amount: String, _ currency: String) -> JSON {
    [
      "id": .string("R-\(currency)"), "changedAt": "1", "sourceVersion": ["1"], "status": "active", "attributes": [], "party": "7",
      "creditArea": "", "document": .string("R-\(currency)"), "dueDate": "2026-12-31", "amount": .string(amount), "openAmount": "0.0000",
      "currency": .string(currency),
    ]
  }

  private static func contract(_ id: String, tax: String, gross: String) -> JSON {
    [
      "id": .string(id), "changedAt": "1", "sourceVersion": [], "status": "signed", "attributes": [], "number": .string(id), "party": "7",
      "contactPerson": "", "signDate": "2026-11-30", "currency": "EUR", "priceIncludesTax": false,
      "lines": [
        [
          "number": 1, "product": "bolt", "packaging": "", "quantity": "2.000000", "unit": "", "unitPrice": "1.00000000",
          "discount": "0.000000", "taxCode": "", "deliveryDate": "",
        ]
      ],
      "paymentTerms": "",
      "deliveryAddress": ["kind": "", "line1": "", "line2": "", "city": "", "region": "", "postalCode": "", "country": ""],
      "netTotal": "2.0000", "taxTotal": .string(tax), "grossTotal": .string(gross), "orderType": "", "renews": "", "calledOff": false,
    ]
  }
}
