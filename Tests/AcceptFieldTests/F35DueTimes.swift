import ForeignORB
import TesseraProcess
import Testing

@Suite("35 Due times of a wrong clock") struct F35DueTimes {
  private static func change(_ world: OrderingDesk, _ sql: String) async throws {
    _ = try await ChildProcess.check(
      "sqlite3", ["-cmd", ".timeout 10000", "tessera-data/tessera.sqlite", sql], folder: world.server.folder)
  }

  @Test("A due time that no wait explains is told and has come; later orders of the customer do not wait for years")
  func dueTimes() async throws {
    let world = try await OrderingDesk(guarantee: "none")
    let made = try await world.server.json("parties", "new", "--name", "Miller", "--tax-id", "GB2", "--country", "GB")
    let party = try #require(made["party"]?["id"]?.string)
    try await world.desk.answer("create", .raiseSystem("CORBA::TRANSIENT", minor: 1, completed: "COMPLETED_NO"))
    let contracts = [try await world.draft(party: party), try await world.draft(party: party)]
    for contract in contracts { try await world.server.json("contracts", "sign", contract) }
    try await world.delivery(contracts[1], in: "waiting")
    try await world.running.process.kill()
    // As a clock writes that is four years ahead.
    try await Self.change(
      world,
      "UPDATE delivery SET state = 'ready', next_attempt_at = next_attempt_at + 126230400000000 WHERE contract = '\(contracts[0])'")
    let found = try await world.doctor("clock")
    #expect(found.contains { $0.hasPrefix("bad: delivery 1 is due at 203") && $0.contains("no wait explains") }, "\(found)")
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]), once: true)
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-2", customer: "D-1")]))
    let again = try await world.server.serve()
    for contract in contracts { try await world.delivery(contract, in: "ordered") }
    #expect(again.process.errorText.contains("at a time that no wait explains"), "\(again.process.errorText)")
    #expect(try await world.doctor("clock").allSatisfy { $0.hasPrefix("good") })

    // Neighbours: while it runs, and of an order that is blocked or a change.
    try await world.desk.answer("change", .raiseSystem("CORBA::TRANSIENT", minor: 1, completed: "COMPLETED_NO"))
    try await world.server.json("contracts", "amend", contracts[0], "--line", "1:3:1", "--reason", "shorter")
    try await world.delivery(contracts[0], in: "ready")
    try await world.desk.answer("change", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]))
    try await Self.change(
      world, "UPDATE delivery SET state = 'blocked', next_attempt_at = 4102444800000000 WHERE state IN ('ready', 'sending')")
    try await world.delivery(contracts[0], in: "confirmed")
    try await again.process.kill()
  }
}
