import ForeignORB
import TesseraProcess
import Testing

/// What becomes of an order there comes back as `saleorder` documents, and the contract follows.
@Suite("News of orders that went outward") struct NewsTests {
  /// The order as U8 tells of it: of both its lines, what was shipped and billed.
  private static func news(
    _ code: String, proc: String = "Edit", shipped: [Int] = [0, 0], billed: [Int] = [0, 0], closer: String = "", voucher: Bool = false
  ) -> String {
    let lines = [("VAL-0100", 10, "680", "2026-12-10"), ("VAL-0150", 2, "980", "2026-12-12")].enumerated().map { index, line in
      """
      <entry><inventorycode>\(line.0)</inventorycode><quantity>\(line.1)</quantity><taxunitprice>\(line.2)</taxunitprice>\
      <sum>\(line.1 * (Int(line.2) ?? 0))</sum><dpredate>\(line.3)</dpredate><fhquantity>\(shipped[index])</fhquantity>\
      <kpquantity>\(billed[index])</kpquantity></entry>
      """
    }
    return """
      <ufinterface roottag="saleorder" docid="N" sender="001" receiver="tessera" proc="\(proc)"\(voucher ? " renewproofno=\"n\"" : "")>\
      <saleorder><header><date>2026-11-20</date><code>\(code)</code><custcode>C-01</custcode><currency>人民币</currency>\
      <closer>\(closer)</closer></header><body>\(lines.joined())</body></saleorder></ufinterface>
      """
  }

  private static func returned(_ code: String, succeed: String = "0", dsc: String = "ok", id: String, proc: String = "Edit") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <ufinterface roottag="return" docid="N" proc="\(proc)"><item key="\(code)" succeed="\(succeed)" dsc="\(dsc)" u8key="\(id)"/></ufinterface>

    """
  }

  private static func ordered() async throws -> (world: OutWorld, contract: String, order: String, token: String) {
    let world = try await OutWorld()
    let token = try await world.agree()
    try await world.serve()
    let contract = try await world.sign()
    return (world, contract, try await world.delivery(of: contract, in: "ordered").orderNumber, token)
  }

  private static func state(_ contract: String, _ world: OutWorld) async throws -> String? {
    try await world.tessera.json("contracts", "show", contract)["state"]?.string
  }

  @Test("A contract follows its order from the first change on, and what is shipped, billed and promised is shown")
  func follows() async throws {
    let (world, contract, order, token) = try await Self.ordered()
    let steps: [(shipped: [Int], billed: [Int], state: String)] = [
      ([4, 0], [0, 0], "partly-shipped"), ([10, 2], [4, 0], "shipped"), ([10, 2], [10, 2], "invoiced"),
    ]
    for step in steps {
      let answer = try await world.post(Self.news(order, shipped: step.shipped, billed: step.billed), token: token)
      #expect(answer == Self.returned(order, id: "S-000001"))
      #expect(try await Self.state(contract, world) == step.state)
      let shown = try #require(try await world.tessera.json("orders", "show", "u8:\(order)")["order"])
      #expect(shown["contract"]?.string == contract && shown["orderDate"] == "2026-11-20")
      let lines = try #require(shown["lines"]?.array)
      #expect(lines.map { $0["promisedDate"]?.string } == ["2026-12-10", "2026-12-12"])
      #expect(lines.map { $0["shipped"]?.string.flatMap(Double.init) } == step.shipped.map(Double.init))
      #expect(lines.map { $0["invoiced"]?.string.flatMap(Double.init) } == step.billed.map(Double.init))
    }
    let text = try await world.tessera.run("orders", "show", "u8:\(order)").output
    #expect(text.contains("2026-12-10") && text.contains("2026-11-20") && text.contains("VAL-0100"), "\(text)")
  }

  @Test("An order that is closed before all of it went is closed; one that is deleted there cancels its contract, unheard of before")
  func ends() async throws {
    let (world, contract, order, token) = try await Self.ordered()
    let answer = try await world.post(Self.news(order, shipped: [4, 0], closer: "li"), token: token)
    #expect(answer == Self.returned(order, id: "S-000001"))
    #expect(try await Self.state(contract, world) == "closed")
    let second = try await world.sign(number: "HT-2")
    let other = try await world.delivery(of: second, in: "ordered").orderNumber
    let deleted = try await world.post(Self.news(other, proc: "Delete"), token: token)
    #expect(deleted == Self.returned(other, id: "S-000002", proc: "Delete"))
    #expect(try await Self.state(second, world) == "cancelled")
  }

  @Test("A change of an order that nobody here has placed, and nobody has added, is refused")
  func unknown() async throws {
    let (world, contract, _, token) = try await Self.ordered()
    let answer = try await world.post(Self.news("SO-9", shipped: [10, 2]), token: token)
    #expect(answer.contains("succeed=\"-1\" dsc=\"ID_UNKNOWN: "), "\(answer)")
    // Added there, it is news of an order that was placed elsewhere.
    #expect(try await world.post(Self.news("SO-9", proc: "Add"), token: token) == Self.returned("SO-9", id: "S-000001", proc: "Add"))
    #expect(try await world.post(Self.news("SO-9", shipped: [9, 2]), token: token) == Self.returned("SO-9", id: "S-000001"))
    #expect(try await Self.state(contract, world) == "ordered")
  }

  @Test("What is added in the envelope of a voucher interface is answered as such an interface answers")
  func voucher() async throws {
    let (world, _, _, token) = try await Self.ordered()
    let added = try await world.post(Self.news("SO-9", proc: "Add", voucher: true), token: token)
    #expect(added == Self.returned("SO-9", id: "S-000001", proc: "Add").replacing("\"return\"", with: "\"voucheraddreturn\""))
    let refused = try await world.post(
      Self.news("SO-9", proc: "Add", voucher: true).replacing("</code>", with: "</code><x/>"), token: token)
    #expect(refused.contains("roottag=\"voucheraddreturn\"") && refused.contains("XML_SCHEMA_VIOLATION"), "\(refused)")
    let edited = try await world.post(Self.news("SO-9", voucher: true), token: token)
    #expect(edited == Self.returned("SO-9", id: "S-000001"))
  }
}
