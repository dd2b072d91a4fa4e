import ForeignORB

/// The program as a person or a script runs it: in a folder of its own.
final class Commands: Sendable {
  let folder: TemporaryFolder
  var path: String { folder.path }

  init() throws { folder = try TemporaryFolder() }

  /// Runs `tessera` to its end in the folder.
  @discardableResult
  func run(_ arguments: String...) async throws -> ChildProcess.Result { try await run(arguments) }

  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> ChildProcess.Result {
    try await ChildProcess.run(builtExecutable("tessera"), arguments, environment: environment, folder: path)
  }

  /// Runs `tessera … --json`, which must succeed, and gives its document.
  @discardableResult
  func json(_ arguments: String...) async throws -> JSON {
    let output = try await ChildProcess.check(builtExecutable("tessera"), arguments + ["--json"], folder: path)
    return try JSON(parsing: output)
  }

  /// Runs `tessera … --json`, which must be refused, and gives exit code and error document.
  func refusal(_ arguments: String...) async throws -> (exit: ChildProcess.Exit, error: JSON?) {
    let result = try await run(arguments + ["--json"])
    return (result.exit, try JSON(parsing: result.output)["error"])
  }

  /// A data folder with the system `erp` and three products.
  static func withProducts() async throws -> Commands {
    let commands = try Commands()
    try await commands.json("systems", "add", "erp", "--adapter", "inbound")
    try commands.folder.write(
      "code,name,currency,price\nB-8,\"Bolt, M8\",EUR,12.50\n螺栓,\"六角\"\"螺栓\"\"\",CNY,3\n螺栓-2,twin,CNY,4\n", to: "products.csv")
    try await commands.json("products", "import", "products.csv", "--by", "anna")
    return commands
  }

  /// Starts `tessera serve` on a free port and gives its reference.
  func serve(_ arguments: String...) async throws -> (process: ChildProcess, announcement: JSON) {
    let process = try ChildProcess(
      builtExecutable("tessera"), ["serve", "--json", "--listen", "127.0.0.1:0"] + arguments, folder: path)
    guard let line = try await process.readLine(within: .seconds(30)) else {
      throw ForeignORBError.unexpectedAnswer("serve said nothing: \(process.errorText)")
    }
    return (process, try JSON(parsing: line))
  }
}
