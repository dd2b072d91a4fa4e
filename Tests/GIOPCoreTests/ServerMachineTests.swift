import CDR
import GIOPCore
import Testing

@Suite struct AServersConnection {
  private let nop = "key=010203 arguments="

  @Test(arguments: everyFormat) func handsOnEveryRequestOfABatchInPlace(_ format: WireFormat) {
    let server = ServerDriver()
    let locate = written { $0.encodeLocateRequest(3, .key([9]), format: format) }
    let trace = server.feed(request(1, format: format) + request(2, arguments: [5], format: format) + locate)
    #expect(trace == ["dispatch 1 nop \(nop)", "dispatch 2 nop \(nop)05", "locate 3 key=09"])
  }

  @Test func doesTheSameWhateverPiecesTheInputComesIn() {
    let parts = fragments(of: request(4, "push", arguments: Array(0..<200)), first: 64, each: 48)
    let stream: [UInt8] =
      request(1) + request(2, arguments: [1, 2, 3]) + parts[0] + request(3, flags: .none) + parts[1...].joined()
      + written { $0.encodeLocateRequest(5, .key([1]), format: WireFormat(version: .giop10)) }
      + written { $0.encodeCancelRequest(9, format: WireFormat()) } + request(6, format: WireFormat(byteOrder: .bigEndian))
      + written { $0.encodeMessageError() } + request(7)
    let whole = ServerDriver()
    let expected = whole.feed(stream)
    #expect(expected.count == 7)
    for size in [1, 2, 7, 13, 64] {
      let server = ServerDriver()
      for start in stride(from: 0, to: stream.count, by: size) { server.feed(Array(stream[start..<min(start + size, stream.count)])) }
      #expect(server.trace == expected)
    }
  }

  @Test func saysHowMuchItWaitsFor() throws {
    let octets = request(1, arguments: Array(repeating: 1, count: 100))
    var machine = ServerConnectionMachine()
    for (length, expected) in [(1, 12), (11, 12), (12, octets.count), (100, octets.count)] {
      let start = Array(octets[..<length])
      guard case .needsMore(let total) = machine.receive(start.span.bytes).action else { throw Unexpected() }
      #expect(total == expected)
    }
  }

  static let refused: [(name: String, octets: String, answer: String)] = [
    ("no GIOP", "485454502f312e31", "reject giop.bad-magic"),
    ("GIOP 1.3", "47494f50 01030100 00000000", "reject giop.unsupported-version"),
    ("message type 8", "47494f50 01020108 00000000", "reject giop.unknown-message-type"),
    ("100 MB", "47494f50 01020100 00e1f505", "reject giop.message-too-large"),
    ("a reply", "47494f50 01020101 0c000000 01000000 00000000 00000000", "reject giop.unexpected-message"),
    ("a locate reply", "47494f50 01020104 08000000 01000000 01000000", "reject giop.unexpected-message"),
    ("an empty request", "47494f50 01020100 00000000", "reject giop.malformed-message"),
    ("an empty locate request", "47494f50 01020103 00000000", "reject giop.malformed-message"),
    ("an empty cancel request", "47494f50 01020102 00000000", "reject giop.malformed-message"),
    ("a fragment without a request id", "47494f50 01020107 02000000 0000", "reject giop.malformed-message"),
    (
      "a key longer than the message", "47494f50 01020100 14000000 01000000 03000000 0000 0000 ffffffff 00000000",
      "reject giop.malformed-message"
    ),
    (
      "addressing mode 3", "47494f50 01020100 14000000 01000000 03000000 0300 0000 00000000 00000000",
      "reject giop.malformed-message"
    ),
    (
      "more service contexts than octets", "47494f50 01000100 0c000000 ffffff7f 00000000 00000000",
      "reject giop.malformed-message"
    ),
    ("message error", "47494f50 01020106 00000000", "close giop.peer-reported-error"),
    ("close connection", "47494f50 01020105 00000000", "close giop.closed-by-peer"),
    ("message error that states a size", "47494f50 01020106 00000001", "close giop.peer-reported-error"),
  ]

  @Test(arguments: refused) func hasADefinedAnswerToBadInput(_ name: String, _ octets: String, _ answer: String) {
    let server = ServerDriver()
    #expect(server.feed(GIOPCoreTests.octets(octets)) == [answer], "\(name)")
    #expect(server.feed(request(1)) == [], "nothing is done after the end")
  }

