import EchoInterface
import IIOPTransport
import ORBCore
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A transport` {
  /// A caller of its own, with its thread.
  private func call(_ pair: Pair) async throws -> (ORB, IIOPTransport, Bench.LoudEcho) {
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    let echo = Bench.LoudEcho(unchecked: try ObjectRef(stringified: pair.echo.objectRef.stringified, orb: orb))
    try await echo.nop()
    return (orb, transport, echo)
  }

  @Test func `that only calls ends with its ORB: thread, connection and memory`() async throws {
    let pair = try Pair()
    weak var orb: ORB?
    weak var loop: EventLoop?
    do {
      let caller = try await call(pair)
      (orb, loop) = (caller.0, caller.1.executor)
      #expect(pair.serverTransport.serverConnections == 1)
      // The reference alone keeps what it needs.
      let echo = caller.2
      try await echo.nop()
    }
    while orb != nil || loop != nil || pair.serverTransport.serverConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
    await pair.serverTransport.shutDown()
  }

  @Test func `that has served is gone after its end`() async throws {
    weak var orb: ORB?
    weak var loop: EventLoop?
    do {
      let pair = try Pair()
      (orb, loop) = (pair.server, pair.serverTransport.executor)
      try await pair.echo.nop()
      await pair.serverTransport.shutDown()
      pair.servant.lastContext.withLock { $0 = nil }  // it names its ORB
    }
    while orb != nil || loop != nil { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test(arguments: [false, true]) func `tells callers that it has ended`(onLoop: Bool) async throws {
    let pair = try Pair()
    let (_, transport, echo) = try await call(pair)
    let ended: () async throws -> Void = {
      await transport.shutDown()
      for _ in 0..<3 {
        await #expect(throws: SystemException(.badInvocationOrder, minor: .hasShutDown)) { try await echo.nop() }
      }
    }
    // Whoever runs on the thread that ends goes on elsewhere.
    if onLoop { try await withTaskExecutorPreference(transport.executor, operation: ended) } else { try await ended() }
    await pair.serverTransport.shutDown()
  }

  @Test(arguments: [false, true]) func `fails the calls under way when it ends`(onLoop: Bool) async throws {
    let pair = try Pair()
    let gate = Gate()
    let reference = try pair.server.adapter(named: "Gates", policies: .init(execution: .inline)).activate(gate)
    let (orb, transport, _) = try await call(pair)
    let call = Task(executorPreference: onLoop ? transport.executor : globalConcurrentExecutor) {
      try await ObjectRef(reference.ior, orb: orb).invoke("wait")
    }
    await gate.entered()
    await transport.shutDown()
    await #expect(throws: SystemException(.communicationFailure, completed: .maybe)) { try await call.value }
    await pair.serverTransport.shutDown()
  }
}
