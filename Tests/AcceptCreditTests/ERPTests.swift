import ForeignORB
import TesseraProcess
import Testing

@Suite("Credit with an ERP that has its own words for it", .serialized)
struct ERPTests {
  @Test("Its accounts and papers come in translated, and what we work out is what it says")
  func figures() async throws {
    let kranwerk = try await Kranwerk()
    let terms = try await kranwerk.server.json("credit", "list")["terms"]?.array ?? []
    #expect(terms.count == 36)
    #expect(Set(terms.map { $0["overdueDifference"]?.string }) == ["0.00"])
    #expect(Set(terms.map { $0["openDifference"]?.string }) == ["0.00"])
    #expect(try await kranwerk.store("SELECT count(*) FROM held_items WHERE entity IN ('CreditTerms', 'Receivable')") == "0")
    let good = try await kranwerk.standing("D70001")
    #expect(good["area"] == "1000" && good["currency"] == "EUR" && good["limit"] == "50000.00" && good["rating"] == "A")
    #expect(good["orderedNotInvoiced"] == "2500.00" && good["openReceivable"] == "1200.00" && good["onHold"] == false)
    let late = try await kranwerk.standing("D70004")
    #expect(late["overdueComputed"] == "1812.50" && late["state"] == "overdue")
    #expect(try await kranwerk.standing("D70008")["onHold"] == true)
    #expect(try await kranwerk.server.json("credit", "show", "erp:D70010")["terms"] == [])
    try await kranwerk.end()
  }

  @Test("An overdue customer's order is never sent; the payment releases it")
  func overdue() async throws {
    let kranwerk = try await Kranwerk()
    let contract = try await kranwerk.sign("D70004", "100")
    #expect(try await kranwerk.state(contract) == "credit-hold")
    #expect(try await kranwerk.store("SELECT code FROM credit_holds") == "CREDIT_OVERDUE")
    #expect(try await kranwerk.store("SELECT count(*) FROM deliveries") == "0")
    #expect(try await kranwerk.books("SELECT count(*) FROM sales_order") == "0")
    try await kranwerk.clerk("pay", "RE-500007", "1812.50")
    try await kranwerk.waitFor(contract, toBe: "ordered")
    #expect(try await kranwerk.books("SELECT partner_reference, debtor FROM sales_order") == "\(contract)|D70004")
    #expect(try await kranwerk.store("SELECT state, ended_by FROM credit_holds") == "released|broker")
    try await kranwerk.end()
  }

  @Test("A stopped customer's order goes when a person says so, and the ERP is not asked again")
  func stopped() async throws {
    let kranwerk = try await Kranwerk()
    let contract = try await kranwerk.sign("D70008", "100")
    #expect(try await kranwerk.store("SELECT code FROM credit_holds") == "CREDIT_ON_HOLD")
    try await kranwerk.server.json("credit", "release", contract, "--by", "bob", "--reason", "the board agreed")
    try await kranwerk.waitFor(contract, toBe: "ordered")
    #expect(try await kranwerk.books("SELECT count(*) FROM sales_order") == "1")
    try await kranwerk.end()
  }

  @Test("What the ERP refuses when it is asked is held, whatever the stored terms say")
  func refusedByERP() async throws {
    let kranwerk = try await Kranwerk(readEvery: "1h")
    try await kranwerk.clerk("set-credit", "D70001", "100")
    #expect(try await kranwerk.standing("D70001")["limit"] == "50000.00", "nobody has told us yet")
    let contract = try await kranwerk.sign("D70001", "99")
    try await kranwerk.waitFor(contract, toBe: "credit-hold")
    #expect(
      try await kranwerk.store("SELECT code, explanation FROM credit_holds")
        == "CREDIT_REFUSED|erp refuses the credit (CREDIT_LIMIT): the order goes beyond the ceiling; of its limit of 100.00 EUR are used 3700.00 EUR"
    )
    #expect(try await kranwerk.books("SELECT count(*) FROM sales_order") == "0")
    try await kranwerk.server.json("credit", "release", contract, "--reason", "they pay at the door")
    try await kranwerk.waitFor(contract, toBe: "ordered")
    #expect(try await kranwerk.books("SELECT count(*) FROM sales_order") == "1")
    try await kranwerk.end()
  }

  @Test("Where it cannot be asked, the stored terms decide, and that is written down")
  func erpDown() async throws {
    let kranwerk = try await Kranwerk(readEvery: "1h")
    try await kranwerk.stopERP()
    let contract = try await kranwerk.sign("D70003", "100")
    try await eventually("it is written down") { try await kranwerk.store("SELECT state FROM credit_holds") == "unasked" }
    let shown = try await kranwerk.server.run("contracts", "show", contract).output
    #expect(shown.contains("erp could not be asked for the credit of"), "\(shown)")
    #expect(shown.contains("the order was sent by the stored terms"))
    try await kranwerk.startERP()
    try await kranwerk.waitFor(contract, toBe: "ordered")
    #expect(try await kranwerk.books("SELECT count(*) FROM sales_order") == "1")
    try await kranwerk.end()
  }

  @Test("From signing to the ERP's own figures an order counts at every moment, and once as soon as its answer is there")
  func countedOnce() async throws {
    let kranwerk = try await Kranwerk(readEvery: "50ms")
    #expect(try await kranwerk.standing("D70003")["exposure"] == "2950.00")
    let contract = try await kranwerk.sign("D70003", "36000")
    var exposures: Set<String?> = []
    try await eventually("the ERP's figures hold the order, and its answer is there") {
      let standing = try await kranwerk.standing("D70003")
      exposures.insert(standing["exposure"]?.string)
      let commitments = try await kranwerk.store("SELECT count(*) FROM commitments")
      return standing["orderedNotInvoiced"] == "36000.00" && commitments == "0"
    }
    #expect(try await kranwerk.standing("D70003")["exposure"] == "38950.00")
    // Figures that are read while the answer is on its way hold an order of which we cannot know that it is ours.
    #expect(exposures.isSubset(of: ["38950.00", "74950.00"]))
    #expect(try await kranwerk.state(contract) == "ordered")
    let second = try await kranwerk.sign("D70003", "36000")
    #expect(try await kranwerk.state(second) == "credit-hold")
    try await kranwerk.end()
  }
}
