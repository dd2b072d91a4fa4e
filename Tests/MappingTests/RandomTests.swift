import CDR
import Testing

@testable import Mapping

private typealias F = Fixture

/// A generator whose seed a failing test can be run again with.
private struct Random: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

/// Whatever a document holds, a mapping answers with items or problems.
@Suite struct RandomTests {
  private static let texts = [
    "", " ", "0", "-1", "1.5", "99999999999999999999999999999999999999999", "1e9", "é", "汉字", "\u{1F600}\u{200D}", "20240229", "20240230",
    "a/b",
    "PCS", "KG", "C1", "true", String(repeating: "x", count: 300), "+", ".", "0.00000000000000000000000000000001", "\u{0301}",
  ]

  private static func value(_ type: TypeCode, _ random: inout Random) -> Value {
    // Now and then a value of another shape, as a broken adapter could hand it over.
    if Int.random(in: 0..<40, using: &random) == 0 {
      return [.absent, .text("?"), .integer(Int128.max), .list([.absent]), .octets([]), .double(.nan)].randomElement(using: &random)!
    }
    switch type.resolved {
    case .string: return .text(texts.randomElement(using: &random)!)
    case .fixed(let digits, let scale):
      let limit = DecimalNumber.power(Int(digits)) - 1
      return .decimal(DecimalNumber(unscaled: [0, 1, -1, limit, -limit].randomElement(using: &random)!, scale: Int(scale))!)
    case .boolean: return .boolean(.random(using: &random))
    case .enumeration(let type): return .enumerator(type.enumerators.randomElement(using: &random)!)
    case .double: return .double([0, -0.0, 0.1, .infinity, 1e300, .leastNonzeroMagnitude, -12.75].randomElement(using: &random)!)
    case .record(let type): return .record(record(type, &random))
    case .optional(let element): return .random(using: &random) ? .absent : value(element, &random)
    case .sequence(.octet, _): return .octets([1, 2, 3])
    case .sequence(let element, _): return .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(element, &random) })
    default: return .integer([0, 1, -1, Int128(Int64.max), Int128(Int64.min), 1_772_368_200_000_000].randomElement(using: &random)!)
    }
  }

  private static func record(_ type: RecordType, _ random: inout Random) -> Record {
    Record(type: type, slots: type.fields.indices.map { value(type.type(ofSlot: $0), &random) })
  }

  @Test func aMappingNeverTraps() throws {
    let instructions = [
      F.set("listPrice/amount", from: "header/ref_sale_price", as: "decimal", scale: "4", round: "half-even"),
      F.set("listPrice/currency", from: "header/currency"), F.set("weight", from: "header/weight", as: "decimal"),
      F.set("category", from: "header/sort_code", idOf: "Category", unmapped: "keep"),
      F.set("description", from: "date(header/end_date, 'yyyyMMdd', 'd.M.yyyy')"),
      F.set("unit", from: "header/main_measure", table: "units", unmapped: "hold"),
      F.forEach(
        "packagings", in: "body/entry[decimal(rate) > 0 or unit_code = '']", F.set("code", from: "unit_code"),
        F.set("number", from: "position()"), F.set("unitsPerPackage", from: "div(1, decimal(rate), 6, 'half-even')"),
        F.set("unit", from: "unit", idOf: "Unit", unmapped: "drop-line"),
        F.set("of", from: "unit_code", table: "units", unmapped: "drop-line")),
      F.forEach("labels", in: "body/entry", F.set(".", from: "substring(replace(unit, 'C', rate), 2, string-length(rate))")),
    ]
    let plan = try F.plan(
      instructions, requirements: [F.require("count(packagings) < 4"), F.require("listPrice/amount > 0", else: "hold")])
    var random = Random(state: 42)
    for _ in 0..<5_000 {
      let outcome = plan.run(Self.record(F.inventory, &random), in: F.context)
      #expect(outcome.items.count == 1)
      let item = outcome.items[0]
      let resolution = item.resolving(ownID: "1", item.references.map { $0.foreignID.count % 2 == 0 ? "x" : nil })
      #expect(resolution.record.slots.count == F.product.fields.count)
    }
  }

  @Test(arguments: FunctionDescription.all.map(\.name)) func aFunctionNeverTraps(_ name: String) throws {
    let function = try #require(FunctionDescription.named(name))
    let plans = function.examples.compactMap { try? ExpressionChecker.check($0.expression, in: .document(Sample.item)).get().plan }
    var random = Random(state: 7)
    for _ in 0..<500 {
      var evaluator = Evaluator(
        root: .record(Self.record(Sample.item, &random)), documentTime: [.max, .min, 0].randomElement(using: &random)!)
      for plan in plans { _ = try? evaluator.value(plan) }
      #expect(evaluator.frames.count == 1)
    }
  }

  @Test func aParserNeverTraps() {
    let words = [
      "code", "lines", "[", "]", "(", ")", "/", "..", ".", "'x'", "12", "=", "<", "and", "or", "-", "*", "+", "concat", ",", "position",
      "@", "é", "\"",
    ]
    var random = Random(state: 3)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in words.randomElement(using: &random)! }.joined(separator: " ")
      _ = Sample.result(of: text)
    }
  }
}
