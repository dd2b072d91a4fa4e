import CDR
import ForeignORB
import IIOPTransport
import ORBCore
import ParleyIDL
import Testing
import WireValues

/// Calls by description, without generated code, of servants whose ORB is omniORB.
@Suite struct `Calls by description` {
  private static func operation(_ name: String) throws -> OperationDescription {
    try #require(Parley.Desk.interfaceDescription.operation(named: name))
  }

  @Test(arguments: swaps) func `carry every construct of IDL`(_ swap: Swap) async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    let operation = try Self.operation(swap.operation)
    var random = RandomValues(seed: swap.operation.utf8.reduce(77) { $0 &* 31 &+ UInt64($1) })
    for round in 0..<4 {
      let values = (0..<5).map { _ in random.value(swap.type) }
      let json = values.map { oracleValue($0, swap.type) }
      try await desk.servant.answer(swap.operation, .results(Array(json[2...])), once: true)
      let executor: (any TaskExecutor)? = round % 2 == 0 ? parties.transport.executor : nil
      let results = try await withTaskExecutorPreference(executor) {
        try await desk.stub.objectRef.invoke(operation, arguments: Array(values[..<2]))
      }
      #expect(results.map { oracleValue($0, swap.type) } == Array(json[2...]))
      #expect(try await desk.servant.calls().last == .init(swap.operation, Array(json[..<2])))
    }
  }

  @Test func `carry attributes, references and oneway operations`() async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    let reference = desk.stub.objectRef
    try await desk.servant.answer("_get_level", .results([-7]))
    #expect(try await reference.invoke(Self.operation("_get_level")) == [.integer(-7)])
    try await desk.servant.answer("_set_level", .results([]))
    #expect(try await reference.invoke(Self.operation("_set_level"), arguments: [.integer(8)]) == [])
    try await desk.servant.answer("_get_title", .results(["汉字"]))
    #expect(try await reference.invoke(Self.operation("_get_title")) == [.text("汉字")])

    let theirs = JSON.string(desk.servant.reference)
    try await desk.servant.answer("swapObject", .results([theirs, nil, theirs]))
    let results = try await reference.invoke(Self.operation("swapObject"), arguments: [.absent, .text(desk.servant.reference)])
    #expect(results.count == 3 && results[1] == .absent)
    for case .text(let text) in results { #expect(try parties.orb.reference(from: text).objectKey == reference.objectKey) }

    #expect(try await reference.invoke(Self.operation("note"), arguments: [.integer(5)]) == [])
    // A call with an answer, behind the one without.
    try await desk.servant.answer("noted", .results(["5"]))
    #expect(try await reference.invoke(Self.operation("noted")) == [.integer(5)])
    #expect(try await desk.servant.calls().map(\.operation).suffix(2) == ["note", "noted"])
  }

  @Test func `throw what is raised`() async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    let operation = try Self.operation("refuse")
    let members: JSON = ["reason": "汉字", "line": 3, "paint": "COLOUR_BLUE", "tried": ["é"], "place": []]
    try await desk.servant.answer("refuse", .raise("Parley::Rejected", members: members), once: true)
    do {
      _ = try await desk.stub.objectRef.invoke(operation, arguments: [.text("")])
      Issue.record("nothing was raised")
    } catch let error as DynamicUserException {
      #expect(error.record == Parley.Rejected(reason: "汉字", line: 3, paint: .blue, tried: ["é"], place: nil).record)
    }
    try await desk.servant.answer("refuse", .raiseSystem("CORBA::NO_PERMISSION", minor: 5, completed: "COMPLETED_NO"), once: true)
    await #expect(throws: SystemException(.noPermission, minor: 5)) {
      try await desk.stub.objectRef.invoke(operation, arguments: [.text("")])
    }
    // An argument of another type never leaves.
    let calls = try await desk.servant.calls().count
    await #expect(throws: SystemException(.badParameter, minor: .valueMismatch)) {
      try await desk.stub.objectRef.invoke(operation, arguments: [.integer(1)])
    }
    #expect(try await desk.servant.calls().count == calls)
  }

  @Test func `carry wide characters to a C++ program`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve([], for: parties.orb)
    let interface = Parley.Linguist.interfaceDescription
    let reference = linguist.stub.objectRef
    let (codes, letter) = (try #require(interface.operation(named: "wideCodesOf")), try #require(interface.operation(named: "letterOf")))
    #expect(try await reference.invoke(codes, arguments: [.text("汉字")]) == [.list([.integer(0x6C49), .integer(0x5B57)])])
    #expect(try await reference.invoke(letter, arguments: [.integer(0x6C49)]) == [.integer(0x6C49)])
  }
}
