/// A Python process with omniORBpy that answers requests: one JSON object per line, in and out.
///
/// The scripts lie in Tests/Support/python; README.md beside them lists their requests and how IDL values look in JSON.
/// The process ends with this object, and with the test process.
public final class PythonORB: Sendable {
  /// The process, for its errors, and for tests that kill it.
  public let process: ChildProcess
  private let modules: TemporaryFolder
  private let turns = Turns()

  /// Compiles the IDL files and starts a script with their modules.
  ///
  /// - Parameters:
  ///   - script: A file of Tests/Support/python, or an absolute path.
  ///   - arguments: What follows it on the command line: options of omniORB such as `-ORBgiopMaxMsgSize`.
  /// - Throws: What omniidl says about the IDL, ``ForeignORBError/absent(path:hint:)`` without `make deps`.
  public init(_ script: String, idl: [String], includes: [String] = [], arguments: [String] = []) async throws {
    modules = try TemporaryFolder()
    try await OmniIDL.makePython(idl, into: modules.path, includes: includes)
    let path = script.hasPrefix("/") ? script : "\(PythonEnvironment.scripts)/\(script)"
    process = try ChildProcess(
      PythonEnvironment.interpreter, ["-u", path] + arguments, environment: try await PythonEnvironment.variables(modules: modules.path),
      input: .pipe)
  }

  /// Sends a request and gives the answer's `ok`; requests of several tasks are answered one after another.
  ///
  /// - Throws: ``ForeignORBError/refused(exception:message:)`` or ``ForeignORBError/raised(exception:members:)`` when the answer is an
  ///   `error`, and the errors of ``ChildProcess``.
  @discardableResult public func request(_ request: JSON, within limit: Duration = .seconds(60)) async throws -> JSON {
    await turns.wait()
    defer { turns.pass() }
    try process.write(request.description)
    guard let line = try await process.readLine(within: limit) else {
      let exit = try? await process.wait(within: .seconds(5))
      throw ForeignORBError.endedEarly(command: process.command, exit: exit, errors: process.errorText)
    }
    let answer = try JSON(parsing: line)
    if let result = answer["ok"] { return result }
    guard let error = answer["error"] else { throw ForeignORBError.unexpectedAnswer(line) }
    if let exception = error["exception"]?.string, let members = error["members"] {
      throw ForeignORBError.raised(exception: exception, members: members)
    }
    throw ForeignORBError.refused(exception: error["exception"]?.string ?? "?", message: error["message"]?.string ?? "")
  }
}
