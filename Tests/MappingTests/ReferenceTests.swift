import CDR
import Testing

@testable import Mapping

private typealias F = Fixture

@Suite struct ReferenceTests {
  static func item(_ policy: String?, default defaultValue: String? = nil) throws -> MappedItem {
    let loop = F.forEach(
      "packagings", in: "body/entry", F.set("code", from: "unit_code"), F.set("number", value: "1"), F.set("unitsPerPackage", value: "1"),
      F.set("unit", from: "unit", idOf: "Unit", unmapped: policy, default: defaultValue), F.set("of", value: "x"))
    let outcome = try F.run([loop], on: F.document(entries: [("A", "", "u1"), ("B", "", "u2"), ("C", "", "u3")]))
    #expect(outcome.problems.isEmpty)
    return outcome.items[0]
  }

  static func packagings(_ resolution: ReferenceResolution) -> String { F.describe(resolution.record["packagings"]!) }

  @Test func idsArePutWhereTheyWereAskedFor() throws {
    let item = try Self.item(nil)
    #expect(item.references.map(\.field) == ["packagings[1]/unit", "packagings[2]/unit", "packagings[3]/unit"])
    let resolution = item.resolving(ownID: "P-1", ["U1", "U2", "U3"])
    #expect(Self.packagings(resolution) == "[(A 1 1 U1 x), (B 1 1 U2 x), (C 1 1 U3 x)]")
    #expect(resolution.record["id"] == .text("P-1"))
    #expect(resolution.problems.isEmpty && resolution.waiting.isEmpty)
  }

  @Test func anUnknownIdFollowsItsPolicy() throws {
    let failed = try Self.item(nil).resolving(["U1", nil, "U3"])
    #expect(failed.isRejected)
    #expect(failed.problems.map(\.description) == ["UNKNOWN_REFERENCE packagings[2]/unit: no link has the Unit 'u2' (m.xml:7:1)"])
    #expect(try Self.item("hold").resolving(["U1", nil, nil]).waiting.map(\.foreignID) == ["u2", "u3"])
    #expect(Self.packagings(try Self.item("pass").resolving(["U1", nil, "U3"])) == "[(A 1 1 U1 x), (B 1 1 u2 x), (C 1 1 U3 x)]")
    #expect(
      Self.packagings(try Self.item(nil, default: "none").resolving([nil, "U2", nil])) == "[(A 1 1 none x), (B 1 1 U2 x), (C 1 1 none x)]")
  }

  @Test func linesAreDroppedFromTheLast() throws {
    let resolution = try Self.item("drop-line").resolving([nil, "U2", nil])
    #expect(Self.packagings(resolution) == "[(B 1 1 U2 x)]")
    #expect(!resolution.isRejected)
    #expect(resolution.problems.map(\.code) == [.lineDropped, .lineDropped])
  }

  @Test func anEmptyCodeDropsItsLineAtOnce() throws {
    let loop = F.forEach(
      "packagings", in: "body/entry", F.set("code", from: "unit_code"), F.set("number", value: "1"), F.set("unitsPerPackage", value: "1"),
      F.set("unit", from: "unit_code", idOf: "Unit"), F.set("of", from: "unit", table: "units", unmapped: "drop-line"))
    let outcome = try F.run([loop], on: F.document(entries: [("A", "", "LB"), ("B", "", "KG"), ("C", "", "")]))
    #expect(F.describe(outcome.items[0].record["packagings"]!) == "[(B 1 1 - kilogram)]")
    #expect(outcome.items[0].references.map(\.path) == [SlotPath([9, 0, 3])])
    #expect(
      outcome.problems.map(\.message) == [
        "the line is left out: \"LB\" is not in the value map 'units'", "the line is left out: \"\" is not in the value map 'units'",
      ])
    #expect(!outcome.isRejected)
  }

  @Test func keepLeavesTheTargetsValue() throws {
    let outcome = try F.run(
      [F.set("category", from: "header/sort_code", idOf: "Category", unmapped: "keep")], on: F.document(["sort_code": "C"]))
    let resolution = outcome.items[0].resolving([nil])
    #expect(resolution.writes == [FieldWrite(path: SlotPath([4]), field: "category", policy: .keep)])
  }

  @Test func idsOfNumbersAreNumbers() throws {
    let plan = try F.plan([F.set("rank", from: "header/sort_code", idOf: "Category")])
    let item = plan.run(F.document(["sort_code": "C"]), in: F.context).items[0]
    #expect(item.resolving(["12"]).record["rank"] == .integer(12))
    #expect(item.resolving(["x"]).problems.map(\.code) == [.notANumber])
    #expect(item.resolving(["99999"]).problems.map(\.code) == [.doesNotFit])
  }

  @Test func pathsReachIntoLists() throws {
    let record = try Self.item(nil).record
    #expect(record[SlotPath([9, 1, 0])] == .text("B"))
    #expect(record[SlotPath([9, 7, 0])] == nil)
    #expect(record.resolving(SlotPath([9, 1, 0]), to: .text("Z"))[SlotPath([9, 1, 0])] == .text("Z"))
    #expect(record.resolving(SlotPath([9, 7, 0]), to: .text("Z")) == record)
  }
}
