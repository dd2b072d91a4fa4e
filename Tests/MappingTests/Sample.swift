import CDR

@testable import Mapping

/// The document that the manual's examples are about.
enum Sample {
  static let status = EnumerationType(id: "IDL:test/Status:1.0", name: "Status", enumerators: ["active", "inactive", "blocked"])
  static let line = RecordType(
    id: "IDL:test/Line:1.0", name: "Line",
    fields: [
      .init("code", .string(bound: 0)), .init("quantity", .fixed(digits: 9, scale: 3)), .init("note", .string(bound: 0)),
      .init("tags", .sequence(element: .string(bound: 0), bound: 0)),
    ])
  static let money = RecordType(
    id: "IDL:test/Money:1.0", name: "Money", fields: [.init("amount", .fixed(digits: 18, scale: 4)), .init("currency", .string(bound: 3))])
  static let item = RecordType(
    id: "IDL:test/Item:1.0", name: "Item",
    fields: [
      .init("code", .string(bound: 0)), .init("name", .string(bound: 0)), .init("remark", .string(bound: 0)), .init("rank", .long),
      .init("price", .alias(id: "", name: "Price", original: .fixed(digits: 9, scale: 2))), .init("active", .boolean),
      .init("discount", .optional(.fixed(digits: 5, scale: 2))), .init("weight", .string(bound: 0)), .init("since", .string(bound: 8)),
      .init("changed", .longLong), .init("status", .enumeration(status)), .init("factor", .double),
      .init("lines", .sequence(element: .record(line), bound: 0)), .init("list", .optional(.record(money))),
      .init("cost", .record(money)), .init("raw", .sequence(element: .octet, bound: 0)),
    ])

  static func number(_ text: String) -> Value { .decimal(DecimalNumber(text)!) }

  static func line(_ code: String, _ quantity: String, note: String = "", tags: [String] = []) -> Value {
    .record(Record(type: line, slots: [.text(code), number(quantity), .text(note), .list(tags.map(Value.text))]))
  }

  static func money(_ amount: String, _ currency: String) -> Value {
    .record(Record(type: money, slots: [number(amount), .text(currency)]))
  }

  static let document = Record(
    type: item,
    slots: [
      .text("A-100"), .text("Bolt, hex  M8"), .text(""), .integer(7), number("12.50"), .boolean(true), .absent, .text("0.350"),
      .text("20240229"), .integer(1_772_368_200_000_000), .enumerator("active"), .double(0.1),
      .list([line("L1", "4", note: "x", tags: ["a", "b"]), line("L2", "10", note: "y"), line("L3", "1", note: "z", tags: ["c"])]),
      .absent, money("9.1", "EUR"), .octets([1, 2]),
    ])

  /// 2 March 2026, 08:00 UTC.
  static let documentTime: Int64 = 1_772_438_400_000_000

  /// What an expression yields, or the code of its error, or what is wrong with it.
  static func result(of expression: String, in document: Record = document) -> String {
    switch ExpressionChecker.check(expression, in: .document(document.type)) {
    case .failure(let faults):
      return faults.list.map { "\($0.offset): \($0.message)\($0.hint.isEmpty ? "" : " | " + $0.hint)" }.joined(separator: "\n")
    case .success(let checked):
      var evaluator = Evaluator(root: .record(document), documentTime: documentTime)
      do {
        let value = try evaluator.value(checked.plan)
        if case .decimal(let number) = value { return number.description }
        return value.plainText
      } catch {
        return error.code.rawValue
      }
    }
  }
}
