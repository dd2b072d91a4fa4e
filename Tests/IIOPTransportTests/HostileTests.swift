import CDR
import EchoInterface
import IIOPTransport
import ORBCore
import Testing

/// What a server does with peers that are broken or worse, while a well-behaved one goes on calling.
@Suite(.timeLimit(.minutes(1)), .serialized) struct `A server outlives its peers` {
  private static func options() -> IIOPOptions {
    var options = IIOPOptions()
    options.messageTimeout = .milliseconds(150)
    return options
  }

  /// Runs `attack` while calls on another connection go through.
  private func survives(_ pair: Pair, _ attack: (Endpoint, ObjectKey) async throws -> Void) async throws {
    let key = try #require(pair.echo.objectRef.objectKey)
    try await pair.echo.nop()
    let calls = Task {
      var count = 0
      repeat {
        try await pair.echo.nop()
        count += 1
      } while !Task.isCancelled
      return count
    }
    try await attack(pair.server.publishedEndpoint, key)
    try await pair.echo.nop()
    calls.cancel()
    do { #expect(try await calls.value > 0) } catch is CancellationError {}
  }

  struct Breach: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let octets: [UInt8]
    init(_ name: String, _ octets: [UInt8]) {
      testDescription = name
      self.octets = octets
    }
  }

  static let breaches: [Breach] = [
    Breach("HTTP", Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)),
    Breach("GIOP 2.0", [0x47, 0x49, 0x4F, 0x50, 2, 0, 0, 0, 0, 0, 0, 0]),
    Breach("100 MB", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 0, 0, 0xE1, 0xF5, 0x05] + [UInt8](repeating: 7, count: 100_000)),
    Breach("4 GiB", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF]),
    Breach("message type 9", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 9, 0, 0, 0, 0]),
    Breach("a reply", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 1, 4, 0, 0, 0, 0, 0, 0, 0]),
    Breach("a fragment of nothing", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 7, 4, 0, 0, 0, 0, 0, 0, 0]),
    Breach("a request of 4 octets", [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0]),
  ]

  @Test(arguments: breaches) func `by MessageError to those who break the protocol`(breach: Breach) async throws {
    try await survives(try Pair()) { endpoint, _ in
      let peer = try await RawPeer(endpoint)
      try await peer.send(breach.octets)
      #expect(try await peer.message()?.header.type == .messageError)
      #expect(try await peer.message() == nil)
    }
  }

  @Test func `by closing on those who never finish a message, at once or octet by octet`() async throws {
    try await survives(try Pair(serverOptions: Self.options())) { endpoint, key in
      let whole = request(1, key)
      let silent = try await RawPeer(endpoint)
      try await silent.send(Array(whole.prefix(30)))
      let dribbling = try await RawPeer(endpoint)
      var sent = 0
      while sent < whole.count - 1, dribbling.sendWhatFits([whole[sent]]) == 1 {
        sent += 1
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(sent < whole.count - 1)
      #expect(try await silent.closed())
      #expect(try await dribbling.closed())
    }
  }

  @Test func `by taking memory only for what has arrived`() async throws {
    try await survives(try Pair()) { endpoint, _ in
      // A thousand peers announce 15 MB each and send 100 octets.
      let start: [UInt8] = [0x47, 0x49, 0x4F, 0x50, 1, 2, 1, 0, 0, 0, 0xF0, 0] + [UInt8](repeating: 1, count: 100)
      let peers = try await connect(500, endpoint)
      for peer in peers { try await peer.send(start) }
      // Five send half of it: more than all connections together may keep.
      let half = [UInt8](repeating: 1, count: 7_500_000)
      for peer in peers.prefix(12) { try? await peer.send(half) }
    }
  }

  @Test func `by not reading from those who do not read`() async throws {
    try await survives(try Pair()) { endpoint, key in
      let peer = try await RawPeer(endpoint)
      let text = String(repeating: "x", count: 100_000)
      let echo = message { encoder in
        let open = encoder.beginRequest(1, .key(key.octets), operation: "shout", format: WireFormat())
        try? encoder.encode(text)
        encoder.endMessage(open)
      }
      var sent = 0
      var idle = 0
      var rest = echo[...]
      while idle < 20, sent < 500 {
        let count = peer.sendWhatFits(Array(rest))
        rest = rest.dropFirst(count)
        if rest.isEmpty {
          rest = echo[...]
          sent += 1
        }
        if count == 0 { try await Task.sleep(for: .milliseconds(10)) }
        idle = count == 0 ? idle + 1 : 0
      }
      #expect(idle == 20, "the server goes on reading although nobody takes its replies")
      // Whoever begins to read gets everything.
      for _ in 0..<sent { #expect(try await peer.message()?.header.type == .reply) }
    }
  }

  @Test func `by answering a burst of requests in full`() async throws {
    try await survives(try Pair(execution: .inline)) { endpoint, key in
      let peer = try await RawPeer(endpoint)
      var burst: [UInt8] = []
      for id in 0..<5000 { burst += request(UInt32(id), key) }
      try await peer.send(burst)
      var ids = Set<UInt32>()
      for _ in 0..<5000 {
        let (header, octets) = try #require(try await peer.message())
        ids.insert(try ReplyHeader.decode(octets.span.bytes, header, limits: GIOPLimits()).requestID)
      }
      #expect(ids.count == 5000)
    }
  }

  @Test func `by turning away connections beyond the limit`() async throws {
    var options = IIOPOptions()
    options.maximumConnections = 3
    try await survives(try Pair(serverOptions: options)) { endpoint, key in
      let peers = try await connect(2, endpoint)
      for peer in peers {
        try await peer.send(request(1, key))
        #expect(try await peer.message()?.header.type == .reply)
      }
      #expect(try await RawPeer(endpoint).closed())
    }
  }

  @Test func `by answering requests for objects that are not here`() async throws {
    try await survives(try Pair()) { endpoint, _ in
      let peer = try await RawPeer(endpoint)
      try await peer.send(request(7, "no such key"))
      let (header, octets) = try #require(try await peer.message())
      let reply = try ReplyHeader.decode(octets.span.bytes, header, limits: GIOPLimits())
      #expect(reply.status == .systemException && reply.requestID == 7)
      var decoder = CDRDecoder(octets.span.bytes.extracting(droppingFirst: reply.bodyOffset), alignedAt: reply.bodyOffset)
      let exception = try SystemExceptionBody(from: &decoder)
      #expect(exception == SystemExceptionBody(.objectNotExist, minor: .unknownAdapter, completed: .no))
    }
  }
}
