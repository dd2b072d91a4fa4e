import CDR
import EchoInterface
import ORBCore
import Testing

@Suite struct `Calls inside of one process` {
  let orb = ORB()
  let servant = EchoServant()
  let echo: Bench.LoudEcho

  init() throws { echo = try orb.adapter(named: "Test").activate(servant, as: Bench.LoudEcho.self) }

  @Test func `carry results, out parameters and inherited operations`() async throws {
    try await echo.nop()
    #expect(try await echo.echoString(text: "grüß 汉字") == "grüß 汉字")
    #expect(try await echo.shout(text: "quiet") == "QUIET")
    let result = try await echo.push(batch: ["a", "b"])
    #expect(result.returnValue == 2 && result.accepted == 2)
  }

  @Test func `raise declared exceptions`() async throws {
    await #expect(throws: Bench.Rejected(reason: "empty", line: 1)) { try await echo.push(batch: ["a", ""]) }
  }

  @Test func `carry references, nil too`() async throws {
    #expect(try await echo.itself(other: nil) == nil)
    let other = try #require(try await echo.itself(other: echo.asEcho))
    #expect(other.objectRef == echo.objectRef)
    #expect(try await other.echoString(text: "through the reference") == "through the reference")
  }

  @Test func `deliver oneway calls`() async throws {
    for number in 0..<10 { try await echo.fire(number: Int32(number)) }
    await orb.adapter(named: "Test").waitUntilIdle()
    #expect(try await echo.fired == 10)
  }

  @Test(arguments: [
    ("undeclared", SystemException(.unknown, minor: .unlistedUserException, completed: .yes)),
    ("swift error", SystemException(.unknown, completed: .maybe)),
    ("cancelled", SystemException(.transient, minor: .requestCancelled, completed: .maybe)),
    ("no permission", SystemException(.noPermission, minor: 7, completed: .no)),
    ("zero", SystemException(.marshal, minor: .invalidString, completed: .yes)),
  ])
  func `turn a servant's errors into system exceptions`(text: String, expected: SystemException) async throws {
    await #expect(throws: expected) { try await echo.echoString(text: text) }
  }

  @Test func `refuse what a client cannot encode before anything is called`() async throws {
    await #expect(throws: SystemException(.marshal, minor: .invalidString, completed: .no)) { try await echo.echoString(text: "a\0b") }
  }

  @Test func `answer questions about the object itself`() async throws {
    #expect(try await echo.objectRef.isA("IDL:Bench/Echo:1.0"))
    #expect(try await echo.objectRef.isA(ObjectRef.baseRepositoryID))
    #expect(try await !echo.objectRef.isA("IDL:Bench/Other:1.0"))
    #expect(try await !echo.objectRef.isNonExistent())
    await #expect(throws: SystemException(.noImplement)) { try await echo.objectRef.invoke("_interface") }
    await #expect(throws: SystemException(.badOperation, minor: .unknownOperation)) {
      try await echo.objectRef.invoke("hop")
    }
    #expect(try await echo.objectRef.narrow(to: Bench.Echo.self) != nil)
  }

  @Test func `refuse arguments that are broken or left over, before the servant sees them`() async throws {
    await #expect(throws: SystemException(.marshal, minor: .countExceedsMessage, completed: .no)) {
      try await echo.objectRef.invoke("echoString") { (encoder) throws(CDRError) in encoder.encode(4000 as UInt32) }
    }
    await #expect(throws: SystemException(.marshal, minor: .trailingOctets, completed: .no)) {
      try await echo.objectRef.invoke("nop") { (encoder) throws(CDRError) in encoder.encode(1 as UInt32) }
    }
    await #expect(throws: SystemException(.dataConversion, minor: .invalidCharacters, completed: .no)) {
      try await echo.objectRef.invoke("echoString") { (encoder) throws(CDRError) in encoder.encode(octets: [0xFF, 0]) }
    }
  }
}
