import CDR
import GIOPCore
import Testing

@Suite struct References {
  static let components: [TaggedComponent] = [
    .orbType(TaggedComponent.tesseraORBType, byteOrder: .bigEndian), .codeSets(.tessera, byteOrder: .littleEndian),
    .alternateAddress(IIOPAddress(host: "second", port: 2), byteOrder: .bigEndian),
    TaggedComponent(tag: .init(rawValue: 0x4F4D_4E00), data: [1, 2, 3]), .alternateAddress(IIOPAddress(host: "third", port: 3)),
    TaggedComponent(tag: .alternateIIOPAddress, data: [0]),
  ]

  @Test(arguments: WireFormat.Version.allCases, [ByteOrder.bigEndian, .littleEndian])
  func keepEverythingOfAProfile(_ version: WireFormat.Version, _ order: ByteOrder) throws {
    let profile = IIOPProfile(
      version: version, address: IIOPAddress(host: "first", port: 65535), objectKey: [0, 255],
      components: version == .giop10 ? [] : Self.components)
    let ior = IOR(typeID: "IDL:X:1.0", profiles: [TaggedProfile(tag: 99, data: [9]), profile.tagged(byteOrder: order)])
    guard case .reference(let read) = try StringifiedReference(ior.stringified) else { throw Unexpected() }
    #expect(read == ior)
    let found = try #require(read.iiopProfiles.first)
    #expect(found.index == 1 && found.profile == profile && read.iiopProfiles.count == 1)
    if version > .giop10 {
      #expect(found.profile.orbType == TaggedComponent.tesseraORBType)
      #expect(found.profile.codeSets == .tessera)
      // The alternate address that cannot be read is passed over.
      #expect(found.profile.addresses.map(\.description) == ["first:65535", "second:2", "third:3"])
    }
  }

  @Test func writeAProfileAsTheSpecificationSays() {
    let profile = IIOPProfile(
      version: .giop11, address: IIOPAddress(host: "ab", port: 0x1234), objectKey: [7],
      components: [TaggedComponent(tag: .init(rawValue: 9), data: [8])])
    // Byte order, version 1.1, host, port, key, one component.
    let expected = "00 01 01 00 00000003 616200 00 1234 0000 00000001 07 000000 00000001 00000009 00000001 08"
    #expect(hex(profile.tagged(byteOrder: .bigEndian).data) == hex(octets(expected)))
    #expect(hex(TaggedComponent.orbType(0x0102_0304, byteOrder: .littleEndian).data) == "0100000004030201")
    let codeSets = "00000000 05010001 00000001 00010001 00010109 00000001 00010109"
    #expect(hex(TaggedComponent.codeSets(.tessera, byteOrder: .bigEndian).data) == hex(octets(codeSets)))
    #expect(
      hex(TaggedComponent.alternateAddress(IIOPAddress(host: "a", port: 5), byteOrder: .bigEndian).data)
        == hex(octets("00000000 00000002 6100 0005")))
  }

  @Test func readNewerMinorVersionsAsTheNewestKnown() throws {
    var data = IIOPProfile(address: IIOPAddress(host: "h", port: 1), objectKey: [1]).tagged().data
    data[2] = 7
    #expect(try IIOPProfile(TaggedProfile(tag: 0, data: data)).version == .giop12)
    data[1] = 2
    #expect(throws: CDRError.self) { try IIOPProfile(TaggedProfile(tag: 0, data: data)) }
    #expect(throws: CDRError.self) { try IIOPProfile(TaggedProfile(tag: 1, data: data)) }
  }

  @Test func ofProfilesCutShortAreRefused() throws {
    let data = IIOPProfile(address: IIOPAddress(host: "host", port: 1), objectKey: [1, 2], components: Self.components).tagged().data
    for length in 0..<data.count {
      #expect(throws: CDRError.self) { try IIOPProfile(TaggedProfile(tag: 0, data: Array(data[..<length]))) }
    }
  }

  @Test func mayStandForNoObject() throws {
    #expect(IOR.null.isNull)
    #expect(IOR.null.stringified == "IOR:010000000100000000000000" + "00000000")
    let octets = written { IOR.null.encode(into: &$0) }
    var decoder = CDRDecoder(octets.span.bytes)
    let read = try IOR(from: &decoder)
    #expect(read == .null)
  }

  @Test func showIPv6AddressesInBrackets() {
    #expect(IIOPAddress(host: "::1", port: 5).description == "[::1]:5")
  }
}

@Suite struct CodeSetNegotiation {
  private static func server(_ native: CodeSetID, _ conversions: CodeSetID...) -> CodeSetComponentInfo {
    CodeSetComponentInfo(char: CodeSetComponent(native: native, conversions: conversions), wideChar: CodeSetComponent(native: .utf16))
  }
  private static let ascii = CodeSetID(rawValue: 0x0001_0020)

  static let choices: [(server: CodeSetComponentInfo?, char: WireFormat.CharacterCodeSet)] = [
    (nil, .latin1), (server(.utf8), .utf8), (server(.utf8, .latin1), .utf8), (server(.latin1, .utf8), .utf8), (server(.latin1), .latin1),
    (server(ascii, .latin1), .latin1), (server(ascii, .latin1, .utf8), .utf8), (.tessera, .utf8),
    // Nothing in common: UTF-8 is the fallback that every ORB must know.
    (server(ascii), .utf8),
    // A server that says nothing of chars is one of those before the negotiation.
    (server(.none), .latin1),
  ]

