import ForeignORB
import TesseraProcess
import Testing

/// What the doctor did not say, and hints without the whole command.
@Suite("28 Rows of the doctor, whole commands") struct F28DoctorRows {
  @Test("The doctor says whether a broker serves, which systems fail, who parked, and each to-do names its command whole")
  func rows() async throws {
    let world = try await OrderingDesk(guarantee: "idempotent-by-key")
    #expect(try await world.doctor("broker").contains { $0.hasPrefix("good: a broker serves") })
    #expect(try await world.doctor("systems") == ["good: desk takes orders; none that is to be sent failed last"])
    let contract = try await world.sign("GB1", .raiseSystem("CORBA::TRANSIENT", minor: 1, completed: "COMPLETED_NO"))
    try await eventually("the doctor tells of the system that fails") {
      try await world.doctor("systems").contains { $0.hasPrefix("warning: desk: 1 order fails since") && $0.contains("TRANSIENT") }
    }
    let delivery = try #require(try await world.delivery(contract)["delivery"]?.integer)
    // It may be on its way at the moment.
    try await eventually("it is parked") {
      try await world.server.run("deliveries", "park", "\(delivery)", "--reason", "their holidays").exit == .code(0)
    }
    let found = try await world.doctor("deliveries")
    #expect(found.contains { $0.contains("1 orders are parked by a person") } && !found.contains { $0.contains("too often") }, "\(found)")
    // The list is the same; every command in a remedy can be typed as it stands.
    let checks = try await world.server.document("doctor")["checks"]?.array ?? []
    for check in checks {
      let parts = (check["remedy"]?.string ?? "").split(separator: "`", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() where index % 2 == 1 {
        #expect(["tessera ", "sqlite3 ", "chmod "].contains { part.hasPrefix($0) }, "\(check)")
      }
    }
    try await world.running.process.kill()
    #expect(try await world.doctor("broker").contains { $0.hasPrefix("warning: no broker serves") })
  }

  @Test("What waits for an id says the whole command that links it") func hints() async throws {
    let world = try await OrderingDesk(guarantee: "idempotent-by-key", codes: "B-8,螺栓 M8,EUR,0.35\nB-9,Nut,EUR,1")
    let made = try await world.server.json("parties", "new", "--name", "n", "--tax-id", "GB1", "--country", "GB")
    let party = try #require(made["party"]?["id"]?.string)
    let drafted = try await world.server.json("contracts", "new", "--party", party, "--line", "P-000002:10:1", "--currency", "EUR")
    let contract = try #require(drafted["id"]?.string)
    try await world.server.json("contracts", "sign", contract)
    let waiting = try await world.delivery(contract, in: "waiting")
    #expect(
      waiting["words"]?.string?.contains("`tessera identity link Product crm:P-000002 desk:ID --reason …` links it") == true, "\(waiting)")
    try await world.server.json("identity", "link", "Product", "crm:P-000002", "desk:X-9", "--reason", "the same")
    try await world.running.process.kill()
  }

  @Test("A number of too many digits is told how many it may have, and is not repeated whole") func lines() async throws {
    let server = try TesseraServer()
    let long = String(repeating: "9", count: 5_000)
    for (line, said) in [
      ("P1:\(long):1", "up to twelve digits and six decimals"), ("P1:1:\(long)", "up to ten digits and eight decimals"),
      ("P1:1:1:1000", "up to three digits and six decimals"), (long, "has 1 part between colons"),
    ] {
      let refused = try await server.run("contracts", "new", "--party", "C-000001", "--currency", "EUR", "--line", line)
      #expect(refused.exit == .code(2) && refused.errors.contains(said) && refused.errors.utf8.count < 2_000, "\(refused.errors)")
    }
  }
}
