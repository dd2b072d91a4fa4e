import ForeignORB
import TesseraProcess
import Testing

@Suite("Order status comes back from an ERP that has its own words for it", .serialized)
struct OrderNewsTests {
  /// A contract of one piece whose order the ERP has booked.
  private func ordered(_ kranwerk: Kranwerk, _ debtor: String = "D70003", _ amount: String = "100") async throws -> (String, order: String)
  {
    let contract = try await kranwerk.sign(debtor, amount)
    try await kranwerk.waitFor(contract, toBe: "ordered")
    return (contract, try await kranwerk.books("SELECT number FROM sales_order WHERE partner_reference = '\(contract)'"))
  }

  @Test("Held, shipped and billed there, the contract follows, and each step is shown")
  func follows() async throws {
    let kranwerk = try await Kranwerk()
    let (contract, order) = try await ordered(kranwerk)
    #expect(try await kranwerk.server.json("orders", "list")["orders"] == [], "a confirmation is no news")

    try await kranwerk.clerk("hold", order, "--reason", "papers")
    try await eventually("the hold is known") {
      try await kranwerk.store("SELECT progress FROM deliveries") == "held"
    }
    let held = try await kranwerk.server.json("contracts", "show", contract)
    #expect(held["state"] == "ordered")
    #expect(held["orders"]?[0]?["status"]?["hold"] == "on hold: papers are missing")

    try await kranwerk.clerk("hold", order, "--reason", "none")
    try await kranwerk.clerk("ship", order, "--position", "1", "--quantity", "0.4")
    try await kranwerk.waitFor(contract, toBe: "partly-shipped")
    let shown = try #require(try await kranwerk.server.json("orders", "show", "erp:\(order)")["order"])
    #expect(shown["contract"]?.string == contract && shown["order"] == "O-000001" && shown["state"] == "partly-shipped")
    let line = shown["lines"]?[0]
    #expect(line?["shipped"]?.string?.hasPrefix("0.4") == true && line?["hold"] == JSON.null)

    try await kranwerk.clerk("ship", order)
    try await kranwerk.waitFor(contract, toBe: "shipped")
    try await kranwerk.clerk("invoice", order)
    try await kranwerk.waitFor(contract, toBe: "invoiced")
    let billed = try #require(try await kranwerk.server.json("orders", "show", "erp:\(order)")["order"])
    #expect(billed["lines"]?[0]?["invoiced"]?.string.flatMap(Double.init) == 1)
    let day = try await kranwerk.books("SELECT order_day FROM sales_order WHERE number = '\(order)'")
    #expect(billed["orderDate"]?.string?.replacing("-", with: "") == day)
    let text = try await kranwerk.server.run("contracts", "show", contract).output
    #expect(text.contains("invoiced: 1 of 1 lines shipped, 1 invoiced"), "\(text)")
    // The bill is a paper that the customer owes, and no order any more.
    try await eventually("the bill is known") {
      let papers = try await kranwerk.store("SELECT count(*) FROM receivables")
      let standing = try await kranwerk.standing("D70003")
      return papers == "73" && standing["orderedNotInvoiced"] == "0.00"
    }
    #expect(try await kranwerk.store("SELECT count(*) FROM held_items WHERE entity = 'OrderStatus' AND state = 'waiting'") == "0")
    try await kranwerk.end()
  }

  @Test("An order that the ERP takes back cancels the contract and frees its credit for the next one")
  func takenBack() async throws {
    let kranwerk = try await Kranwerk()
    let (first, order) = try await ordered(kranwerk, "D70003", "36000")
    let second = try await kranwerk.sign("D70003", "36000")
    #expect(try await kranwerk.state(second) == "credit-hold")
    try await kranwerk.clerk("cancel", order)
    try await kranwerk.waitFor(first, toBe: "cancelled")
    try await kranwerk.waitFor(second, toBe: "ordered")
    #expect(
      try await kranwerk.store("SELECT count(*) FROM audit_trail WHERE action = 'order-cancelled' AND subject LIKE '\(first)%'") == "1")
    try await kranwerk.end()
  }
}
