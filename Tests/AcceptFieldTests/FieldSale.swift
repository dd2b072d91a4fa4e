import ForeignORB
import TesseraProcess
import Testing

/// A broker with a sample ERP that takes orders, and a customer; the ERP also calls in, as omniORBpy, to tell news of them.
final class FieldSale: Sendable {
  let server: TesseraServer
  let sender: PythonSender
  /// Of products that the ERP has.
  static let codes = ["FK-10025-19", "EL-10020-65"]
  private let erp: ChildProcess
  private let running: TesseraServer.Running

  /// - Parameter configuration: of `broker.xml`; empty where there is none.
  init(configuration: String = "") async throws {
    let server = try TesseraServer()
    if !configuration.isEmpty { try server.write(configuration, to: "tessera-data/broker.xml") }
    erp = try ChildProcess(builtExecutable("sample-erp"), ["serve", "--data", "erp", "--items", "400"], folder: server.folder)
    _ = try await erp.readLine { $0.hasPrefix("ready ") }
    let added = try await server.json(
      "systems", "add", "erp", "--adapter", "sample-erp", "--reference", "@erp/sample-erp.ior", "--guarantee", "idempotent-by-key",
      "--orders")
    try await server.json("parties", "new", "--name", "Miller", "--tax-id", "GB1", "--country", "GB", "--city", "Leeds")
    running = try await server.serve("--read-every", "1h", "--log", "error")
    self.server = server
    sender = try await PythonSender(running.login, system: "erp", secret: try #require(added["secret"]?.string))
    try await eventually("the ERP's products are read", within: 120) {
      try await server.rows(
        "SELECT count(*) FROM linked_products WHERE foreign_id IN ('\(Self.codes.joined(separator: "','"))')") == "2"
    }
  }

  /// Signs a contract and waits until the ERP has its order; the lines are numbered from 1.
  ///
  /// - Returns: the contract's id, and the ERP's number of the order.
  func order(_ quantities: [Int], number: String) async throws -> (contract: String, order: String) {
    let lines = zip(Self.codes, quantities).flatMap { ["--line", "\($0):\($1):100"] }
    let drafted = try JSON(
      parsing: try await ChildProcess.check(
        builtExecutable("tessera"),
        ["contracts", "new", "--number", number, "--party", "C-000001", "--currency", "EUR", "--json"] + lines, folder: server.folder))
    let contract = try #require(drafted["id"]?.string)
    try await server.json("contracts", "sign", contract)
    try await eventually("\(contract) is ordered") { try await self.state(contract) == "ordered" }
    return (contract, try await server.rows("SELECT order_number FROM deliveries WHERE contract = '\(contract)' AND action = 'create'"))
  }

  func state(_ contract: String) async throws -> String? { try await server.json("contracts", "show", contract)["state"]?.string }

  /// One line of news: its own number, and what was ordered, shipped and invoiced of it.
  typealias Line = (number: Int, ordered: String, shipped: String, invoiced: String)

  /// The ERP tells how an order stands; quantities have six decimals.
  ///
  /// - Returns: `applied`, or `rejected CODE path`.
  func tell(_ order: String, version: Int, state: String = "open", changedAt: String = "1000000", gross: String = "0.0000", _ lines: [Line])
    async throws -> String
  {
    let news: JSON = [
      "id": .string(order), "changedAt": .string(changedAt), "sourceVersion": [.string("\(version)")], "status": "active",
      "attributes": [], "number": .string(order), "placed": .string(order), "party": .string(try await customer()),
      "state": .string(state), "hold": "", "orderDate": "2026-11-30", "currency": "EUR", "netTotal": "0.0000", "taxTotal": "0.0000",
      "grossTotal": .string(gross),
      "lines": .array(
        lines.map { line in
          [
            "number": .integer(line.number), "product": .string(Self.codes[(line.number - 1) & 1]), "ordered": .string(line.ordered),
            "shipped": .string(line.shipped), "invoiced": .string(line.invoiced), "hold": "", "promisedDate": "",
          ]
        }),
    ]
    let receipt = try await sender.push("pushOrderStatuses", "\(order)/\(version)/\(lines.count)", [news])
    return receipt.items.map(\.words).joined(separator: ", ")
  }

  /// The ERP's number of the customer.
  private func customer() async throws -> String {
    try await server.rows("SELECT foreign_id FROM linked_customers WHERE system = 'erp' AND crm_id = 'C-000001'")
  }

  /// Ends the processes.
  func end() async throws {
    try await running.process.kill()
    try await erp.kill()
  }
}
