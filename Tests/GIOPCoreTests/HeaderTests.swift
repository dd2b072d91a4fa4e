import CDR
import GIOPCore
import Testing

@Test func aHeaderNeedsTwelveOctets() throws {
  let octets: [UInt8] = Array("GIOP".utf8) + [1, 2, 1, 0, 8, 0, 0]
  #expect(try GIOPHeader.parse(octets.span.bytes, limit: 100) == nil)
}
