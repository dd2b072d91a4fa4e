import BenchIDL
import CDR
import Glibc
import IIOPTransport
import ORBCore

/// The workloads, by the letters that all clients of the benchmark give them.
struct Workloads {
  let options: Options
  let loop: EventLoop
  let echo: Bench.Echo
  let batch = Bench.Product.catalogue(1000)
  let batchOctets: Int

  init(_ options: Options, _ loop: EventLoop, _ echo: Bench.Echo) throws {
    self.options = options
    self.loop = loop
    self.echo = echo
    var encoder = CDREncoder(capacity: 1 << 18)
    try encoder.encode(batch)
    batchOctets = encoder.count
  }

  /// - Returns: the number of failed checks.
  func run(_ workload: String) async throws -> Int {
    switch workload {
    case "a": try await time("a", "nop") { try await echo.nop() }
    case "b":
      try await time("b", "echoString32") {
        let answer = try await echo.echoString(s: "0123456789abcdef0123456789abcdef")
        precondition(answer.utf8.count == 32)
      }
    case "c":
      for callers in options.callers > 0 ? [options.callers] : [8, 64] {
        try await time("c", "nop-threads", callers: callers) { try await echo.nop() }
      }
    case "d":
      try await time("d", "push1000", callers: max(1, options.callers), products: 1000) {
        let count = try await echo.push(batch: batch)
        precondition(count == 1000)
      }
    case "e":
      try await time("e", "fetch1000", callers: max(1, options.callers), products: 1000) {
        let products = try await echo.fetch(count: 1000)
        precondition(products.count == 1000)
      }
    case "f": try await blobs()
    case "g": try await oneways()
    case "h": return try await idleConnections()
    case "i":
      var checks = Checks(echo)
      try await checks.run()
      var line = Line("i", "interop", options)
      line.add("failures", checks.failures)
      line.write()
      return checks.failures
    case "m": try await memory()
    default: fail("unknown workload \(workload)")
    }
    return 0
  }

  private func time(
    _ letter: String, _ name: String, callers: Int = 1, products: Int = 0, _ operation: @escaping @Sendable () async throws -> Void
  ) async throws {
    let result = try await measure(options, callers: callers, on: loop, operation)
    var line = Line(letter, name, options)
    line.add(result, callers: callers)
    if products > 0 { line.add(products: products, octets: batchOctets, of: result) }
    line.write()
  }

  private func blobs() async throws {
    let blob = [UInt8](repeating: 0x5A, count: 1 << 20)
    let callers = max(1, options.callers)
    let result = try await measure(options, callers: callers, on: loop) {
      let answer = try await echo.echoBlob(b: blob)
      precondition(answer.count == blob.count)
    }
    var line = Line("f", "echoBlob1MiB", options)
    line.add(result, callers: callers)
    line.add("MB_per_s_one_way", Double(result.calls) * 1.048576 / result.seconds)
    line.write()
  }

  private func oneways() async throws {
    let count = options.count > 0 ? options.count : 1_000_000
    let before = try await echo.fired()
    let server = processorTime(of: options.serverPID)
    let own = ownProcessorTime()
    let start = now()
    for number in 0..<count { try await echo.fire(n: Int32(truncatingIfNeeded: number)) }
    let sent = now()
    while try await echo.fired() < before + Int64(count) { try await Task.sleep(for: .microseconds(200)) }
    let seconds = Double(now() - start) / 1e9
    var line = Line("g", "oneway", options)
    line.add("threads", 1)
    line.add("calls", count)
    line.add("seconds", seconds)
    line.add("send_seconds", Double(sent - start) / 1e9)
    line.add("calls_per_s", Double(count) / seconds)
    line.add("server_cpu_s_per_million", (processorTime(of: options.serverPID) - server) / Double(count) * 1e6)
    line.add("client_cpu_s_per_million", (ownProcessorTime() - own) / Double(count) * 1e6)
    line.write()
  }

  private func idleConnections() async throws -> Int {
    let count = options.count > 0 ? options.count : 1000
    guard let profile = echo.objectRef.ior.iiopProfiles.first?.profile else { fail("the reference has no address") }
    let memoryBefore = status(of: options.serverPID, "VmRSS:")
    let start = now()
    var probes: [LocateProbe] = []
    var failures = 0
    for number in 0..<count {
      guard let probe = LocateProbe(profile), probe.finds(profile.objectKey, requestID: UInt32(number)) else {
        complain("idle connection \(number) failed")
        failures += 1
        break
      }
      probes.append(probe)
    }
    let each = Double(now() - start) / 1e3 / Double(max(1, probes.count))
    let memoryAfter = status(of: options.serverPID, "VmRSS:")
    let threads = status(of: options.serverPID, "Threads:")
    let result = try await measure(options, callers: 1, on: loop) { try await echo.nop() }
    var line = Line("h", "idle-connections", options)
    line.add(result, callers: 1)
    line.add("idle", probes.count)
    line.add("connect_locate_us_each", each)
    line.add("rss_before_kb", memoryBefore)
    line.add("rss_after_kb", memoryAfter)
    line.add("server_threads", threads)
    line.write()
    for index in stride(from: 0, to: probes.count, by: 100) where !probes[index].finds(profile.objectKey, requestID: 7) {
      complain("FAIL idle connections still answer")
      failures += 1
    }
    return failures
  }

  private func memory() async throws {
    try await time("m", "marshal1000", products: 1000) {
      var encoder = CDREncoder()
      try encoder.encode(batch)
      precondition(encoder.count == batchOctets)
    }
    let octets = try encoded()
    try await time("m", "unmarshal1000", products: 1000) {
      var decoder = CDRDecoder(octets.span.bytes)
      let products = try decoder.decode(Bench.ProductSeq.self)
      precondition(products.count == 1000)
    }
  }

  private func encoded() throws -> [UInt8] {
    var encoder = CDREncoder(capacity: 1 << 18)
    try encoder.encode(batch)
    return encoder.array
  }
}
