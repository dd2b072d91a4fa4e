import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// Prices and stock from an ERP whose ORB is omniORBpy and which adopts our own IDL.
@Suite("Prices and stock from a foreign ORB") struct ForeignTests {
  private static func object(_ id: String, _ version: Int, _ members: [String: JSON]) -> JSON {
    .object(
      ["id": .string(id), "changedAt": "1", "sourceVersion": [.string("\(version)")], "status": "active", "attributes": []]
        .merging(members) { $1 })
  }

  private static func unit(_ id: String, base: String = "", _ numerator: Int = 1, _ denominator: Int = 1, version: Int = 1) -> JSON {
    object(
      id, version,
      [
        "code": .string(id), "name": .string(id), "rec20": "", "baseUnit": .string(base), "factorNumerator": .string("\(numerator)"),
        "factorDenominator": .string("\(denominator)"),
      ])
  }

  /// A screw of 0.25 EUR that comes in boxes of 2.5 and in cartons of 144.
  private static func product(_ id: String) -> JSON {
    let packagings = [("BX", "2.500000"), ("CT", "144.000000")].map { code, units -> JSON in
      ["code": .string(code), "name": "", "unitsPerPackage": .string(units)]
    }
    return object(
      id, 1,
      [
        "code": .string(id), "name": "螺丝", "description": "", "specification": "", "category": "", "unit": "DZ",
        "packagings": .array(packagings), "listPrice": ["amount": "0.2500", "currency": "EUR"], "priceIncludesTax": true,
        "serialised": false,
      ])
  }

  private static func list(
    _ id: String, version: Int = 1, currency: String = "EUR", from: String = "", to: String = "", party: String = ""
  ) -> JSON {
    object(
      id, version,
      [
        "code": .string(id), "name": "Größte Liste", "party": .string(party), "currency": .string(currency), "priceIncludesTax": false,
        "validFrom": .string(from), "validTo": .string(to),
      ])
  }

  private static func line(
    _ list: String, _ product: String, _ price: String, packaging: String = "", from minimum: String = "0", version: Int = 1
  ) -> JSON {
    object(
      "", version,
      [
        "list": .string(list), "product": .string(product), "packaging": .string(packaging),
        "minimumQuantity": .string("\(minimum).000000"),
        "unitPrice": .string(price),
      ])
  }

  private static func stock(_ product: String, _ quantity: String, asOf: Int64, version: Int = 1) -> JSON {
    object(
      "", version,
      [
        "product": .string(product), "site": "HAFEN", "siteName": "Lager am Hafen", "quantity": .string("\(quantity).000000"),
        "unit": "DZ", "asOf": .string("\(asOf)"),
      ])
  }

