import ForeignORB
import TesseraProcess

/// What a command said: its status, its standard output and its standard error.
extension TesseraServer {
  /// Runs a command to its end, whatever that is, with a list of arguments.
  @discardableResult func run(arguments: [String]) async throws -> ChildProcess.Result {
    try await ChildProcess.run(builtExecutable("tessera"), arguments, folder: folder)
  }

  /// The document that `tessera … --json` prints, whatever its status is.
  func document(_ arguments: String...) async throws -> JSON {
    try JSON(parsing: try await run(arguments: arguments + ["--json"]).output)
  }
}
