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

  func store(_ query: String) async throws -> String { try await server.rows(query) }
  func books(_ query: String) async throws -> String { try await server.rows(query, in: "erp/sample-erp.db") }
}
