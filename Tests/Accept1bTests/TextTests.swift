import CDR
import ForeignORB
import GIOPCore
import IIOPTransport
import ORBCore
import ParleyIDL
import Testing

/// Characters beyond ASCII: as long as both sides have UTF-8, and where one of them has not.
@Suite struct `Texts between code sets` {
  private static let texts = ["ü", "é", "汉字", "Größe 10 µm — 扳手 😀", "\u{7F}\u{80}\u{FF}\u{100}\u{FFFD}\u{10FFFF}", "e\u{301}"]

  @Test(arguments: texts) func `keep their characters`(text: String) async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    let json = JSON.string(text)
    let scalars = Array(text.unicodeScalars)
    for operation in ["swapString", "swapWideString"] {
      #expect(try await parties.call(operation, [json, ""]) == ["", json, ""])
      try await desk.servant.answer(operation, .results([json, "", json]))
    }
    // Scalar by scalar, since Swift takes "é" in one scalar and in two for the same.
    #expect(Array(try await desk.stub.swapString(a: text, b: "").returnValue.unicodeScalars) == scalars)
    #expect(Array(try await desk.stub.swapWideString(a: "", b: text).c.unicodeScalars) == scalars)
    #expect(try await desk.servant.calls() == [.init("swapString", [json, ""]), .init("swapWideString", ["", json])])
  }

  /// GIOP 1.0 has no code sets: ISO 8859-1 is all that there is on the wire.
  @Test func `are refused by us where the wire cannot hold them`() async throws {
    let parties = try await Parties(options: ["-ORBmaxGIOPVersion", "1.0", "-ORBnativeCharCodeSet", "ISO-8859-1"])
    let gate = try parties.serve(ChineseServant())
    #expect(try await parties.python.call(gate, "Parley::Listener", "asked", ["ü é"]) == ["ü é"])
    let exception = await foreignException { try await parties.python.call(gate, "Parley::Listener", "asked", [""]) }
    #expect(exception == .init("DATA_CONVERSION", minor: exception?.minor ?? 0, "COMPLETED_YES"))

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("swapString", .results(["ü", "", ""]))
    let refusal = await ownException { _ = try await desk.stub.swapString(a: "汉字", b: "") }
    #expect(refusal?.kind == .dataConversion && refusal?.completed == .no)
    #expect(try await desk.servant.calls().isEmpty)
    #expect(try await desk.stub.swapString(a: "ü", b: "").returnValue == "ü")
  }

  /// A server that says in its reference that it has ISO 8859-1 and nothing else.
  @Test func `are refused by us for a server that has no other set than ISO 8859-1`() async throws {
    let parties = try await Parties.shared.value
    let server = ORB()
    let transport = try IIOPTransport(orb: server)
    try transport.listen()
    let profile = try #require(try server.adapter(named: "Latin").activate(ChineseServant()).ior.iiopProfiles.first?.profile)
    let latin = CodeSetComponentInfo(
      char: CodeSetComponent(native: .latin1), wideChar: CodeSetComponent(native: .utf16))
    let poor = IIOPProfile(address: profile.address, objectKey: profile.objectKey, components: [.codeSets(latin)])
    let listener = Parley.Listener(unchecked: ObjectRef(IOR(typeID: "", profiles: [poor.tagged()]), orb: parties.orb))
    #expect(try await listener.asked(question: "ü") == "ü")
    let refusal = await ownException { _ = try await listener.asked(question: "汉字") }
    #expect(refusal?.kind == .dataConversion && refusal?.completed == .no)
    // The connection's set is ISO 8859-1 in both directions.
    let exception = await ownException { _ = try await listener.asked(question: "") }
    #expect(exception?.kind == .dataConversion && exception?.completed == .yes)
    await transport.shutDown()
  }
}

/// Answers an empty question in Chinese, else by the question.
private struct ChineseServant: Parley.Listener.Servant {
  func asked(question: String, context: ServerContext) async throws -> String { question.isEmpty ? "汉字" : question }
  func heard(number: Int32, context: ServerContext) async throws {}
}
