import ForeignORB
import SQLite
import Synchronization

/// The sample ERP as a process of its own, with its books as anyone with `sqlite3` sees them.
final class SampleERPProcess: Sendable {
  /// What goes wrong in it.
  enum Fault: String, CaseIterable, Sendable {
    case commitThenDrop = "commit-then-drop"
    case lateCommit = "late-commit"
    case refuseLine = "refuse-line"
    case slow
    case down
  }

  let folder: String
  private let process = Mutex<ChildProcess?>(nil)

  init(folder: String) { self.folder = folder }

  /// Where its reference stands.
  var referenceFile: String { "\(folder)/sample-erp.ior" }
  private var callLog: String { "\(folder)/calls.log" }

  /// Starts it; returns when it takes calls. It keeps its address over restarts.
  func start(_ options: [String] = [], fault: Fault? = nil, delay: Double = 0.3, crashAt point: String? = nil) async throws {
    var arguments = ["serve", "--data", folder, "--items", "400", "--call-log", callLog, "--delay", "\(delay)"] + options
    if let fault { arguments += ["--fault", fault.rawValue] }
    let started = try ChildProcess(
      builtExecutable("sample-erp"), arguments, environment: point.map { ["SAMPLE_ERP_CRASH_AT": $0] } ?? [:])
    process.withLock { $0 = started }
    _ = try await started.readLine { $0.hasPrefix("ready ") }
  }

  /// Ends it as a power cut would.
  func kill() async throws {
    guard let running = process.withLock({ $0 }) else { return }
    try await running.kill()
  }

  /// Waits until it has ended by SIGKILL, its own crash point's or ours.
  func killed() async throws {
    let running = process.withLock { $0 }
    let exit = try await running?.wait()
    if exit != .signal(9) { throw NotInTime(what: "the ERP's end by SIGKILL; it ended by \(exit.map { "\($0)" } ?? "nothing")") }
  }

  // MARK: - The books

  struct Order: Hashable, Sendable {
    var number: String
    var key: String
    /// The contract's number.
    var reference: String
    var debtor: String
    var currency: Int64
    /// 60: taken back.
    var state: Int64
    var kind: Int64
  }

  struct Position: Hashable, Sendable {
    var position: Int64
    var item: String
    var unit: String
    var pack: String
    /// Thousandths.
    var quantity: Int64
    var price: String
    /// Hundredths of a percent.
    var rebate: Int64
  }

  struct Debtor: Hashable, Sendable {
    var number: String
    var partnerKey: String
    var name: String
    var street: String
    var postCode: String
    var town: String
    /// ISO 3166-1, the number.
    var country: Int64
    var vatNumber: String
  }

  private func read<Element>(_ query: String, _ values: [String] = [], _ element: (SQLiteRow) throws -> Element) throws -> [Element] {
    try SQLiteConnection(path: "\(folder)/sample-erp.db").rows(query, values, element)
  }

  func orders() throws -> [Order] {
    try read("SELECT number, order_key, partner_reference, debtor, currency, state, kind FROM sales_order ORDER BY number") {
      Order(
        number: $0.text(0), key: $0.text(1), reference: $0.text(2), debtor: $0.text(3), currency: $0.integer(4), state: $0.integer(5),
        kind: $0.integer(6))
    }
  }

  func positions(of order: String) throws -> [Position] {
    try read(
      "SELECT position, item, unit, pack, quantity, price, rebate FROM sales_position WHERE sales_order = ? ORDER BY position", [order]
    ) {
      Position(
        position: $0.integer(0), item: $0.text(1), unit: $0.text(2), pack: $0.text(3), quantity: $0.integer(4), price: $0.text(5),
        rebate: $0.integer(6))
    }
  }

  /// The customers that were entered for partners.
  func partnerDebtors() throws -> [Debtor] {
    try read(
      "SELECT number, partner_key, name, street, post_code, town, country, vat_number FROM debtor WHERE partner_key <> '' ORDER BY number"
    ) {
      Debtor(
        number: $0.text(0), partnerKey: $0.text(1), name: $0.text(2), street: $0.text(3), postCode: $0.text(4), town: $0.text(5),
        country: $0.integer(6), vatNumber: $0.text(7))
    }
  }

  /// Items that can be sold, with their units and the code of a pack, if they have one.
  func itemsForSale() throws -> [(number: String, unit: String, pack: String)] {
    try read(
      """
      SELECT number, unit, COALESCE((SELECT min(code) FROM pack WHERE pack.item = item.number), '') FROM item WHERE state = 10
      ORDER BY number
      """
    ) { ($0.text(0), $0.text(1), $0.text(2)) }
  }

  /// The keys of all creates that came in, in order.
  func creates() throws -> [String] { try calls("create") }

  /// The keys of all calls of a kind that came in, in order: create, change or cancel.
  func calls(_ verb: String) throws -> [String] {
    guard fileExists(callLog) else { return [] }
    return try TextFile.lines(callLog).compactMap { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      return words.count > 1 && words[0] == verb ? String(words[1]) : nil
    }
  }

  /// What a clerk does.
  func ship(_ order: String, position: Int) async throws {
    let result = try await ChildProcess.run(
      builtExecutable("sample-erp"), ["ship", order, "--position", "\(position)", "--data", folder])
    if result.exit != .code(0) { throw CommandFailed(command: ["ship", order], exit: result.exit, text: result.output + result.errors) }
  }
}
