import CDR
import EchoInterface
import IIOPTransport
import ORBCore
import Testing

/// A servant whose one operation waits until the gate opens, or its task is cancelled.
final class Gate: Servant {
  private let inside = AsyncStream<Void>.makeStream()
  private let opened = AsyncStream<Void>.makeStream()
  private let ends = AsyncStream<Bool>.makeStream()
  var repositoryIDs: [String] { ["IDL:Test/Gate:1.0"] }

  func dispatch(_ request: IncomingRequest) async throws -> Reply {
    inside.continuation.yield()
    var came = false
    for await _ in opened.stream {
      came = true
      break
    }
    ends.continuation.yield(!came)
    return request.reply()
  }

  func entered() async { for await _ in inside.stream { break } }
  func open() { opened.continuation.yield() }
  /// Whether the next call to end was cancelled.
  func wasCancelled() async -> Bool {
    for await cancelled in ends.stream { return cancelled }
    return false
  }
}

@Suite(.timeLimit(.minutes(1))) struct `A caller is told of failures` {
  let gate = Gate()

  /// A reference to the gate as a client has it.
  private func waiting(_ pair: Pair) throws -> ObjectRef {
    let reference = try pair.server.adapter(named: "Gates", policies: .init(execution: .inline)).activate(gate)
    return ObjectRef(reference.ior, orb: pair.client)
  }

  @Test(arguments: [false, true]) func `by TIMEOUT when no reply comes in time, and the server stops working`(onLoop: Bool) async throws {
    let pair = try Pair()
    let reference = try waiting(pair)
    let call: () async throws -> Void = {
      await #expect(throws: SystemException(.timeout, completed: .maybe)) {
        try await withCallTimeout(.milliseconds(30)) { try await reference.invoke("wait") }
      }
    }
    if onLoop { try await pair.onLoop(call) } else { try await call() }
    #expect(await gate.wasCancelled())
    try await pair.echo.nop()
  }

  @Test(arguments: [false, true]) func `by cancellation, which reaches the server`(onLoop: Bool) async throws {
    let pair = try Pair()
    let reference = try waiting(pair)
    let task = Task(executorPreference: onLoop ? pair.clientTransport.executor : globalConcurrentExecutor) {
      try await reference.invoke("wait")
    }
    await gate.entered()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(await gate.wasCancelled())
    try await pair.echo.nop()
  }

  @Test func `by TRANSIENT with the address where nobody listens`() async throws {
    let endpoint = try RawListener().endpoint
    let client = ORB()
    let transport = try IIOPTransport(orb: client)
    let reference = try client.reference(from: "corbaloc::\(endpoint)/x")
    let error = await #expect(throws: SystemException.self) { try await reference.invoke("nop") }
    #expect(error?.kind == .transient && error?.completed == .no)
    #expect(error?.message == "cannot connect to \(endpoint): Connection refused")
    await transport.shutDown()
  }

  @Test func `by COMM_FAILURE when the connection breaks while they wait`() async throws {
    let listener = try RawListener()
    let client = ORB(options: .init())
    let transport = try IIOPTransport(orb: client)
    let reference = try reference(to: listener, client)
    let call = Task { try await reference.invoke("nop") }
    let peer = try await listener.accept()
    _ = try await peer.message()
    peer.hangUp()
    await #expect(throws: SystemException(.communicationFailure, completed: .maybe)) { try await call.value }
    await transport.shutDown()
  }

  @Test func `not at all when the server closes in order: the call is made again`() async throws {
    let listener = try RawListener()
    let client = ORB()
    let transport = try IIOPTransport(orb: client)
    let reference = try reference(to: listener, client)
    let call = Task { try await reference.invoke("nop") }
    let first = try await listener.accept()
    _ = try await first.message()
    try await first.send(message { $0.encodeCloseConnection(version: .giop12) })
    let second = try await listener.accept()
    let (header, octets) = try #require(try await second.message())
    let request = try RequestHeader.decode(octets.span.bytes, header, limits: GIOPLimits())
    try await second.send(message { $0.endMessage($0.beginReply(to: request.requestID, format: WireFormat())) })
    try await call.value
    await transport.shutDown()
  }

  @Test func `by MARSHAL or the end of the connection when the reply is broken`() async throws {
    let listener = try RawListener()
    let client = ORB()
    let transport = try IIOPTransport(orb: client)
    let reference = try reference(to: listener, client)
    let call = Task { try await reference.invoke("nop") }
    let peer = try await listener.accept()
    _ = try await peer.message()
    try await peer.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
    await #expect(throws: SystemException(.communicationFailure, completed: .maybe)) { try await call.value }
    #expect(try await peer.message()?.header.type == .messageError)
    await transport.shutDown()
  }

  @Test func `of nothing when an idle connection was closed meanwhile`() async throws {
    var options = IIOPOptions()
    // Longer than a busy machine takes between the connection and the call.
    options.idleTimeout = .seconds(1)
    let pair = try Pair(serverOptions: options)
    for _ in 0..<2 {
      try await pair.echo.nop()
      while pair.serverTransport.serverConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  @Test func `of nothing when the server is shut down while it works for them`() async throws {
    let pair = try Pair()
    let reference = try waiting(pair)
    let call = Task { try await reference.invoke("wait") }
    await gate.entered()
    async let end: Void = pair.serverTransport.shutDown()
    gate.open()
    try await call.value
    await end
    await #expect(throws: SystemException(.transient, minor: .noUsableProfile)) { try await pair.echo.nop() }
  }

  @Test func `when the server does not end in time`() async throws {
    let pair = try Pair()
    let reference = try waiting(pair)
    let call = Task { try await reference.invoke("wait") }
    await gate.entered()
    await pair.serverTransport.shutDown(patience: .milliseconds(20))
    await #expect(throws: SystemException(.communicationFailure, completed: .maybe)) { try await call.value }
    #expect(await gate.wasCancelled())
  }

  private func reference(to listener: RawListener, _ client: ORB) throws -> ObjectRef {
    let profile = IIOPProfile(address: listener.endpoint, objectKey: [1], components: [.codeSets(.tessera)])
    return ObjectRef(IOR(typeID: "", profiles: [profile.tagged()]), orb: client)
  }
}
