import CDR
import Testing

@testable import Mapping

private typealias F = Fixture

/// What is refused before a document is touched. The messages of whole files are tested with their files.
@Suite struct CheckTests {
  @Test(arguments: [
    ([F.set("nmae", from: "header/name")], "MAPPING_UNKNOWN_FIELD: Product has no field 'nmae' | did you mean 'name'?"),
    ([F.set("listPrice/amuont", value: "1")], "MAPPING_UNKNOWN_FIELD: Money has no field 'amuont' | did you mean 'amount'?"),
    ([F.set("name/x", value: "1")], "MAPPING_UNKNOWN_FIELD: 'name' is string, which has no field 'x'"),
    (
      [F.set("packagings/code", value: "1")],
      "MAPPING_UNKNOWN_FIELD: 'packagings' is a list, which has no field 'code' | fill it with <for-each field=\"…\" in=\"…\">"
    ),
    (
      [F.set("weight", from: "header/weight")],
      "MAPPING_TYPE: 'header/weight' is text, and the field 'weight' is fixed<9,3> | say how it is converted: as=\"decimal\""
    ),
    (
      [F.set("name", from: "count(body/entry)")],
      "MAPPING_TYPE: 'count(body/entry)' is a number, and the field 'name' is string | say how it is converted: as=\"text\""
    ),
    (
      [F.set("name", from: "body/entry/unit")],
      "MAPPING_SEVERAL_NODES: 'body/entry/unit' may have several nodes where one is needed | choose one with a predicate such as [1], or use count() or sum()"
    ),
    (
      [F.set("labels", from: "body/entry")],
      "MAPPING_SEVERAL_NODES: 'body/entry' may have several nodes where one is needed | fill the list with a for-each"
    ),
    ([F.set("status", value: "actve")], "MAPPING_LITERAL: \"actve\" is no enumerator of Status | did you mean 'active'?"),
    ([F.set("rank", value: "70000")], "MAPPING_LITERAL: 70000 does not fit into short"),
    ([F.set("code", value: "123456789012345678901")], "MAPPING_LITERAL: \"123456789012345678901\" has 21 octets, where at most 20 fit"),
    (
      [F.set("name", value: "x", when: "header/name = 'y'")],
      "MAPPING_MISSING_FIELD: 'name' has no value where the condition does not hold | add otherwise=\"…\", or another <set> of the field without when="
    ),
    (
      [F.set("name", value: "x"), F.set("name", value: "y")],
      "MAPPING_DUPLICATE_FIELD: 'name' is set already | several <set> of one field need when= on all but the last"
    ),
    ([F.set("id", value: "x")], "MAPPING_DUPLICATE_FIELD: 'id' is set already"),
    ([F.set("unit", from: "header/name", table: "unts")], "MAPPING_UNKNOWN_TABLE: there is no value map 'unts' | did you mean 'units'?"),
    (
      [F.set("category", from: "header/name", idOf: "Categry")],
      "MAPPING_UNKNOWN_ENTITY: there is no entity 'Categry' | did you mean 'Category'?"
    ),
    (
      [F.set("category", from: "header/name", unmapped: "hold")],
      "MAPPING_ATTRIBUTES: there is nothing that could be unmapped | unmapped= and default= go with table= or id-of="
    ),
    (
      [F.set("category", from: "header/name", idOf: "Category", unmapped: "drop-line")],
      "MAPPING_ATTRIBUTES: unmapped=\"drop-line\" stands outside a for-each"
    ),
    ([F.set("name")], "MAPPING_ATTRIBUTES: 'name' is set from nothing | it needs from= or value="),
    (
      [F.set("weight", from: "header/weight", as: "decimal", scale: "5")],
      "MAPPING_LITERAL: scale=\"5\" is no number from 0 to 3, which is what the field 'weight' holds"
    ),
    ([F.set("name", from: "header")], "MAPPING_TYPE: 'header' is a record header, and the field 'name' is string"),
    (
      [F.forEach("name", in: "body/entry", F.set(".", from: "unit"))],
      "MAPPING_TYPE: 'name' is string, which a for-each cannot fill | use <set>"
    ),
    (
      [F.forEach("labels", in: "body/entry", F.set("x", from: "unit"))],
      "MAPPING_UNKNOWN_FIELD: the elements of 'labels' are string, which has no fields | set the element itself: <set field=\".\" …/>"
    ),
    ([F.forEach("labels", in: "upper(header/name)", F.set(".", from: "."))], "MAPPING_TYPE: a path is needed"),
  ])
  func refuses(_ instructions: [MappingDefinition.Instruction], _ message: String) {
    #expect(F.diagnostics(instructions) == [message])
  }

  @Test func fieldsThatTheTargetNeedsMustBeSet() {
    #expect(
      F.diagnostics([F.set("listPrice/amount", value: "1")], without: ["unit"]) == [
        "MAPPING_MISSING_FIELD: the field 'unit' of Product is not set | add <set field=\"unit\" …/>; only optional fields and lists may be left out",
        "MAPPING_MISSING_FIELD: the field 'currency' of Money is not set | add <set field=\"currency\" …/>; only optional fields and lists may be left out",
      ])
  }

  @Test func aRequirementCannotReadAnIdThatIsNotKnownYet() {
    #expect(
      F.diagnostics(
        [F.set("category", from: "header/sort_code", idOf: "Category")], requirements: [F.require("category != ''", code: "low case")]) == [
          "MAPPING_LITERAL: 'low case' is no code; a code is written in capital letters, digits and '_'",
          "MAPPING_TYPE: 'category' takes an id, which is not known yet when require is checked",
        ])
  }

  @Test func whatIsOfTheSameTypeIsCopiedWhole() throws {
    var definition = F.definition([])
    definition.from = SourceText("Item")
    definition.emits[0].to = SourceText("Item")
    definition.emits[0].identity = .init(entity: SourceText("Product"), from: SourceText("code"))
    definition.emits[0].instructions = Sample.item.fields.map { F.set($0.name, from: $0.name) }
    let (plan, diagnostics) = MappingPlan.checking(definition, types: F.registry)
    #expect(diagnostics.isEmpty)
    #expect(plan?.run(Sample.document, in: F.context).items.first?.record == Sample.document)
  }
}
