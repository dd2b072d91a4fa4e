import ForeignORB
import SQLite
import Synchronization

/// The broker as a process of its own, the commands that people type beside it, and its rows as anyone with `sqlite3` sees them.
final class Installation: Sendable {
  let data: String
  private let process = Mutex<ChildProcess?>(nil)

  init(data: String) { self.data = data }

  // MARK: - The broker

  /// Starts the broker; returns when it takes calls.
  ///
  /// - Parameters:
  ///   - crashPoint: where it kills itself.
  ///   - stopPoint: where it stops itself, once, until it is told to go on.
  func start(crashAt crashPoint: String? = nil, stopAt stopPoint: String? = nil, readEvery: String = "300ms") async throws {
    var environment: [String: String] = [:]
    environment["TESSERA_CRASH_AT"] = crashPoint
    environment["TESSERA_STOP_AT"] = stopPoint
    let started = try ChildProcess(
      builtExecutable("tessera"),
      ["serve", "--data", data, "--listen", "127.0.0.1:0", "--read-every", readEvery, "--json", "--log", "error"],
      environment: environment)
    process.withLock { $0 = started }
    _ = try await started.readLine { $0.hasPrefix("{") }
  }

  /// Ends the broker as a power cut would.
  func kill() async throws {
    guard let running = process.withLock({ $0 }) else { return }
    try await running.kill()
  }

  /// Waits until the broker has ended by SIGKILL.
  func killed() async throws {
    let running = process.withLock { $0 }
    let exit = try await running?.wait()
    if exit != .signal(9) { throw NotInTime(what: "the broker's end by SIGKILL; it ended by \(exit.map { "\($0)" } ?? "nothing")") }
  }

  /// Waits until the broker has stopped itself.
  func stopped() async throws {
    guard let pid = process.withLock({ $0?.pid }) else { return }
    try await eventually("the broker stops itself") {
      // proc(5): the state follows the name, which ends with the last parenthesis.
      let status = try TextFile.lines("/proc/\(pid)/stat").joined()
      return status[(status.lastIndex(of: ")") ?? status.startIndex)...].hasPrefix(") T") ? true : nil
    }
  }

  /// Lets a stopped broker go on.
  func resume() { process.withLock { $0?.signal(18) } }

  /// What it wrote to its log.
  var log: String { process.withLock { $0?.errorText ?? "" } }

  /// The reference of the log-in object.
  func reference() throws -> String { try TextFile.lines("\(data)/tessera.ior")[0] }

  // MARK: - Commands

  /// Runs a command and gives its JSON document.
  ///
  /// - Throws: ``CommandFailed`` where its exit code is not 0.
  @discardableResult func tessera(_ arguments: String..., environment: [String: String] = [:]) async throws -> JSON {
    let result = try await run(arguments + ["--json"], environment: environment)
    guard result.exit == .code(0) else { throw CommandFailed(command: arguments, exit: result.exit, text: result.output + result.errors) }
    return try JSON(parsing: result.output)
  }

  /// Runs a command as a person would, and gives what it prints.
  func words(_ arguments: String...) async throws -> String {
    let result = try await run(arguments)
    guard result.exit == .code(0) else { throw CommandFailed(command: arguments, exit: result.exit, text: result.output + result.errors) }
    return result.output
  }

  /// Runs a command to whatever end.
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess.Result {
    try await ChildProcess.run(builtExecutable("tessera"), arguments + ["--data", data], environment: environment)
  }

  // MARK: - Rows

  struct Delivery: Hashable, Sendable {
    var id: Int64
    var contract: String
    var state: String
    var key: String
    var customerKey: String
    var orderNumber: String
    var customerNumber: String
    var attempts: Int64
    var code: String
    /// create, change or cancel.
    var action: String
    var revision: Int64

    /// Nothing more happens to it unless a person does something.
    var isFinal: Bool { ["ordered", "confirmed", "refused", "cancelled", "uncertain"].contains(state) }
  }

  func rows<Element>(_ query: String, _ values: [String] = [], _ element: (SQLiteRow) throws -> Element) throws -> [Element] {
    try SQLiteConnection(path: "\(data)/tessera.sqlite").rows(query, values, element)
  }

  func deliveries() throws -> [Delivery] {
    try rows(
      """
      SELECT id, contract, state, correlation_key, customer_key, order_number, customer_number, attempts, code, action,
        revision
      FROM deliveries ORDER BY id
      """
    ) {
      Delivery(
        id: $0.integer(0), contract: $0.text(1), state: $0.text(2), key: $0.text(3), customerKey: $0.text(4), orderNumber: $0.text(5),
        customerNumber: $0.text(6), attempts: $0.integer(7), code: $0.text(8), action: $0.text(9), revision: $0.integer(10))
    }
  }

  /// The ids that hold in a system for things of a kind, with the CRM core's ids.
  func links(_ plural: String, in system: String) throws -> [String: String] {
    try rows("SELECT foreign_id, crm_id FROM linked_\(plural) WHERE system = ?", [system]) { ($0.text(0), $0.text(1)) }
      .reduce(into: [:]) { $0[$1.0] = $1.1 }
  }

  /// Message ids of a system that are on disk.
  func messages(of system: String) throws -> Set<String> {
    Set(try rows("SELECT message_id FROM messages WHERE system = ?", [system]) { $0.text(0) })
  }
}

/// A command that ended otherwise than it should.
struct CommandFailed: Error, CustomStringConvertible {
  var command: [String]
  var exit: ChildProcess.Exit
  var text: String
  var description: String { "tessera \(command.joined(separator: " ")) ended by \(exit): \(text)" }
}
