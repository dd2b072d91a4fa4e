import Identity
import Testing

@Suite struct ValueMapTests {
  static let day = CalendarDay("2026-03-02")!

  static func units(_ rows: [ValueMap.Row], several: Bool = false, qualifiers: [String] = []) throws(ValueMapFaults) -> ValueMap {
    try ValueMap(
      name: "units", columns: [.init("canonical"), .init("u8", allowsSeveral: several), .init("sap")], qualifiers: qualifiers, rows: rows)
  }

  static func faults(_ rows: [ValueMap.Row], several: Bool = false, qualifiers: [String] = []) -> [String] {
    do {
      _ = try units(rows, several: several, qualifiers: qualifiers)
      return []
    } catch {
      return error.faults.map { "\($0.code.rawValue) \($0.row.map(String.init) ?? "-"): \($0.message)" }
    }
  }

  @Test func answersInEveryDirection() throws {
    let map = try Self.units([.init(["piece", "PCS", "ST"]), .init(["kilogram", "KG", nil])])
    #expect(map.lookup("PCS", from: 1, to: 0, on: Self.day) == .value("piece", row: 0))
    #expect(map.lookup("ST", from: 2, to: 1, on: Self.day) == .value("PCS", row: 0))
    #expect(map.lookup("KG", from: 1, to: 2, on: Self.day) == .unmapped)
    #expect(map.lookup("pcs", from: 1, to: 0, on: Self.day) == .unmapped)
  }

  @Test func theMostImportantQualifierDecides() throws {
    let map = try ValueMap(
      name: "tax", columns: [.init("canonical"), .init("u8")], qualifiers: ["country", "company"],
      rows: [
        .init(["any", "X"], qualifiers: [nil, nil]), .init(["by company", "X"], qualifiers: [nil, "7"]),
        .init(["by country", "X"], qualifiers: ["DE", nil]), .init(["by both", "X"], qualifiers: ["DE", "7"]),
      ], defaults: ["canonical": "none"])
    func answer(_ qualifiers: [String: String]) -> ValueMap.Answer {
      map.lookup("X", from: 1, to: 0, qualifiers: map.ordered(qualifiers), on: Self.day)
    }
    #expect(answer(["country": "DE", "company": "7"]) == .value("by both", row: 3))
    #expect(answer(["country": "DE", "company": "8"]) == .value("by country", row: 2))
    #expect(answer(["company": "7"]) == .value("by company", row: 1))
    #expect(answer([:]) == .value("any", row: 0))
    #expect(map.lookup("Y", from: 1, to: 0, on: Self.day) == .byDefault("none"))
    #expect(map.lookup("any", from: 0, to: 1, on: Self.day) == .value("X", row: 0))
  }

  @Test func rowsHoldFromTheirFirstToTheirLastDay() throws {
    let map = try Self.units([
      .init(["old", "X", nil], validTo: CalendarDay("2025-12-31")), .init(["new", "X", nil], validFrom: CalendarDay("2026-01-01")),
    ])
    #expect(map.lookup("X", from: 1, to: 0, on: CalendarDay("2025-12-31")!) == .value("old", row: 0))
    #expect(map.lookup("X", from: 1, to: 0, on: CalendarDay("2026-01-01")!) == .value("new", row: 1))
  }

  @Test func severalValuesStandForOneWhereDeclared() throws {
    let rows: [ValueMap.Row] = [.init(["piece", "PCS", "ST"], isPreferred: true), .init(["piece", "EA", "ST"])]
    let map = try Self.units(rows, several: true)
    #expect(map.lookup("EA", from: 1, to: 0, on: Self.day) == .value("piece", row: 1))
    #expect(map.lookup("piece", from: 0, to: 1, on: Self.day) == .value("PCS", row: 0))
    #expect(
      Self.faults(rows) == ["TABLE_AMBIGUOUS 1: 'piece' of 'canonical' is both 'PCS' (row 1) and 'EA' in 'u8'"])
  }

  @Test func refusesRowsThatAnswerTheSameQuestion() {
    #expect(
      Self.faults([.init(["a", "X", nil]), .init(["b", "X", nil], line: 12)])
        == ["TABLE_AMBIGUOUS 1: 'X' of 'u8' is both 'a' (row 1) and 'b' in 'canonical'"])
    #expect(Self.faults([.init(["a", "X", nil]), .init(["a", "X", nil])]) == ["TABLE_DUPLICATE_ROW 1: the row says the same as row 1"])
    #expect(
      Self.faults([.init(["a", "X", nil]), .init(["a", "Y", nil])], several: true).first?.hasPrefix("TABLE_AMBIGUOUS 1") == true)
    #expect(
      Self.faults([.init(["a", "X", nil], isPreferred: true), .init(["a", "Y", nil], isPreferred: true)], several: true).count == 1)
    #expect(
      Self.faults([.init(["a", "X", nil], qualifiers: ["DE"]), .init(["b", "X", nil], qualifiers: ["FR"])], qualifiers: ["c"]).isEmpty)
    #expect(Self.faults([.init(["a", nil, nil])]) == ["TABLE_MALFORMED_ROW 0: the row has fewer than two values, so it maps nothing"])
    #expect(
      Self.faults([.init(["a", "X", nil], validFrom: CalendarDay("2026-02-01"), validTo: CalendarDay("2026-01-01"))])
        == ["TABLE_VALIDITY 0: the row ends on 2026-01-01, before it begins on 2026-02-01"])
  }

  @Test func checksLargeGroupsQuickly() {
    let rows = (0..<50_000).map { ValueMap.Row(["other", "X\($0)", nil], isPreferred: $0 == 7) }
    #expect(Self.faults(rows, several: true).isEmpty)
    #expect(Self.faults(rows, several: false).count == 1)
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-03-02", 20_514), ("0001-01-01", -719_162),
    ("9999-12-31", 2_932_896),
  ])
  func daysCountFrom1970(_ text: String, _ number: Int) {
    #expect(CalendarDay(text)?.number == number)
    #expect(CalendarDay(number: number).description == text)
  }

  @Test(arguments: [
    "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "0000-01-01", "2026-01-32", "20260101", "2026-01-01 ",
  ])
  func refusesDaysThatAreNone(_ text: String) { #expect(CalendarDay(text) == nil) }

  @Test func timesBelongToTheDayTheyAreIn() {
    #expect(CalendarDay(microseconds: -1).description == "1969-12-31")
    #expect(CalendarDay(microseconds: 0).description == "1970-01-01")
    #expect(CalendarDay(microseconds: .min).number < 0)
  }
}
