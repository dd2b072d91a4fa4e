public import ForeignORB

/// A broker as an operator runs it: `tessera serve` in a folder of its own, and the other commands beside it.
public final class TesseraServer: Sendable {
  private let temporary: TemporaryFolder
  /// Its working folder; the data stand in `tessera-data` below it.
  public var folder: String { temporary.path }

  public init() throws { temporary = try TemporaryFolder() }

  /// Writes a file into the working folder.
  @discardableResult public func write(_ text: String, to name: String) throws -> String { try temporary.write(text, to: name) }

  // MARK: - Commands

  /// Runs a command to its end, whatever that is.
  @discardableResult public func run(_ arguments: String...) async throws -> ChildProcess.Result {
    try await ChildProcess.run(builtExecutable("tessera"), arguments, folder: folder)
  }

  /// Runs `tessera … --json`, which must succeed, and gives its document.
  @discardableResult public func json(_ arguments: String...) async throws -> JSON {
    try JSON(parsing: try await ChildProcess.check(builtExecutable("tessera"), arguments + ["--json"], folder: folder))
  }

  /// Adds a system that calls us, and gives its secret.
  public func addSystem(_ name: String) async throws -> String {
    guard let secret = try await json("systems", "add", name, "--adapter", "inbound")["secret"]?.string else {
      throw ForeignORBError.unexpectedAnswer("systems add gave no secret")
    }
    return secret
  }

  // MARK: - Serving

  /// Starts `tessera serve`.
  ///
  /// - Parameters:
  ///   - port: 0 takes one that is free.
  ///   - wrapper: A command that runs the program, such as `strace`, with its arguments.
  public func serve(port: Int = 0, _ options: String..., wrapper: [String] = []) async throws -> Running {
    try await serve(port: port, options: options, wrapper: wrapper)
  }

  /// Starts `tessera serve` with options that a list holds.
  public func serve(port: Int = 0, options: [String], wrapper: [String] = []) async throws -> Running {
    let command = wrapper + [builtExecutable("tessera"), "serve", "--json", "--listen", "127.0.0.1:\(port)"] + options
    let process = try ChildProcess(command[0], Array(command.dropFirst()), folder: folder)
    guard let line = try await process.readLine(within: .seconds(60)) else {
      throw ForeignORBError.unexpectedAnswer("serve said nothing: \(process.errorText)")
    }
    return try Running(process: process, announcement: JSON(parsing: line))
  }

  /// A serving process.
  public struct Running: Sendable {
    public let process: ChildProcess
    /// `corbaloc:iiop:1.2@127.0.0.1:PORT/Tessera/Login`
    public let login: String
    public let port: Int
    /// Where XML is taken: `http://127.0.0.1:PORT/eai`
    public let http: String

    init(process: ChildProcess, announcement: JSON) throws {
      guard let login = announcement["corbaloc"]?.string, let port = announcement["port"]?.integer,
        let http = announcement["http"]?.string
      else {
        throw ForeignORBError.unexpectedAnswer("serve announced \(announcement)")
      }
      (self.process, self.login, self.port, self.http) = (process, login, port, http)
    }
  }
}
