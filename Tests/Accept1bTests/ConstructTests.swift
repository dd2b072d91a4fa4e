import CDR
import ForeignORB
import IIOPTransport
import ORBCore
import ParleyIDL
import Testing
import WireValues

/// Every construct of IDL as argument, result, out and inout parameter, between omniORBpy and us, both ways.
@Suite struct `Constructs of IDL` {
  private func values(_ swap: Swap, _ round: Int) -> [Value] {
    var random = RandomValues(seed: swap.operation.utf8.reduce(UInt64(round)) { $0 &* 31 &+ UInt64($1) })
    return (0..<5).map { _ in random.value(swap.type) }
  }

  @Test(arguments: swaps) func `reach our servants`(_ swap: Swap) async throws {
    let parties = try await Parties.shared.value
    for round in 0..<8 {
      let arguments = values(swap, round).prefix(2).map { oracleValue($0, swap.type) }
      #expect(try await parties.call(swap.operation, arguments) == [arguments[1], arguments[0], arguments[1]])
    }
  }

  @Test(arguments: swaps) func `reach servants of omniORBpy`(_ swap: Swap) async throws {
    let parties = try await Parties.shared.value
    let desk = try await parties.serveDesk()
    var calls: [PythonServant.Call] = []
    for round in 0..<8 {
      let values = values(swap, round)
      let json = values.map { oracleValue($0, swap.type) }
      try await desk.servant.answer(swap.operation, .results(Array(json[2...])), once: true)
      // On the connection's own thread, and on another one.
      let executor: (any TaskExecutor)? = round % 2 == 0 ? parties.transport.executor : nil
      let results = try await withTaskExecutorPreference(executor) { try await swap.call(desk.stub, Array(values[..<2])) }
      #expect(results.map { oracleValue($0, swap.type) } == Array(json[2...]))
      calls.append(.init(swap.operation, Array(json[..<2])))
    }
    #expect(try await desk.servant.calls() == calls)
  }

  @Test func `stand in a row whatever their alignment`() async throws {
    let parties = try await Parties.shared.value
    #expect(try await parties.call("mix", [1, "3ff8000000000000", -2, "汉", "-9"]) == ["3ff8000000000000", -2, 1, "-9", "汉"])

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("mix", .results(["bfe0000000000000", 300, 255, "9223372036854775807", ""]))
    let results = try await desk.stub.mix(a: 1, b: 1.5, c: -2, d: "汉", e: -9)
    #expect(results == (returnValue: -0.5, c: 300, f: 255, g: .max, h: ""))
    #expect(try await desk.servant.calls() == [.init("mix", [1, "3ff8000000000000", -2, "汉", "-9"])])
  }

  /// omniORB splits messages above 8 KiB; those of more than one fragment come in all lengths around that.
  @Test(arguments: [0, 1, 8_100, 8_150, 8_159, 8_160, 8_161, 8_192, 16_300, 16_384, 100_000, 1_000_000])
  func `carry long sequences`(length: Int) async throws {
    let parties = try await Parties.shared.value
    let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let blob: JSON = ["hex": .string(octets.hexadecimal)]
    #expect(try await parties.call("swapBlob", [["hex": "00"], blob]) == [blob, ["hex": "00"], blob])

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("swapBlob", .results([blob, ["hex": "01"], blob]))
    let results = try await desk.stub.swapBlob(a: octets, b: [])
    #expect(results == (returnValue: octets, b: [1], c: octets))
    #expect(try await desk.servant.calls() == [.init("swapBlob", [blob, ["hex": ""]])])
  }

  @Test func `carry long sequences of texts`() async throws {
    let parties = try await Parties.shared.value
    let names = (0..<5_000).map { String(repeating: "汉", count: $0 % 7) + String($0) }
    let json = JSON.array(names.map { .string($0) })
    #expect(try await parties.call("swapNames", [[], json]) == [json, [], json])

    let desk = try await parties.serveDesk()
    try await desk.servant.answer("swapNames", .results([json, [], []]))
    #expect(try await desk.stub.swapNames(a: names, b: []).returnValue == names)
    #expect(try await desk.servant.calls() == [.init("swapNames", [json, []])])
  }

  /// omniORBpy can write wide characters, not read them.
  @Test(arguments: [0x41, 0xFC, 0x6C49, 0xFFFD] as [UInt16]) func `take wide characters`(code: UInt16) async throws {
    let parties = try await Parties.shared.value
    #expect(try await parties.call("codeOf", [7, .integer(Int(code)), 9]) == [.integer(Int(code))])
  }

  /// Before GIOP 1.2 bodies are not aligned, and wide characters have other forms or none.
  @Test(arguments: ["1.0", "1.1"]) func `travel in older versions of GIOP`(version: String) async throws {
    let parties = try await Parties(options: ["-ORBmaxGIOPVersion", version])
    let narrow = ["swapOctet", "swapDouble", "swapAmount", "swapBlob", "swapDoubles", "swapGrid", "swapOptionalPoint"]
    for swap in swaps where narrow.contains(swap.operation) {
      let desk = try await parties.serveDesk()
      for round in 0..<4 {
        let values = values(swap, round)
        let json = values.map { oracleValue($0, swap.type) }
        #expect(try await parties.call(swap.operation, Array(json[..<2])) == [json[1], json[0], json[1]])
        try await desk.servant.answer(swap.operation, .results(Array(json[2...])), once: true)
        #expect(try await swap.call(desk.stub, Array(values[..<2])).map { oracleValue($0, swap.type) } == Array(json[2...]))
      }
    }
    #expect(try await parties.call("swapString", ["", "grün é"]) == ["grün é", "", "grün é"])
    let long = JSON.string(String(repeating: "x", count: 100_000))
    #expect(try await parties.call("swapString", ["", long]) == [long, "", long])
  }
}
