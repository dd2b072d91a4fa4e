import CDR
import ForeignORB
import ORBCore
import ParleyIDL
import Testing

/// User and system exceptions between omniORBpy and us, both ways.
@Suite struct `Exceptions of both sides` {
  private static let rejected: JSON = [
    "reason": "zu schwer: 汉字", "line": 4_000_000_000, "paint": "COLOUR_BLUE", "tried": ["", "é"],
    "place": [["x": "3fe0000000000000", "y": "bfd0000000000000"]],
  ]

  @Test func `are raised by our servants`() async throws {
    let parties = try await Parties.shared.value
    for (name, members) in [("Nothing", [:]), ("Rejected", Self.rejected)] as [(String, JSON)] {
      do {
        try await parties.call("refuse", [.string(name)])
        Issue.record("\(name) was not raised")
      } catch ForeignORBError.raised(let exception, let raised) {
        #expect(exception == "IDL:tessera.test/Parley/\(name):1.0" && raised == members)
      }
    }
    try await parties.call("refuse", ["no name"])
    #expect(await foreignException { try await parties.call("refuse", ["undeclared"]) }?.name == "UNKNOWN")
  }

  @Test func `are raised by servants of omniORBpy`() async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    try await desk.servant.answer("refuse", .raise("Parley::Nothing", members: [:]), once: true)
    await #expect(throws: Parley.Nothing()) { try await desk.stub.refuse(name: "") }
    try await desk.servant.answer("refuse", .raise("Parley::Rejected", members: Self.rejected), once: true)
    await #expect(throws: DeskServant.rejection) { try await desk.stub.refuse(name: "") }
    // An exception that the operation does not declare.
    try await desk.servant.answer("nop", .raise("Parley::Nothing", members: [:]))
    #expect(await ownException { try await desk.stub.nop() }?.kind == .unknown)
  }

  private static let completions: [(CompletionStatus, String)] = [
    (.yes, "COMPLETED_YES"), (.no, "COMPLETED_NO"), (.maybe, "COMPLETED_MAYBE"),
  ]

  /// All system exceptions of the standard that omniORB has.
  private static let kinds = SystemException.Kind.allCases.filter {
    ![.invalidActivity, .activityCompleted, .activityRequired, .threadCancelled].contains($0)
  }

  @Test func `are system exceptions with minor codes and completion, from us`() async throws {
    let parties = try await Parties.shared.value
    for (index, kind) in Self.kinds.enumerated() {
      let (status, completed) = Self.completions[index % 3]
      // omniORB's clients try again by themselves.
      if [.transient, .communicationFailure].contains(kind) && status != .yes { continue }
      let exception = await foreignException {
        try await parties.call("fail", [.string(kind.rawValue), .integer(0x1234_0000 + index), .integer(Int(status.rawValue))])
      }
      #expect(exception == .init(kind.rawValue, minor: UInt32(0x1234_0000 + index), completed))
    }
  }

  @Test func `are system exceptions with minor codes and completion, from omniORBpy`() async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    for (index, kind) in Self.kinds.enumerated() {
      let (status, completed) = Self.completions[index % 3]
      try await desk.servant.answer(
        "nop", .raiseSystem("CORBA::\(kind.rawValue)", minor: 0x1234_0000 + index, completed: completed), once: true)
      let exception = await ownException { try await desk.stub.nop() }
      #expect(exception == SystemException(kind, minor: UInt32(0x1234_0000 + index), completed: status))
    }
  }

  @Test func `say that an argument or a result is out of bounds`() async throws {
    let parties = try await Parties.shared.value
    // A result that our servant should not have given: carried out, but not to be told.
    let long = String(repeating: "x", count: 21)
    let desk = try await parties.serveDesk()
    try await desk.servant.answer("swapSku", .results([.string(long), "", ""]))
    #expect(await ownException { _ = try await desk.stub.swapSku(a: "", b: "") }?.kind == .marshal)
    // An argument that never leaves.
    let calls = try await desk.servant.calls().count
    let exception = await ownException { _ = try await desk.stub.swapSku(a: long, b: "") }
    #expect(exception?.completed == .no)
    #expect(try await desk.servant.calls().count == calls)
  }
}
