import CDR
import GIOPCore
import Testing

@Suite struct Fragments {
  static let limits = GIOPLimits(messageSize: 1000, partialMessages: 2, partialBytes: 1500)

  private func header(_ octets: [UInt8]) throws -> GIOPHeader {
    try #require(try GIOPHeader.parse(octets.span.bytes, limit: 1 << 20))
  }

  @Test(arguments: everyFormat.filter { $0.version >= .giop11 }, [8, 16, 24, 400])
  func makeTheMessageTheyWereCutFrom(_ format: WireFormat, _ each: Int) throws {
    let whole = request(5, "push", arguments: (0..<300).map { UInt8(truncatingIfNeeded: $0) }, format: format)
    let parts = fragments(of: whole, first: 64, each: each)
    var reassembler = Reassembler()
    let first = parts[0]
    try reassembler.begin(first.span.bytes, header(first))
    for part in parts[1..<(parts.count - 1)] {
      let unfinished = try reassembler.append(part.span.bytes, header(part))
      #expect(unfinished == nil)
    }
    #expect(reassembler.messageCount == 1 && reassembler.byteCount > 0)
    let last = parts[parts.count - 1]
    let finished = try reassembler.append(last.span.bytes, header(last))
    let message = try #require(finished)
    let nothing: [UInt8] = []
    let joined = copy(message.octets(in: nothing.span.bytes))
    #expect(joined == whole)
    #expect(message.isAssembled && message.header.messageSize == whole.count && !message.header.hasMoreFragments)
    #expect(reassembler.messageCount == 0 && reassembler.byteCount == 0)
  }

  @Test func ofSeveralMessagesMayBeMixed() {
    let first = request(1, "first", arguments: Array(repeating: 1, count: 100))
    let second = request(2, "second", arguments: Array(repeating: 2, count: 50))
    let a = fragments(of: first, first: 64, each: 40)
    let b = fragments(of: second, first: 56, each: 24)
    let server = ServerDriver()
    let small = request(3, "third")
    let trace = server.feed(a[0] + b[0] + small + a[1] + b[1] + b[2...].joined() + a[2...].joined())
    #expect(
      trace == [
        "dispatch 3 third key=010203 arguments=",
        "dispatch 2 second key=010203 arguments=\(hex(Array(repeating: 2, count: 50)))",
        "dispatch 1 first key=010203 arguments=\(hex(Array(repeating: 1, count: 100)))",
      ])
    #expect(server.partialByteCount == 0)
  }

  @Test func ofACancelledRequestAreForgotten() {
    let parts = fragments(of: request(1, "push", arguments: Array(repeating: 1, count: 100)), first: 64, each: 40)
    let server = ServerDriver()
    #expect(server.feed(parts[0] + parts[1]) == [])
    #expect(server.partialByteCount > 0)
    #expect(server.feed(written { $0.encodeCancelRequest(1, format: WireFormat()) }) == [])
    #expect(server.partialByteCount == 0)
    #expect(server.feed(parts[2]) == ["reject giop.fragment-without-beginning"])
  }

  @Test func withoutABeginningEndTheConnection() {
    let parts = fragments(of: request(1, "push", arguments: Array(repeating: 1, count: 100)), first: 64, each: 40)
    let server = ServerDriver()
    #expect(server.feed(parts[1]) == ["reject giop.fragment-without-beginning"])
    #expect(server.feed(request(2)) == [])
  }

  @Test func thatBeginTwiceEndTheConnection() {
    let parts = fragments(of: request(1, "push", arguments: Array(repeating: 1, count: 100)), first: 64, each: 40)
    let server = ServerDriver()
    #expect(server.feed(parts[0] + parts[0]) == ["reject giop.duplicate-request-id"])
  }

  @Test func ofGIOP11CannotBeMixed() {
    let format = WireFormat(version: .giop11)
    let a = fragments(of: request(1, arguments: Array(repeating: 1, count: 100), format: format), first: 64, each: 40)
    let b = fragments(of: request(2, arguments: Array(repeating: 1, count: 100), format: format), first: 64, each: 40)
    let server = ServerDriver()
    #expect(server.feed(a[0] + b[0]) == ["reject giop.duplicate-request-id"])
  }

  @Test func mustKeepTheByteOrderOfTheirMessage() {
    let little = WireFormat(byteOrder: .littleEndian)
    let big = WireFormat(byteOrder: .bigEndian)
    let a = fragments(of: request(1, arguments: Array(repeating: 1, count: 100), format: little), first: 64, each: 40)
    let b = fragments(of: request(1, arguments: Array(repeating: 1, count: 100), format: big), first: 64, each: 40)
    let server = ServerDriver()
    #expect(server.feed(a[0] + b[1]) == ["reject giop.malformed-message"])
  }

  @Test(arguments: [MessageType.cancelRequest]) func ofOtherMessagesDoNotExist(_ type: MessageType) {
    var octets = written { $0.encodeCancelRequest(1, format: WireFormat()) }
    octets[6] |= 2
    let server = ServerDriver()
    #expect(server.feed(octets) == ["reject giop.unexpected-message"])
  }

  @Test(arguments: [(1000, true), (1001, false)]) func stayWithinTheSizeOfAMessage(_ size: Int, _ fits: Bool) {
    let empty = request(1, "push", arguments: [1]).count - 1 - 12
    let whole = request(1, "push", arguments: Array(repeating: 1, count: size - empty))
    #expect(whole.count == size + 12)
    let server = ServerDriver(limits: Self.limits)
    let trace = server.feed(Array(fragments(of: whole, first: 512, each: 256).joined()))
    #expect(fits ? trace.first?.hasPrefix("dispatch 1") == true : trace == ["reject giop.message-too-large"])
  }

  @Test func stayWithinTheNumberOfMessages() {
    let server = ServerDriver(limits: Self.limits)
    for id in [1, 2] as [UInt32] {
      #expect(server.feed(fragments(of: request(id, arguments: Array(repeating: 1, count: 100)), first: 64, each: 40)[0]) == [])
    }
    let third = fragments(of: request(3, arguments: Array(repeating: 1, count: 100)), first: 64, each: 40)[0]
    #expect(server.feed(third) == ["reject giop.too-many-fragments"])
    #expect(server.partialByteCount == 0)
  }

  @Test(arguments: [(712, true), (720, false)]) func stayWithinTheOctetsOfAllMessages(_ second: Int, _ fits: Bool) {
    let server = ServerDriver(limits: Self.limits)
    let first = fragments(of: request(1, arguments: Array(repeating: 1, count: 900)), first: 784, each: 40)[0]
    let other = fragments(of: request(2, arguments: Array(repeating: 1, count: 900)), first: second, each: 40)[0]
    #expect(server.feed(first + other) == (fits ? [] : ["reject giop.too-many-fragments"]))
  }
}
