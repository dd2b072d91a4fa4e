import ForeignORB
import Foundation
import SQLite
import Synchronization
import TesseraProcess
import Testing

/// The broker and a stand-in for a U8 EAI interface, each a process of its own. Both know two items and a customer; the others stand in
/// the CRM alone.
final class OutWorld: Sendable {
  /// What the interface promises of a create.
  enum Guarantee: String, Sendable, CaseIterable {
    case none
    /// It keeps our numbers and finds orders by our key.
    case strongProbe = "strong-probe"

    /// What the reference of the system says for it.
    fileprivate var setting: String { self == .strongProbe ? "&query=cOutID" : "" }
  }

  let tessera: TesseraServer
  private let seat: Seats.Seat
  private let interface = Mutex<ChildProcess?>(nil)
  private let broker = Mutex<TesseraServer.Running?>(nil)
  private var data: String { "\(tessera.folder)/u8" }
  private var callLog: String { "\(tessera.folder)/calls.log" }

  /// Starts the interface, and sets the broker up for it; the broker does not run yet.
  ///
  /// - Parameters:
  ///   - options: of the interface.
  ///   - settings: of the reference, behind the sender.
  init(_ guarantee: Guarantee = .none, options: [String] = [], settings: String = "&timeout=20") async throws {
    seat = await Seats.shared.take()
    tessera = try TesseraServer()
    let url = try await startInterface(options)
    try await tessera.json(
      "systems", "add", "u8", "--adapter", "u8-eai", "--reference", "\(url)#sender=001\(guarantee.setting)\(settings)", "--guarantee",
      guarantee.rawValue, "--orders")
    let products = try tessera.write(
      "code,name,currency,price\nVAL-0100,闸阀 DN100,CNY,680\nVAL-0150,闸阀 DN150,CNY,980\nNEW-1,Neu,CNY,1\n", to: "products.csv")
    try await tessera.json("products", "import", products)
    for (id, product) in [("VAL-0100", "P-000001"), ("VAL-0150", "P-000002")] {
      try await tessera.json("identity", "link", "Product", "u8:\(id)", "crm:\(product)", "--reason", "the same")
    }
    try await tessera.json("parties", "new", "--name", "华东机械有限公司", "--street", "示例路 1 号", "--city", "上海", "--country", "CN")
    try await tessera.json("parties", "new", "--name", "Müller & Söhne <GmbH>", "--street", "Tor 3", "--city", "Bonn", "--country", "DE")
    try await tessera.json("identity", "link", "Party", "u8:C-01", "crm:C-000001", "--reason", "the same")
  }

  // MARK: - Processes

  /// Starts the interface at the address that it had, and gives its URL.
  @discardableResult func startInterface(_ options: [String] = []) async throws -> String {
    let started = try ChildProcess(
      builtExecutable("u8-eai-test-gateway"), ["--data", data, "--call-log", callLog] + options, folder: tessera.folder)
    interface.withLock { $0 = started }
    return String(try await started.readLine { $0.hasPrefix("ready ") }.dropFirst(6))
  }

  func stopInterface() async throws {
    guard let running = interface.withLock({ $0 }) else { return }
    try await running.kill()
  }

  /// Starts the broker.
  ///
  /// - Parameter crashPoint: where it kills itself.
  func serve(crashAt crashPoint: String? = nil) async throws {
    let running = try await tessera.serve(
      options: ["--log", "error"], wrapper: crashPoint.map { ["env", "TESSERA_CRASH_AT=\($0)"] } ?? [])
    broker.withLock { $0 = running }
  }

  /// Ends the broker as a power cut would.
  func killBroker() async throws {
    guard let running = broker.withLock({ $0 }) else { return }
    try await running.process.kill()
  }

  /// Waits until the broker has killed itself.
  func brokerKilled() async throws {
    let running = broker.withLock { $0 }
    #expect(try await running?.process.wait() == .signal(9))
  }

  /// Lets U8 send us documents, too, and gives its token.
  func agree() async throws -> String {
    try #require(try await tessera.json("partners", "add", "u8", "--sender", "001", "--documents", "ufinterface:*")["token"]?.string)
  }

