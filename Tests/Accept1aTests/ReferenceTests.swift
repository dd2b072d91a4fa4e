import CDR
import ForeignORB
import ORBCore
import Testing

/// References inside structs: nil and not, typed and of type Object.
@Suite struct ReferenceTests {
  /// A reference whose profile is opaque to all but its creator.
  private func reference() throws -> String {
    var encoder = CDREncoder(format: WireFormat(byteOrder: .bigEndian))
    encoder.encode(0 as UInt8)
    try encoder.encode("IDL:tessera.test/Accept/Thing:1.0")
    encoder.encode(1 as UInt32)
    encoder.encode(0 as UInt32)
    try encoder.encapsulate { (encoder) throws(CDRError) in
      encoder.encode(1 as UInt8)
      encoder.encode(2 as UInt8)
      try encoder.encode("127.0.0.1")
      encoder.encode(2809 as UInt16)
      encoder.encode(octets: [1, 2, 3])
      encoder.encode(0 as UInt32)
    }
    return "IOR:" + encoder.array.hexadecimal
  }

  @Test(arguments: [ByteOrder.bigEndian, .littleEndian]) func bytesAreThoseOfOmniORB(_ order: ByteOrder) async throws {
    let oracle = try await WireTests.oracle.value
    let text = try reference()
    let thing = Accept.Thing(unchecked: try ObjectRef(stringified: text))
    let value = Accept.References(first: 1, it: thing, other: nil, more: [nil, thing], last: 2)
    let json: JSON = ["first": 1, "it": .string(text), "other": nil, "more": [nil, .string(text)], "last": 2]
    let theirs = try await oracle.marshal("Accept::References", json, littleEndian: order == .littleEndian)
    var encoder = CDREncoder(format: WireFormat(byteOrder: order))
    try value.encode(into: &encoder)
    #expect(encoder.array == theirs)
    var decoder = CDRDecoder(theirs.span.bytes, format: WireFormat(byteOrder: order))
    #expect(try Accept.References(from: &decoder) == value)
    // omniORB writes the text of a reference in its own byte order; what it says is the same.
    let read = try await oracle.unmarshal("Accept::References", theirs, littleEndian: order == .littleEndian)
    #expect(try ObjectRef(stringified: try #require(read["it"]?.string)) == thing.objectRef)
    #expect(try ObjectRef(stringified: try #require(read["more"]?[1]?.string)) == thing.objectRef)
    #expect(read["other"] == .null && read["more"]?[0] == .null && read["last"] == 2)
  }

  @Test func recordsCarryReferencesAsText() throws {
    let thing = Accept.Thing(unchecked: try ObjectRef(stringified: try reference()))
    let value = Accept.References(first: 1, it: thing, other: nil, more: [nil, thing], last: 2)
    let text = thing.objectRef.stringified
    #expect(value.record.slots[1...3] == [.text(text), .absent, .list([.absent, .text(text)])])
    #expect(try Accept.References(record: value.record) == value)
  }
}
