import ForeignORB
import TesseraProcess
import Testing

@Suite("2 Empty is absent, never 0") struct F02EmptyIsAbsent {
  @Test("An empty price of a mapped row is refused, unless the mapping says what empty means")
  func mapped() async throws {
    let desk = try await ValueDesk(price: "from=\"price\" as=\"decimal\"")
    #expect(
      try await desk.push("A;;;", "B;  ;;", "C;0;;", "D; 1.50 ;;") == [
        "A rejected EMPTY_VALUE", "B rejected EMPTY_VALUE", "C applied", "D applied",
      ])
    #expect(try await desk.price("C") == "0.0000 EUR")
    #expect(try await desk.price("D") == "1.5000 EUR")
    let meant = try await ValueDesk(price: "from=\"coalesce(price, '0')\" as=\"decimal\"")
    #expect(try await meant.push("A;;;") == ["A applied"])
  }

  @Test("Typed rows: an empty cell of a figure is refused with its place; a column of a figure that is not there, too")
  func typed() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("desk")
    func push(_ type: String, _ text: String) async throws -> ChildProcess.Result {
      try server.write(text, to: "rows.csv")
      return try await server.run("push", "rows.csv", "--system", "desk", "--as", type)
    }
    let party = try await push("Party", "id,sourceVersion,status,name,kind\nD-1,1,active,Miller,customer\n")
    #expect(party.exit == .code(0), "\(party)")
    // An overdue invoice is not paid because its cell is empty.
    let invoices = "id,sourceVersion,status,party,document,dueDate,amount,openAmount,currency\n"
    let empty = try await push(
      "Receivable", "\(invoices)R-1,1,active,D-1,R-1,2025-01-31,100,,EUR\nR-2,1,active,D-1,R-2,2025-01-31, ,100,EUR\n")
    #expect(empty.exit == .code(1) && empty.output.contains("rows.csv:2") && empty.output.contains("openAmount"), "\(empty)")
    #expect(empty.output.contains("rows.csv:3") && empty.output.contains("write 0 where it is 0"), "\(empty)")
    let missing = try await push(
      "Receivable", "id,sourceVersion,status,party,document,dueDate,amount,currency\nR-1,1,active,D-1,R-1,2025-01-31,100,EUR\n")
    #expect(missing.exit == .code(1) && missing.output.contains("openAmount"), "\(missing)")
    // Neighbours: stock, a truth value, a time; an optional value may be left out.
    let product = try await push(
      "Product", "id,sourceVersion,status,code,name,listPrice/amount,listPrice/currency,serialised\nP,1,active,P,P,1,EUR,\n")
    #expect(product.exit == .code(1) && product.output.contains("serialised"), "\(product)")
    let good = try await push(
      "Product", "id,sourceVersion,status,code,name,listPrice/amount,listPrice/currency,serialised\nP,,active,P,P,1,EUR,no\n")
    #expect(good.exit == .code(0), "\(good)")
    let stock = try await push("Availability", "status,product,site,quantity,asOf\nactive,P,S,,2026-11-01T00:00:00Z\n")
    #expect(stock.exit == .code(1) && stock.output.contains("quantity"), "\(stock)")
  }

  @Test("Documents of the canonical model: an element that is empty or not there is told, and nothing is booked as 0")
  func canonicalXML() async throws {
    let partner = try await FieldPartner()
    func product(_ price: String) -> String {
      "<item><id>A</id><changedAt>1</changedAt><status>active</status><code>A</code><name>A</name>\(price)</item>"
    }
    let absent = try await partner.push("pushProducts", "m-1", product(""))
    #expect(absent.contains("<code>EMPTY_VALUE</code>") && absent.contains("listPrice/amount"), "\(absent)")
    let half = try await partner.push("pushProducts", "m-2", product("<listPrice><currency>EUR</currency></listPrice>"))
    #expect(half.contains("<code>EMPTY_VALUE</code>"), "\(half)")
    let good = try await partner.push(
      "pushProducts", "m-3", product("<listPrice><amount> 1.5 </amount><currency>EUR</currency></listPrice>"))
    #expect(good.contains("<outcome>applied</outcome>"), "\(good)")
    #expect(try await partner.record("products", "A")?["listPrice"]?["amount"] == "1.5000")
    try await partner.end()
  }

  @Test("Our own products: an empty cell of a price says nothing, and 0 takes a price away")
  func imported() async throws {
    let server = try TesseraServer()
    func imported(_ text: String) async throws -> JSON {
      try server.write(text, to: "p.csv")
      return try await server.json("products", "import", "p.csv")
    }
    func price() async throws -> JSON? {
      try await server.json("products", "show", "P-000001")["product"]?["record"]?["listPrice"]?["amount"]
    }
    _ = try await imported("code,name,currency,listPrice\nB-8,Bolt,EUR,0.35\n")
    _ = try await imported("code,name,currency,listPrice\nB-8,Bolt M8,EUR,\n")
    #expect(try await price() == "0.3500")
    _ = try await imported("code,name\nB-8,Bolt of M8\n")
    #expect(try await price() == "0.3500")
    _ = try await imported("code,name,listPrice\nB-8,Bolt of M8,0\n")
    #expect(try await price() == "0.0000")
  }
}
