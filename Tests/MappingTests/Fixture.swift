import CDR
import Identity

@testable import Mapping

/// A small canonical model and the dialect of an ERP, with mappings written in code.
enum Fixture {
  static let packaging = RecordType(
    id: "IDL:test/Packaging:1.0", name: "Packaging",
    fields: [
      .init("code", .string(bound: 0)), .init("number", .long), .init("unitsPerPackage", .fixed(digits: 18, scale: 6)),
      .init("unit", .optional(.string(bound: 0))), .init("of", .string(bound: 0)),
    ])
  static let product = RecordType(
    id: "IDL:test/Product:1.0", name: "Product",
    fields: [
      .init("id", .string(bound: 0)), .init("code", .string(bound: 20)), .init("name", .string(bound: 0)), .init("unit", .string(bound: 0)),
      .init("category", .optional(.string(bound: 0))), .init("listPrice", .optional(.record(Sample.money))),
      .init("status", .enumeration(Sample.status)), .init("serialised", .boolean), .init("description", .optional(.string(bound: 0))),
      .init("packagings", .sequence(element: .record(packaging), bound: 3)),
      .init("labels", .sequence(element: .string(bound: 0), bound: 0)),
      .init("weight", .optional(.fixed(digits: 9, scale: 3))), .init("rank", .short),
    ])
  static let entry = RecordType(
    id: "urn:u8:entry", name: "entry",
    fields: [.init("unit_code", .string(bound: 0)), .init("rate", .string(bound: 0)), .init("unit", .string(bound: 0))])
  static let body = RecordType(id: "urn:u8:body", name: "body", fields: [.init("entry", .sequence(element: .record(entry), bound: 0))])
  static let header = RecordType(
    id: "urn:u8:header", name: "header",
    fields: ["code", "name", "main_measure", "sort_code", "ref_sale_price", "currency", "end_date", "remark", "serial", "weight"].map {
      .init($0, .string(bound: 0))
    })
  static let inventory = RecordType(
    id: "urn:u8:inventory", name: "inventory", fields: [.init("header", .record(header)), .init("body", .record(body))])

  static let registry: DialectRegistry = {
    var registry = DialectRegistry()
    registry.register([product, packaging, Sample.item])
    registry.register([inventory, entry, body, header], dialect: "u8")
    registry.declare(entities: ["Product", "Category", "Unit"])
    return registry
  }()

  static let valueMaps = ValueMapSet([
    try! ValueMap(
      name: "units", columns: [.init("canonical"), .init("u8")], rows: [.init(["piece", "PCS"]), .init(["kilogram", "KG"])])
  ])

  static let context = MappingContext(valueMaps: valueMaps, documentTime: Sample.documentTime)

  static func document(_ header: [String: String] = [:], entries: [(String, String, String)] = []) -> Record {
    let defaults = ["code": "100", "name": "Bolt", "main_measure": "PCS", "ref_sale_price": "1.5", "currency": "CNY", "serial": "1"]
    let values = Self.header.fields.map { Value.text(header[$0.name] ?? defaults[$0.name] ?? "") }
    let entries = entries.map { Value.record(Record(type: entry, slots: [.text($0.0), .text($0.1), .text($0.2)])) }
    return Record(
      type: inventory,
      slots: [.record(Record(type: Self.header, slots: values)), .record(Record(type: body, slots: [.list(entries)]))])
  }

  static func set(
    _ field: String, from: String? = nil, value: String? = nil, table: String? = nil, idOf: String? = nil, as conversion: String? = nil,
    scale: String? = nil, round: String? = nil, when: String? = nil, otherwise: String? = nil, unmapped: String? = nil,
    default defaultValue: String? = nil, write: String? = nil
  ) -> MappingDefinition.Instruction {
    func text(_ text: String?) -> SourceText? { text.map { SourceText($0, at: SourcePlace(file: "m.xml", line: 7, column: 1)) } }
    var assignment = MappingDefinition.Assignment(
      field: text(field)!, from: text(from), value: text(value), place: SourcePlace(file: "m.xml", line: 7, column: 1))
    assignment.table = text(table)
    assignment.idOf = text(idOf)
    assignment.conversion = text(conversion)
    assignment.scale = text(scale)
    assignment.round = text(round)
    assignment.when = text(when)
    assignment.otherwise = text(otherwise)
    assignment.unmapped = text(unmapped)
    assignment.defaultValue = text(defaultValue)
    assignment.write = text(write)
    return .set(assignment)
  }

