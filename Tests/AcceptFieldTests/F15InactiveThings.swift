import ForeignORB
import TesseraProcess
import Testing

@Suite("15 What is not sold any more") struct F15InactiveThings {
  private func configure(_ desk: FieldDesk, _ policy: String) throws {
    try desk.server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><orders inactive=\"\(policy)\"/></broker>", to: "tessera-data/broker.xml")
  }

  /// The product, or the customer, is or is not sold any more.
  private func product(_ desk: FieldDesk, _ status: String) async throws {
    try desk.server.write("code,name,currency,listPrice,status\nB-8,Bolt M8,EUR,0.35,\(status)\n", to: "status.csv")
    try await desk.server.json("products", "import", "status.csv")
  }
  private func customer(_ desk: FieldDesk, _ status: String) async throws {
    let record = "{\"id\": \"\(desk.party)\", \"name\": \"Miller\", \"kind\": \"customer\", \"status\": \"\(status)\", \"taxId\": \"GB1\"}"
    try desk.server.write(record, to: "party.json")
    try await desk.server.json("parties", "new", "--file", "party.json")
  }

  private func refusal(_ desk: FieldDesk, _ arguments: String...) async throws -> String? {
    let result = try await desk.server.run(arguments: arguments + ["--json"])
    #expect(result.exit == .code(1), "\(arguments) \(result)")
    return try JSON(parsing: result.output)["error"]?["code"]?.string
  }

  @Test("By default an inactive product or customer is refused when a contract is drafted, signed, amended, called off and sent")
  func refused() async throws {
    let desk = try await FieldDesk()
    let (early, running) = (try await desk.draft("K-1"), try await desk.draft("K-2"))
    let open = try #require(
      try await desk.server.json(
        "contracts", "new", "--number", "K-3", "--party", desk.party, "--line", "B-8:10:1", "--currency", "EUR", "--called-off")["id"]?
        .string)
    try await desk.server.json("contracts", "sign", running)
    try await desk.server.json("contracts", "sign", open)
    try await product(desk, "inactive")
    let new = ["contracts", "new", "--number", "K-9", "--party", desk.party, "--line", "B-8:1:1", "--currency", "EUR", "--json"]
    let drafted = try JSON(parsing: try await desk.server.run(arguments: new).output)
    #expect(drafted["error"]?["code"] == "PRODUCT_INACTIVE")
    #expect(drafted["error"]?["message"]?.string?.hasPrefix("lines[1]/product: the product P-000001 B-8 is inactive") == true, "\(drafted)")
    #expect(try await refusal(desk, "contracts", "sign", early) == "PRODUCT_INACTIVE")
    #expect(try await refusal(desk, "contracts", "amend", running, "--line", "1:11", "--reason", "more") == "PRODUCT_INACTIVE")
    #expect(try await refusal(desk, "contracts", "call-off", open, "--line", "1:2") == "PRODUCT_INACTIVE")
    // Less of it is not more of it, and what is cancelled is not ordered.
    #expect(try await desk.server.json("contracts", "amend", running, "--line", "1:5", "--reason", "less")["state"] == "signed")
    #expect(try await desk.server.json("contracts", "show", early)["warnings"]?.array?.count == 1)
    #expect(try await desk.server.json("contracts", "cancel", open, "--reason", "not now")["state"] == "cancelled")
    // The order that was signed before is kept from being sent, visibly, until the product is sold again.
    try await desk.server.json("identity", "link", "Product", "crm:P-000001", "desk:1", "--reason", "the same")
    try await desk.server.json("identity", "link", "Party", "crm:\(desk.party)", "desk:D-1", "--reason", "the same")
    let broker = try await desk.server.serve("--log", "error")
    try await eventually("the order is kept") {
      try await desk.server.rows("SELECT code FROM deliveries WHERE contract = '\(running)'") == "PRODUCT_INACTIVE"
    }
    let words = try await desk.server.run("contracts", "show", running).output
    #expect(words.contains("cannot be sent: PRODUCT_INACTIVE"), "\(words)")
    #expect(try await desk.server.rows("SELECT attempts FROM deliveries WHERE contract = '\(running)'") == "0")
    try await broker.process.kill()
    // The customer, too.
    try await product(desk, "active")
    try await customer(desk, "inactive")
    #expect(try await refusal(desk, "contracts", "sign", early) == "PARTY_INACTIVE")
    try await customer(desk, "active")
    #expect(try await desk.server.json("contracts", "sign", early)["state"] == "signed")
  }

  @Test("Where broker.xml says warn, it goes on with a word: in what is shown, and in the audit")
  func warned() async throws {
    let desk = try await FieldDesk()
    try configure(desk, "warn")
    try await product(desk, "inactive")
    let drafted = try await desk.server.json(
      "contracts", "new", "--number", "K-1", "--party", desk.party, "--line", "B-8:10:1", "--currency", "EUR")
    #expect(drafted["warnings"]?[0]?.string == "lines[1]/product: the product P-000001 B-8 is inactive")
    let contract = try #require(drafted["id"]?.string)
    #expect(try await desk.server.json("contracts", "sign", contract)["state"] == "signed")
    let audit = try await desk.server.rows("SELECT subject, reason FROM audit_trail WHERE action = 'sign-inactive'")
    #expect(audit == "\(contract)|lines[1]/product: the product P-000001 B-8 is inactive")
    try await desk.server.json("contracts", "sign", contract)
    #expect(try await desk.server.rows("SELECT count(*) FROM audit_trail WHERE action = 'sign-inactive'") == "1")
    // When it is sent, too, which is when most time has passed.
    try await desk.server.json("identity", "link", "Product", "crm:P-000001", "desk:1", "--reason", "the same")
    try await desk.server.json("identity", "link", "Party", "crm:\(desk.party)", "desk:D-1", "--reason", "the same")
    let broker = try await desk.server.serve("--log", "error")
    try await eventually("the order is tried") {
      try await desk.server.rows("SELECT attempts > 0 FROM deliveries WHERE contract = '\(contract)'") == "1"
    }
    try await broker.process.kill()
    #expect(
      try await desk.server.rows("SELECT subject FROM audit_trail WHERE action = 'send-inactive'") == "contract \(contract), delivery 1")
    try configure(desk, "perhaps")
    #expect(try await desk.server.run("contracts", "show", contract).exit != .code(0))
  }
}
