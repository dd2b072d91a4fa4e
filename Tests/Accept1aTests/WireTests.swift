import CDR
import ForeignORB
import Testing
import WireValues

/// Our bytes are omniORB's, and its bytes are read as what they mean, for every construct of the IDL slice.
@Suite struct WireTests {
  static let oracle = Task { try await CDROracle(idl: [repositoryPath("Tests/Accept1aTests/accept.idl")]) }

  @Test(arguments: subjects) func bytesAreThoseOfOmniORB(_ subject: Subject) async throws {
    let oracle = try await Self.oracle.value
    var random = RandomValues(seed: UInt64(subject.name.utf8.reduce(0) { $0 &* 31 &+ UInt($1) }))
    for _ in 0..<25 {
      let value = random.value(subject.typeCode)
      let json = oracleValue(value, subject.typeCode)
      for order in [ByteOrder.bigEndian, .littleEndian] {
        let format = WireFormat(byteOrder: order)
        let little = order == .littleEndian
        let theirs = try await oracle.marshal(subject.name, json, littleEndian: little)
        #expect(try subject.encode(value, format) == theirs, "typed, \(json)")
        #expect(try subject.encodeDynamically(value, format) == theirs, "dynamic, \(json)")
        // What is read from their bytes is the value that they were made from: it makes the same bytes again.
        #expect(try subject.encode(try subject.decode(theirs, format), format) == theirs)
        #expect(try subject.encodeDynamically(try subject.decodeDynamically(theirs, format), format) == theirs)
        #expect(oracleValue(try subject.decode(theirs, format), subject.typeCode) == json)
        #expect(oracleValue(try subject.decodeDynamically(theirs, format), subject.typeCode) == json)
        // And they read from our bytes what we wrote.
        #expect(try await oracle.unmarshal(subject.name, theirs, littleEndian: little) == json)
      }
    }
  }
}
