import ForeignORB
import TesseraProcess
import Testing

@Suite("11 Parked for a person") struct F11ParkedForAPerson {
  private static let exception = PythonServant.Answer.raiseSystem("CORBA::UNKNOWN", minor: 1, completed: "COMPLETED_MAYBE")
  private static let unconvertible = PythonServant.Answer.raiseSystem("CORBA::DATA_CONVERSION", minor: 1, completed: "COMPLETED_NO")
  private static func id(_ delivery: JSON) throws -> String { "\(try #require(delivery["delivery"]?.integer))" }

  @Test("A delivery that fails for ever is parked, told, and ended by cancel, settle or amend; others go on; it is replayed")
  func parked() async throws {
    let world = try await OrderingDesk(guarantee: "idempotent-by-key")
    let tessera = world.server

    // An ERP that answers an exception.
    let first = try await world.sign("GB1", Self.exception)
    let parked = try await world.delivery(first, in: "parked")
    #expect(parked["mayBeThere"] == true && parked["attempts"] == 2 && parked["waitsForPerson"] == true)
    #expect(parked["words"]?.string?.contains("`tessera contracts settle`") == true, "\(parked)")
    #expect(try await tessera.json("contracts", "show", first)["state"] == "uncertain")

    // A verdict that nobody understands.
    let second = try await world.sign("GB2", .results([OrderingDesk.verdict("SO-2", "perhaps")]))
    let answered = try await world.delivery(second, in: "parked")
    #expect(answered["code"] == "ANSWER_NOT_UNDERSTOOD" && answered["mayBeThere"] == true)
    #expect(answered["explanation"]?.string?.contains("\"perhaps\"") == true, "\(answered)")

    // What was never sent is not said to be there.
    let third = try await world.sign("GB3", Self.unconvertible)
    let unsent = try await world.delivery(third, in: "parked")
    #expect(unsent["mayBeThere"] == false && unsent["code"] == "DATA_CONVERSION")
    #expect(unsent["words"]?.string?.contains("nothing of it is in desk") == true, "\(unsent)")
    #expect(try await tessera.json("contracts", "show", third)["explanation"]?.string?.contains("waits for a person") == true)

    // Another customer's order goes on.
    let other = try await world.sign("GB4", .results([OrderingDesk.verdict("SO-4")]))
    try await world.delivery(other, in: "ordered")

    // Lists, doctor and log tell.
    let people = try await tessera.json("deliveries", "list", "--for-people")["deliveries"]?.array ?? []
    #expect(people.compactMap { $0["contract"]?.string } == [first, second, third])
    #expect(try await tessera.json("deliveries", "list", "--state", "parked")["deliveries"]?.array?.count == 3)
    let found = try await world.doctor("deliveries")
    #expect(found.contains { $0.hasPrefix("warning: 3 orders are parked") }, "\(found)")
    for contract in [first, second, third] {
      #expect(world.log("waits for a person: it is parked", "contract=\(contract)").count == 1, "\(world.running.process.errorText)")
    }

    try await end(world, maybe: first, answered: second, unsent: third)
    try await world.running.process.kill()
  }

