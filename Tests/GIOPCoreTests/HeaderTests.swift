import CDR
import GIOPCore
import Testing

@Suite struct Headers {
  static let accepted: [(octets: String, header: GIOPHeader)] = [
    ("47494f50 01000000 00000005", GIOPHeader(type: .request, version: .giop10, byteOrder: .bigEndian, bodySize: 5)),
    ("47494f50 01010001 00000005", GIOPHeader(type: .reply, version: .giop11, byteOrder: .bigEndian, bodySize: 5)),
    ("47494f50 01020107 05000000", GIOPHeader(type: .fragment, version: .giop12, byteOrder: .littleEndian, bodySize: 5)),
    (
      "47494f50 01020300 64000000",
      GIOPHeader(type: .request, version: .giop12, byteOrder: .littleEndian, hasMoreFragments: true, bodySize: 100)
    ),
    // Bits that GIOP 1.2 reserves are ignored.
    ("47494f50 0102fd02 04000000", GIOPHeader(type: .cancelRequest, version: .giop12, byteOrder: .littleEndian, bodySize: 4)),
  ]

  @Test(arguments: accepted) func areRead(_ octets: String, _ expected: GIOPHeader) throws {
    let input = GIOPCoreTests.octets(octets)
    #expect(try GIOPHeader.parse(input.span.bytes, limit: 100) == expected)
    for length in 0..<12 { #expect(try GIOPHeader.parse(Array(input[..<length]).span.bytes, limit: 100) == nil) }
  }

  static let refused: [(octets: String, code: GIOPError.Code, message: String)] = [
    ("47494f51 01020000 00000000", .badMagic, "the message starts with 47 49 4f 51, not with 47 49 4f 50 (GIOP)"),
    ("474945", .badMagic, "the message starts with 47 49 45, not with 47 49 4f 50 (GIOP)"),
    ("16", .badMagic, "the message starts with 16, not with 47 49 4f 50 (GIOP)"),
    ("47494f50 01030000 00000000", .unsupportedVersion, "GIOP 1.3 is not one of 1.0, 1.1, 1.2"),
    ("47494f50 02000000 00000000", .unsupportedVersion, "GIOP 2.0 is not one of 1.0, 1.1, 1.2"),
    ("47494f50 01000200 00000000", .badFlags, "the byte order of GIOP 1.0 is 2, neither 0 nor 1"),
    ("47494f50 01000007 00000000", .unknownMessageType, "message type 7 does not exist in GIOP 1.0"),
    ("47494f50 01020008 00000000", .unknownMessageType, "message type 8 does not exist in GIOP 1.2"),
    ("47494f50 01020000 00000065", .messageTooLarge, "a request of 101 octets exceeds the limit of 100"),
    ("47494f50 01020101 ffffffff", .messageTooLarge, "a reply of 4294967295 octets exceeds the limit of 100"),
  ]

  @Test(arguments: refused) func areRefused(_ octets: String, _ code: GIOPError.Code, _ message: String) {
    let input = GIOPCoreTests.octets(octets)
    #expect(throws: GIOPError(code, message)) { try GIOPHeader.parse(input.span.bytes, limit: 100) }
  }
}
