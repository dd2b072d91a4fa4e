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

  /// A later cancellation would take back whatever has the number.
  @Test("The number of another order is none: neither from a person nor from the destination; a wrong one is put right")
  func numbersOfOthers() async throws {
    let world = try await OrderingDesk(guarantee: "none")
    let tessera = world.server
    let first = try await world.sign("GB1", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]))
    try await world.delivery(first, in: "ordered")

    // The destination answers it.
    let second = try await world.sign("GB2", .results([OrderingDesk.verdict("SO-1", customer: "D-2")]))
    let uncertain = try await world.delivery(second, in: "uncertain")
    #expect(uncertain["code"] == "NUMBER_TAKEN" && uncertain["orderNumber"]?.string == nil)
    #expect(uncertain["explanation"]?.string?.contains("of the contract \(first)") == true, "\(uncertain)")

    // A person gives it, or the number of another customer.
    let taken = try await world.refusal("contracts", "settle", second, "--ordered", "SO-1", "--reason", "seen")
    #expect(taken.code == "NUMBER_TAKEN" && taken.message.contains("O-000001 of the contract \(first)"), "\(taken)")
    let customer = try await world.refusal("contracts", "settle", second, "--ordered", "SO-2", "--customer", "D-1", "--reason", "seen")
    #expect(customer.code == "NUMBER_TAKEN" && customer.message.contains("C-000001"), "\(customer)")
    #expect(try await world.delivery(second)["state"] == "uncertain")

    // A number given wrongly is put right, with a reason; the cancellation names the right one.
    #expect(try await tessera.json("contracts", "settle", second, "--ordered", "SO-3", "--reason", "seen")["state"] == "ordered")
    let again = try await world.refusal("contracts", "settle", second, "--ordered", "SO-2")
    #expect(again.code == "NOT_UNCERTAIN")
    try await tessera.json("contracts", "settle", second, "--ordered", "SO-2", "--reason", "a slip of the pen")
    let corrected = try await world.delivery(second)
    #expect(corrected["orderNumber"] == "SO-2" && corrected["explanation"]?.string?.contains("SO-3 before") == true, "\(corrected)")
    #expect(try await tessera.json("identity", "find", "Order", "desk:SO-2")["ids"]?[0]?["id"] == "O-000002")
    #expect(try await tessera.run(arguments: ["identity", "find", "Order", "desk:SO-3"]).exit != .code(0))
    try await world.desk.answer("cancel", .results([OrderingDesk.verdict("SO-2")]))
    try await tessera.json("contracts", "cancel", second, "--reason", "no use")
    try await world.delivery(second, in: "confirmed")
    let cancelled = try await world.desk.calls().filter { $0.operation == "cancel" }
    #expect(cancelled.count == 1 && "\(cancelled[0].arguments)".contains("SO-2"), "\(cancelled)")
    #expect(try await world.state(first) == "ordered")

    // What is cancelled is not signed; and cancelling it again says that it changes nothing.
    let unsigned = try await world.refusal("contracts", "sign", second)
    #expect(unsigned.code == "CONTRACT_NOT_DRAFT" && unsigned.message.contains("is cancelled"), "\(unsigned)")
    let repeated = try await tessera.json("contracts", "cancel", second, "--reason", "once more")
    #expect(
      repeated["warnings"]?.array?.compactMap(\.string) == [
        "it was cancelled before; nothing changed, and the reason given now is not kept"
      ])
    try await world.running.process.kill()
  }
}