  @Test func waitsForNoMoreThanTheLimit() {
    let server = ServerDriver(limits: GIOPLimits(messageSize: 100))
    let header = octets("47494f50 01020100 64000000")
    #expect(server.feed(header) == [])
    let other = ServerDriver(limits: GIOPLimits(messageSize: 99))
    #expect(other.feed(header) == ["reject giop.message-too-large"])
  }

  @Test func answersTransientAboveTheRequestsInFlight() {
    let server = ServerDriver(limits: GIOPLimits(requestsInFlight: 2), finishesAtOnce: false)
    let trace = server.feed(request(1) + request(2) + request(3) + request(4, flags: .none))
    #expect(
      trace == ["dispatch 1 nop \(nop)", "dispatch 2 nop \(nop)", "answer 3 TRANSIENT 1 no", "discard 4 TRANSIENT"])
    #expect(server.requestsInFlight == 2)
    server.finished(1)
    #expect(server.feed(request(5)) == ["dispatch 5 nop \(nop)"])
  }

  @Test func refusesARequestIDThatIsInUse() {
    let server = ServerDriver(finishesAtOnce: false)
    #expect(server.feed(request(1) + request(1)) == ["dispatch 1 nop \(nop)", "reject giop.duplicate-request-id"])
    let finishing = ServerDriver()
    #expect(finishing.feed(request(1) + request(1)).count == 2)
  }

  @Test func passesCancellationOnForWhatStillRuns() {
    let server = ServerDriver(finishesAtOnce: false)
    server.feed(request(1) + request(2))
    server.finished(1)
    let cancel = [1, 2, 3].map { id in written { $0.encodeCancelRequest(id, format: WireFormat(byteOrder: .bigEndian)) } }
    #expect(server.feed(Array(cancel.joined())) == ["cancel 2"])
  }

  @Test func drainsBeforeItCloses() {
    let server = ServerDriver(finishesAtOnce: false)
    server.feed(request(1) + request(2))
    #expect(!server.drain())
    #expect(
      server.feed(request(3) + written { $0.encodeLocateRequest(4, .key([]), format: WireFormat()) }) == [
        "discard 3 TRANSIENT", "discard 4 TRANSIENT",
      ])
    #expect(!server.finished(2))
    #expect(server.finished(1))
    #expect(server.feed(request(5)) == [], "a request behind CloseConnection is left unanswered; the client sends it again")
    #expect(!server.finished(1))

    let idle = ServerDriver()
    #expect(idle.drain())
    #expect(!idle.drain())
  }

  @Test func namesWhatStillRunsWhenTheConnectionIsLost() {
    let server = ServerDriver(finishesAtOnce: false)
    server.feed(request(1) + request(2) + request(3))
    server.finished(2)
    #expect(server.connectionLost().sorted() == [1, 3])
    #expect(!server.finished(1))
  }

  @Test func asksForTheKeyWhereItDoesNotKnowTheProfile() {
    let foreign = TargetAddress.profile(TaggedProfile(tag: 5, data: [0, 1]))
    let octets = written { encoder in
      encoder.endMessage(encoder.beginRequest(1, foreign, operation: "f", format: WireFormat()))
      encoder.endMessage(encoder.beginRequest(2, foreign, operation: "f", responseFlags: .none, format: WireFormat()))
      encoder.encodeLocateRequest(3, foreign, format: WireFormat())
    }
    let server = ServerDriver()
    #expect(server.feed(octets) == ["answer 1 needs key", "discard 2 OBJECT_NOT_EXIST", "answer 3 locate needs key"])
  }

  @Test func toleratesOctetsBehindTheArguments() {
    let server = ServerDriver()
    #expect(server.feed(request(1, arguments: [1, 2, 3, 4, 5])) == ["dispatch 1 nop \(nop)0102030405"])
  }

  @Test func boundsServiceContexts() {
    let limits = GIOPLimits(serviceContexts: 2, serviceContextBytes: 10)
    func contexts(_ sizes: Int...) -> [ServiceContext] {
      sizes.map { ServiceContext(id: .init(rawValue: 99), data: Array(repeating: 0, count: $0)) }
    }
    for (contexts, fits) in [(contexts(5, 5), true), (contexts(5, 6), false), (contexts(11), false), (contexts(0, 0, 0), false)] {
      for format in everyFormat {
        let server = ServerDriver(limits: limits)
        let trace = server.feed(request(1, contexts: contexts, format: format))
        #expect(trace == [fits ? "dispatch 1 nop \(nop)" : "reject giop.malformed-message"])
      }
    }
  }
}
