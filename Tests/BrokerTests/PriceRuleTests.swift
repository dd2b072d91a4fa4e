import CDR
import CRMCore
import Identity
import InterchangeIDL
import Testing

/// Which price applies, by rules that are stated, and when none is chosen.
@Suite struct PriceRuleTests {
  /// A product of 10.50 EUR that comes in cartons of 12, and in boxes of 2.5.
  private static let product = {
    var product = V1.Product.sample("P", price: "10.5")
    product.packagings = [
      V1.Packaging(code: "CT", name: "carton", unitsPerPackage: V1.QuantityAmount("12")!),
      V1.Packaging(code: "BX", name: "box", unitsPerPackage: V1.QuantityAmount("2.5")!),
    ]
    return product
  }()

  private static func line(
    _ id: String, _ list: String, _ price: String, packaging: String = "", from minimum: String = "0", status: String = "active"
  ) -> V1.PriceLine {
    .sample(list, "P", price: price, packaging: packaging, from: minimum, status: status, id: id)
  }

  private static func ask(
    _ quantity: String = "1", of packaging: String = "", on day: String = "2026-11-22", party: String = "", currency: String? = nil,
    lists: [V1.PriceList], lines: [V1.PriceLine]
  ) throws(PriceRefusal) -> PriceAnswer {
    try PriceQuestion(
      product: product, packaging: packaging, quantity: DecimalNumber(quantity)!, day: CalendarDay(day)!, party: party, currency: currency,
      lists: Dictionary(uniqueKeysWithValues: lists.map { ($0.id, $0) }), lines: lines
    ).answer()
  }

  private static func winner(_ answer: PriceAnswer) -> String {
    switch answer.source {
    case .line(let line, _), .lineOfUnits(let line, _): line.id
    case .product: "product"
    }
  }

  @Test(
    "The greatest minimum quantity that is reached applies",
    arguments: [("1", "a"), ("9.999999", "a"), ("10", "b"), ("99", "b"), ("100", "c"), ("0.5", "a")])
  func scale(quantity: String, line: String) throws {
    let lines = [Self.line("a", "L", "9"), Self.line("c", "L", "7", from: "100"), Self.line("b", "L", "8", from: "10")]
    #expect(Self.winner(try Self.ask(quantity, lists: [.sample("L")], lines: lines)) == line)
  }

  @Test(
    "A list holds from its first day to its last",
    arguments: [
      ("2026-10-31", "product"), ("2026-11-01", "a"), ("2027-02-28", "a"), ("2027-03-01", "product"),
    ])
  func days(day: String, line: String) throws {
    let list = V1.PriceList.sample("L", from: "2026-11-01", to: "2027-02-28")
    #expect(Self.winner(try Self.ask(on: day, lists: [list], lines: [Self.line("a", "L", "9")])) == line)
  }

  @Test("The customer's list goes first, then the one that began last, then the one that ends first; the price is never compared")
  func lists() throws {
    let own = V1.PriceList.sample("OWN", party: "C-1")
    let always = V1.PriceList.sample("ALWAYS")
    let year = V1.PriceList.sample("YEAR", from: "2026-01-01")
    let november = V1.PriceList.sample("NOV", from: "2026-11-01")
    let week = V1.PriceList.sample("WEEK", from: "2026-11-01", to: "2026-11-30")
    var lists = [always, year, november, week, own]
    let prices = ["ALWAYS": "1", "YEAR": "2", "NOV": "3", "WEEK": "4", "OWN": "5"]
    for expected in ["OWN", "WEEK", "NOV", "YEAR", "ALWAYS"] {
      let lines = lists.map { Self.line($0.id, $0.id, prices[$0.id]!) }
      let answer = try Self.ask(party: "C-1", lists: lists, lines: lines.reversed())
      #expect(Self.winner(answer) == expected)
      lists.removeAll { $0.id == expected }
    }
    let other = try Self.ask(party: "C-2", lists: [own, always], lines: [Self.line("o", "OWN", "5"), Self.line("a", "ALWAYS", "6")])
    #expect(Self.winner(other) == "a")
    #expect(other.passedOver.map { [$0.line.id, $0.reason] } == [["o", "its list is for C-1 alone"]])
  }