  static func forEach(
    _ field: String, in nodes: String, when: String? = nil, _ instructions: MappingDefinition.Instruction...
  ) -> MappingDefinition.Instruction {
    .forEach(
      MappingDefinition.ForEach(
        field: SourceText(field), nodes: SourceText(nodes), when: when.map { SourceText($0) }, instructions: instructions))
  }

  static func require(_ condition: String, else otherwise: String = "reject", code: String = "BROKEN") -> MappingDefinition.Requirement {
    .init(condition: SourceText(condition), otherwise: SourceText(otherwise), code: SourceText(code))
  }

  /// All that a product needs.
  static let needed: [String: MappingDefinition.Instruction] = [
    "code": set("code", from: "header/code"), "name": set("name", from: "normalize-space(header/name)"),
    "unit": set("unit", from: "header/main_measure", table: "units"),
    "status": set("status", value: "inactive", when: "header/end_date != ''", otherwise: "active"),
    "serialised": set("serialised", from: "header/serial", as: "boolean"), "rank": set("rank", value: "1"),
  ]

  /// A mapping of an inventory to a product; the instructions given take the place of those that a product needs.
  static func definition(
    _ instructions: [MappingDefinition.Instruction], requirements: [MappingDefinition.Requirement] = [], without: [String] = []
  ) -> MappingDefinition {
    func field(_ instruction: MappingDefinition.Instruction) -> String {
      switch instruction {
      case .set(let assignment): assignment.field.text
      case .forEach(let loop): loop.field.text
      }
    }
    let given = instructions.map(field) + without
    let kept = needed.keys.sorted().filter { !given.contains($0) }.compactMap { needed[$0] }
    let key = MappingDefinition.Key(field: SourceText("code"), from: SourceText("header/code"))
    let proposal = MappingDefinition.Key(field: SourceText("name"), from: SourceText("header/name"))
    let identity = MappingDefinition.Identity(
      entity: SourceText("Product"), from: SourceText("header/code"), field: SourceText("id"), matches: [key], proposals: [proposal])
    let emit = MappingDefinition.Emit(
      to: SourceText("Product"), identity: identity, instructions: kept + instructions, requirements: requirements)
    return MappingDefinition(name: SourceText("u8-inventory"), from: SourceText("u8:inventory"), emits: [emit], contentHash: "h")
  }

  static func plan(_ instructions: [MappingDefinition.Instruction], requirements: [MappingDefinition.Requirement] = []) throws
    -> MappingPlan
  {
    let (plan, diagnostics) = MappingPlan.checking(
      definition(instructions, requirements: requirements), types: registry, valueMaps: valueMaps)
    if let first = diagnostics.first { throw first }
    return plan!
  }

  /// What is wrong with instructions.
  static func diagnostics(
    _ instructions: [MappingDefinition.Instruction], requirements: [MappingDefinition.Requirement] = [], without: [String] = []
  ) -> [String] {
    MappingPlan.checking(
      definition(instructions, requirements: requirements, without: without), types: registry, valueMaps: valueMaps
    ).diagnostics.map { "\($0.code): \($0.message)\($0.hint.isEmpty ? "" : " | " + $0.hint)" }
  }

  static func run(_ instructions: [MappingDefinition.Instruction], on document: Record) throws -> MappingOutcome {
    try plan(instructions).run(document, in: context)
  }

  /// The field of the only item, or its problem.
  static func value(
    of field: String, _ instructions: [MappingDefinition.Instruction], _ header: [String: String] = [:],
    entries: [(String, String, String)] = []
  ) throws -> String {
    let outcome = try run(instructions, on: document(header, entries: entries))
    if let problem = outcome.problems.first { return "\(problem.code) \(problem.field)" }
    return outcome.items[0].record[field].map(describe) ?? "no field"
  }

  static func describe(_ value: Value) -> String {
    switch value {
    case .absent: "-"
    case .list(let values): "[" + values.map(describe).joined(separator: ", ") + "]"
    case .record(let record): "(" + record.slots.map(describe).joined(separator: " ") + ")"
    default: value.plainText
    }
  }
}
