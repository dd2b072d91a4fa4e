import CDR
import GIOPCore
import Testing

@Suite struct AClientsConnection {
  @Test(arguments: everyFormat) func findsTheSlotOfEveryReply(_ format: WireFormat) throws {
    let client = ClientDriver()
    let tickets = try (0..<3).map { _ in try client.beginRequest() }
    let locate = try client.beginLocateRequest()
    #expect(client.pendingRequests == 4)
    let answer = written { $0.encodeLocateReply(to: locate.requestID, .objectHere, format: format) }
    let trace = client.feed(
      reply(tickets[2].requestID, result: [7], format: format) + reply(tickets[0].requestID, format: format) + answer
        + reply(tickets[1].requestID, format: format))
    #expect(
      trace == [
        "reply slot=2 noException body=07", "reply slot=0 noException body=", "locateReply slot=3 objectHere",
        "reply slot=1 noException body=",
      ])
    #expect(client.pendingRequests == 0)
  }

  @Test func usesASlotAgainUnderAnotherID() throws {
    let client = ClientDriver()
    let first = try client.beginRequest()
    client.feed(reply(first.requestID))
    let second = try client.beginRequest()
    #expect(first.slot == second.slot && first.requestID != second.requestID)
    #expect(client.feed(reply(first.requestID)) == ["close giop.unknown-request-id unanswered=[0] completed=maybe MessageError"])
  }

  @Test func doesTheSameWhateverPiecesTheInputComesIn() throws {
    func stream(_ ids: [UInt32]) -> [UInt8] {
      let parts = fragments(of: reply(ids[1], result: Array(0..<200)), first: 64, each: 48)
      return reply(ids[0]) + parts[0] + reply(ids[2], result: [1], format: WireFormat(byteOrder: .bigEndian)) + parts[1...].joined()
        + written { $0.encodeCloseConnection(version: .giop12) } + reply(ids[3])
    }
    var expected: [String] = []
    for size in [10_000, 1, 2, 7, 13, 64] {
      let client = ClientDriver()
      let octets = stream(try (0..<5).map { _ in try client.beginRequest().requestID })
      for start in stride(from: 0, to: octets.count, by: size) { client.feed(Array(octets[start..<min(start + size, octets.count)])) }
      if size == 10_000 { expected = client.trace }
      #expect(client.trace == expected)
    }
    #expect(expected.count == 4 && expected.last == "close giop.closed-by-peer unanswered=[3, 4] completed=no")
  }

  @Test func mayRepeatWhatCloseConnectionLeavesUnanswered() throws {
    let client = ClientDriver()
    let tickets = try (0..<3).map { _ in try client.beginRequest() }
    let trace = client.feed(
      reply(tickets[1].requestID) + written { $0.encodeCloseConnection(version: .giop10) } + reply(tickets[0].requestID))
    #expect(trace == ["reply slot=1 noException body=", "close giop.closed-by-peer unanswered=[0, 2] completed=no"])
    #expect(!client.isOpen)
    #expect(throws: GIOPError.self) { try client.beginRequest() }
  }

  static let refused: [(name: String, octets: String, code: String, answers: Bool)] = [
    ("no GIOP", "00", "bad-magic", true),
    ("a request", "47494f50 01020100 00000000", "unexpected-message", true),
    ("a cancel request", "47494f50 01020102 04000000 00000000", "unexpected-message", true),
    ("a reply to nothing", "47494f50 01020101 0c000000 07000000 00000000 00000000", "unknown-request-id", true),
    ("a reply to a locate request", "47494f50 01020101 0c000000 01000000 00000000 00000000", "unexpected-message", true),
    ("a locate reply to a request", "47494f50 01020104 08000000 00000000 01000000", "unexpected-message", true),
    ("reply status 6", "47494f50 01020101 0c000000 00000000 06000000 00000000", "malformed-message", true),
    ("reply status 4 in GIOP 1.0", "47494f50 01000101 0c000000 00000000 00000000 04000000", "malformed-message", true),
    ("locate status 6", "47494f50 01020104 08000000 01000000 06000000", "malformed-message", true),
    ("a truncated reply", "47494f50 01020101 08000000 00000000 00000000", "malformed-message", true),
    ("a fragment of nothing", "47494f50 01020107 04000000 00000000", "fragment-without-beginning", true),
    ("message error", "47494f50 01020106 00000000", "peer-reported-error", false),
  ]

  @Test(arguments: refused) func hasADefinedAnswerToBadInput(_ name: String, _ octets: String, _ code: String, _ answers: Bool) throws {
    let client = ClientDriver()
    _ = try client.beginRequest()
    _ = try client.beginLocateRequest()
    let expected = "close giop.\(code) unanswered=[0, 1] completed=maybe" + (answers ? " MessageError" : "")
    #expect(client.feed(GIOPCoreTests.octets(octets)) == [expected], "\(name)")
    #expect(client.feed(reply(0)) == [], "nothing is done after the end")
  }

  @Test func passesOverTheAnswerThatNobodyWaitsFor() throws {
    let client = ClientDriver()
    let given = try client.beginRequest()
    let kept = try client.beginRequest()
    #expect(client.abandon(given.requestID))
    #expect(!client.abandon(given.requestID))
    #expect(client.pendingRequests == 1)
    #expect(client.feed(reply(given.requestID) + reply(kept.requestID)) == ["reply slot=1 noException body="])
    #expect(!client.abandon(kept.requestID))
    let next = try client.beginRequest()
    #expect(next.requestID != given.requestID && next.requestID != kept.requestID)
  }

  @Test func boundsUnansweredRequests() throws {
    let client = ClientDriver(limits: GIOPLimits(pendingRequests: 2))
    let first = try client.beginRequest()
    let second = try client.beginRequest()
    #expect(throws: GIOPError(.tooManyRequests, "2 requests are unanswered on one connection")) { try client.beginRequest() }
    _ = try client.beginRequest(expectsReply: false)
    // A server that honours CancelRequest never answers; its slots come back when they are needed.
    #expect(client.abandon(first.requestID))
    let third = try client.beginRequest()
    #expect(third.slot == first.slot)
    #expect(client.feed(reply(third.requestID) + reply(second.requestID)).count == 2)
  }

  @Test func givesOnewayCallsIDsOfTheirOwn() throws {
    let client = ClientDriver()
    var ids: Set<UInt32> = []
    for _ in 0..<100 {
      let oneway = try client.beginRequest(expectsReply: false)
      #expect(oneway.slot == nil)
      ids.insert(oneway.requestID)
      ids.insert(try client.beginRequest().requestID)
    }
    #expect(ids.count == 200 && client.pendingRequests == 100)
  }

  @Test func announcesItsCodeSetsOnce() throws {
    let sets = TransmissionCodeSets(char: .utf8, hasWideCharacters: true)
    let client = ClientDriver(codeSets: sets)
    let old = try client.beginRequest(version: .giop10)
    #expect(old.serviceContexts == [])
    let first = try client.beginRequest()
    #expect(first.serviceContexts == [sets.serviceContext()])
    client.withdraw(first)
    let again = try client.beginRequest(expectsReply: false, version: .giop11)
    #expect(again.serviceContexts == [sets.serviceContext()])
    #expect(try client.beginRequest().serviceContexts == [])
    #expect(client.pendingRequests == 2)
    #expect(client.format(.giop12).characterCodeSet == .utf8)
    #expect(client.format(.giop10).characterCodeSet == .latin1)
    let plain = ClientDriver()
    #expect(try plain.beginRequest().serviceContexts == [])
    #expect(plain.format(.giop12).characterCodeSet == .latin1)
  }

  @Test func failsEveryoneWhenTheConnectionIsLost() throws {
    let client = ClientDriver()
    for _ in 0..<3 { _ = try client.beginRequest() }
    client.feed(reply(1))
    let ending = client.connectionLost()
    #expect(ending.unanswered == [0, 2] && ending.completed == .maybe && !ending.sendsMessageError)
    #expect(client.connectionLost().unanswered == [])
  }
}
