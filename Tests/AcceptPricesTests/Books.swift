import ForeignORB
import Synchronization
import TesseraProcess
import Testing

/// A broker that reads a sample ERP, each a process of its own; clerks change the ERP's books beside them.
final class Books: Sendable {
  let server: TesseraServer
  private let erp: ChildProcess
  private let broker: TesseraServer.Running

  /// Starts both; returns when all prices and the stock are read.
  init() async throws {
    server = try TesseraServer()
    erp = try ChildProcess(builtExecutable("sample-erp"), ["serve", "--data", "erp", "--items", "400"], folder: server.folder)
    _ = try await erp.readLine { $0.hasPrefix("ready ") }
    try await server.json("systems", "add", "erp", "--adapter", "sample-erp", "--reference", "@erp/sample-erp.ior")
    broker = try await server.serve("--read-every", "100ms", "--log", "error")
    let figures = try await books("SELECT (SELECT count(*) FROM price_row), (SELECT count(*) FROM stock)")
    try await eventually("prices and stock are read", within: 120) {
      try await store("SELECT (SELECT count(*) FROM price_lines), (SELECT count(*) FROM availability)") == figures
    }
  }

  func end() async throws {
    try await broker.process.kill()
    try await erp.kill()
  }

  /// What a clerk does at the counter.
  func clerk(_ arguments: String...) async throws {
    try await ChildProcess.check(builtExecutable("sample-erp"), arguments + ["--data", "erp"], folder: server.folder)
  }

  /// The document of a command.
  func json(_ arguments: [String]) async throws -> JSON {
    try JSON(parsing: try await ChildProcess.check(builtExecutable("tessera"), arguments + ["--json"], folder: server.folder))
  }

  // MARK: - Rows, asked without any code of ours

  func store(_ query: String) async throws -> String { try await sqlite("tessera-data/tessera.sqlite", query) }
  func books(_ query: String) async throws -> String { try await sqlite("erp/sample-erp.db", query) }

  private func sqlite(_ file: String, _ query: String) async throws -> String {
    let output = try await ChildProcess.check("sqlite3", ["-readonly", "\(server.folder)/\(file)", query])
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }

  /// Looks every few milliseconds whether something has come true.
  func eventually(_ what: String, within seconds: Int = 40, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
      if ContinuousClock.now >= end { throw NotInTime(what: what) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

struct NotInTime: Error, CustomStringConvertible {
  var what: String
  var description: String { "not in time: \(what)" }
}