  @Test("A price for the packaging goes before that of loose units times its content; the customer's loose price before everybody's carton")
  func packagings() throws {
    let loose = Self.line("loose", "L", "9", from: "24")
    let carton = Self.line("carton", "L", "100", packaging: "CT", from: "5")
    let list = V1.PriceList.sample("L")
    // One carton of 12 does not reach 24 loose units; two do; five reach the carton's own price.
    #expect(Self.winner(try Self.ask("1", of: "CT", lists: [list], lines: [loose, carton])) == "product")
    let two = try Self.ask("2", of: "CT", lists: [list], lines: [loose, carton])
    #expect(Self.winner(two) == "loose")
    #expect(two.unitPrice.description == "108" && two.total.description == "216")
    #expect(two.reason == "list L (L): its price for loose units from 24 on, times what a CT holds")
    let five = try Self.ask("5", of: "CT", lists: [list], lines: [loose, carton])
    #expect(Self.winner(five) == "carton")
    #expect(five.total.description == "500")
    #expect(five.passedOver.map(\.reason) == ["a price for the packaging itself goes first"])
    let own = V1.PriceList.sample("OWN", party: "C-1")
    let mine = try Self.ask("5", of: "CT", party: "C-1", lists: [list, own], lines: [carton, Self.line("mine", "OWN", "9.5")])
    #expect(Self.winner(mine) == "mine" && mine.unitPrice.description == "114")
    // A carton's price says nothing of loose units.
    #expect(Self.winner(try Self.ask("60", lists: [list], lines: [carton])) == "product")
  }

  @Test("Without a line the product's own price applies, exact to the last digit")
  func listPrice() throws {
    let answer = try Self.ask("3", of: "BX", lists: [], lines: [])
    #expect(answer.unitPrice.description == "26.25" && answer.total.description == "78.75" && answer.currency == "EUR")
    #expect(answer.reason == "no price list gives a price; the product's own, times what a BX holds")
    let fine = try Self.ask("3.333333", lists: [.sample("L")], lines: [Self.line("a", "L", "0.00000001")])
    #expect(fine.total.description == "0.00000003333333")
  }

  @Test(
    "What is inactive, of another currency or for another quantity is passed over, with the reason",
    arguments: [
      ("active", "inactive", "EUR", "the line is inactive"), ("inactive", "active", "EUR", "its list is inactive"),
      ("active", "active", "CNY", "its list is in CNY"),
    ])
  func passedOver(list: String, line: String, currency: String, reason: String) throws {
    let answer = try Self.ask(
      currency: "EUR", lists: [.sample("L", currency: currency, status: list)], lines: [Self.line("a", "L", "1", status: line)])
    #expect(Self.winner(answer) == "product")
    #expect(answer.passedOver.map(\.reason) == [reason])
  }

  @Test("What leaves a choice is refused, never guessed")
  func refusals() throws {
    func code(_ body: () throws(PriceRefusal) -> PriceAnswer) -> String {
      do {
        _ = try body()
        return "answered"
      } catch { return error.code.rawValue }
    }
    let (euro, yuan) = (V1.PriceList.sample("E"), V1.PriceList.sample("Y", currency: "CNY"))
    let both = [Self.line("e", "E", "1"), Self.line("y", "Y", "1")]
    #expect(code { () throws(PriceRefusal) in try Self.ask(lists: [euro, yuan], lines: both) } == "PRICE_CURRENCY_OPEN")
    #expect(Self.winner(try Self.ask(currency: "CNY", lists: [euro, yuan], lines: both)) == "y")
    let twin = V1.PriceList.sample("T")
    #expect(
      code { () throws(PriceRefusal) in
        try Self.ask(lists: [euro, twin], lines: [Self.line("e", "E", "1"), Self.line("t", "T", "1")])
      } == "PRICE_AMBIGUOUS")
    #expect(
      code { () throws(PriceRefusal) in
        try Self.ask(lists: [euro], lines: [Self.line("e", "E", "1"), Self.line("f", "E", "2")])
      } == "PRICE_AMBIGUOUS")
    #expect(code { () throws(PriceRefusal) in try Self.ask(of: "PAL", lists: [], lines: []) } == "PACKAGING_UNKNOWN")
    #expect(code { () throws(PriceRefusal) in try Self.ask("0", lists: [], lines: []) } == "QUANTITY_INVALID")
    #expect(code { () throws(PriceRefusal) in try Self.ask(currency: "USD", lists: [], lines: []) } == "PRICE_NONE")
  }
}
