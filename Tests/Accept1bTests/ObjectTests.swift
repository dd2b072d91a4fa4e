import CDR
import ForeignORB
import IIOPTransport
import ORBCore
import ParleyIDL
import Testing

/// References, inheritance, attributes, callbacks and oneway calls between omniORBpy and us, both ways.
@Suite struct `Objects of both sides` {
  private static let interfaces: [(id: String, holds: Bool)] = [
    ("IDL:tessera.test/Parley/Desk:1.0", true), ("IDL:tessera.test/Parley/Located:1.0", true),
    ("IDL:tessera.test/Parley/Titled:1.0", true), ("IDL:omg.org/CORBA/Object:1.0", true),
    ("IDL:tessera.test/Parley/Listener:1.0", false), ("IDL:Parley/Desk:1.0", false),
  ]

  @Test(arguments: interfaces) func `say what they are`(interface: (id: String, holds: Bool)) async throws {
    let parties = try await Parties.shared.value
    #expect(try await parties.python.isA(parties.reference, interface.id) == interface.holds)
    let desk = try await parties.serveDesk()
    #expect(try await desk.stub.objectRef.isA(interface.id) == interface.holds)
  }

  @Test func `have the operations of all their bases`() async throws {
    let parties = try await Parties.shared.value
    #expect(try await parties.python.call(parties.reference, "Parley::Located", "_get_region") == ["Überall"])
    #expect(
      try await parties.python.call(parties.reference, "Parley::Titled", "origin", ["3ff0000000000000"])
        == [["x": "3ff0000000000000", "y": "bff0000000000000"]])

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("_get_region", .results(["Süd 汉字"]))
    try await desk.servant.answer("origin", .results([["x": "0000000000000000", "y": "4000000000000000"]]))
    let located = try #require(try await desk.stub.objectRef.narrow(to: Parley.Located.self))
    #expect(try await located.region == "Süd 汉字")
    #expect(try await desk.stub.asTitled.origin(x: 1) == Parley.Point(x: 0, y: 2))
    #expect(try await desk.stub.objectRef.narrow(to: Parley.Listener.self) == nil)
  }

  @Test func `have attributes`() async throws {
    let parties = try await Parties()
    try await parties.call("_set_level", [-7])
    #expect(try await parties.call("_get_level") == [-7])
    #expect(try await parties.call("_get_title") == ["Gerät 汉字"])
    try await parties.call("_set_title", ["é😀"])
    #expect(try await parties.call("_get_title") == ["é😀"])
    #expect(try await parties.call("_get_place") == [[]])
    let point: JSON = ["x": "3ff8000000000000", "y": "0000000000000000"]
    try await parties.call("_set_place", [[point]])
    #expect(try await parties.call("_get_place") == [[point]])

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("_get_level", .results([42]))
    try await desk.servant.answer("_get_title", .results(["标题"]))
    try await desk.servant.answer("_get_place", .results([[]]))
    #expect(try await desk.stub.level == 42)
    #expect(try await desk.stub.title == "标题")
    #expect(try await desk.stub.place == nil)
    try await desk.stub.setLevel(-1)
    try await desk.stub.setTitle("ü")
    try await desk.stub.setPlace(Parley.Point(x: 1.5, y: 0))
    #expect(
      try await desk.servant.calls() == [
        .init("_get_level"), .init("_get_title"), .init("_get_place"), .init("_set_level", [-1]), .init("_set_title", ["ü"]),
        .init("_set_place", [[point]]),
      ])
  }

  // MARK: - References

  @Test func `travel as references, nil or not`() async throws {
    let parties = try await Parties.shared.value
    let theirs = try await parties.python.serve("Parley::Listener").reference
    let ours = try parties.serve(ListenerServant())
    for (a, b) in [(nil, nil), (theirs, nil), (nil, ours), (ours, theirs)] as [(String?, String?)] {
      for operation in ["swapListener", "swapObject"] {
        let answer = try await parties.call(operation, [a, b].map { $0.map { .string($0) } ?? .null })
        #expect(try answer.map { try same($0) } == [b, a, b].map { try same($0.map { .string($0) } ?? .null) })
      }
    }
    let contacts: JSON = ["first": 1, "primary": .string(theirs), "other": nil, "more": [nil, .string(ours)], "last": 2]
    let answer = try await parties.call("swapContacts", [contacts, contacts])
    #expect(answer.count == 3)
    for swapped in answer {
      #expect(try same(swapped["primary"]) == same(.string(theirs)))
      #expect(try same(swapped["more"]?[1]) == same(.string(ours)))
      #expect(swapped["other"] == .null && swapped["more"]?[0] == .null && swapped["first"] == 1 && swapped["last"] == 2)
    }
  }

  @Test func `travel as references to omniORBpy and back`() async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    let ours = Parley.Listener(unchecked: try parties.orb.reference(from: try parties.serve(ListenerServant())))
    try await desk.servant.answer("swapListener", .results([.string(ours.objectRef.stringified), nil, .string(desk.servant.reference)]))
    let results = try await desk.stub.swapListener(a: nil, b: ours)
    #expect(results.returnValue == ours && results.b == nil)
    #expect(results.c?.objectRef == desk.stub.objectRef)
    let call = try #require(try await desk.servant.calls().first)
    #expect(call.arguments[0] == .null)
    let received = try #require(call.arguments[1].string)
    #expect(try await parties.python.call(received, "Parley::Listener", "asked", ["喂"]) == ["喂? 是!"])

    let contacts = Parley.Contacts(first: 1, primary: ours, other: nil, more: [nil, ours], last: 2)
    try await desk.servant.answer("swapContacts", .results(Array(repeating: json(contacts), count: 3)))
    let swapped = try await desk.stub.swapContacts(a: contacts, b: contacts)
    #expect(swapped == (returnValue: contacts, b: contacts, c: contacts))
  }

  /// omniORB writes the text of a reference in its own byte order; what it says is the same.
  private func same(_ reference: JSON?) throws -> IOR? {
    guard let text = reference?.string else { return nil }
    return try ObjectRef(stringified: text).ior
  }

  private func json(_ contacts: Parley.Contacts) -> JSON {
    let text = { (reference: Parley.Listener?) in reference.map { JSON.string($0.objectRef.stringified) } ?? .null }
    return [
      "first": .integer(Int(contacts.first)), "primary": text(contacts.primary), "other": nil, "more": .array(contacts.more.map(text)),
      "last": .integer(Int(contacts.last)),
    ]
  }

  // MARK: - Callbacks

  @Test func `are called back while their caller waits`() async throws {
    let parties = try await Parties.shared.value
    let listener = try await parties.python.serve("Parley::Listener")
    try await listener.answer("asked", .results(["答"]))
    #expect(try await parties.call("ask", [.string(listener.reference), "Frage 问"]) == ["答"])
    #expect(try await listener.calls() == [.init("asked", ["Frage 问"])])

    // What the callback raises goes all the way: Python servant, our stub, our servant, Python client.
    let members: JSON = ["reason": "弃", "line": 7, "paint": "COLOUR_GREEN", "tried": ["a"], "place": []]
    try await listener.answer("asked", .raise("Parley::Rejected", members: members))
    do {
      try await parties.call("ask", [.string(listener.reference), ""])
      Issue.record("nothing was raised")
    } catch ForeignORBError.raised(let exception, let raised) {
      #expect(exception == "IDL:tessera.test/Parley/Rejected:1.0" && raised == members)
    }
    #expect(await foreignException { try await parties.call("ask", [nil, ""]) } == .init("BAD_PARAM", minor: 17, "COMPLETED_NO"))
  }

  @Test func `hear oneway calls in their order`() async throws {
    // By default omniORB serves one connection with many threads, and keeps no order then.
    let parties = try await Parties(options: ["-ORBmaxServerThreadPerConnection", "1"])
    let theirs = try await parties.python.serve("Parley::Listener")
    try await parties.call("tell", [.string(theirs.reference), 100])
    // On the same connection, so it comes behind the oneway calls.
    let listener = Parley.Listener(unchecked: try parties.orb.reference(from: theirs.reference))
    _ = try await listener.asked(question: "done")
    let heard = (1...100).map { PythonServant.Call("heard", [.integer($0)]) }
    #expect(try await theirs.calls() == heard + [.init("asked", ["done"])])

    for number in 1...100 { try await parties.call("note", [.integer(number)]) }
    #expect(try await parties.call("noted") == ["5050"])
  }

  // MARK: - Where they are

  @Test func `cease to exist`() async throws {
    let parties = try await Parties.shared.value
    let servant = DeskServant()
    let reference = try parties.adapter.activate(servant)
    #expect(try await parties.python.exists(reference.stringified))
    #expect(parties.adapter.deactivate(try #require(reference.objectKey)))
    #expect(try await !parties.python.exists(reference.stringified))
    let exception = await foreignException { try await parties.python.call(reference.stringified, "Parley::Desk", "nop") }
    // The minor code is omniORB's own: it asked by a LocateRequest.
    #expect(exception?.name == "OBJECT_NOT_EXIST" && exception?.completed == "COMPLETED_NO")

    let desk = try await parties.serveDesk()
    #expect(try await !desk.stub.objectRef.isNonExistent())
    let profile = try #require(desk.stub.objectRef.ior.iiopProfiles.first?.profile)
    let unknown = IIOPProfile(
      version: profile.version, address: profile.address, objectKey: Array("nobody".utf8), components: profile.components)
    let nobody = Parley.Desk(unchecked: ObjectRef(IOR(typeID: desk.stub.objectRef.typeID, profiles: [unknown.tagged()]), orb: parties.orb))
    #expect(try await nobody.objectRef.isNonExistent())
    let failure = await ownException { try await nobody.nop() }
    #expect(failure?.kind == .objectNotExist && failure?.completed == .no)
  }

  @Test func `are found by corbaloc`() async throws {
    let parties = try await Parties.shared.value
    try parties.orb.adapter(named: "Known").activate(parties.servant, wellKnownName: "Parley/Desk")
    let endpoint = parties.orb.publishedEndpoint
    for location in ["corbaloc:iiop:1.2@\(endpoint)/Parley/Desk", "corbaloc::\(endpoint)/Parley/Desk"] {
      // Only the full reference, to which the first answer leads, says that we take UTF-8 and wide strings.
      #expect(try await parties.python.call(location, "Parley::Desk", "swapString", ["", "汉字"]) == ["汉字", "", "汉字"])
      #expect(try await parties.python.call(location, "Parley::Desk", "swapWideString", ["", "汉字"]) == ["汉字", "", "汉字"])
    }

    let desk = try await parties.python.serve("Parley::Desk", key: "Desk")
    try await desk.answer("_get_region", .results(["üé"]))
    let address = try #require(try ObjectRef(stringified: desk.reference).ior.iiopProfiles.first?.profile.address)
    for location in ["corbaloc:iiop:1.2@\(address)/Desk", "corbaloc::\(address)/Desk"] {
      let reference = try parties.orb.reference(from: location)
      #expect(try await reference.isA(Parley.Desk.repositoryID))
      #expect(try await Parley.Desk(unchecked: reference).region == "üé")
    }
  }
}
