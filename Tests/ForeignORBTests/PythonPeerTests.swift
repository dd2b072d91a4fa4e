import ForeignORB
import Testing

/// Two processes of omniORBpy, one calling the other: what tests of our ORB put one of ours in the place of.
@Suite struct PythonPeerTests {
  static let idl = """
    #pragma prefix "tessera.test"
    module Peer {
      exception Refused { string why; unsigned long line; };
      typedef sequence<octet> Blob;
      struct Part { string name; fixed<9,2> price; Blob picture; };
      typedef sequence<Part> Parts;
      interface Base { readonly attribute string region; attribute long level; };
      interface Desk : Base {
        Parts push(in Parts items, inout long long mark, out Part first) raises (Refused);
        string say(in string text);
        oneway void note(in long number);
        void nop();
        Object find(in Object it);
      };
    };
    """

  private struct Both {
    let client: PythonPeer
    let server: PythonPeer
  }

  private func start(_ options: [String] = []) async throws -> Both {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.idl, to: "peer.idl")
    let server = try await PythonPeer(idl: [file], options: options)
    return Both(client: try await PythonPeer(idl: [file]), server: server)
  }

  private static let bolt: JSON = ["name": "Schraube für 汉字", "price": "12.50", "picture": ["hex": "00ff"]]

  @Test func echoesByTypeAndRecordsCalls() async throws {
    let both = try await start()
    let desk = try await both.server.serve("Peer::Desk")
    #expect(try await both.client.call(desk.reference, "Peer::Desk", "say", ["grün"]) == ["grün"])
    #expect(try await both.client.call(desk.reference, "Peer::Desk", "nop").isEmpty)
    #expect(try await both.client.call(desk.reference, "Peer::Desk", "find", [nil]) == [nil])
    #expect(try await desk.calls() == [.init("say", ["grün"]), .init("nop"), .init("find", [nil])])
  }

  @Test func answersAsTold() async throws {
    let both = try await start()
    let desk = try await both.server.serve("Peer::Desk", key: "Desk")
    try await desk.answer("push", .results([[Self.bolt], "-5", Self.bolt]))
    try await desk.answer("push", .raise("Peer::Refused", members: ["why": "first", "line": 7]), once: true)
    try await desk.answer("push", .raiseSystem("CORBA::TRANSIENT", minor: 3, completed: "COMPLETED_MAYBE"), once: true)
    try await desk.answer("_get_region", .results(["EU"]))

    await #expect {
      try await both.client.call(desk.reference, "Peer::Desk", "push", [[], "9"])
    } throws: {
      if case ForeignORBError.raised("IDL:tessera.test/Peer/Refused:1.0", ["why": "first", "line": 7]) = $0 { true } else { false }
    }
    await #expect {
      try await both.client.call(desk.reference, "Peer::Desk", "push", [[], "9"])
    } throws: {
      if case ForeignORBError.refused("CORBA.TRANSIENT", let text) = $0 { text.hasSuffix("0x00000003 COMPLETED_MAYBE") } else { false }
    }
    #expect(try await both.client.call(desk.reference, "Peer::Desk", "push", [[Self.bolt], "9"]) == [[Self.bolt], "-5", Self.bolt])
    #expect(try await both.client.call(desk.reference, "Peer::Base", "_get_region") == ["EU"])
  }

  @Test func tellsWhatItIs() async throws {
    let both = try await start()
    let desk = try await both.server.serve("Peer::Desk")
    #expect(try await both.client.isA(desk.reference, "IDL:tessera.test/Peer/Base:1.0"))
    #expect(try await !both.client.isA(desk.reference, "IDL:tessera.test/Peer/Other:1.0"))
    #expect(try await both.client.exists(desk.reference))
  }

  @Test func limitsTheTimeOfACall() async throws {
    let both = try await start()
    let desk = try await both.server.serve("Peer::Desk")
    try await desk.answer("nop", .wait(.seconds(5)))
    await #expect(throws: ForeignORBError.self) {
      try await both.client.call(desk.reference, "Peer::Desk", "nop", within: .milliseconds(50))
    }
  }

  @Test func diesWhenTold() async throws {
    let both = try await start()
    let desk = try await both.server.serve("Peer::Desk")
    try await desk.answer("nop", .die)
    await #expect(throws: ForeignORBError.self) { try await both.client.call(desk.reference, "Peer::Desk", "nop") }
    #expect(try await both.server.python.process.wait() == .code(1))
  }

  @Test func aLatin1PeerCannotHoldChinese() async throws {
    let both = try await start(["-ORBnativeCharCodeSet", "ISO-8859-1"])
    let desk = try await both.server.serve("Peer::Desk")
    #expect(try await both.client.call(desk.reference, "Peer::Desk", "say", ["grün é"]) == ["grün é"])
    await #expect {
      try await both.client.call(desk.reference, "Peer::Desk", "say", ["汉字"])
    } throws: {
      if case ForeignORBError.refused("CORBA.DATA_CONVERSION", _) = $0 { true } else { false }
    }
  }
}
