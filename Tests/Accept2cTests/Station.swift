import ForeignORB
import SQLite

/// A `sample-erp` process.
struct RunningERP {
  let process: ChildProcess
  let folder: String

  /// Starts the ERP over the books of a folder; after ``reference()`` it takes calls.
  static func start(_ folder: String, items: Int = 400, _ arguments: [String] = []) throws -> RunningERP {
    let process = try ChildProcess(
      builtExecutable("sample-erp"), ["serve", "--data", folder, "--items", "\(items)"] + arguments)
    return RunningERP(process: process, folder: folder)
  }

  /// The reference, as soon as the ERP takes calls.
  func reference() async throws -> String {
    String(try await process.readLine { $0.hasPrefix("ready ") }.dropFirst("ready ".count))
  }
}

/// A broker in a folder of its own.
struct Station {
  let folder: String

  /// Runs `tessera … --json`, which must succeed.
  @discardableResult
  func tessera(_ arguments: String...) async throws -> JSON {
    try JSON(parsing: try await ChildProcess.check(builtExecutable("tessera"), arguments + ["--json"], folder: folder))
  }

  /// Starts `tessera serve`, which reads its systems often.
  func serve() async throws -> ChildProcess {
    let process = try ChildProcess(
      builtExecutable("tessera"), ["serve", "--json", "--listen", "127.0.0.1:0", "--read-every", "100ms"], folder: folder)
    _ = try await process.readLine()
    return process
  }

  /// Adds the ERP as the system `erp`.
  func addERP(_ reference: String) async throws {
    try await tessera(
      "systems", "add", "erp", "--adapter", "sample-erp", "--reference", reference, "--guarantee", "idempotent-by-key", "--orders")
  }

  /// The number that a query finds in the broker's file, asked beside the broker.
  func count(_ query: String) throws -> Int64 {
    try SQLiteConnection(path: "\(folder)/tessera-data/tessera.sqlite").row(query) { $0.integer(0) } ?? -1
  }

  /// Asks until the number is reached or passed; the time limit only ends a test that has failed.
  func wait(for number: Int64, _ query: String, within limit: Duration = .seconds(120)) async throws {
    let deadline = ContinuousClock.now + limit
    var found: Int64 = -1
    repeat {
      found = try count(query)
      if found >= number { return }
      // The broker needs the processor more than this loop does.
      try await Task.sleep(for: .milliseconds(20))
    } while ContinuousClock.now < deadline
    throw ForeignORBError.unexpectedAnswer("\(query) finds \(found), not \(number), after \(limit)")
  }
}
