import ForeignORB
import Foundation
import IIOPTransport
import Synchronization
import Testing

/// A server process of ours under siege: while peers attack it, one well-behaved connection goes on calling `nop`.
final class GateServer: Sendable {
  let port: UInt16
  private let process: ChildProcess
  private let prober: Prober
  /// Resident memory in KiB before the first attack, or after one that made it grow too far: it shall not fail those after it, too.
  private let before: Mutex<Int>

  /// - Parameter options: those of `orb-test-server`.
  init(_ options: [String] = []) async throws {
    process = try ChildProcess(builtExecutable("orb-test-server"), options, input: .pipe)
    let line = try await process.readLine()
    let port = try #require(line.flatMap { UInt16($0) })
    self.port = port
    // Whatever is made once, at the first calls, shall not count as growth.
    try await onThread {
      for form in Form.all {
        let socket = try RawSocket(port: port)
        for operation in ["nop", "noted"] {
          try socket.send(form.request(operation))
          _ = try socket.message()
        }
      }
    }
    prober = try Prober(port: port)
    before = Mutex(try Self.memory(process.pid, "VmRSS"))
  }

  deinit { prober.stop() }

  /// The server for all attacks that need no special options; another one after an attack that ended it, or stopped its calls.
  static let shared = Shared()

  actor Shared {
    private var current: Task<GateServer, any Error>?

    var value: GateServer {
      get async throws {
        let known = current
        if let server = try? await known?.value, server.isWell { return server }
        // Another caller may have been first.
        if current == known { current = Task { try await GateServer() } }
        return try await current!.value
      }
    }
  }

  private var isWell: Bool { process.exit == nil && !prober.hasFailed }

  /// KiB by which attacks may make a server grow, all together: each octet that all connections may hold together may be there twice,
  /// where a message is put together or converted, and what the allocator keeps of that afterwards counts as well. How much of it is there
  /// at once depends on the moment, so there is no smaller bound that always holds.
  private static let greatestGrowth = 2 * IIOPOptions().maximumHeldOctets >> 10

  /// Runs an attack, on a thread of its own.
  ///
  /// The other connection must have been served all the time, and all attacks on this server together must not have made it grow by more
  /// than what its bounds allow. What counts is the greatest amount of resident memory at any time, as the kernel has seen it.
  func survives<Result>(
    sourceLocation: SourceLocation = #_sourceLocation, _ attack: (GateServer) throws -> Result
  ) async throws -> Result {
    let result = try await onThread { try attack(self) }
    let failure = try await onThread { self.prober.callOnceMore() }
    #expect(failure == nil, "the calls on the other connection failed", sourceLocation: sourceLocation)
    #expect(process.exit == nil, "\(process.errorText)", sourceLocation: sourceLocation)
    let grown = try grown()
    #expect(grown < Self.greatestGrowth, "the server's memory grew by \(grown) KiB", sourceLocation: sourceLocation)
    if grown >= Self.greatestGrowth { try beginAnew() }
    return result
  }

  /// How far the resident memory has ever been above what it was before the first attack, in KiB.
  func grown() throws -> Int { try Self.memory(process.pid, "VmHWM") - before.withLock { $0 } }

  /// Counts growth from what the server has now.
  private func beginAnew() throws {
    try "5".write(toFile: "/proc/\(process.pid)/clear_refs", atomically: false, encoding: .utf8)
    let now = try Self.memory(process.pid, "VmRSS")
    before.withLock { $0 = now }
  }

  func connect(room: Int32? = nil) throws -> RawSocket { try RawSocket(port: port, room: room) }

  // MARK: - Calls of those who keep to the rules

  /// Calls an operation over a connection of its own.
  func call(_ operation: String, key: String = "Gate", _ arguments: Writing = { _ in }) throws -> Answer {
    let socket = try connect()
    try socket.send(Form.giop12[1].request(operation, key: key, arguments))
    guard let message = try socket.message() else { throw RawSocket.Failure(what: "\(operation): closed") }
    return try message.answer().answer
  }

  /// How many calls wait in `hold`.
  func holding() throws -> Int {
    guard case .result(let octets) = try call("holding"), octets.count == 4 else { throw RawSocket.Failure(what: "holding") }
    return octets.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The sum of what was noted.
  func noted() throws -> Int {
    guard case .result(let octets) = try call("noted"), octets.count == 8 else { throw RawSocket.Failure(what: "noted") }
    return octets.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether so many octets come back as they were sent.
  func copies(_ count: Int) throws -> Bool {
    let octets = [UInt8](unsafeUninitializedCapacity: count) { octets, initialized in
      for index in 0..<count { octets[index] = UInt8(truncatingIfNeeded: index % 251) }
      initialized = count
    }
    return try call("copy") { $0.blob(octets) } == .result(le32(UInt32(count)) + octets)
  }

  /// Waits until something holds that the server is asked for.
  func wait(until holds: (GateServer) throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(20)
    while try !holds(self) {
      guard ContinuousClock.now < end else { throw RawSocket.Failure(what: "waited for nothing") }
      usleep(1000)
    }
  }

  private static func memory(_ pid: Int32, _ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(field):") })
    return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1]))
  }
}

/// Calls `nop` over one connection all the time; the first failure ends it.
private final class Prober: Sendable {
  private struct State {
    var calls = 0
    var failure: String?
    var isStopped = false
  }

  private let state = Mutex(State())

  init(port: UInt16) throws {
    let socket = try RawSocket(port: port)
    nonisolated(unsafe) let mine = socket  // handed over to the thread
    Thread.detachNewThread { [self] in run(mine) }
  }

  private func run(_ socket: RawSocket) {
    var id: UInt32 = 0
    while !state.withLock({ $0.isStopped || $0.failure != nil }) {
      id &+= 1
      let form = Form.all[Int(id % 6)]
      do {
        try socket.send(form.request("nop", id: id))
        let reply = try socket.message()?.answer()
        let failure: String? = reply.map { $0.id == id && $0.answer == .nothing ? nil : "call \(id) was answered by \($0)" } ?? "closed"
        state.withLock { state in
          state.calls += 1
          state.failure = failure
        }
      } catch { state.withLock { $0.failure = "call \(id): \(error)" } }
      usleep(500)  // a steady caller, not an attack of its own
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// Waits for the end of a call that begins now.
  ///
  /// - Returns: what went wrong since the start.
  func callOnceMore() -> String? {
    let calls = state.withLock { $0.calls }
    while true {
      let (now, failure) = state.withLock { ($0.calls, $0.failure) }
      if failure != nil || now >= calls + 2 { return failure }
      usleep(500)
    }
  }
}
