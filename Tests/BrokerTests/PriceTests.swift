import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI
import Testing

/// Price lists, lines, stock and units over the rows: taken in, held, stale, refused, found.
@Suite struct PriceTests {
  private func lines(of owner: (String, String), _ broker: TestBroker, kind: String = "PriceLine") async throws -> [String] {
    try await broker.store.read { try $0.objects(entity: kind, of: .init(owner.0, owner.1), after: "", limit: 99) }.map(\.id)
  }

  // MARK: - Price lists

  @Test func aListAndItsLinesAreLinkedAndFoundByListAndProduct() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A"), .sample("B")])
    #expect(try await broker.push("l", [V1.PriceList.sample("W26")]).outcomes == ["applied"])
    let receipt = try await broker.push(
      "lines", [V1.PriceLine.sample("W26", "A", price: "9"), .sample("W26", "A", price: "8", from: "10"), .sample("W26", "B", price: "7")])
    #expect(receipt.outcomes == ["applied", "applied", "applied"])
    #expect(receipt.results.map(\.key) == ["W26/A//0", "W26/A//10", "W26/B//0"])
    #expect(try await broker.crmID("PriceLine", "W26/A//10") == "E-000002")
    #expect(try await lines(of: ("PriceList", "L-000001"), broker) == ["E-000001", "E-000002", "E-000003"])
    #expect(try await lines(of: ("Product", "P-000001"), broker) == ["E-000001", "E-000002"])
    // A line that changes stays where it is.
    try await broker.push("again", [V1.PriceLine.sample("W26", "A", price: "9.5", version: 2)])
    #expect(try await lines(of: ("Product", "P-000001"), broker) == ["E-000001", "E-000002"])
  }

  @Test func aLineWaitsForItsProductAndItsListAlone() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A")])
    let receipt = try await broker.push("lines", [V1.PriceLine.sample("W26", "A", price: "9"), .sample("W26", "B", price: "7")])
    #expect(receipt.outcomes == ["held UNKNOWN_PRICELIST", "held UNKNOWN_PRICELIST"])
    try await broker.push("l", [V1.PriceList.sample("W26")])
    #expect(try await broker.held().map(\.key.id.text) == ["W26/B//0"])
    #expect(try await lines(of: ("PriceList", "L-000001"), broker) == ["E-000001"])
    try await broker.push("b", [V1.Product.sample("B")])
    #expect(try await broker.held().isEmpty)
    #expect(try await lines(of: ("Product", "P-000002"), broker) == ["E-000002"])
  }

  @Test func aCustomersListWaitsForTheCustomer() async throws {
    let broker = TestBroker()
    #expect(try await broker.push("l", [V1.PriceList.sample("W26", party: "D-1")]).outcomes == ["held UNKNOWN_PARTY"])
    try await broker.push("d", [V1.Party.sample("D-1")])
    #expect(try await lines(of: ("Party", "C-000001"), broker, kind: "PriceList") == ["L-000001"])
  }

  @Test func theKeyOfALineStandsOnce() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A")])
    try await broker.push("l", [V1.PriceList.sample("W26")])
    // Twice in one message: the second is no other line, whatever id it bears.
    let receipt = try await broker.push(
      "twice", [V1.PriceLine.sample("W26", "A", price: "9", id: "1"), .sample("W26", "A", price: "8", id: "2")])
    #expect(receipt.outcomes == ["applied", "stale VERSION_REUSED sourceVersion"])
    #expect(try await broker.push("newer", [V1.PriceLine.sample("W26", "A", price: "8", version: 3)]).outcomes == ["applied"])
    #expect(
      try await broker.push("older", [V1.PriceLine.sample("W26", "A", price: "7", version: 2)]).outcomes == [
        "stale STALE_VERSION sourceVersion"
      ])
    #expect(try await broker.push("same", [V1.PriceLine.sample("W26", "A", price: "8", version: 4)]).outcomes == ["unchanged"])
    #expect(try await broker.count("PriceLine") == 1)
  }

  @Test(
    arguments: [
      (V1.PriceList.sample("L", currency: "XXX"), "rejected CURRENCY_UNKNOWN currency"),
      (.sample("L", from: "2026-12-01", to: "2026-11-30"), "rejected PERIOD_INVALID validTo"),
      (.sample("L", from: "1.12.2026"), "rejected DATE_INVALID validFrom"),
      (.sample("L", from: "2026-12-01", to: "2026-12-01"), "applied"),
      (.sample("L", status: "gone"), "rejected VALUE_UNKNOWN status"),
    ])
  func listsAreExamined(list: V1.PriceList, outcome: String) async throws {
    #expect(try await TestBroker().push("l", [list]).outcomes == [outcome])
  }

  @Test(
    arguments: [
      (V1.PriceLine.sample("L", "A", price: "-0.00000001"), "rejected PRICE_NEGATIVE unitPrice"),
      (.sample("L", "A", price: "1", from: "-1"), "rejected QUANTITY_INVALID minimumQuantity"),
      (.sample("L", "A", price: "0"), "applied"),
      (.sample("L", "A", price: "1", packaging: String(repeating: "x", count: 51)), "rejected TEXT_TOO_LONG packaging"),
      // What is wrong in itself is not kept for a product that nobody knows.
      (.sample("L", "UNKNOWN", price: "-1"), "rejected PRICE_NEGATIVE unitPrice"),
      (.sample("", "A", price: "1"), "rejected TEXT_MISSING list"),
    ])
  func linesAreExamined(line: V1.PriceLine, outcome: String) async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A")])
    try await broker.push("l", [V1.PriceList.sample("L")])
    #expect(try await broker.push("line", [line]).outcomes == [outcome])
  }

  // MARK: - Stock

  @Test func olderNewsOfStockAreIgnoredAndRecorded() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A")])
    #expect(try await broker.push("s2", [V1.Availability.sample("A", quantity: "5", asOf: 2_000)]).outcomes == ["applied"])
    // Whatever version the sender counts: the time of the count decides.
    let late = try await broker.push("s1", [V1.Availability.sample("A", quantity: "9", version: 99, asOf: 1_999)])
    #expect(late.outcomes == ["stale STALE_VERSION asOf"])
    #expect(late.results[0].explanation.hasPrefix("the asOf 1999 is older than that of the state applied last, 2000"))
    #expect(try await broker.item(ofMessage: "s1")?.outcome == .stale)
    #expect(try await broker.push("s0", [V1.Availability.sample("A", quantity: "5", asOf: 1_000)]).outcomes == ["stale STALE_VERSION asOf"])
    // The same quantity, counted later, is news.
    #expect(try await broker.push("s3", [V1.Availability.sample("A", quantity: "5", asOf: 3_000)]).outcomes == ["applied"])
    #expect(try await broker.push("s3 again", [V1.Availability.sample("A", quantity: "5", asOf: 3_000)]).outcomes == ["unchanged"])
    #expect(try await broker.push("below", [V1.Availability.sample("A", quantity: "-2", asOf: 4_000)]).outcomes == ["applied"])
    let rows = try await broker.store.read { try $0.objects(entity: "Availability", of: .init("Product", "P-000001"), after: "", limit: 9) }
    #expect(try rows.map { try V1.Availability(cdr: $0.body).quantity.description } == ["-2.000000"])
    #expect(try await broker.push("timeless", [V1.Availability.sample("A", asOf: 0)]).outcomes.first == "stale STALE_VERSION asOf")
    #expect(
      try await broker.push("timeless elsewhere", [V1.Availability.sample("A", site: "SHA", asOf: 0)]).outcomes == [
        "rejected TIME_MISSING asOf"
      ])
  }

  @Test func aCountOfTheFutureIsRefusedSinceItWouldKeepOutTheTruth() async throws {
    let broker = TestBroker()
    try await broker.push("p", [V1.Product.sample("A")])
    let tomorrow = broker.clock.now + 86_400_000_000
    #expect(
      try await broker.push("wrong", [V1.Availability.sample("A", asOf: tomorrow + 1), .sample("B", asOf: .max)]).outcomes == [
        "rejected TIME_AHEAD asOf", "rejected TIME_AHEAD asOf",
      ])
    #expect(try await broker.push("fast clock", [V1.Availability.sample("A", asOf: tomorrow)]).outcomes == ["applied"])
  }

  @Test func stockWaitsForItsProductAndItsUnit() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push("s", [V1.Availability.sample("A", unit: "T", asOf: 1), .sample("A", site: "SHA", asOf: 1)])
    #expect(receipt.outcomes == ["held UNKNOWN_PRODUCT", "held UNKNOWN_PRODUCT"])
    try await broker.push("p", [V1.Product.sample("A")])
    #expect(try await broker.held().map(\.key.id.text) == ["KOE/A"])
    try await broker.push("u", [V1.Unit.sample("T")])
    #expect(try await lines(of: ("Product", "P-000001"), broker, kind: "Availability").count == 2)
  }

  // MARK: - Units

  @Test(
    arguments: [
      (V1.Unit.sample("T", base: "KG", factor: (1000, 0)), "rejected FACTOR_INVALID factorDenominator"),
      (.sample("T", base: "KG", factor: (0, 1)), "rejected FACTOR_INVALID factorNumerator"),
      (.sample("T", base: "KG", factor: (-1, 1)), "rejected FACTOR_INVALID factorNumerator"),
      (.sample("T", base: "T", factor: (2, 1)), "rejected UNIT_CYCLE baseUnit"),
      (.sample("T", base: "", factor: (2, 1)), "rejected FACTOR_INVALID factorNumerator"),
      (.sample("T", base: "KG", factor: (1000, 1)), "held UNKNOWN_UNIT"),
    ])
  func unitsAreExamined(unit: V1.Unit, outcome: String) async throws {
    #expect(try await TestBroker().push("u", [unit]).outcomes == [outcome])
  }

  @Test func unitsThatWouldBeCountedInEachOtherAreRefused() async throws {
    let broker = TestBroker()
    try await broker.push("u", [V1.Unit.sample("A"), .sample("B", base: "A"), .sample("C", base: "B")])
    let receipt = try await broker.push("around", [V1.Unit.sample("A", version: 2, base: "C", factor: (3, 1))])
    #expect(receipt.outcomes == ["rejected UNIT_CYCLE baseUnit"])
    #expect(
      receipt.results[0].explanation.contains("the unit would be counted in itself: U-000001 in U-000003 in U-000002 in U-000001"))
    // What stands there stays.
    let row = try await broker.store.read { try $0.object(entity: "Unit", id: "U-000001") }
    #expect(try V1.Unit(cdr: try #require(row).body).baseUnit.isEmpty)
  }

  @Test func unitsThatWaitForEachOtherDoNotWaitForEver() async throws {
    let broker = TestBroker()
    let receipt = try await broker.push("u", [V1.Unit.sample("A", base: "B"), .sample("B", base: "C"), .sample("C", base: "A")])
    #expect(receipt.outcomes == ["held UNKNOWN_UNIT", "held UNKNOWN_UNIT", "rejected UNIT_CYCLE"])
    #expect(receipt.results[2].explanation.contains("refers to one that waits for it: C, A, B, C"))
    // Sent right, all are released.
    try await broker.push("c", [V1.Unit.sample("C", version: 2)])
    #expect(try await broker.held().isEmpty)
    #expect(try await broker.count("Unit") == 3)
  }

  @Test func twoPackagingsOfOneCodeAreRefused() async throws {
    var product = V1.Product.sample("A")
    product.packagings = ["CT", "CT"].map { V1.Packaging(code: $0, name: "", unitsPerPackage: V1.QuantityAmount("6")!) }
    #expect(try await TestBroker().push("p", [product]).outcomes == ["rejected PACKAGING_TWICE packagings"])
  }
}
