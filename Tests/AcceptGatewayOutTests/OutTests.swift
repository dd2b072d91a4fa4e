import ForeignORB
import TesseraProcess
import Testing

/// Signed contracts become sale orders of a U8 EAI interface.
@Suite("The channel outward") struct OutTests {
  @Test("A signed contract is an order there, in its codes, with our key and both amounts")
  func order() async throws {
    let world = try await OutWorld()
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "ordered")
    let orders = try world.orders()
    #expect(orders.count == 1)
    let order = try #require(orders.first)
    #expect(order.code == "O-000001" && order.key == delivery.key && order.customer == "C-01")
    #expect(order.lines == ["VAL-0100 10 680 6800", "VAL-0150 2 980 1960"])
    #expect(delivery.orderNumber == "O-000001" && delivery.attempts == 1)
    let shown = try await world.words(contract)
    #expect(shown.contains("order for u8  ordered as O-000001\n"), "\(shown)")
    // The number is linked in the transaction that settles the delivery.
    let found = try await world.tessera.json("identity", "find", "Order", "u8:O-000001")
    #expect("\(found)".contains("crm"), "\(found)")
  }

  @Test("It waits for a customer that U8 does not know, and goes when somebody links it")
  func unknownCustomer() async throws {
    let world = try await OutWorld()
    try await world.serve()
    let contract = try await world.sign(party: "C-000002")
    #expect(try await world.delivery(of: contract, in: "waiting").code == "UNKNOWN_PARTY")
    #expect(try world.sends() == 0)
    try await world.tessera.json("identity", "link", "Party", "u8:C-07", "crm:C-000002", "--reason", "entered in U8")
    _ = try await world.delivery(of: contract, in: "ordered")
    #expect(try world.orders().map(\.customer) == ["C-07"])
  }

  @Test("Refusals keep U8's words, in every encoding that it answers in", arguments: ["utf-8", "utf-8-bom", "utf-16", "gb2312", "gb18030"])
  func refusals(encoding: String) async throws {
    let world = try await OutWorld(options: ["--encoding", encoding, "--customers", "C-99", "--voucher-return"])
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "refused")
    #expect(delivery.code == "CUSTOMER_UNKNOWN" && delivery.explanation == "客户编码 C-01 不存在")
    #expect(try await world.words(contract).contains("the order was refused (客户编码 C-01 不存在)"))
    #expect(try world.orders().isEmpty)
    #expect(try world.sends() == 1)
  }

  @Test("U8 may number orders itself: they are found by our key")
  func ownNumbers() async throws {
    let world = try await OutWorld(options: ["--own-numbers"])
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "ordered")
    #expect(try world.orders().map { [$0.code, $0.key] } == [["SO1", delivery.key]])
  }

  @Test("Encrypted, the interface must be the one that an authority of ours has signed")
  func encrypted() async throws {
    let folder = try TemporaryFolder()
    let (key, certificate) = ("\(folder.path)/key.pem", "\(folder.path)/certificate.pem")
    _ = try await ChildProcess.check(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=u8", "-addext",
        "subjectAltName=IP:127.0.0.1",
      ])
    let options = ["--certificate", certificate, "--key", key]
    let trusted = try await OutWorld(options: options, settings: "&ca=\(certificate)")
    try await trusted.serve()
    _ = try await trusted.delivery(of: try await trusted.sign(), in: "ordered")
    let stranger = try await OutWorld(options: options)
    try await stranger.serve()
    let contract = try await stranger.sign()
    _ = try await stranger.delivery(of: contract, in: "ready", code: "NOT_TRUSTED")
    #expect(try stranger.sends() == 0)
  }

  @Test(
    "A reference says what is wrong with it, before anything is sent",
    arguments: [
      ("http://127.0.0.1:9/x", "none", "REFERENCE_INVALID", "registered"), ("corbaloc::h:1/K", "none", "REFERENCE_INVALID", "http"),
      ("http://127.0.0.1:9/x#sender=1&colour=red", "none", "REFERENCE_INVALID", "no setting 'colour'"),
      ("http://127.0.0.1:9/x#sender=1", "strong-probe", "GUARANTEE_UNFOUNDED", "query="),
    ])
  func references(reference: String, guarantee: String, code: String, words: String) async throws {
    let tessera = try TesseraServer()
    let result = try await tessera.run(
      "systems", "add", "u8", "--adapter", "u8-eai", "--reference", reference, "--guarantee", guarantee, "--orders", "--json")
    #expect(result.exit == .code(1))
    let error = try JSON(parsing: result.output)["error"]
    #expect(error?["code"]?.string == code)
    let said = [error?["message"]?.string, error?["hint"]?.string].compactMap { $0 }.joined(separator: " ")
    #expect(said.contains(words), "\(said)")
  }
}
