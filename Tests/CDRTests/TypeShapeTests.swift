import CDR
import Testing

@Suite("The shape of a stored record, and its fields by their names") struct TypeShapeTests {
  private static let text = TypeCode.optional(.string(bound: 0))
  private static let size = RecordType(id: "xml:shop:item/size", name: "size", fields: [.init("@unit", text), .init("text", text)])
  private static let state = EnumerationType(id: "IDL:shop/State:1.0", name: "State", enumerators: ["on", "off"])

  private static func item(_ fields: RecordType.Field...) -> RecordType { RecordType(id: "xml:shop:item", name: "item", fields: fields) }

  @Test("every type comes back from its shape as it was, but for aliases") func returns() throws {
    let tree = RecordType(
      id: "IDL:shop/Tree:1.0", name: "Tree",
      fields: [
        .init("below", .sequence(element: .recursive(id: "IDL:shop/Tree:1.0"), bound: 3)),
        .init("name \"in\\quotes\" 茶", .wstring(bound: 7)),
      ])
    let type = Self.item(
      .init("@a", Self.text), .init("b", .fixed(digits: 18, scale: 4)), .init("c", .enumeration(Self.state)),
      .init("d", .record(Self.size)),
      .init("e", .array(element: .octet, length: 4)), .init("f", .objectReference(id: "IDL:x:1.0", name: "x")), .init("g", .record(tree)),
      .init("h", .sequence(element: .record(Self.size), bound: 0)), .init("i", .longLong), .init("j", .boolean), .init("k", .double))
    let shape = TypeShape(type)
    let read = try shape.recordType()
    #expect(read == type)
    #expect(TypeShape(read) == shape && TypeShape(read).hash == shape.hash)
    #expect(try TypeShape(text: shape.text).recordType() === read, "types are never given back, so that one is enough")
    let alias = Self.item(.init("a", .alias(id: "IDL:y:1.0", name: "y", original: .string(bound: 9))))
    #expect(TypeShape(alias) == TypeShape(Self.item(.init("a", .string(bound: 9)))))
  }

  @Test(
    "what is no shape is refused",
    arguments: [
      "", "record", "record \"a", "record \"a\" \"b\" 1 \"c\"", "record \"a\" \"b\" 1 \"c\" strnig 0", "record \"a\" \"b\" -1", "long",
      "record \"a\" \"b\" 999999999", "record \"a\" \"b\" 0 more", String(repeating: "optional ", count: 300) + "long",
    ]) func refused(text: String)
  { #expect(throws: ShapeFault.self) { try TypeShape(text: text).recordType() } }

  @Test("fields in another order, more of them and less of them keep what they say") func byName() throws {
    let old = Self.item(.init("@name", Self.text), .init("@note", Self.text), .init("gone", Self.text))
    let new = Self.item(.init("@size", Self.text), .init("@note", Self.text), .init("count", .long), .init("@name", Self.text))
    let record = Record(type: old, slots: [.text("Anvil"), .text("heavy"), .text("x")])
    #expect(try record.reshaped(to: new) == Record(type: new, slots: [.absent, .text("heavy"), .absent, .text("Anvil")]))
    #expect(try record.reshaped(to: old) == record)
  }

  @Test("a text becomes the text of a record, one value a list, and the other way round") func kinds() throws {
    let plain = Self.item(.init("size", Self.text))
    let rich = Self.item(.init("size", .optional(.record(Self.size))))
    let many = Self.item(.init("size", .sequence(element: .record(Self.size), bound: 0)))
    let size = Value.record(Record(type: Self.size, slots: [.absent, .text("5")]))
    let cases: [(RecordType, Value, RecordType, Value)] = [
      (plain, .text("5"), rich, size), (rich, size, plain, .text("5")), (plain, .text("5"), many, .list([size])),
      (many, .list([size]), plain, .text("5")), (many, .list([]), rich, .absent), (plain, .absent, many, .list([])),
      (rich, .absent, plain, .absent),
    ]
    for (from, value, to, expected) in cases {
      #expect(try Record(type: from, slots: [value]).reshaped(to: to).slots == [expected], "\(value)")
    }
    #expect {
      try Record(type: many, slots: [.list([size, size])]).reshaped(to: rich)
    } throws: {
      "\($0)" == "size: 2 values were stored, and one is to stand there now"
    }
    let number = Self.item(.init("size", .long))
    #expect(throws: ReshapingFault.self) { try Record(type: plain, slots: [.text("5")]).reshaped(to: number) }
    #expect(throws: ReshapingFault.self) { try Record(type: number, slots: [.integer(5)]).reshaped(to: plain) }
  }
}
