import CDR
import EchoInterface
import IIOPTransport
import ORBCore
import Synchronization
import Testing

/// Two ORBs that speak over loopback: one serves an echo, the other has a reference to it.
struct Pair {
  let server = ORB()
  let client: ORB
  let serverTransport: IIOPTransport
  let clientTransport: IIOPTransport
  let servant = EchoServant()
  let echo: Bench.LoudEcho

  init(
    execution: ObjectAdapter.Execution = .pool, host: String = "127.0.0.1", serverOptions: IIOPOptions = .init(),
    clientOptions: IIOPOptions = .init(), orbOptions: ORB.Options = .init()
  ) throws {
    client = ORB(options: orbOptions)
    serverTransport = try IIOPTransport(orb: server, options: serverOptions)
    clientTransport = try IIOPTransport(orb: client, options: clientOptions)
    try serverTransport.listen(host: host)
    let reference = try server.adapter(named: "Test", policies: .init(execution: execution)).activate(servant)
    echo = Bench.LoudEcho(unchecked: try ObjectRef(stringified: reference.stringified, orb: client))
  }

  /// Runs the body where a client's calls are fastest.
  func onLoop<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await withTaskExecutorPreference(clientTransport.executor, operation: body)
  }
}

@Suite(.timeLimit(.minutes(1))) struct `Calls over loopback` {
  @Test(arguments: [ObjectAdapter.Execution.inline, .pool], ["127.0.0.1", "::1"])
  func `carry everything, from any thread`(execution: ObjectAdapter.Execution, host: String) async throws {
    let pair = try Pair(execution: execution, host: host)
    for onLoop in [false, true] {
      let calls: () async throws -> Void = {
        try await pair.echo.nop()
        #expect(try await pair.echo.echoString(text: "grüß 汉字") == "grüß 汉字")
        #expect(try await pair.echo.shout(text: "quiet") == "QUIET")
        #expect(try await pair.echo.push(batch: ["a", "b"]).accepted == 2)
        await #expect(throws: Bench.Rejected(reason: "empty", line: 1)) { try await pair.echo.push(batch: ["a", ""]) }
        #expect(try await pair.echo.objectRef.isA("IDL:Bench/Echo:1.0"))
        await #expect(throws: SystemException(.noPermission, minor: 7)) { try await pair.echo.echoString(text: "no permission") }
        let other = try #require(try await pair.echo.itself(other: pair.echo.asEcho))
        #expect(try await other.echoString(text: "again") == "again")
      }
      if onLoop { try await pair.onLoop(calls) } else { try await calls() }
    }
    #expect(pair.serverTransport.serverConnections == 1)
  }

  @Test(arguments: [0, 1, 7, 65_523, 65_536, 1_000_001, 5_000_000])
  func `carry long texts`(length: Int) async throws {
    let pair = try Pair()
    let text = String(repeating: "x", count: length)
    #expect(try await pair.echo.echoString(text: text) == text)
    let loud = try await pair.onLoop { try await pair.echo.shout(text: text) }
    #expect(loud.utf8.count == length)
  }

  @Test func `share one connection when they come at once`() async throws {
    let pair = try Pair(execution: .inline)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask(executorPreference: number % 2 == 0 ? pair.clientTransport.executor : globalConcurrentExecutor) {
          for round in 0..<10 {
            let answer = try await pair.echo.echoString(text: "\(number).\(round)")
            #expect(answer == "\(number).\(round)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(pair.serverTransport.serverConnections == 1)
  }

  @Test func `arrive in order when they are oneway`() async throws {
    let pair = try Pair(execution: .inline)
    for number in 0..<1000 { try await pair.echo.fire(number: Int32(number)) }
    #expect(try await pair.echo.fired == 1000)
    try await pair.onLoop { for number in 0..<1000 { try await pair.echo.fire(number: Int32(number)) } }
    #expect(try await pair.onLoop { try await pair.echo.fired } == 2000)
  }

  @Test func `reach well-known names through corbaloc, in characters that only the full reference allows`() async throws {
    let pair = try Pair()
    try pair.server.adapter(named: "Known").activate(EchoServant(), wellKnownName: "Tessera/Echo")
    let location = "corbaloc:iiop:1.2@\(pair.server.publishedEndpoint)/Tessera/Echo"
    let echo = Bench.Echo(unchecked: try pair.client.reference(from: location))
    #expect(try await echo.echoString(text: "汉字") == "汉字")
    let old = Bench.Echo(unchecked: try pair.client.reference(from: "corbaloc::\(pair.server.publishedEndpoint)/Tessera/Echo"))
    #expect(try await old.echoString(text: "汉字") == "汉字")
  }

  @Test(arguments: [WireFormat.Version.giop10, .giop11, .giop12])
  func `speak every version of GIOP`(version: WireFormat.Version) async throws {
    let pair = try Pair()
    let profile = try #require(pair.echo.objectRef.ior.iiopProfiles.first?.profile)
    let other = IIOPProfile(version: version, address: profile.address, objectKey: profile.objectKey, components: profile.components)
    let ior = IOR(typeID: "", profiles: [other.tagged()])
    let echo = Bench.LoudEcho(unchecked: ObjectRef(ior, orb: pair.client))
    for length in 0..<20 {
      let text = String(repeating: "y", count: length)
      #expect(try await echo.echoString(text: text) == text)
      #expect(try await pair.onLoop { try await echo.shout(text: text) } == text.uppercased())
    }
    #expect(try await echo.push(batch: ["a"]).returnValue == 1)
  }

  @Test func `tell the servant who calls`() async throws {
    let pair = try Pair()
    try await pair.echo.nop()
    let context = try #require(pair.servant.lastContext.withLock { $0 })
    #expect(context.peer.hasPrefix("127.0.0.1:"))
    #expect(context.operation == "nop" && context.body.count == 0)
  }
}