  @Test(arguments: choices) func picksASet(_ server: CodeSetComponentInfo?, _ char: WireFormat.CharacterCodeSet) {
    #expect(TransmissionCodeSets.choose(for: server).char == char)
    #expect(TransmissionCodeSets.choose(for: server).hasWideCharacters == (server != nil))
  }

  @Test func hasNoWideCharactersWhereTheServerNamesNone() {
    let info = CodeSetComponentInfo(char: CodeSetComponent(native: .utf8), wideChar: CodeSetComponent(native: .none))
    #expect(!TransmissionCodeSets.choose(for: info).hasWideCharacters)
  }

  @Test func tellsTheServerAsOmniORBDoes() {
    let context = TransmissionCodeSets(char: .utf8, hasWideCharacters: true).serviceContext(byteOrder: .littleEndian)
    #expect(context.id == .codeSets && hex(context.data) == "010000000100010509010100")
  }

  static let told: [(octets: String, sets: TransmissionCodeSets?)] = [
    ("01000000 01000105 09010100", TransmissionCodeSets(char: .utf8, hasWideCharacters: true)),
    ("00000000 00010001 00010109", TransmissionCodeSets(char: .latin1, hasWideCharacters: true)),
    ("00000000 05010001 00000000", TransmissionCodeSets(char: .utf8, hasWideCharacters: false)),
    ("00000000 00000000 00000000", .unnegotiated),
    ("00000000 00010020 00010109", nil), ("00000000 05010001 00010100", nil),
  ]

  @Test(arguments: told) func isTakenOverByTheServer(_ octets: String, _ sets: TransmissionCodeSets?) throws {
    let context = ServiceContext(id: .codeSets, data: GIOPCoreTests.octets(octets))
    #expect(try TransmissionCodeSets(context) == sets)
    let server = ServerDriver()
    let trace = server.feed(request(1, contexts: [context]) + request(2))
    if let sets {
      #expect(server.transmissionCodeSets == sets && trace.count == 2)
    } else {
      #expect(trace[0] == "answer 1 CODESET_INCOMPATIBLE 2 no" && server.transmissionCodeSets == .unnegotiated)
    }
  }

  @Test func refusesABrokenContext() {
    let server = ServerDriver()
    let context = ServiceContext(id: .codeSets, data: [1, 0, 0, 0, 1])
    #expect(server.feed(request(1, contexts: [context])) == ["answer 1 MARSHAL 1 no"])
    #expect(server.feed(request(2, flags: .none, contexts: [context])) == ["discard 2 MARSHAL"])
  }

  @Test func decidesHowArgumentsAreRead() throws {
    let context = TransmissionCodeSets(char: .utf8, hasWideCharacters: true).serviceContext()
    var machine = ServerConnectionMachine()
    func dispatched(_ octets: [UInt8], _ machine: inout ServerConnectionMachine) throws -> InboundRequest {
      guard case .dispatch(let request) = machine.receive(octets.span.bytes).action else { throw Unexpected() }
      return request
    }
    let before = try dispatched(request(1), &machine)
    #expect(before.format.characterCodeSet == .latin1 && !before.format.hasWideCharacters)
    let first = try dispatched(request(2, contexts: [context]), &machine)
    #expect(first.format.characterCodeSet == .utf8 && first.format.hasWideCharacters)
    let later = try dispatched(request(3), &machine)
    #expect(later.format.characterCodeSet == .utf8)
    let old = try dispatched(request(4, contexts: [context], format: WireFormat(version: .giop10)), &machine)
    #expect(old.format.characterCodeSet == .latin1 && !old.format.hasWideCharacters)
  }
}

@Suite struct SystemExceptions {
  @Test(arguments: SystemExceptionKind.allCases, everyFormat) func areReadAsTheyWereWritten(
    _ kind: SystemExceptionKind, _ format: WireFormat
  ) throws {
    #expect(SystemExceptionKind(repositoryID: kind.repositoryID) == kind)
    for completed in [CompletionStatus.yes, .no, .maybe] {
      let exception = SystemExceptionBody(kind, minor: 0x4F4D_0001, completed: completed)
      let octets = written { $0.encodeReply(to: 3, systemException: exception, format: format) }
      var client = ClientConnectionMachine()
      while try client.beginRequest().requestID != 3 {}
      guard case .reply(_, let reply) = client.receive(octets.span.bytes).action else { throw Unexpected() }
      var body = reply.body(in: octets.span.bytes)
      let read = try SystemExceptionBody(from: &body)
      #expect(reply.status == .systemException && read == exception)
    }
  }

  @Test(arguments: ["IDL:omg.org/CORBA/NO_SUCH:1.0", "IDL:acme/ODD:1.0", "IDL:omg.org/CORBA/:1.0", ""])
  func ofUnknownKindsBecomeUNKNOWN(_ id: String) throws {
    var encoder = CDREncoder()
    try encoder.encode(id)
    encoder.encode(7 as UInt32)
    encoder.encode(2 as UInt32)
    var decoder = CDRDecoder(encoder.bytes)
    let read = try SystemExceptionBody(from: &decoder)
    #expect(read == SystemExceptionBody(.unknown, minor: .nonStandardSystemException, completed: .maybe))
  }

  @Test func haveTheMinorCodesOfTheOMG() {
    #expect(MinorCode.unknownOperation.rawValue == 0x4F4D_0002)
    #expect(MinorCode.unspecified.rawValue == 0)
  }
}
