import Testing

@testable import CDR

@Suite("Types of records live as long as the process, so they are made once") struct RecordTypeTests {
  private static let inner = RecordType(
    id: "IDL:Inner:1.0", name: "Inner",
    fields: [RecordType.Field("outers", .sequence(element: .recursive(id: "IDL:Outer:1.0"), bound: 0))])
  private static let outer = RecordType(
    id: "IDL:Outer:1.0", name: "Outer", fields: [RecordType.Field("inners", .sequence(element: .record(inner), bound: 0))])

  /// The type of the first record in the first slot.
  private func nested(_ record: Record) throws -> RecordType {
    guard case .list(let values) = record.slots[0], case .record(let first)? = values.first else {
      throw CDRError.mismatch("a list of records", record.slots[0])
    }
    return first.type
  }

  @Test("structs that contain one another are read with the same types each time") func mutual() throws {
    // One outer that holds one inner, which holds nothing.
    let octets: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
    let types = try (0..<2).map { _ in
      var decoder = CDRDecoder(octets.span.bytes, format: WireFormat(byteOrder: .littleEndian))
      return try nested(try decoder.decodeRecord(Self.outer))
    }
    #expect(types[0] === types[1])
    #expect(types[0].fields[0].type == .sequence(element: .record(Self.outer), bound: 0))
  }

  @Test("a record keeps a type that nobody else names") func kept() {
    func record() -> Record {
      Record(type: RecordType(id: "IDL:Alone:1.0", name: "Alone", fields: [RecordType.Field("field", .long)]), slots: [.integer(7)])
    }
    let record = record()
    #expect(record.type.name == "Alone")
    #expect(record["field"] == .integer(7))
  }
}
