import ForeignORB
import TesseraProcess
import Testing

@Suite("13 Accepted without a number") struct F13NumberBelieved {
  /// Where the destination promises nothing, a person looks; the number is believed when it comes.
  @Test(
    "An answer that says accepted and gives no number is none",
    arguments: [("accepted", ""), ("accepted", "  "), ("partial", ""), ("accepted", "SO\u{1B}[2J")])
  func notBelieved(outcome: String, number: String) async throws {
    let world = try await OrderingDesk(guarantee: "none")
    let contract = try await world.sign("GB1", .results([OrderingDesk.verdict(number, outcome, customer: "D-1")]))
    let uncertain = try await world.delivery(contract, in: "uncertain")
    #expect(uncertain["code"] == "ANSWER_NOT_UNDERSTOOD" && uncertain["orderNumber"]?.string == nil)
    #expect(uncertain["explanation"]?.string?.contains("\"\(outcome)\"") == true, "\(uncertain)")
    #expect(try await world.state(contract) == "uncertain")
    // Nor is a blank one of a person.
    let refused = try await world.refusal("contracts", "settle", contract, "--ordered", " ", "--reason", "blank")
    #expect(refused.code == "NUMBER_INVALID")
    #expect(try await world.server.json("contracts", "settle", contract, "--ordered", "SO-1", "--reason", "seen")["state"] == "ordered")
    try await world.running.process.kill()
  }

  @Test("Neighbours: what a probe finds without a number is none either; a destination that keeps keys is asked again until it says one")
  func neighbours() async throws {
    let probed = try await OrderingDesk(guarantee: "strong-probe", configuration: OrderingDesk.configuration(""))
    try await probed.desk.answer("find", .results([OrderingDesk.verdict("")]), once: true)
    try await probed.desk.answer("find", .results([OrderingDesk.verdict("SO-1")]))
    let contract = try await probed.sign("GB1", .results([OrderingDesk.verdict("")]))
    let ordered = try await probed.delivery(contract, in: "ordered")
    #expect(ordered["orderNumber"] == "SO-1" && ordered["attempts"] == 3)
    #expect(try await probed.desk.calls().count { $0.operation == "create" } == 1)
    try await probed.running.process.kill()

    let keyed = try await OrderingDesk(guarantee: "idempotent-by-key", configuration: OrderingDesk.configuration(""))
    try await keyed.desk.answer("create", .results([OrderingDesk.verdict("\t")]), once: true)
    let other = try await keyed.sign("GB1", .results([OrderingDesk.verdict("SO-2")]))
    #expect(try await keyed.delivery(other, in: "ordered")["attempts"] == 2)
    try await keyed.running.process.kill()
  }
}
