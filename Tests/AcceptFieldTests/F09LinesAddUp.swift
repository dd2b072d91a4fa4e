import ForeignORB
import TesseraProcess
import Testing

@Suite("9 The lines of an order add up") struct F09LinesAddUp {
  @Test("News of one line of two ship that line alone, whichever comes first; lines are known by their numbers")
  func oneOfTwo() async throws {
    let sale = try await FieldSale()
    let (contract, order) = try await sale.order([10, 5], number: "K-1")
    // The second line alone, in full: the first is still open.
    #expect(try await sale.tell(order, version: 1_000, [(2, "5.000000", "5.000000", "0.000000")]) == "applied")
    #expect(try await sale.state(contract) == "partly-shipped")
    let shown = try #require(try await sale.server.json("orders", "show", "erp:\(order)")["order"])
    #expect(shown["state"] == "partly-shipped" && shown["lines"]?.array?.map { $0["number"] } == [2])
    #expect(shown["words"]?.string == "partly shipped: 1 of 2 lines shipped, 0 invoiced")
    // The first alone, in part, then in full: what was said of the second stays.
    #expect(try await sale.tell(order, version: 1_001, [(1, "10.000000", "4.000000", "0.000000")]) == "applied")
    #expect(try await sale.state(contract) == "partly-shipped")
    #expect(try await sale.tell(order, version: 1_002, [(1, "10.000000", "10.000000", "10.000000")]) == "applied")
    #expect(try await sale.state(contract) == "shipped")
    let lines = try await sale.server.json("orders", "show", "erp:\(order)")["order"]?["lines"]?.array ?? []
    #expect(lines.map { $0["number"]?.integer } == [1, 2])
    #expect(lines.map { $0["shipped"]?.string } == ["10.000000", "5.000000"])
    // The same once more is no news, and billed is what all lines are.
    #expect(try await sale.tell(order, version: 1_003, [(1, "10.000000", "10.000000", "10.000000")]) == "unchanged")
    #expect(try await sale.tell(order, version: 1_004, [(2, "5.000000", "5.000000", "5.000000")]) == "applied")
    #expect(try await sale.state(contract) == "invoiced")
    try await cannotBe(sale)
    try await gone(sale)
    try await added(sale)
    try await sale.end()
  }

  /// What cannot be is refused, with line and field.
  private func cannotBe(_ sale: FieldSale) async throws {
    let (contract, order) = try await sale.order([10, 5], number: "K-2")
    let cases: [([FieldSale.Line], String)] = [
      ([(1, "10.000000", "-1.000000", "0.000000")], "rejected QUANTITY_INVALID lines[1]/shipped"),
      ([(1, "10.000000", "10.000001", "0.000000")], "rejected QUANTITY_INVALID lines[1]/shipped"),
      ([(1, "10.000000", "0.000000", "11.000000")], "rejected QUANTITY_INVALID lines[1]/invoiced"),
      ([(1, "10.000000", "1.000000", "-0.500000")], "rejected QUANTITY_INVALID lines[1]/invoiced"),
      // Neighbours: a number twice, and one that no line has.
      ([(1, "10.000000", "10.000000", "0.000000"), (1, "5.000000", "5.000000", "0.000000")], "rejected LINE_NUMBER lines[2]/number"),
      ([(0, "10.000000", "10.000000", "0.000000")], "rejected LINE_NUMBER lines[1]/number"),
    ]
    for (index, (lines, outcome)) in cases.enumerated() {
      #expect(try await sale.tell(order, version: 2_000 + index, lines) == outcome)
    }
    #expect(try await sale.state(contract) == "ordered")
    // What comes back is below 0, as far as it was ordered back, and no further.
    #expect(
      try await sale.tell("R-1", version: 2_100, [(1, "-2.000000", "-3.000000", "0.000000")])
        == "rejected QUANTITY_INVALID lines[1]/shipped")
  }

  /// A line that the order has no more is told with the quantity 0; then the other is all of it.
  private func gone(_ sale: FieldSale) async throws {
    let (contract, order) = try await sale.order([10, 5], number: "K-3")
    #expect(try await sale.tell(order, version: 3_000, [(1, "10.000000", "10.000000", "0.000000")]) == "applied")
    #expect(try await sale.state(contract) == "partly-shipped")
    #expect(try await sale.tell(order, version: 3_001, [(2, "0.000000", "0.000000", "0.000000")]) == "applied")
    #expect(try await sale.state(contract) == "shipped")
    // The ERP's own word for the whole order counts, too.
    let (other, second) = try await sale.order([10, 5], number: "K-4")
    #expect(try await sale.tell(second, version: 3_100, state: "closed", [(1, "10.000000", "10.000000", "0.000000")]) == "applied")
    #expect(try await sale.state(other) == "closed")
  }

  /// What an amendment adds to an order that was shipped is still to come.
  private func added(_ sale: FieldSale) async throws {
    let (contract, order) = try await sale.order([10, 5], number: "K-5")
    let all: [FieldSale.Line] = [(1, "10.000000", "10.000000", "0.000000"), (2, "5.000000", "5.000000", "0.000000")]
    #expect(try await sale.tell(order, version: 4_000, all) == "applied")
    #expect(try await sale.state(contract) == "shipped")
    try await sale.server.json("contracts", "amend", contract, "--line", "2:9", "--reason", "more of them")
    try await eventually("the change is carried out") {
      try await sale.server.run("contracts", "show", contract).output.contains("is carried out")
    }
    #expect(try await sale.state(contract) == "partly-shipped")
  }
}
