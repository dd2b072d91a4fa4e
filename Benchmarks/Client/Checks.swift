import BenchIDL
import CDR
import Glibc
import ORBCore

/// Workload `i`: what two ORBs must agree on, untimed.
struct Checks {
  private(set) var failures = 0
  private let echo: Bench.Echo

  init(_ echo: Bench.Echo) { self.echo = echo }

  mutating func run() async throws {
    try await object()
    try await texts()
    try await blobs()
    try await products()
    try await oneways()
    locate()
  }

  private mutating func check(_ what: String, _ holds: Bool) {
    if holds { return }
    failures += 1
    complain("FAIL \(what)")
  }

  private mutating func object() async throws {
    try await echo.nop()
    check("_is_a", try await echo.objectRef.isA("IDL:Bench/Echo:1.0"))
    check("!_is_a", try await !echo.objectRef.isA("IDL:Bench/Nope:1.0"))
    check("_non_existent", try await !echo.objectRef.isNonExistent())
  }

  private mutating func texts() async throws {
    for length in [0, 1, 2, 3, 4, 5, 7, 8, 100, 8191, 8192, 8193, 100_000] {
      let text = String(repeating: "x", count: length)
      check("echoString length \(length)", try await echo.echoString(s: text) == text)
    }
    let latin = String(String.UnicodeScalarView((0xA0..<0x100).compactMap { Unicode.Scalar($0) }))
    check("echoString ISO 8859-1", try await echo.echoString(s: latin) == latin)
  }

  private mutating func blobs() async throws {
    for length in [0, 1, 3, 4, 8191, 8192, 65_536, 3_000_001] {
      let blob = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      check("echoBlob \(length)", try await echo.echoBlob(b: blob) == blob)
    }
  }

  private mutating func products() async throws {
    check("push empty", try await echo.push(batch: []) == 0)
    var batch = Bench.Product.catalogue(10)
    batch[3].listPriceMinor = -1
    do {
      _ = try await echo.push(batch: batch)
      check("user exception", false)
    } catch let error as Bench.Rejected { check("user exception", error == Bench.Rejected(reason: "negative price", line: 3)) }
    for count in [0, 1, 17, 1000, 20_000] {
      check("fetch contents \(count)", try await echo.fetch(count: Int32(count)) == Bench.Product.catalogue(count))
    }
    check("system exception BAD_PARAM", await refusal(of: -1).map { $0.kind == .badParameter && $0.completed == .no } ?? false)
    check("system exception IMP_LIMIT", await refusal(of: 2_000_000_000)?.kind == .implementationLimit)
  }

  private func refusal(of count: Int32) async -> SystemException? {
    do { _ = try await echo.fetch(count: count) } catch { return error as? SystemException }
    return nil
  }

  private mutating func oneways() async throws {
    let before = try await echo.fired()
    for number in 0..<1000 { try await echo.fire(n: Int32(number)) }
    for _ in 0..<5000 where try await echo.fired() < before + 1000 { try await Task.sleep(for: .milliseconds(1)) }
    check("oneway all arrive", try await echo.fired() == before + 1000)
  }

  private mutating func locate() {
    guard let profile = echo.objectRef.ior.iiopProfiles.first?.profile, let probe = LocateProbe(profile) else {
      return check("GIOP 1.0 LocateRequest", false)
    }
    check("GIOP 1.0 LocateRequest, known key", probe.finds(profile.objectKey, requestID: 42))
    check("GIOP 1.0 LocateRequest, unknown key", !probe.finds(Array("no such object".utf8), requestID: 43))
  }
}