  /// POSTs a document as U8, and gives the answer.
  func post(_ document: String, token: String) async throws -> String {
    let address = try #require(broker.withLock { $0 }).http
    let file = try tessera.write(document, to: "news.xml")
    return try await ChildProcess.check(
      "curl", ["--silent", "--max-time", "60", "--data-binary", "@\(file)", "-H", "Authorization: Bearer \(token)", address])
  }

  // MARK: - Contracts

  /// Makes a contract and signs it.
  ///
  /// - Returns: its id.
  @discardableResult func sign(
    party: String = "C-000001", lines: [String] = ["P-000001:10:680", "P-000002:2:980"], number: String = "HT-1"
  ) async throws -> String {
    let options = lines.flatMap { ["--line", $0] }
    let drawn = try JSON(
      parsing: try await ChildProcess.check(
        builtExecutable("tessera"),
        ["contracts", "new", "--party", party, "--number", number, "--currency", "CNY", "--prices-include-tax", "--json"] + options,
        folder: tessera.folder))
    let contract = try #require(drawn["id"]?.string)
    try await tessera.json("contracts", "sign", contract)
    return contract
  }

  /// `contracts show` as people see it.
  func words(_ contract: String) async throws -> String {
    try await ChildProcess.check(builtExecutable("tessera"), ["contracts", "show", contract], folder: tessera.folder)
  }

  struct Delivery: Hashable, Sendable {
    var contract: String
    var state: String
    var key: String
    var orderNumber: String
    var attempts: Int64
    var code: String
    var explanation: String
  }

  func deliveries() throws -> [Delivery] {
    try SQLiteConnection(path: "\(tessera.folder)/tessera-data/tessera.sqlite").rows(
      "SELECT contract, state, correlation_key, order_number, attempts, code, explanation FROM deliveries ORDER BY id"
    ) {
      Delivery(
        contract: $0.text(0), state: $0.text(1), key: $0.text(2), orderNumber: $0.text(3), attempts: $0.integer(4), code: $0.text(5),
        explanation: $0.text(6))
    }
  }

  /// Waits until the delivery of a contract is in one of the states.
  func delivery(of contract: String, in states: String..., code: String? = nil) async throws -> Delivery {
    try await soon("the delivery of \(contract) is \(states)", else: { "\(try self.deliveries())" }) {
      try self.deliveries().first { $0.contract == contract && states.contains($0.state) && (code == nil || $0.code == code) }
    }
  }

  // MARK: - U8's books

  struct Order: Hashable, Sendable {
    var code: String
    var key: String
    var customer: String
    /// `item quantity price sum` of each line.
    var lines: [String]
  }

  func orders() throws -> [Order] {
    let books = try SQLiteConnection(path: "\(data)/u8-eai.db")
    return try books.rows("SELECT id, code, outid, customer FROM sale_order ORDER BY id") {
      ($0.integer(0), $0.text(1), $0.text(2), $0.text(3))
    }
    .map { id, code, key, customer in
      let lines = try books.rows("SELECT item, quantity, unit_price, sum FROM sale_line WHERE sale_order = ? ORDER BY rowid", [id]) {
        "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.text(3))"
      }
      return Order(code: code, key: key, customer: customer, lines: lines)
    }
  }

  /// How often a document with an order came in.
  func sends() throws -> Int { try calls("Add ") }
  func queries() throws -> Int { try calls("Query ") }

  private func calls(_ prefix: String) throws -> Int {
    guard let log = FileManager.default.contents(atPath: callLog) else { return 0 }
    return String(decoding: log, as: UTF8.self).split(separator: "\n").count { $0.hasPrefix(prefix) }
  }
}

/// What did not come true in time.
struct NotSoon: Error, CustomStringConvertible {
  var what: String
  var description: String { "not in time: \(what)" }
}

/// Looks every few milliseconds whether something in another process or on the disk has come true.
@discardableResult func soon<Result>(
  _ what: String, within limit: Duration = .seconds(40), else state: () async throws -> String = { "" },
  _ body: () async throws -> Result?
) async throws -> Result {
  let end = ContinuousClock.now + limit
  while true {
    if let result = try await body() { return result }
    if ContinuousClock.now >= end { throw NotSoon(what: "\(what) \(try await state())") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