  @Test("Each item has its result; prices are found by packaging, quantity and day, exact to the eighth decimal")
  func prices() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let erp = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(
      try await erp.push("pushUnits", "u", [Self.unit("PC"), Self.unit("DZ", base: "PC", 12)]).items.map(\.words) == ["applied", "applied"])
    #expect(try await erp.push("pushProducts", "p", [Self.product("A-1")]).items.map(\.words) == ["applied"])
    let lists = try await erp.push(
      "pushPriceLists", "l",
      [
        Self.list("W26", from: "2026-11-01", to: "2027-02-28"), Self.list("BAD", currency: "EUX"),
        Self.list("ENDS", from: "2026-12-01", to: "2026-11-30"), Self.list("ALWAYS"),
      ])
    #expect(
      lists.items.map(\.words) == ["applied", "rejected CURRENCY_UNKNOWN currency", "rejected PERIOD_INVALID validTo", "applied"])
    let lines = try await erp.push(
      "pushPriceLines", "lines",
      [
        Self.line("W26", "A-1", "31.12345678", packaging: "CT", from: "10"), Self.line("ALWAYS", "A-1", "0.24000000"),
        Self.line("W26", "A-1", "-1.00000000", packaging: "CT"), Self.line("W26", "A-9", "1.00000000"),
        Self.line("W26", "A-1", "99.00000000", packaging: "CT", from: "10"),
      ])
    #expect(
      lines.items.map(\.words) == [
        "applied", "applied", "rejected PRICE_NEGATIVE unitPrice", "held UNKNOWN_PRODUCT", "stale VERSION_REUSED sourceVersion",
      ])

    let ten = try await server.json("prices", "find", "A-1", "--packaging", "CT", "--quantity", "10", "--on", "2026-11-22")
    #expect(ten["unitPrice"] == "31.12345678" && ten["total"] == "311.2345678" && ten["currency"] == "EUR")
    #expect(ten["holds"]?["units"] == ["quantity": "1440", "remainder": .null, "unit": "DZ"])
    #expect(ten["holds"]?["base"] == ["quantity": "17280", "remainder": .null, "unit": "PC"])
    #expect(ten["because"]?.string?.contains("from 2026-11-01 to 2027-02-28") == true)
    let nine = try await server.json("prices", "find", "A-1", "--packaging", "CT", "--quantity", "9", "--on", "2026-11-22")
    #expect(nine["source"] == "line-of-units" && nine["unitPrice"] == "34.56")
    #expect(nine["passedOver"]?.array?.map { $0["why"] } == ["it holds from 10 on, and these are 9"])
    let later = try await server.json("prices", "find", "A-1", "--packaging", "CT", "--quantity", "10", "--on", "2027-03-01")
    #expect(later["unitPrice"] == "34.56" && later["total"] == "345.60")
    // Loose dozens in cartons: what is left over is told.
    let loose = try await server.json("prices", "find", "A-1", "--quantity", "150", "--on", "2026-11-22")
    #expect(
      loose["packages"] == [["packaging": "BX", "count": "60", "rest": "0"], ["packaging": "CT", "count": "1", "rest": "6"]])

    // The product comes: its line is let go.
    #expect(try await erp.push("pushProducts", "p2", [Self.product("A-9")]).items.map(\.words) == ["applied"])
    let shown = try await server.json("prices", "show", "W26")
    #expect(shown["lines"]?.array?.map { $0["productCode"] } == ["A-1", "A-9"])
    #expect(shown["priceList"]?["record"]?["name"] == "Größte Liste")
    try await running.process.kill()
  }

  @Test("Of news of stock that come out of order the newest count stands, with its time and age; the others are recorded")
  func stock() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let erp = try await PythonSender(running.login, system: "erp", secret: secret)
    _ = try await erp.push("pushUnits", "u", [Self.unit("PC"), Self.unit("DZ", base: "PC", 12)])
    _ = try await erp.push("pushProducts", "p", [Self.product("A-1")])
    let now = Int64(Date().timeIntervalSince1970) * 1_000_000
    let (old, new) = (now - 7_200_000_000, now - 3_600_000_000)
    #expect(try await erp.push("pushAvailability", "s2", [Self.stock("A-1", "5", asOf: new)]).items.map(\.words) == ["applied"])
    let late = try await erp.push(
      "pushAvailability", "s1", [Self.stock("A-1", "9", asOf: old, version: 7), Self.stock("A-2", "1", asOf: old)])
    #expect(late.items.map(\.words) == ["stale STALE_VERSION asOf", "held UNKNOWN_PRODUCT"])
    let shown = try await server.json("availability", "list")["availability"]?[0]
    #expect(shown?["quantity"] == "5" && shown?["site"] == "HAFEN" && shown?["productCode"] == "A-1")
    let age = try #require(shown?["ageSeconds"]?.integer)
    #expect((3_599...7_000).contains(age))
    let text = try await server.run("products", "show", "A-1").output
    #expect(text.contains("at HAFEN") && text.contains("5 DZ (Lager am Hafen) as of "))
    #expect(text.contains("60 minutes ago") || text.contains("61 minutes ago"))
    #expect(text.contains("a CT holds") && text.contains("144 DZ = 1728 PC"))
    let recorded = try await server.json("messages", "show", "erp:s1")["results"]?.array?.map { $0["outcome"] }
    #expect(recorded == ["stale", "held"])
    try await running.process.kill()
  }

  @Test("Units that nobody can count are refused or held, in clear words; those that can are exact")
  func units() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let erp = try await PythonSender(running.login, system: "erp", secret: secret)
    let receipt = try await erp.push(
      "pushUnits", "u",
      [
        Self.unit("KG"), Self.unit("LB", base: "KG", 45_359_237, 100_000_000), Self.unit("ZERO", base: "KG", 1, 0),
        Self.unit("SELF", base: "SELF", 2), Self.unit("LOST", base: "NOBODY", 2), Self.unit("A", base: "B"), Self.unit("B", base: "A"),
        Self.unit("DRITTEL", base: "KG", 1, 3),
      ])
    #expect(
      receipt.items.map(\.words) == [
        "applied", "applied", "rejected FACTOR_INVALID factorDenominator", "rejected UNIT_CYCLE baseUnit", "held UNKNOWN_UNIT",
        "held UNKNOWN_UNIT", "rejected UNIT_CYCLE", "applied",
      ])
    let around = try await erp.push("pushUnits", "u2", [Self.unit("KG", base: "LB", 1, version: 2)])
    #expect(around.items.map(\.words) == ["rejected UNIT_CYCLE baseUnit"])
    let pound = try await server.json("units", "show", "LB")["factor"]
    #expect(pound?["words"] == "1 LB = 0.45359237 KG" && pound?["baseCode"] == "KG")
    let third = try await server.json("units", "show", "erp:DRITTEL")["factor"]
    #expect(third?["numerator"] == "1" && third?["denominator"] == "3" && third?["words"] == "1 DRITTEL = 1/3 KG")
    let counted = try await server.json("units", "show", "KG")["counts"]?.array?.map { $0["code"] }
    #expect(counted == ["LB", "DRITTEL"])
    try await running.process.kill()
  }

  @Test("The same comes as canonical XML over HTTP: schema, results, price")
  func xml() async throws {
    let server = try TesseraServer()
    let added = try await server.json("partners", "add", "shop", "--type", "canonical")
    let token = try #require(added["token"]?.string)
    let running = try await server.serve()
    func post(_ operation: String, _ items: String) async throws -> String {
      let body =
        #"<\#(operation) xmlns="urn:tessera:interchange:1"><message>\#(operation)</message><batch>\#(items)</batch></\#(operation)>"#
      try server.write(body, to: "request.xml")
      return try await ChildProcess.check(
        "curl",
        [
          "--silent", "--show-error", "--data-binary", "@request.xml", "-H", "Content-Type: application/xml", "-H",
          "Authorization: Bearer \(token)", running.http,
        ], folder: server.folder)
    }
    #expect(
      try await post(
        "pushProducts",
        """
        <item><id>A-1</id><status>active</status><code>A-1</code><name>Schraube</name>
        <listPrice><amount>0.25</amount><currency>EUR</currency></listPrice></item>
        """
      ).contains("<outcome>accepted</outcome>"))
    #expect(
      try await post(
        "pushPriceLists", "<item><id>W26</id><status>active</status><code>W26</code><currency>EUR</currency></item>"
      ).contains("<outcome>accepted</outcome>"))
    let lines = try await post(
      "pushPriceLines",
      """
      <item><status>active</status><list>W26</list><product>A-1</product><unitPrice>0.20000001</unitPrice></item>
      <item><status>active</status><list>W26</list><product>A-1</product><minimumQuantity>5</minimumQuantity><unitPrice>-1</unitPrice></item>
      """)
    #expect(lines.contains("<key>W26/A-1//0</key>") && lines.contains("<code>PRICE_NEGATIVE</code>"))
    let stock = try await post(
      "pushAvailability",
      """
      <item><status>active</status><product>A-1</product><site>HAFEN</site><quantity>12.5</quantity><asOf>1767225600000000</asOf></item>
      """)
    #expect(stock.contains("<key>HAFEN/A-1</key>") && stock.contains("<outcome>accepted</outcome>"))
    #expect(try await server.json("prices", "find", "A-1", "--quantity", "10")["total"] == "2.0000001")
    #expect(try await server.json("availability", "list", "--product", "A-1")["availability"]?[0]?["quantity"] == "12.5")
    try await running.process.kill()
  }
}
