import CDR
import CRMCore
import InterchangeIDL
import Testing

/// Quantities in units that count in each other: nothing is rounded.
@Suite struct ExactQuantityTests {
  @Test(
    arguments: [
      (120, 1, "120", "120"), (1, 3, "1/3", nil), (10, 3, "3 1/3", nil), (-10, 3, "-3 1/3", nil), (-1, 3, "-1/3", nil),
      (25, 2, "12.5", "12.5"), (6, 4, "1.5", "1.5"), (7, -2, "-3.5", "-3.5"), (0, 5, "0", "0"), (1, 1_000_000, "0.000001", "0.000001"),
    ] as [(Int128, Int128, String, String?)])
  func isSaidWhole(numerator: Int128, denominator: Int128, words: String, decimal: String?) throws {
    let quantity = try #require(ExactQuantity(numerator, over: denominator))
    #expect(quantity.words == words)
    #expect(quantity.decimal?.normalized.description == decimal)
  }

  @Test func tellsTheRemainder() throws {
    let (whole, rest) = try #require(ExactQuantity(25, over: 12)).wholeAndRest
    #expect(whole == 2 && rest.fraction == "1/12")
    #expect(ExactQuantity(1, over: 0) == nil)
    #expect(ExactQuantity(5).divided(by: .zero) == nil)
  }

  @Test func whatHasNoRoomIsNoNumber() throws {
    let great = try #require(ExactQuantity(Int128.max / 2, over: 1))
    #expect(great.multiplied(by: ExactQuantity(3)) == nil)
    // A third of three times as much has room, whichever comes first.
    let third = try #require(ExactQuantity(1, over: 3))
    #expect(great.multiplied(by: third)?.multiplied(by: ExactQuantity(3)) == great)
    #expect(ExactQuantity(try #require(DecimalNumber("0.000000000000000000000000000001"))) != nil)
  }

  private static let units = [
    "PC": V1.Unit.sample("PC"), "DZ": .sample("DZ", base: "PC", factor: (12, 1)), "GR": .sample("GR", base: "DZ", factor: (12, 1)),
    "TH": .sample("TH", base: "PC", factor: (1, 3)), "A": .sample("A", base: "B"), "B": .sample("B", base: "A"),
    "X": .sample("X", base: "Y"),
  ]

  private static func chain(_ id: String) throws -> UnitChain { try UnitChain(of: id) { units[$0] } }

  @Test(arguments: [("PC", "", "1"), ("DZ", "1 DZ = 12 PC", "12"), ("GR", "1 GR = 144 PC", "144"), ("TH", "1 TH = 1/3 PC", "1/3")])
  func unitsCountInTheirBase(id: String, words: String, factor: String) throws {
    let chain = try Self.chain(id)
    #expect(chain.base.id == "PC")
    #expect(chain.words == words)
    #expect(chain.factor.words == factor)
  }

  @Test func oneUnitCountsInAnother() throws {
    let (gross, dozen, third) = (try Self.chain("GR"), try Self.chain("DZ"), try Self.chain("TH"))
    #expect(gross.count(ExactQuantity(2), in: dozen)?.words == "24")
    #expect(dozen.count(ExactQuantity(1), in: gross)?.words == "1/12")
    #expect(third.count(ExactQuantity(10), in: try Self.chain("PC"))?.words == "3 1/3")
    let other = try UnitChain(of: "KG") { _ in V1.Unit.sample("KG") }
    #expect(gross.count(ExactQuantity(2), in: other) == nil)
  }

  @Test func whatCannotBeCountedSaysWhy() {
    #expect(throws: UnitChain.Fault.cycle(["A", "B", "A"])) { try Self.chain("A") }
    #expect(throws: UnitChain.Fault.unknown("Y")) { try Self.chain("X") }
    #expect(throws: UnitChain.Fault.beyondReckoning((0..<16).map(String.init))) {
      try UnitChain(of: "0") { V1.Unit.sample($0, base: String(Int($0)! + 1)) }
    }
    #expect(throws: UnitChain.Fault.self) {
      try UnitChain(of: "0") { V1.Unit.sample($0, base: $0 == "3" ? "" : String(Int($0)! + 1), factor: (.max, 1)) }
    }
    #expect(UnitChain.Fault.cycle(["A", "B", "A"]).explanation.hasPrefix("the unit would be counted in itself: A in B in A"))
  }
}
