import ForeignORB
import TesseraProcess
import Testing

@Suite("30 Answers that could not be written") struct F30AnswersWritten {
  /// A process whose files must not grow, as if the disk were full: what it writes beyond fails with EFBIG.
  private static let unharmed = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]

  private static func limit(_ world: OrderingDesk, _ octets: String) async throws {
    _ = try await ChildProcess.check("prlimit", ["--pid", "\(world.running.process.pid)", "--fsize=\(octets)"])
  }

  @Test("While the disk is full nothing is written and every retry waits; then the answer is written down, and what was due is sent")
  func diskFull() async throws {
    let world = try await OrderingDesk(guarantee: "none", wrapper: Self.unharmed)
    // The answer comes when the disk is full already.
    let first = try await world.sign("GB1", .resultsLater(.seconds(12), [OrderingDesk.verdict("SO-1", customer: "D-1")]))
    try await world.delivery(first, in: "sending")
    try await Self.limit(world, "0:")
    // Neighbours: orders that are due while nothing can be written, and a change of one, signed by other processes that can.
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-2", customer: "D-2")]), once: true)
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-3", customer: "D-3")]))
    let others = [try await world.draft("GB2"), try await world.draft("GB3")]
    for contract in others { try await world.server.json("contracts", "sign", contract) }
    // All tries that there were before would have failed by now.
    try await Task.sleep(for: .seconds(38))
    #expect(try await world.delivery(first)["state"] == "sending")
    let lines = world.log("trying again")
    #expect(!lines.isEmpty && lines.count < 60, "\(lines.count) lines: \(lines.prefix(3))")
    try await Self.limit(world, "unlimited:")
    let ordered = try await world.delivery(first, in: "ordered")
    #expect(ordered["orderNumber"] == "SO-1" && ordered["attempts"] == 1)
    for contract in others { try await world.delivery(contract, in: "ordered", within: 90) }
    let calls = try await world.desk.calls().filter { $0.operation == "create" }
    #expect(calls.count == 3 && Set(calls.map { $0.arguments[0] }).count == 3)
    try await world.running.process.kill()
  }

  @Test("Neighbour: another process holds the database when the answer comes; it is written when that has ended")
  func locked() async throws {
    let world = try await OrderingDesk(guarantee: "none")
    let contract = try await world.sign("GB1", .resultsLater(.seconds(20), [OrderingDesk.verdict("SO-1", customer: "D-1")]))
    try await world.delivery(contract, in: "sending")
    // Longer than the broker waits for it once, which is ten seconds.
    let holder = """
      import sqlite3, time
      c = sqlite3.connect("tessera-data/tessera.sqlite", isolation_level=None, timeout=30)
      c.execute("BEGIN IMMEDIATE"); time.sleep(36); c.execute("ROLLBACK")
      """
    _ = try await ChildProcess.check("python3", ["-c", holder], folder: world.server.folder)
    let ordered = try await world.delivery(contract, in: "ordered")
    #expect(ordered["orderNumber"] == "SO-1" && ordered["attempts"] == 1)
    #expect(world.log("cannot be written down", "STORE_BUSY").count >= 1, "\(world.running.process.errorText)")
    try await world.running.process.kill()
  }
}
