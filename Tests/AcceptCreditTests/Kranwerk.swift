import ForeignORB
import Synchronization
import TesseraProcess
import Testing

/// A broker that has read a sample ERP, each a process of its own; clerks change the ERP's books beside them.
final class Kranwerk: Sendable {
  let server: TesseraServer
  private let erp = Mutex<ChildProcess?>(nil)
  private let broker = Mutex<TesseraServer.Running?>(nil)
  private let product = Mutex("")

  /// Starts both; returns when everything is read.
  ///
  /// - Parameter readEvery: how often the broker reads the ERP.
  init(readEvery: String = "200ms") async throws {
    server = try TesseraServer()
    try await startERP()
    try await server.json(
      "systems", "add", "erp", "--adapter", "sample-erp", "--reference", "@erp/sample-erp.ior", "--guarantee", "idempotent-by-key",
      "--orders")
    let running = try await server.serve("--read-every", readEvery, "--log", "error")
    broker.withLock { $0 = running }
    try await eventually("the ERP is read", within: 120) {
      let read = (try await store("SELECT count(*) FROM receivables"), try await store("SELECT count(*) FROM credit_terms"))
      return read == ("72", "36")
    }
    let numbers = try await books("SELECT number FROM item WHERE state = 10 AND currency = 978 ORDER BY number LIMIT 40")
    let list = numbers.split(separator: "\n").map { "'\($0)'" }.joined(separator: ",")
    let id = try await store(
      "SELECT crm_id FROM linked_products WHERE system = 'erp' AND foreign_id IN (\(list)) ORDER BY crm_id LIMIT 1")
    product.withLock { $0 = id }
  }

  /// Ends both.
  func end() async throws {
    try await broker.withLock { $0 }?.process.kill()
    try await stopERP()
  }

  func startERP() async throws {
    let process = try ChildProcess(
      builtExecutable("sample-erp"), ["serve", "--data", "erp", "--items", "400"], folder: server.folder)
    erp.withLock { $0 = process }
    _ = try await process.readLine { $0.hasPrefix("ready ") }
  }

  func stopERP() async throws { try await erp.withLock { $0 }?.kill() }

  /// What a clerk does at the counter.
  func clerk(_ arguments: String...) async throws {
    try await ChildProcess.check(builtExecutable("sample-erp"), arguments + ["--data", "erp"], folder: server.folder)
  }

  /// Signs a contract of the customer with the ERP's number for so much.
  func sign(_ debtor: String, _ amount: String) async throws -> String {
    let draft = try await server.json(
      "contracts", "new", "--party", "erp:\(debtor)", "--currency", "EUR", "--prices-include-tax", "--line",
      "\(product.withLock { $0 }):1:\(amount)")
    let contract = try #require(draft["id"]?.string)
    try await server.json("contracts", "sign", contract)
    return contract
  }

  func state(_ contract: String) async throws -> String? { try await server.json("contracts", "show", contract)["state"]?.string }

  func waitFor(_ contract: String, toBe state: String) async throws {
    try await eventually("\(contract) is \(state)") { try await self.state(contract) == state }
  }

  /// How the customer stands.
  func standing(_ debtor: String) async throws -> JSON {
    try #require(try await server.json("credit", "show", "erp:\(debtor)")["terms"]?[0])
  }

  // MARK: - Rows, asked without any code of ours

  func store(_ query: String) async throws -> String { try await server.rows(query) }
  func books(_ query: String) async throws -> String { try await server.rows(query, in: "erp/sample-erp.db") }
}
