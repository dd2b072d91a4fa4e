import CDR
import Identity
import Testing

@testable import Mapping

private typealias F = Fixture

@Suite struct RunTests {
  @Test func mapsAProduct() throws {
    let outcome = try F.run(
      [
        F.set("listPrice/amount", from: "header/ref_sale_price", as: "decimal", scale: "4", round: "half-even"),
        F.set("listPrice/currency", from: "header/currency"),
        F.set("category", from: "header/sort_code", idOf: "Category", unmapped: "hold"),
        F.set("description", from: "header/remark", write: "create-only"),
        F.forEach(
          "packagings", in: "body/entry[unit_code != '']", F.set("code", from: "unit_code"), F.set("number", from: "position()"),
          F.set("unitsPerPackage", from: "rate", as: "decimal"), F.set("of", from: "/header/code")),
      ],
      on: F.document(
        ["name": " Bolt  M8", "sort_code": "C7", "remark": "stainless"],
        entries: [("BOX", "10", ""), ("", "9", ""), ("PAL", "1000.5", "")]))
    #expect(outcome.problems.isEmpty)
    let item = try #require(outcome.items.first)
    #expect(
      F.describe(.record(item.record))
        == "(- 100 Bolt M8 piece - (1.5 CNY) active true stainless [(BOX 1 10 - 100), (PAL 2 1000.5 - 100)] [] - 1)")
    #expect(item.record["listPrice"] == .record(Record(type: Sample.money, slots: [Sample.number("1.5000"), .text("CNY")])))
    #expect(item.identity.entity == "Product" && item.identity.sourceID == "100" && item.identity.path == SlotPath([0]))
    #expect(item.identity.matches == [MatchValue(field: "code", value: "100")])
    #expect(item.identity.proposals == [MatchValue(field: "name", value: " Bolt  M8")])
    #expect(item.references.map(\.foreignID) == ["C7"] && item.references[0].path == SlotPath([4]))
    #expect(item.writes == [FieldWrite(path: SlotPath([8]), field: "description", policy: .createOnly)])
    #expect(item.type === F.product && item.typeName == "Product")
  }

  @Test(arguments: [
    ("rank", F.set("rank", from: "header/weight", as: "integer"), "32767", "32767"),
    ("rank", F.set("rank", from: "header/weight", as: "integer"), "32768", "NUMBER_DOES_NOT_FIT rank"),
    ("rank", F.set("rank", from: "header/weight", as: "integer"), "7.5", "NUMBER_DOES_NOT_FIT rank"),
    ("rank", F.set("rank", from: "header/weight", as: "integer", scale: "0", round: "half-even"), "7.5", "8"),
    ("rank", F.set("rank", from: "header/weight", as: "integer"), "seven", "NOT_A_NUMBER rank"),
    ("rank", F.set("rank", from: "header/weight", as: "integer"), "", "EMPTY_VALUE rank"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal"), "", "-"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal"), "1.25", "1.25"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal"), "1.2345", "NUMBER_DOES_NOT_FIT weight"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal", round: "half-up"), "1.2345", "1.235"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal", scale: "1", round: "down"), "1.29", "1.2"),
    ("weight", F.set("weight", from: "header/weight", as: "decimal"), "1000000", "NUMBER_DOES_NOT_FIT weight"),
    ("code", F.set("code", from: "header/weight"), "123456789012345678901", "TEXT_TOO_LONG code"),
    ("code", F.set("code", from: "header/weight"), "汉字汉字汉字", "汉字汉字汉字"),
    ("code", F.set("code", from: "header/weight"), "汉字汉字汉字汉", "TEXT_TOO_LONG code"),
    ("status", F.set("status", from: "header/weight"), "blocked", "blocked"),
    ("status", F.set("status", from: "header/weight"), "blokced", "NOT_AN_ENUMERATOR status"),
    ("status", F.set("status", from: "header/weight"), "", "EMPTY_VALUE status"),
    ("serialised", F.set("serialised", from: "header/weight", as: "boolean"), "0", "false"),
    ("serialised", F.set("serialised", from: "header/weight", as: "boolean"), "maybe", "NOT_A_BOOLEAN serialised"),
    ("serialised", F.set("serialised", from: "header/weight != ''"), "x", "true"),
    ("name", F.set("name", from: "string-length(header/weight)", as: "text"), "abc", "3"),
    ("name", F.set("name", from: "header/weight"), "", ""),
    ("description", F.set("description", from: "header/weight"), "", "-"),
    ("description", F.set("description", value: "heavy", when: "decimal(header/weight) > 1"), "0.5", "-"),
    ("description", F.set("description", from: "header/weight", when: "header/weight != '1'", otherwise: "one"), "1", "one"),
    ("unit", F.set("unit", from: "header/weight", table: "units"), "KG", "kilogram"),
    ("unit", F.set("unit", from: "header/weight", table: "units"), "LB", "UNMAPPED_VALUE unit"),
    ("unit", F.set("unit", from: "header/weight", table: "units"), "", ""),
    ("unit", F.set("unit", from: "header/weight", table: "units", default: "piece"), "LB", "piece"),
    ("unit", F.set("unit", from: "header/weight", table: "units", default: "piece"), "", "piece"),
    ("unit", F.set("unit", from: "header/weight", table: "units", unmapped: "pass"), "LB", "LB"),
    ("unit", F.set("unit", from: "header/weight", table: "units", unmapped: "keep"), "LB", "-"),
    ("category", F.set("category", from: "header/weight", table: "units"), "", "-"),
    ("category", F.set("category", from: "header/weight", idOf: "Category"), "", "-"),
    ("name", F.set("name", from: "header/weight", idOf: "Category"), "", ""),
    ("name", F.set("name", from: "header/weight", idOf: "Category"), String(repeating: "x", count: 256), "ID_TOO_LONG name"),
    ("status", F.set("status", from: "header/weight", table: "units"), "", "EMPTY_VALUE status"),
    ("rank", F.set("rank", from: "header/weight", idOf: "Category"), "", "EMPTY_VALUE rank"),
    ("labels", F.forEach("labels", in: "body/entry", F.set(".", from: "unit_code")), "", "[A, B]"),
    ("labels", F.forEach("labels", in: "body/entry", when: "rate = '2'", F.set(".", from: "upper(unit)")), "", "[Y]"),
  ])
  func convertsAValue(_ field: String, _ instruction: MappingDefinition.Instruction, _ input: String, _ result: String) throws {
    #expect(try F.value(of: field, [instruction], ["weight": input], entries: [("A", "1", "x"), ("B", "2", "y")]) == result)
  }

  @Test func alternativesAreTriedInOrder() throws {
    let alternatives = [
      F.set("description", value: "heavy", when: "header/weight = '9'"), F.set("description", value: "light", when: "header/weight = '1'"),
      F.set("description", from: "header/remark"),
    ]
    #expect(try F.value(of: "description", alternatives, ["weight": "9"]) == "heavy")
    #expect(try F.value(of: "description", alternatives, ["weight": "1"]) == "light")
    #expect(try F.value(of: "description", alternatives, ["weight": "5", "remark": "r"]) == "r")
  }

  @Test func anOptionalRecordIsAbsentWhereNothingWasFound() throws {
    let price = [
      F.set("listPrice/amount", from: "header/ref_sale_price", as: "decimal"), F.set("listPrice/currency", value: "CNY"),
    ]
    #expect(try F.value(of: "listPrice", price, ["ref_sale_price": "2"]) == "(2 CNY)")
    #expect(try F.value(of: "listPrice", price, ["ref_sale_price": ""]) == "-")
    #expect(try F.value(of: "listPrice", price, ["ref_sale_price": "x"]) == "NOT_A_NUMBER listPrice/amount")
    let both = [price[0], F.set("listPrice/currency", from: "header/currency")]
    #expect(try F.value(of: "listPrice", both, ["ref_sale_price": "", "currency": "USD"]) == "EMPTY_VALUE listPrice/amount")
    #expect(try F.value(of: "listPrice", both, ["ref_sale_price": "", "currency": ""]) == "-")
  }

  @Test func severalLoopsFillOneListInOrder() throws {
    let loops = [
      F.forEach("labels", in: ".", F.set(".", from: "header/code")),
      F.forEach("labels", in: "body/entry[2]", F.set(".", from: "unit_code")),
      F.forEach("labels", in: ".", when: "header/remark != ''", F.set(".", from: "header/remark")),
    ]
    #expect(try F.value(of: "labels", loops, entries: [("A", "", ""), ("B", "", "")]) == "[100, B]")
    #expect(try F.value(of: "labels", loops, ["remark": "r"], entries: []) == "[100, r]")
  }

  @Test func aLoopSeesWhatIsAround() throws {
    let loop = F.forEach(
      "labels", in: "body/entry[rate = ../../header/weight or count(../entry[unit_code = 'B']) = 2]",
      F.set(".", from: "concat(string(position()), unit_code, ../../header/code, string(count(../entry)))"))
    #expect(
      try F.value(of: "labels", [loop], ["weight": "2"], entries: [("A", "1", ""), ("B", "2", ""), ("C", "2", "")]) == "[1B1003, 2C1003]")
  }

  @Test func listsHaveABound() throws {
    let loop = F.forEach(
      "packagings", in: "body/entry", F.set("code", from: "unit_code"), F.set("number", value: "1"), F.set("unitsPerPackage", value: "1"),
      F.set("of", value: ""))
    let entries = (1...4).map { ("E\($0)", "", "") }
    #expect(try F.value(of: "packagings", [loop], entries: entries) == "TOO_MANY_ELEMENTS packagings")
  }

  @Test func everyProblemIsReportedWithItsPlace() throws {
    let loop = F.forEach(
      "packagings", in: "body/entry", F.set("code", from: "unit_code"), F.set("number", value: "1"),
      F.set("unitsPerPackage", from: "rate", as: "decimal"), F.set("of", from: "unit", table: "units"))
    let outcome = try F.run([loop], on: F.document(["main_measure": "LB"], entries: [("A", "1", "KG"), ("B", "x", "OZ")]))
    #expect(outcome.isRejected)
    #expect(
      outcome.problems.map(\.description) == [
        "UNMAPPED_VALUE unit: \"LB\" is not in the value map 'units' (u8 to canonical) (m.xml:7:1)",
        "NOT_A_NUMBER packagings[2]/unitsPerPackage: \"x\" is no decimal number: character 1: 'x' is neither a digit nor a mark (m.xml:7:1)",
        "UNMAPPED_VALUE packagings[2]/of: \"OZ\" is not in the value map 'units' (u8 to canonical) (m.xml:7:1)",
      ])
    #expect(outcome.problems.map(\.value) == ["LB", "x", "OZ"])
    #expect(outcome.problems[1].path == "rate")
  }

  @Test func aMissingCodeHoldsTheItem() throws {
    let outcome = try F.run(
      [F.set("unit", from: "header/main_measure", table: "units", unmapped: "hold")], on: F.document(["main_measure": "LB"]))
    #expect(outcome.isHeld && !outcome.isRejected && outcome.problems.isEmpty)
    let held = try #require(outcome.items[0].heldValues.first)
    #expect(held.table == "units" && held.fromColumn == "u8" && held.toColumn == "canonical" && held.value == "LB" && held.field == "unit")
  }

  @Test func aMissingTableIsAProblem() throws {
    let outcome = try F.plan([]).run(F.document(), in: MappingContext(documentTime: 0))
    #expect(outcome.problems.map(\.code) == [.missingTable])
  }

  @Test(arguments: [
    ("listPrice/amount >= 0", "-1", "NEGATIVE", ["listPrice/amount is -1.0000"]), ("listPrice/amount >= 0", "1", "", []),
    ("count(listPrice) = 0 or listPrice/amount > 0", "", "", []), ("listPrice/amount >= 0", "", "EMPTY_VALUE", []),
    ("sum(packagings/unitsPerPackage) = count(labels)", "1", "", []),
  ])
  func requirementsSeeTheFinishedItem(_ condition: String, _ price: String, _ code: String, _ shown: [String]) throws {
    let plan = try F.plan(
      [F.set("listPrice/amount", from: "header/ref_sale_price", as: "decimal"), F.set("listPrice/currency", value: "CNY")],
      requirements: [F.require(condition, code: "NEGATIVE")])
    let outcome = plan.run(F.document(["ref_sale_price": price]), in: F.context)
    #expect(outcome.problems.map(\.code.rawValue) == (code.isEmpty ? [] : [code]))
    #expect(outcome.problems.map(\.value).filter { !$0.isEmpty } == shown)
  }

  @Test func aRequirementCanHold() throws {
    let plan = try F.plan([], requirements: [F.require("name != 'Bolt'", else: "hold", code: "ASK")])
    let outcome = plan.run(F.document(), in: F.context)
    #expect(outcome.isHeld && !outcome.isRejected)
    #expect(outcome.problems.map(\.message) == ["'name != 'Bolt'' does not hold: name is \"Bolt\""])
  }

  @Test func refusesADocumentOfAnotherType() throws {
    let outcome = try F.plan([]).run(Sample.document, in: F.context)
    #expect(outcome.problems.map(\.code) == [.shape] && outcome.items.isEmpty)
  }
}
