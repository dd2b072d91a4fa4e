import CDR
import GIOPCore
import Testing

// Octets written by hand from CORBA 3.3, part 2, chapter 9.
@Suite struct MessageVectors {
  struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: String
    let write: @Sendable (inout CDREncoder) -> Void
    var testDescription: String { name }
  }

  static let big10 = WireFormat(byteOrder: .bigEndian, version: .giop10)
  static let big11 = WireFormat(byteOrder: .bigEndian, version: .giop11)
  static let big12 = WireFormat(byteOrder: .bigEndian, version: .giop12)
  static let little12 = WireFormat(byteOrder: .littleEndian, version: .giop12)

  static let vectors: [Vector] = [
    Vector(
      name: "request 1.2 without arguments",
      expected: "47494f50 01020000 00000020 00000007 03000000 0000 0000 00000002 6162 0000"
        + "00000004 6e6f7000 00000000"
    ) {
      $0.endMessage($0.beginRequest(7, .key(Array("ab".utf8)), operation: "nop", format: big12))
    },
    Vector(
      name: "request 1.2 with an argument at a multiple of 8",
      expected: "47494f50 01020100 25000000 07000000 03000000 0000 0000"
        + "02000000 6162 0000 04000000 6e6f7000 00000000 00000000 05"
    ) {
      let message = $0.beginRequest(7, .key(Array("ab".utf8)), operation: "nop", format: little12)
      $0.encode(5 as UInt8)
      $0.endMessage(message)
    },
    Vector(
      name: "oneway request 1.2 with a code set context",
      expected: "47494f50 01020000 00000030 00000007 00000000 0000 0000 00000000"
        + "00000004 6e6f7000 00000001 00000001 0000000c 00000000 05010001 00010109"
    ) {
      let context = TransmissionCodeSets(char: .utf8, hasWideCharacters: true).serviceContext(byteOrder: .bigEndian)
      $0.endMessage($0.beginRequest(7, .key([]), operation: "nop", responseFlags: .none, serviceContexts: [context], format: big12))
    },
    Vector(
      name: "request 1.1",
      expected: "47494f50 01010000 00000024 00000000 00000007 01 000000 00000002 6162 0000 00000004 6e6f7000"
        + "00000000 05 000000"
    ) {
      let message = $0.beginRequest(7, .key(Array("ab".utf8)), operation: "nop", format: big11)
      for octet in [5, 0, 0, 0] as [UInt8] { $0.encode(octet) }
      $0.endMessage(message)
    },
    Vector(
      name: "request 1.0",
      expected: "47494f50 01000000 00000024 00000000 00000007 00 000000 00000002 6162 0000 00000004 6e6f7000"
        + "00000000 00000009"
    ) {
      let message = $0.beginRequest(7, .key(Array("ab".utf8)), operation: "nop", responseFlags: .none, format: big10)
      $0.encode(9 as UInt32)
      $0.endMessage(message)
    },
    Vector(
      name: "request 1.2 by profile",
      expected: "47494f50 01020000 00000024 00000007 03000000 0001 0000 00000005 00000003 090807 00"
        + "00000004 6e6f7000 00000000"
    ) {
      let target = TargetAddress.profile(TaggedProfile(tag: 5, data: [9, 8, 7]))
      $0.endMessage($0.beginRequest(7, target, operation: "nop", format: big12))
    },
    Vector(name: "reply 1.2 without result", expected: "47494f50 01020001 0000000c 00000007 00000000 00000000") {
      $0.endMessage($0.beginReply(to: 7, format: big12))
    },
    Vector(name: "reply 1.2 with a user exception", expected: "47494f50 01020101 14000000 07000000 01000000 00000000 03000000 583a3100") {
      let message = $0.beginReply(to: 7, status: .userException, format: little12)
      $0.encode(3 as UInt32)
      for octet in Array("X:1\0".utf8) { $0.encode(octet) }
      $0.endMessage(message)
    },
    Vector(name: "reply 1.0", expected: "47494f50 01000001 0000000d 00000000 00000007 00000000 01") {
      let message = $0.beginReply(to: 7, format: big10)
      $0.encode(true)
      $0.endMessage(message)
    },
    Vector(
      name: "reply 1.2 with a system exception",
      expected: "47494f50 01020001 00000038 00000007 00000002 00000000 0000001e"
        + "49444c3a6f6d672e6f72672f434f5242412f4d41525348414c3a312e3000 0000 4f4d0005 00000001"
    ) {
      let exception = SystemExceptionBody(.marshal, minor: .wideCharactersInGIOP10Request, completed: .no)
      $0.encodeReply(to: 7, systemException: exception, format: big12)
    },
    Vector(name: "reply 1.2 that forwards", expected: "47494f50 01020001 00000018 00000007 00000004 00000000 00000001 00 000000 00000000") {
      $0.encodeReply(to: 7, forward: .null, permanently: true, format: big12)
    },
    Vector(
      name: "reply 1.0 that forwards for good becomes a plain forward",
      expected: "47494f50 01000001 00000018 00000000 00000007"
        + "00000003 00000001 00 000000 00000000"
    ) {
      $0.encodeReply(to: 7, forward: .null, permanently: true, format: big10)
    },
    Vector(name: "reply 1.2 that asks for the profile", expected: "47494f50 01020001 0000000e 00000007 00000005 00000000 0001") {
      $0.encodeReply(to: 7, needs: .profile, format: big12)
    },
    Vector(name: "locate request 1.0", expected: "47494f50 01000003 0000000a 00000007 00000002 6162") {
      $0.encodeLocateRequest(7, .key(Array("ab".utf8)), format: big10)
    },
    Vector(name: "locate request 1.2", expected: "47494f50 01020003 0000000e 00000007 0000 0000 00000002 6162") {
      $0.encodeLocateRequest(7, .key(Array("ab".utf8)), format: big12)
    },
    Vector(name: "locate reply", expected: "47494f50 01020004 00000008 00000007 00000001") {
      $0.encodeLocateReply(to: 7, .objectHere, format: big12)
    },
    Vector(
      name: "locate reply that forwards, its body not aligned to 8",
      expected: "47494f50 01020004 00000014 00000007 00000002 00000001"
        + "00 000000 00000000"
    ) {
      $0.encodeLocateReply(to: 7, .forward(.null, permanently: false), format: big12)
    },
    Vector(name: "cancel request", expected: "47494f50 01020102 04000000 07000000") { $0.encodeCancelRequest(7, format: little12) },
    Vector(name: "close connection", expected: "47494f50 01000105 00000000") { $0.encodeCloseConnection(version: .giop10) },
    Vector(name: "message error", expected: "47494f50 01020106 00000000") { $0.encodeMessageError() },
  ]

  @Test(arguments: vectors) func areWrittenAsTheSpecificationSays(_ vector: Vector) {
    #expect(hex(written(vector.write)) == hex(octets(vector.expected)))
  }

  @Test func standOneBehindTheOtherInOneEncoder() {
    var together = CDREncoder()
    for vector in Self.vectors { vector.write(&together) }
    #expect(hex(together.array) == Self.vectors.map { hex(octets($0.expected)) }.joined())
  }

  @Test func areTakenBackWithoutATrace() {
    var encoder = CDREncoder()
    encoder.encodeCloseConnection(version: .giop12)
    let before = encoder.array
    let message = encoder.beginReply(to: 1, format: Self.big12)
    encoder.encode(1 as UInt64)
    encoder.abandonMessage(message)
    #expect(encoder.array == before)
  }
}
