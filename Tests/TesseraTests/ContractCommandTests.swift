import ForeignORB
import Testing

@Suite("Contracts and their orders")
struct ContractCommandTests {
  /// A folder with a customer, two products, and a system that takes orders.
  private func commands(desk reference: String) async throws -> Commands {
    let commands = try Commands()
    try await commands.json(
      "systems", "add", "desk", "--adapter", "order-desk", "--reference", reference, "--orders", "--guarantee", "none")
    try commands.folder.write("code,name,currency,price\nB-8,Bolt,EUR,12.50\nN-8,Nut,EUR,0.1\n", to: "products.csv")
    try await commands.json("products", "import", "products.csv")
    try await commands.json(
      "parties", "new", "--name", "Müller Bau", "--tax-id", "DE1", "--street", "Weg 1", "--city", "Köln", "--postal-code", "50667",
      "--country", "DE", "--payment-terms", "30 days")
    return commands
  }

  @Test("A draft is worked out from options, or taken from a file")
  func draft() async throws {
    let commands = try await commands(desk: "corbaloc::127.0.0.1:1/Desk")
    let made = try await commands.json(
      "contracts", "new", "--party", "DE1", "--line", "B-8:10:12.50:5", "--line", "P-000002:1000:0.08", "--currency", "EUR",
      "--tax-amount", "37.76", "--delivery-date", "2026-12-24", "--number", "2026/7", "--sign-date", "2026-11-30")
    #expect(made["id"] == "V-000001")
    #expect(made["state"] == "draft")
    let record = try #require(made["record"])
    #expect(record["netTotal"] == "198.7500")
    #expect(record["grossTotal"] == "236.5100")
    #expect(record["paymentTerms"] == "30 days")
    #expect(record["deliveryAddress"]?["city"] == "Köln")
    #expect(record["lines"]?[0]?["discount"] == "5.000000")
    #expect(record["lines"]?[1]?["product"] == "P-000002")
    // The record is a document from which another contract is made.
    guard case .object(var members) = record else { return }
    members["number"] = "2026/8"
    members["id"] = ""
    try commands.folder.write(JSON.object(members).description, to: "contract.json")
    let second = try await commands.json("contracts", "new", "--file", "contract.json")
    #expect(second["id"] == "V-000002")
    #expect(second["record"]?["lines"] == record["lines"])
    let text = try await commands.run("contracts", "show", "V-000001").output
    #expect(
      text == """
        contract     V-000001, number 2026/7
        state        a draft; `tessera contracts sign` signs it
        customer     Müller Bau (crm C-000001)
        signed on    2026-11-30
        net total    198.75 EUR
        tax          37.76 EUR
        gross total  236.51 EUR

        LINE  PRODUCT   CODE  IDS  QUANTITY  UNIT PRICE  VERDICT
           1  P-000001  B-8   -          10       12.50  -
           2  P-000002  N-8   -        1000        0.08  -

        """)
    #expect(try await commands.json("contracts", "cancel", "V-000002", "--reason", "a copy")["state"] == "cancelled")
    let (_, error) = try await commands.refusal("contracts", "sign", "V-000002")
    #expect(error?["code"] == "CONTRACT_NOT_DRAFT")
  }

  @Test("What is wrong with a contract is said, all at once")
  func wrong() async throws {
    let commands = try await commands(desk: "corbaloc::127.0.0.1:1/Desk")
    let (exit, error) = try await commands.refusal(
      "contracts", "new", "--party", "DE1", "--line", "B-8:0:1", "--line", "B-8:1:1:101", "--currency", "EURO", "--delivery-date", "soon")
    #expect(exit == .code(1))
    let message = error?["message"]?.string ?? ""
    for part in [
      "lines[1]/quantity: the quantity 0.000000 is not above 0",
      "lines[2]/discount: the discount 101.000000 is no percentage from 0 to 100",
      "currency: \"EURO\" is no currency code of ISO 4217", "lines[1]/deliveryDate: \"soon\" is no date; write it as 2026-03-31",
    ] {
      #expect(message.contains(part))
    }
  }

  @Test("Without a system that takes orders nothing can be signed")
  func noDestination() async throws {
    let commands = try await commands(desk: "corbaloc::127.0.0.1:1/Desk")
    try await commands.json("systems", "revoke", "desk")
    try await commands.json("contracts", "new", "--party", "DE1", "--line", "B-8:1:1", "--currency", "EUR")
    let (exit, error) = try await commands.refusal("contracts", "sign", "V-000001")
    #expect(exit == .code(1))
    #expect(error?["code"] == "NO_DESTINATION")
  }

  @Test("An order waits for its product's link, becomes uncertain when the answer is lost, and is settled by a person")
  func settle() async throws {
    let peer = try await PythonPeer(idl: ServeTests.idl)
    let desk = try await peer.serve("Interchange::V1::OrderDesk")
    try await desk.answer("create", .die)
    let commands = try await commands(desk: desk.reference)
    let (process, _) = try await commands.serve()
    try await commands.json("contracts", "new", "--party", "DE1", "--line", "B-8:1:1", "--currency", "EUR")
    try await commands.json("contracts", "sign", "V-000001")
    let waiting = try await state("waiting", commands)
    #expect(waiting["code"] == "UNKNOWN_PRODUCT")
    #expect(waiting["waitsFor"] == ["link": ["entity": "Product", "system": "crm", "id": "P-000001"]])
    let (_, early) = try await commands.refusal("contracts", "settle", "V-000001", "--ordered", "1")
    #expect(early?["code"] == "NOT_UNCERTAIN")
    #expect(early?["message"] == "no order of the contract V-000001 is uncertain (desk: waiting)")
    try await commands.json("identity", "link", "Product", "desk:X-8", "crm:P-000001", "--reason", "by hand")
    let uncertain = try await state("uncertain", commands)
    #expect(uncertain["attempts"] == 1)
    let words = try await commands.json("contracts", "show", "V-000001")
    #expect(words["state"] == "uncertain")
    #expect(words["orders"]?[0]?["words"]?.string?.hasPrefix("nobody knows whether the order was taken") == true)
    #expect(try await commands.refusal("contracts", "cancel", "V-000001", "--reason", "x").error?["code"] == "CONTRACT_UNDER_WAY")
    let settled = try await commands.json(
      "contracts", "settle", "V-000001", "--ordered", "SO-1", "--customer", "D-1", "--reason", "telephone", "--by", "anna")
    #expect(settled["state"] == "ordered")
    #expect(settled["orders"]?[0]?["orderNumber"] == "SO-1")
    #expect(settled["party"]?["ids"] == [["system": "crm", "id": "C-000001"], ["system": "desk", "id": "D-1"]])
    #expect(try await commands.json("identity", "find", "Order", "desk:SO-1")["ids"]?[0]?["id"] == "O-000001")
    let row = try await commands.run("deliveries", "list").output.split(separator: "\n").last ?? ""
    #expect(row.hasPrefix("       1  desk    V-000001  order  ordered         1  SO-1   D-1 "))
    try await process.kill()
  }

  /// The contract's delivery once it is in that state.
  private func state(_ state: String, _ commands: Commands) async throws -> JSON {
    let deadline = ContinuousClock.now + .seconds(60)
    var last: JSON = nil
    while ContinuousClock.now < deadline {
      last = try await commands.json("deliveries", "list")["deliveries"]?[0] ?? nil
      if last["state"]?.string == state { return last }
    }
    throw ForeignORBError.unexpectedAnswer("the delivery is not \(state): \(last)")
  }
}