  private func end(_ world: OrderingDesk, maybe first: String, answered second: String, unsent third: String) async throws {
    let tessera = world.server
    // What may be there is settled before it is cancelled.
    let refused = try await world.refusal("contracts", "cancel", first, "--reason", "no use")
    #expect(refused.code == "CONTRACT_UNDER_WAY" && refused.message.contains("`tessera contracts settle`"), "\(refused)")
    try await tessera.json("contracts", "settle", first, "--not-ordered", "--reason", "it is not there")
    #expect(try await world.delivery(first)["state"] == "parked")
    #expect(try await tessera.json("contracts", "cancel", first, "--reason", "no use")["state"] == "cancelled")
    #expect(try await tessera.json("contracts", "settle", second, "--ordered", "SO-2", "--reason", "it is there")["state"] == "ordered")
    // What was never sent is amended, and goes out as it is now.
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-3")]))
    try await tessera.json("contracts", "amend", third, "--line", "1:3:1", "--reason", "shorter")
    try await world.delivery(third, in: "ordered")
    let sent = try await world.desk.calls().last { $0.operation == "create" }
    #expect(sent?.arguments[1]["lines"]?[0]?["quantity"] == "3.000000")

    // And replayed, by its number or all of a system at once.
    let again = try await world.sign("GB5", Self.exception)
    let more = try await world.sign("GB6", Self.exception)
    let id = try Self.id(try await world.delivery(again, in: "parked"))
    try await world.delivery(more, in: "parked")
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-5")]), once: true)
    try await tessera.json("deliveries", "retry", id, "--reason", "they mended it")
    try await world.delivery(again, in: "ordered")
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-6")]))
    #expect(try await tessera.json("deliveries", "retry", "--all", "--system", "desk", "--reason", "mended")["retried"]?.array?.count == 1)
    try await world.delivery(more, in: "ordered")
    let done = try await world.refusal("deliveries", "retry", id, "--reason", "again")
    #expect(done.code == "NOT_RETRYABLE")
    let audit = try await tessera.json("audit", "list")["audit"]?.array?.compactMap { $0["action"]?.string } ?? []
    #expect(audit.count { $0 == "retry-delivery" } == 2 && audit.contains("settle-not-ordered"))
  }

  @Test("Neighbours: a change and a cancellation are parked and taken back; a person parks what an ERP that is down keeps waiting")
  func neighbours() async throws {
    let world = try await OrderingDesk(guarantee: "none")
    let tessera = world.server
    let contract = try await world.sign("GB1", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]))
    try await world.delivery(contract, in: "ordered")
    for (operation, command) in [("change", ["amend", contract, "--line", "1:3:1"]), ("cancel", ["cancel", contract])] {
      try await world.desk.answer(operation, Self.unconvertible)
      _ = try await tessera.run(arguments: ["contracts"] + command + ["--reason", "they want it"])
      let parked = try await world.delivery(contract, in: "parked")
      #expect(parked["action"]?.string == operation)
      let words = try await tessera.json("contracts", "show", contract)["explanation"]?.string
      #expect(words?.hasSuffix("waits for a person") == true, "\(words ?? "")")
      let withdrawn = try await tessera.json("deliveries", "withdraw", try Self.id(parked), "--reason", "leave it")
      #expect(withdrawn["state"] == "cancelled")
      #expect(try await world.state(contract) == "ordered")
    }

    // The customer's second order waits for the first, which creates him, until somebody parks it.
    let made = try await tessera.json("parties", "new", "--name", "Miller", "--tax-id", "GB2", "--country", "GB")
    let party = try #require(made["party"]?["id"]?.string)
    try await world.desk.answer("create", .raiseSystem("CORBA::TRANSIENT", minor: 1, completed: "COMPLETED_NO"))
    let contracts = [try await world.draft(party: party), try await world.draft(party: party)]
    for contract in contracts { try await tessera.json("contracts", "sign", contract) }
    try await world.delivery(contracts[1], in: "waiting")
    // More than the limit: a system that is busy is no fault of the order.
    try await eventually("it is tried again and again") { (try await world.delivery(contracts[0]))["attempts"]?.integer ?? 0 > 3 }
    let tried = try await world.delivery(contracts[0], in: "ready")
    #expect(tried["failures"] == 0 && tried["mayBeThere"] == false)
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-7", customer: "D-7")]), once: true)
    try await world.desk.answer("create", .results([OrderingDesk.verdict("SO-8", customer: "D-7")]))
    let park = try await tessera.run(arguments: ["deliveries", "park", try Self.id(tried), "--reason", "not now", "--json"])
    if park.exit == .code(0) { #expect(try await world.delivery(contracts[0])["state"] == "parked") }
    try await world.delivery(contracts[1], in: "ordered")
    try await world.running.process.kill()
  }
}
