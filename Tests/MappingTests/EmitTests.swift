import CDR
import Identity
import Testing

@testable import Mapping

/// What an item is about, records for each node of a path, and the text of elements that are records.
@Suite struct EmitTests {
  private static let text = TypeCode.optional(.string(bound: 0))
  private static let price = RecordType(
    id: "xml:shop:list/line/price", name: "price", fields: [.init("@currency", text), .init("text", text)])
  private static let line = RecordType(
    id: "xml:shop:list/line", name: "line", fields: [.init("sku", text), .init("price", .optional(.record(price)))])
  private static let list = RecordType(
    id: "xml:shop:list", name: "list", fields: [.init("no", text), .init("line", .sequence(element: .record(line), bound: 0))])
  private static let thing = RecordType(
    id: "IDL:test/Thing:1.0", name: "Thing",
    fields: [.init("id", .string(bound: 0)), .init("name", .string(bound: 0)), .init("amount", .optional(.fixed(digits: 9, scale: 2)))])

  private static let types: DialectRegistry = {
    var types = DialectRegistry()
    types.register(list, dialect: "shop")
    types.register(thing)
    return types
  }()

  private static func document(_ lines: (sku: String, price: String?)...) -> Record {
    let lines = lines.map { sku, amount in
      Value.record(
        Record(
          type: line,
          slots: [.text(sku), amount.map { .record(Record(type: price, slots: [.text("EUR"), .text($0)])) } ?? .absent]))
    }
    return Record(type: list, slots: [.text("17"), .list(lines)])
  }

  private static func emit(
    _ entity: String, id: String, name: String, forEach: String? = nil, when: String? = nil, subject: String? = nil, amount: String? = nil
  ) -> MappingDefinition.Emit {
    var instructions = [Fixture.set("name", from: name)]
    if let amount { instructions.append(Fixture.set("amount", from: amount, as: "decimal")) }
    return MappingDefinition.Emit(
      to: SourceText("Thing"), when: when.map { SourceText($0) },
      identity: MappingDefinition.Identity(entity: SourceText(entity), from: SourceText(id), field: SourceText("id")),
      instructions: instructions, forEach: forEach.map { SourceText($0) }, subject: subject.map { SourceText($0) })
  }

  private static func plan(_ emits: MappingDefinition.Emit...) -> (plan: MappingPlan?, diagnostics: [MappingDiagnostic]) {
    MappingPlan.checking(
      MappingDefinition(name: SourceText("m"), from: SourceText("shop:list"), emits: emits), types: types)
  }

  private static func subject(_ document: Record, _ emits: MappingDefinition.Emit...) throws -> String {
    let found = MappingPlan.checking(
      MappingDefinition(name: SourceText("m"), from: SourceText("shop:list"), emits: emits), types: types)
    let outcome = try #require(found.plan).run(document, in: MappingContext(documentTime: 0))
    return outcome.items[outcome.subject].identity.sourceID
  }

  @Test func anItemIsAboutItsLastRecordOrTheDeclaredOne() throws {
    let (a, b) = (Self.emit("A", id: "'a'", name: "no"), Self.emit("B", id: "'b'", name: "no"))
    let lines = Self.emit("L", id: "sku", name: "sku", forEach: "line")
    let declared = Self.emit("A", id: "'a'", name: "no", subject: "true")
    let seldom = Self.emit("S", id: "'s'", name: "no", when: "no = '18'", subject: "true")
    let document = Self.document(("x", "1"), ("y", "2"))
    #expect(try Self.subject(document, a, b) == "b")
    #expect(try Self.subject(document, declared, b) == "a")
    #expect(try Self.subject(document, seldom, a, b) == "b", "what is declared made no record")
    #expect(try Self.subject(document, seldom, declared, b) == "a")
    #expect(try Self.subject(document, a, lines) == "a", "a line is what the document is about only where there is nothing else")
    #expect(try Self.subject(document, lines) == "y")
  }

  @Test func aNameThatChangesFromMessageToMessageIsWarnedOf() throws {
    let (a, b) = (Self.emit("A", id: "'a'", name: "no"), Self.emit("B", id: "'b'", name: "no", when: "no = '1'"))
    let warned = Self.plan(a, b).diagnostics
    #expect(warned.map(\.severity) == [.warning] && warned[0].hint.contains("subject="))
    #expect(Self.plan(Self.emit("A", id: "'a'", name: "no", subject: "true"), b).diagnostics.isEmpty)
    #expect(Self.plan(b, a).diagnostics.isEmpty)
  }

  @Test func aRecordIsMadeForEachNode() throws {
    let lines = Self.emit(
      "L", id: "concat(/no, '/', sku)", name: "string(position())", forEach: "line[sku != 'y']", when: "sku != 'z'", amount: "price")
    let plan = try #require(Self.plan(lines).plan)
    let outcome = plan.run(Self.document(("x", "1.5"), ("y", nil), ("z", "9"), ("w", nil)), in: MappingContext(documentTime: 0))
    #expect(outcome.problems.isEmpty, "\(outcome.problems)")
    #expect(outcome.items.map(\.identity.sourceID) == ["17/x", "17/w"])
    #expect(outcome.items.map { $0.record["name"] } == [.text("1"), .text("3")])
    #expect(outcome.items.map { $0.record["amount"] } == [.decimal(DecimalNumber("1.50")!), .absent])
  }

  @Test func moreRecordsThanAreBoundedRefuseTheItem() throws {
    let lines = Self.emit("L", id: "sku", name: "sku", forEach: "line")
    let one = Self.document(("x", nil)).slots[1]
    guard case .list(let values) = one else { return }
    let document = Record(type: Self.list, slots: [.text("17"), .list(Array(repeating: values[0], count: 10_001))])
    let outcome = try #require(Self.plan(lines).plan).run(document, in: MappingContext(documentTime: 0))
    #expect(outcome.isRejected && outcome.items.isEmpty)
  }

  @Test func thePathToARecordOfADocumentIsItsText() throws {
    for (name, expected) in [
      ("line[1]/price", "1.5"), ("concat('=', line[1]/price, line[2]/price)", "=1.5"), ("string(sum(line/price) + 1)", "2.5"),
      ("if(line[price = '1.5']/sku = 'x', 'found', 'none')", "found"), ("string(count(line/price))", "1"),
    ] {
      let found = Self.plan(Self.emit("A", id: "no", name: name))
      let outcome = try #require(found.plan, "\(name): \(found.diagnostics)").run(
        Self.document(("x", "1.5"), ("y", nil)), in: MappingContext(documentTime: 0))
      #expect(outcome.items.first?.record["name"] == .text(expected), "\(name): \(outcome.problems)")
    }
    // A record of another kind has no text of its own.
    var types = DialectRegistry()
    let other = RecordType(id: "IDL:test/Price:1.0", name: "Price", fields: [.init("text", Self.text)])
    types.register(RecordType(id: "IDL:test/Item:1.0", name: "Item", fields: [.init("price", .record(other))]), dialect: "idl")
    types.register(Self.thing)
    let checked = MappingPlan.checking(
      MappingDefinition(name: SourceText("m"), from: SourceText("idl:Item"), emits: [Self.emit("A", id: "price/text", name: "price")]),
      types: types)
    #expect(checked.plan == nil && checked.diagnostics.map(\.code) == [.type])
  }
}
