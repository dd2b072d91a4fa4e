import CDR
import EchoInterface
import ORBCore
import Testing

@Suite struct `An object adapter` {
  let orb = ORB()
  var adapter: ObjectAdapter { orb.adapter(named: "Sessions") }
  let gone = SystemException(.objectNotExist, minor: .unknownAdapter)

  @Test func `forgets deactivated objects`() async throws {
    let reference = try adapter.activate(EchoServant(), key: "given")
    try await reference.invoke("nop")
    #expect(adapter.deactivate("given"))
    await #expect(throws: gone) { try await reference.invoke("nop") }
    #expect(try await reference.isNonExistent())
    #expect(!adapter.deactivate("given"))
  }

  @Test func `takes a key once`() throws {
    try adapter.activate(EchoServant(), key: "twice")
    #expect(throws: ObjectAdapterError.keyInUse("twice")) { try adapter.activate(EchoServant(), key: "twice") }
  }

  @Test func `makes keys that differ and cannot be guessed`() throws {
    let keys = Set((0..<100).map { _ in adapter.newKey() })
    #expect(keys.count == 100)
    #expect(keys.allSatisfy { $0.octets.count == "Sessions/".utf8.count + 16 })
  }

  @Test func `asks its locator for keys below its name only`() async throws {
    let servant = EchoServant()
    let known = adapter.newKey()
    adapter.setLocator { $0 == known ? servant : nil }
    try await orb.reference(key: known, typeID: "").invoke("nop")
    await #expect(throws: gone) { try await orb.reference(key: adapter.newKey(), typeID: "").invoke("nop") }
    await #expect(throws: gone) { try await orb.reference(key: "Elsewhere/1", typeID: "").invoke("nop") }
  }

  @Test func `sends callers of a well-known name on to the full reference`() async throws {
    let full = try adapter.activate(EchoServant(), wellKnownName: "Tessera/Echo")
    let name = orb.reference(key: "Tessera/Echo", typeID: "")
    #expect(try await Bench.Echo(unchecked: name).echoString(text: "forwarded") == "forwarded")
    #expect(full != name)
    #expect(orb.initialReference("Tessera/Echo") == full)
  }

  @Test func `gives up on circles of forwards`() async throws {
    try adapter.forward("a", to: orb.reference(key: "b", typeID: ""))
    try adapter.forward("b", to: orb.reference(key: "a", typeID: ""))
    await #expect(throws: SystemException(.transient)) { try await orb.reference(key: "a", typeID: "").invoke("nop") }
  }

  @Test func `answers TRANSIENT beyond its limit`() async throws {
    let narrow = orb.adapter(named: "Narrow", policies: .init(maximumRequestsInFlight: 1))
    let gate = Gate()
    let echo = try narrow.activate(gate)
    async let first: Void = echo.invoke("wait")
    await gate.entered()
    await #expect(throws: SystemException(.transient, minor: .requestDiscarded)) { try await echo.invoke("wait") }
    try narrow.deactivate(#require(echo.objectKey))
    gate.open()
    try await first
    await narrow.waitUntilIdle()
  }
}

/// A servant whose one operation waits until the gate opens.
final class Gate: Servant {
  private let inside = AsyncStream<Void>.makeStream()
  private let opened = AsyncStream<Void>.makeStream()
  var repositoryIDs: [String] { ["IDL:Test/Gate:1.0"] }

  func dispatch(_ request: IncomingRequest) async throws -> Reply {
    inside.continuation.yield()
    for await _ in opened.stream { break }
    return request.reply()
  }
  func entered() async { for await _ in inside.stream { break } }
  func open() { opened.continuation.yield() }
}
