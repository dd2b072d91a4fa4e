import CDR
import GIOPCore
import Testing

@Suite struct HostileInput {
  /// One message of every kind and version, in both byte orders.
  static let messages: [[UInt8]] = everyFormat.flatMap { format in
    let context = TransmissionCodeSets(char: .utf8, hasWideCharacters: true).serviceContext(byteOrder: format.byteOrder)
    let profile = IIOPProfile(address: IIOPAddress(host: "host", port: 1), objectKey: [1, 2], components: [.codeSets(.tessera)])
    let ior = IOR(typeID: "IDL:X:1.0", profiles: [profile.tagged(byteOrder: format.byteOrder)])
    let requests: [[UInt8]] = [
      request(1, "push", arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9], contexts: [context], format: format),
      request(2, flags: .none, format: format),
      written { $0.endMessage($0.beginRequest(3, .profile(ior.profiles[0]), operation: "f", format: format)) },
      written { $0.endMessage($0.beginRequest(4, .reference(ior, selectedProfile: 0), operation: "f", format: format)) },
      written { $0.encodeLocateRequest(5, .key([1, 2]), format: format) }, written { $0.encodeCancelRequest(1, format: format) },
    ]
    let replies: [[UInt8]] = [
      reply(0, result: [1, 2, 3, 4, 5], format: format),
      written { $0.encodeReply(to: 1, systemException: SystemExceptionBody(.marshal, completed: .no), format: format) },
      written { $0.encodeReply(to: 2, forward: ior, format: format) },
      written { $0.encodeLocateReply(to: 3, .forward(ior, permanently: false), format: format) },
      written { $0.encodeLocateReply(to: 4, .systemException(SystemExceptionBody(.marshal, completed: .no)), format: format) },
    ]
    let ends: [[UInt8]] = [written { $0.encodeCloseConnection(version: format.version) }, written { $0.encodeMessageError() }]
    var parts: [[UInt8]] = []
    if format.version >= .giop11 {
      parts = fragments(of: request(6, arguments: Array(0..<100), format: format), first: 64, each: 40)
      parts += fragments(of: reply(3, result: Array(0..<100), format: format), first: 24, each: 40)
    }
    return requests + replies + ends + parts
  }

  private static func resized(_ message: [UInt8], to length: Int) -> [UInt8] {
    var octets = Array(message[..<length])
    let size = UInt32(length - 12)
    let wire = octets[6] & 1 == 1 ? size : size.byteSwapped
    for index in 0..<4 { octets[8 + index] = UInt8(truncatingIfNeeded: wire >> (8 * UInt32(index))) }
    return octets
  }

  private static func client() throws -> ClientDriver {
    let client = ClientDriver(limits: limits)
    for _ in 0..<3 { _ = try client.beginRequest() }
    _ = try client.beginLocateRequest()
    _ = try client.beginLocateRequest()
    return client
  }

  static let limits = GIOPLimits(
    messageSize: 4096, partialMessages: 4, partialBytes: 8192, serviceContexts: 4, serviceContextBytes: 256, requestsInFlight: 8,
    pendingRequests: 8)

  @Test(arguments: messages) func thatEndsEarlyIsWaitedFor(_ message: [UInt8]) throws {
    for length in 0..<message.count where length < 12 || message[7] < 5 || message[7] == 7 {
      let start = Array(message[..<length])
      #expect(ServerDriver().feed(start).filter { !$0.hasPrefix("reject giop.unexpected-message") } == [])
      #expect(try Self.client().feed(start).filter { !$0.hasPrefix("close giop.unexpected-message") } == [])
    }
  }

  /// A message whose size is cut to what is there: an answer or the end of the connection, and never more than its body is missing.
  @Test(arguments: messages) func thatIsCutShortIsRefused(_ message: [UInt8]) throws {
    for length in 12..<message.count {
      let octets = Self.resized(message, to: length)
      let server = ServerDriver(limits: Self.limits)
      for line in server.feed(octets) where line.hasPrefix("dispatch") {
        let header = try #require(try GIOPHeader.parse(message.span.bytes, limit: 4096))
        let whole = try RequestHeader.decode(message.span.bytes, header, limits: Self.limits)
        #expect(length >= min(whole.bodyOffset, message.count) - 7, "a request was executed whose header is cut")
      }
      let client = try Self.client()
      client.feed(octets)
      #expect(server.partialByteCount <= length && client.partialByteCount <= length)
    }
  }

  /// A reproducible mutation: flipped bits, changed octets, lies about lengths, cut and doubled parts.
  private static func mutate(_ message: [UInt8], _ random: inout Randomness) -> [UInt8] {
    var octets = message
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard !octets.isEmpty else { break }
      let index = Int.random(in: 0..<octets.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: octets[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: octets[index] = UInt8.random(in: 0...255, using: &random)
      case 2: octets[index] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
      case 3: for place in index..<min(index + 4, octets.count) { octets[place] = 0xFF }
      case 4: octets.removeSubrange(index...)
      case 5: octets.insert(contentsOf: octets[index..<min(index + 16, octets.count)], at: index)
      case 6: if octets.count >= 12 { octets = resized(octets, to: octets.count) }
      default: octets.remove(at: index)
      }
    }
    // Half of the lies shall not be found out by the size alone.
    if octets.count >= 12, Bool.random(using: &random) { octets = resized(octets, to: octets.count) }
    return octets
  }

  @Test(arguments: 0..<10) func mutatedATenThousandTimesDoesNoHarm(_ seed: Int) throws {
    var random = Randomness(state: UInt64(seed))
    var server = ServerDriver(limits: Self.limits)
    var client = try Self.client()
    var executed = 0
    for _ in 0..<10_000 {
      let octets = Self.mutate(Self.messages.randomElement(using: &random)!, &random)
      let middle = Int.random(in: 0...octets.count, using: &random)
      for part in [Array(octets[..<middle]), Array(octets[middle...])] {
        server.feed(part)
        client.feed(part)
      }
      #expect(server.partialByteCount <= Self.limits.partialBytes && server.requestsInFlight == 0)
      #expect(client.partialByteCount <= Self.limits.partialBytes)
      executed += server.trace.count { $0.hasPrefix("dispatch") }
      // A connection that ended or waits for octets that are a lie is replaced; the others go on with what they keep.
      if server.isDone { server = ServerDriver(limits: Self.limits) }
      if client.isDone { client = try Self.client() }
      server.trace = []
      client.trace = []
    }
    #expect(executed > 100, "the mutations must let some requests pass, or they test nothing")
  }
}
