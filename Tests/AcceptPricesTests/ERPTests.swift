import ForeignORB
import TesseraProcess
import Testing

@Suite("Prices and stock of an ERP that has its own words for them", .serialized)
struct ERPTests {
  @Test("Its price groups come in as lists with their lines, linked; none waits, none is refused")
  func figures() async throws {
    let books = try await Books()
    #expect(try await books.store("SELECT count(*) FROM linked_price_lists WHERE system = 'erp'") == "4")
    #expect(try await books.store("SELECT count(*) FROM held_items WHERE entity IN ('PriceList', 'PriceLine', 'Availability')") == "0")
    #expect(
      try await books.store(
        "SELECT count(*) FROM items WHERE entity IN ('PriceList', 'PriceLine', 'Availability') AND outcome <> 'applied'")
        == "0")
    let lists = try await books.server.json("prices", "list")["priceLists"]?.array ?? []
    let words = lists.map { list in
      ["code", "name", "currency", "validFrom", "validTo", "party"].map { list[$0]?.string ?? "-" }.joined(separator: " ")
    }
    let brandt = try #require(try await books.server.json("parties", "show", "erp:D70001")["party"]?["id"]?.string)
    #expect(
      words.sorted() == [
        "P10 Hausliste EUR 2026-01-01 - -", "P20 Rahmenvertrag Hochbau Brandt EUR 2026-01-01 - \(brandt)",
        "P30 Winteraktion EUR 2026-11-01 2027-02-28 -", "P40 中国价目表 CNY 2026-01-01 - -",
      ])
    #expect(lists.map { $0["priceIncludesTax"] } == lists.map { .bool($0["code"] != "P20") })
    // Every line of a list is shown, its price to the last digit as the books have it.
    let shown = try await books.server.json("prices", "show", "P10", "--limit", "1000")["lines"]?.array ?? []
    #expect(String(shown.count) == (try await books.books("SELECT count(*) FROM price_row WHERE price_group = 'P10'")))
    let sum = try await books.books("SELECT sum(CAST(replace(price, '.', '') AS INTEGER)) FROM price_row WHERE price_group = 'P10'")
    let total = shown.compactMap { $0["unitPrice"]?.string }.reduce(0) { sum, price in
      let parts = price.split(separator: ".")
      let decimals = parts[1] + String(repeating: "0", count: 4 - parts[1].count)
      return sum + (Int(parts[0]) ?? 0) * 10_000 + (Int(decimals) ?? 0)
    }
    #expect(String(total) == sum)
    try await books.end()
  }

  @Test("The price of a carton goes by quantity, day and customer; a clerk's change and a withdrawal arrive")
  func prices() async throws {
    let books = try await Books()
    // The first item of the winter list: it comes in cartons.
    let item = try await books.books("SELECT item FROM price_row WHERE price_group = 'P30' ORDER BY change_no LIMIT 1")
    let product = "erp:\(item)"
    func price(_ group: String, pack: String = "KAR", from: Int = 0) async throws -> String {
      try await books.books(
        "SELECT price FROM price_row WHERE price_group = '\(group)' AND item = '\(item)' AND pack = '\(pack)' AND from_quantity = \(from)")
    }
    func find(_ arguments: String...) async throws -> JSON { try await books.json(["prices", "find", product] + arguments) }

    let summer = try await find("--packaging", "KAR", "--on", "2026-07-01")
    #expect(decimal(summer["unitPrice"]) == decimal(try await price("P10")))
    #expect(summer["source"] == "line" && summer["priceIncludesTax"] == true)
    let ten = try await find("--packaging", "KAR", "--quantity", "10", "--on", "2026-07-01")
    #expect(decimal(ten["unitPrice"]) == decimal(try await price("P10", from: 10_000)))
    // What ten cartons hold, in the item's unit.
    let content = try await books.books("SELECT content / 1000 FROM pack WHERE item = '\(item)'")
    #expect(ten["holds"]?["units"]?["quantity"]?.string == "\(try #require(Int(content)) * 10)")
    // In winter the list that began last goes first, with its price for loose pieces.
    let winter = try await find("--packaging", "KAR", "--quantity", "10", "--on", "2026-11-22")
    #expect(winter["source"] == "line-of-units")
    #expect(winter["because"]?.string?.hasPrefix("list P30 ") == true)
    // The customer's own list goes before it, and is without tax.
    let brandt = try await find("--packaging", "KAR", "--on", "2026-11-22", "--party", "erp:D70001")
    #expect(decimal(brandt["unitPrice"]) == decimal(try await price("P20")))
    #expect(brandt["priceIncludesTax"] == false)
    #expect(brandt["passedOver"]?.array?.contains { $0["why"] == "the customer's own list goes first" } == true)
    // Before all lists the item's own price.
    #expect(try await find("--on", "2025-12-31")["source"] == "product")

    try await books.clerk("set-price", "P20", item, "1.2345", "--pack", "KAR")
    try await eventually("the new price is known") {
      try await find("--packaging", "KAR", "--on", "2026-11-22", "--party", "erp:D70001")["unitPrice"] == "1.2345"
    }
    try await books.clerk("set-price", "P20", item, "0", "--pack", "KAR", "--withdrawn")
    try await eventually("the price is withdrawn") {
      try await find("--packaging", "KAR", "--on", "2026-11-22", "--party", "erp:D70001")["because"]?.string?.hasPrefix("list P30 ") == true
    }
    try await books.clerk("set-price", "P10", item, "2.5", "--pack", "KAR", "--from", "100")
    try await eventually("the new step is known") {
      try await find("--packaging", "KAR", "--quantity", "100", "--on", "2026-07-01")["total"] == "250.00"
    }
    try await books.end()
  }

  @Test("Stock comes with its time, in the store's unit and in the product's; a clerk's count arrives")
  func stock() async throws {
    let books = try await Books()
    // Hoses are sold by the metre and counted in centimetres.
    let hose = try await books.books("SELECT item FROM stock WHERE unit = 'CM' AND quantity > 0 ORDER BY item LIMIT 1")
    let counted = try await books.books("SELECT quantity / 1000 FROM stock WHERE item = '\(hose)' AND store = 'KOE1'")
    let shown = try await books.server.json("products", "show", "erp:\(hose)")["availability"]?.array?.first { $0["site"] == "KOE1" }
    #expect(shown?["siteName"] == "Köln" && shown?["unit"] == "CM" && shown?["quantity"]?.string == counted)
    #expect(shown?["inProductUnit"]?["unit"] == "M" && shown?["inProductUnit"]?["remainder"] == .null)
    let metres = try #require(shown?["inProductUnit"]?["quantity"]?.string)
    #expect(decimal(.string(metres)) * 100 == decimal(.string(counted)))
    #expect(shown?["asOf"]?.string?.hasPrefix("20") == true && (shown?["ageSeconds"]?.integer ?? -1) >= 0)

    try await books.clerk("set-stock", hose, "KOE1", "777.5")
    try await eventually("the count is known") {
      try await books.server.json("availability", "list", "--product", "erp:\(hose)", "--search", "KOE")["availability"]?[0]?["quantity"]
        == "777.5"
    }
    let all = try await books.server.json("availability", "list", "--limit", "1000")
    #expect(try await String(all["availability"]?.array?.count ?? 0) == books.books("SELECT count(*) FROM stock"))
    // The units of the books, and what they count.
    let centimetre = try await books.server.json("units", "show", "erp:CM")
    #expect(centimetre["factor"]?["words"] == "1 CM = 0.01 M")
    #expect(try await books.server.json("units", "list")["units"]?.array?.count == 8)
    try await books.end()
  }
}

/// Of a number with up to four decimals, its ten-thousandths.
private func decimal(_ value: JSON?) -> Int { value?.string.map(decimal) ?? -1 }
private func decimal(_ text: String) -> Int {
  let parts = text.split(separator: ".")
  let decimals = parts.count == 2 ? parts[1] : ""
  return (Int(parts[0]) ?? 0) * 10_000 + (Int(decimals + String(repeating: "0", count: max(0, 4 - decimals.count))) ?? 0)
}
