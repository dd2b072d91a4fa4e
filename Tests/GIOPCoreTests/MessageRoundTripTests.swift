import CDR
import GIOPCore
import Testing

@Suite struct MessageRoundTrips {
  let contexts = [ServiceContext(id: .codeSets, data: [0, 1, 2]), ServiceContext(id: .init(rawValue: 0x4242), data: [])]

  private func header(_ octets: [UInt8]) throws -> GIOPHeader {
    let header = try #require(try GIOPHeader.parse(octets.span.bytes, limit: 1 << 20))
    #expect(header.messageSize == octets.count)
    return header
  }

  private func objectKey(of header: RequestHeader, in octets: [UInt8]) -> [UInt8]? { header.objectKey.map { Array(octets[$0]) } }

  @Test(arguments: everyFormat, ["nop", "", "an_operation_with_a_name_longer_than_fifteen_octets"])
  func requestsKeepTheirFields(_ format: WireFormat, _ operation: String) throws {
    for flags in [ResponseFlags.none, .syncWithTarget] {
      for key in [[], [7], Array(0...200)] as [[UInt8]] {
        for arguments in [[], [9], [1, 2, 3, 4, 5, 6, 7, 8, 9]] as [[UInt8]] {
          let octets = request(77, operation, key: key, arguments: arguments, flags: flags, contexts: contexts, format: format)
          let giop = try header(octets)
          #expect(giop.type == .request && giop.version == format.version && giop.byteOrder == format.byteOrder)
          let decoded = try RequestHeader.decode(octets.span.bytes, giop, limits: GIOPLimits())
          #expect(decoded.requestID == 77 && decoded.operation == operation && decoded.responseFlags == flags)
          #expect(objectKey(of: decoded, in: octets) == key)
          #expect(decoded.serviceContexts == contexts)
          #expect(Array(octets[decoded.bodyOffset...]) == arguments)
          if format.version == .giop12 && !arguments.isEmpty { #expect(decoded.bodyOffset % 8 == 0) }
        }
      }
    }
  }

  @Test(arguments: everyFormat) func repliesKeepTheirFields(_ format: WireFormat) throws {
    for status in ReplyStatus.allCases where format.version == .giop12 || status.rawValue <= 3 {
      for body in [[], [9], [1, 2, 3, 4, 5, 6, 7, 8, 9]] as [[UInt8]] {
        let octets = written { encoder in
          let message = encoder.beginReply(to: 5, status: status, serviceContexts: contexts, format: format)
          for octet in body { encoder.encode(octet) }
          encoder.endMessage(message)
        }
        let decoded = try ReplyHeader.decode(octets.span.bytes, try header(octets), limits: GIOPLimits())
        #expect(decoded.requestID == 5 && decoded.status == status && decoded.serviceContexts == contexts)
        #expect(Array(octets[decoded.bodyOffset...]) == body)
      }
    }
  }

  @Test(arguments: everyFormat) func argumentsAreAlignedFromTheStartOfTheMessage(_ format: WireFormat) throws {
    let octets = written { encoder in
      encoder.encodeCloseConnection(version: .giop10)
      encoder.removeAll()
      let message = encoder.beginRequest(1, .key([1]), operation: "f", format: format)
      encoder.encode(1 as UInt8)
      encoder.encode(2.5 as Double)
      encoder.endMessage(message)
    }
    var machine = ServerConnectionMachine()
    let step = machine.receive(octets.span.bytes)
    guard case .dispatch(let request) = step.action else { throw Unexpected() }
    var decoder = request.arguments(in: octets.span.bytes)
    #expect(try decoder.decode(UInt8.self) == 1)
    #expect(try decoder.decode(Double.self) == 2.5)
    // The copy that outlives the buffer reads alike.
    let body = request.message.copy(in: octets.span.bytes, from: request.header.bodyOffset)
    var later = CDRDecoder(body.span.bytes, format: request.format, alignedAt: request.header.bodyOffset)
    #expect(try later.decode(UInt8.self) == 1)
    #expect(try later.decode(Double.self) == 2.5)
  }

  @Test(arguments: everyFormat) func locateMessagesKeepTheirFields(_ format: WireFormat) throws {
    let question = written { $0.encodeLocateRequest(9, .key([1, 2]), format: format) }
    let asked = try LocateRequestHeader.decode(question.span.bytes, try header(question))
    #expect(asked.requestID == 9 && asked.objectKey.map { Array(question[$0]) } == [1, 2])
    let ior = IOR(typeID: "IDL:X:1.0", profiles: [TaggedProfile(tag: 9, data: [1, 2, 3])])
    let exception = SystemExceptionBody(.noPermission, minor: 7, completed: .maybe)
    let answers: [LocateAnswer] = [
      .unknownObject, .objectHere, .forward(ior, permanently: false), .forward(ior, permanently: true), .systemException(exception),
      .needsAddressingMode(.reference),
    ]
    for answer in answers {
      let octets = written { $0.encodeLocateReply(to: 9, answer, format: format) }
      let decoded = try LocateReplyMessage.decode(octets.span.bytes, try header(octets))
      switch answer {
      case .forward(_, permanently: true) where format.version < .giop12: #expect(decoded.answer == .forward(ior, permanently: false))
      case .systemException where format.version < .giop12: #expect(decoded.answer == .unknownObject)
      case .needsAddressingMode where format.version < .giop12: #expect(decoded.answer == .unknownObject)
      default: #expect(decoded.answer == answer)
      }
    }
  }

  @Test(arguments: [ByteOrder.bigEndian, .littleEndian]) func theObjectKeyIsFoundInEveryFormOfAddress(_ order: ByteOrder) throws {
    let format = WireFormat(byteOrder: order)
    let profile = IIOPProfile(address: IIOPAddress(host: "localhost", port: 1), objectKey: Array("the key".utf8))
    // The profile's own byte order differs from the message's.
    let tagged = profile.tagged(byteOrder: order == .bigEndian ? .littleEndian : .bigEndian)
    let ior = IOR(typeID: "IDL:X:1.0", profiles: [TaggedProfile(tag: 77, data: [1]), tagged])
    let targets: [(TargetAddress?, AddressingDisposition)] = [
      (.key(profile.objectKey), .key), (.profile(tagged), .profile), (.reference(ior, selectedProfile: 1), .reference),
      (TargetAddress(.key, of: ior, profile: 1), .key), (TargetAddress(.reference, of: ior, profile: 1), .reference),
    ]
    for (target, addressing) in targets {
      let octets = written { $0.endMessage($0.beginRequest(3, target!, operation: "f", format: format)) }
      let decoded = try RequestHeader.decode(octets.span.bytes, try header(octets), limits: GIOPLimits())
      #expect(decoded.addressing == addressing)
      #expect(objectKey(of: decoded, in: octets) == profile.objectKey)
      #expect(decoded.operation == "f")
    }
    #expect(TargetAddress(.key, of: ior, profile: 0) == nil)
    #expect(TargetAddress(.profile, of: ior, profile: 2) == nil)
    // Before GIOP 1.2 only the key travels.
    for version in [WireFormat.Version.giop10, .giop11] {
      let octets = written { encoder in
        encoder.endMessage(
          encoder.beginRequest(3, .profile(tagged), operation: "f", format: WireFormat(byteOrder: order, version: version)))
      }
      let decoded = try RequestHeader.decode(octets.span.bytes, try header(octets), limits: GIOPLimits())
      #expect(objectKey(of: decoded, in: octets) == profile.objectKey)
    }
  }
}

struct Unexpected: Error {}
