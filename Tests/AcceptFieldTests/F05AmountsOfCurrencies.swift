import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("5 Amounts that the currency cannot have") struct F05AmountsOfCurrencies {
  private static var now: String { "\(Int64(Date().timeIntervalSince1970 * 1_000_000))" }
  private static func configuration(_ attributes: String) -> String {
    "<broker xmlns=\"urn:tessera:broker:1\"><amounts \(attributes)/></broker>\n"
  }

  /// Pushes one row and gives what became of it.
  private func push(_ head: String, _ row: String, as type: String, to server: TesseraServer) async throws -> String {
    try server.write("\(head)\n\(row)\n", to: "rows.csv")
    let item = try await server.document("push", "rows.csv", "--system", "erp", "--as", type)["results"]?[0]
    return ["outcome", "code", "path"].compactMap { item?[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func party(_ server: TesseraServer) async throws {
    _ = try await server.addSystem("erp")
    #expect(try await push("status,name,kind,id", "active,Miller,customer,D-1", as: "Party", to: server) == "applied")
  }

  private static let terms = "status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,id,sourceVersion,asOf"
  private func terms(_ currency: String, _ limit: String, version: Int, _ server: TesseraServer) async throws -> String {
    let row = "active,D-1,\(currency),\(currency),\(limit),0,0,0,T-\(currency),\(version),\(Self.now)"
    return try await push(Self.terms, row, as: "CreditTerms", to: server)
  }
  private static let receivable = "status,party,document,dueDate,amount,openAmount,currency,id,sourceVersion"
  private func receivable(_ amount: String, _ currency: String, version: Int, _ server: TesseraServer) async throws -> String {
    let row = "active,D-1,R-\(currency),2026-12-31,\(amount),0,\(currency),R-\(currency),\(version)"
    return try await push(Self.receivable, row, as: "Receivable", to: server)
  }

  @Test("By default what is paid as it stands has the digits of ISO 4217, whatever its sign; prices may have more")
  func refused() async throws {
    let server = try TesseraServer()
    try await party(server)
    #expect(try await receivable("1.005", "EUR", version: 1, server) == "rejected AMOUNT_DIGITS amount")
    #expect(try await receivable("-1.005", "EUR", version: 1, server) == "rejected AMOUNT_DIGITS amount")
    #expect(try await receivable("-1.0500", "EUR", version: 1, server) == "applied")
    #expect(try await receivable("100.5", "JPY", version: 1, server) == "rejected AMOUNT_DIGITS amount")
    #expect(try await receivable("100.0000", "JPY", version: 1, server) == "applied")
    #expect(try await terms("JPY", "0.5", version: 1, server) == "rejected AMOUNT_DIGITS creditLimit")
    #expect(try await terms("KWD", "1.2345", version: 1, server) == "rejected AMOUNT_DIGITS creditLimit")
    #expect(try await terms("KWD", "1.234", version: 1, server) == "applied")
    #expect(try await terms("CLF", "1.2345", version: 1, server) == "applied")
    #expect(try await terms("HUF", "1.5", version: 1, server) == "applied")
    let status = "status,number,placed,party,state,orderDate,currency,netTotal,taxTotal,grossTotal,id"
    #expect(
      try await push(status, "active,S-1,,D-1,open,2026-11-30,KRW,100.5,0,100.5,S-1", as: "OrderStatus", to: server)
        == "rejected AMOUNT_DIGITS netTotal")
    let product = "status,code,name,listPrice/amount,listPrice/currency,id"
    #expect(try await push(product, "active,S,screw,0.0035,EUR,S", as: "Product", to: server) == "applied")
    #expect(try await push("status,code,name,currency,id", "active,L,list,JPY,L", as: "PriceList", to: server) == "applied")
    #expect(try await push("status,list,product,unitPrice", "active,L,S,0.35", as: "PriceLine", to: server) == "applied")
    // The words quote the amount and the rule.
    try server.write("\(Self.receivable)\nactive,D-1,R,2026-12-31,1.005,0,EUR,R,9\n", to: "rows.csv")
    let said = try await server.document("push", "rows.csv", "--system", "erp", "--as", "Receivable")["results"]?[0]?["explanation"]?.string
    #expect(said == "amount: \"1.005\" is no amount of EUR, which has 2 digits behind the point (ISO 4217)")
    // What waits for something else is not kept when it is wrong in itself.
    #expect(
      try await push(Self.receivable, "active,D-9,R,2026-12-31,1.005,0,EUR,R-9,1", as: "Receivable", to: server)
        == "rejected AMOUNT_DIGITS amount")
  }

  @Test("Where broker.xml says hold they wait for a person, where it says warn they are taken with a word")
  func heldAndWarned() async throws {
    let server = try TesseraServer()
    try await party(server)
    try server.write(Self.configuration("paid=\"hold\""), to: "tessera-data/broker.xml")
    #expect(try await terms("JPY", "0.5", version: 1, server) == "held AMOUNT_DIGITS")
    let held = try await server.json("held", "list")["held"]?[0]?["held"]?.integer ?? 0
    let released = try await server.json("held", "release", "\(held)", "--reason", "they mean it")["results"]?[0]?["result"]
    #expect(released?["outcome"] == "applied" && released?["code"] == "AMOUNT_DIGITS", "\(released ?? nil)")
    #expect(try await server.json("credit", "show", "erp:D-1")["terms"]?[0]?["limit"] == "0.50")
    #expect(try await terms("JPY", "1.5", version: 2, server) == "held AMOUNT_DIGITS")
    // True news goes past what waits.
    #expect(try await terms("JPY", "2", version: 3, server) == "applied")
    #expect(try await server.json("held", "list")["held"]?.array?.count == 0)

    try server.write(Self.configuration("paid=\"warn\" prices=\"refuse\""), to: "tessera-data/broker.xml")
    #expect(try await receivable("1.005", "EUR", version: 1, server) == "applied AMOUNT_DIGITS amount")
    let product = "status,code,name,listPrice/amount,listPrice/currency,id"
    #expect(try await push(product, "active,S,screw,0.0035,EUR,S", as: "Product", to: server) == "rejected PRICE_DIGITS listPrice/amount")
    #expect(try await push(product, "active,S,screw,0.35,EUR,S", as: "Product", to: server) == "applied")
    #expect(try await push("status,code,name,currency,id", "active,L,list,JPY,L", as: "PriceList", to: server) == "applied")
    #expect(
      try await push("status,list,product,unitPrice", "active,L,S,0.35", as: "PriceLine", to: server) == "rejected PRICE_DIGITS unitPrice")
  }

  @Test("Contracts: totals have the currency's digits, and a line of many digits is rounded, half to even")
  func contracts() async throws {
    let desk = try await FieldDesk()
    func new(_ line: String, _ currency: String, _ more: String...) async throws -> JSON {
      let arguments = ["contracts", "new", "--party", desk.party, "--line", line, "--currency", currency, "--json"] + more
      return try JSON(parsing: try await desk.server.run(arguments: arguments).output)
    }
    // 333 screws at 0.0035 are 1.1655.
    let screws = try await new("B-8:333:0.0035", "EUR")
    #expect(screws["record"]?["netTotal"] == "1.1700" && screws["record"]?["grossTotal"] == "1.1700", "\(screws)")
    #expect(try await new("B-8:3:33.5", "JPY")["record"]?["netTotal"] == "100.0000")
    #expect(try await new("B-8:1:1.2345", "KWD")["record"]?["netTotal"] == "1.2340")
    #expect(try await new("B-8:1:1.2345", "CLF")["record"]?["netTotal"] == "1.2345")
    let taxed = try await new("B-8:1:1", "EUR", "--tax-amount", "1.005")
    #expect(taxed["error"]?["code"] == "AMOUNT_DIGITS", "\(taxed)")
    #expect(taxed["error"]?["message"]?.string?.hasPrefix("taxTotal: \"1.005\" is no amount of EUR") == true, "\(taxed)")
    #expect(try await new("B-8:1:1", "JPY", "--tax-amount", "100.5")["error"]?["code"] == "AMOUNT_DIGITS")
    // Totals that somebody else has worked out.
    var record = try #require(screws["record"])
    if case .object(var members) = record {
      (members["number"], members["netTotal"], members["grossTotal"]) = ("", "1.1655", "1.1655")
      record = .object(members)
    }
    try desk.server.write(record.description, to: "contract.json")
    #expect(try await desk.server.document("contracts", "new", "--file", "contract.json")["error"]?["code"] == "AMOUNT_DIGITS")
    let id = try #require(screws["id"]?.string)
    let amended = try await desk.server.document("contracts", "amend", id, "--tax-amount", "0.225", "--reason", "tax")
    #expect(amended["error"]?["code"] == "AMOUNT_DIGITS")
    // What is called off has amounts of its own, and the parts of the tax add up.
    let open = try await new("B-8:3:1", "JPY", "--tax-amount", "10", "--called-off")
    let whole = try #require(open["id"]?.string)
    try await desk.server.json("contracts", "sign", whole)
    for _ in 1...3 { try await desk.server.json("contracts", "call-off", whole, "--line", "1:1") }
    let totals = try await desk.server.rows("SELECT amount FROM commitments WHERE contract = '\(whole)' ORDER BY delivery")
    #expect(totals.split(separator: "\n") == ["4.0", "5.0", "4.0"], "\(totals)")

    // A contract that was drafted under another policy is not signed under this one; by warn it is, and the audit says so.
    try desk.server.write(Self.configuration("paid=\"warn\""), to: "tessera-data/broker.xml")
    let warned = try await new("B-8:1:1", "EUR", "--tax-amount", "1.005")
    #expect(warned["warnings"]?[0]?.string?.hasPrefix("taxTotal: \"1.005\"") == true, "\(warned)")
    let early = try #require(warned["id"]?.string)
    try desk.server.write(Self.configuration("paid=\"refuse\""), to: "tessera-data/broker.xml")
    #expect(try await desk.server.document("contracts", "sign", early)["error"]?["code"] == "AMOUNT_DIGITS")
    try desk.server.write(Self.configuration("paid=\"warn\""), to: "tessera-data/broker.xml")
    #expect(try await desk.server.json("contracts", "sign", early)["state"] == "signed")
    #expect(try await desk.server.rows("SELECT subject FROM audit_trail WHERE action = 'sign-amounts'") == early)
  }
}
