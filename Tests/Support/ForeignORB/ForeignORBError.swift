/// What can go wrong between a test and a process that it started.
public enum ForeignORBError: Error, CustomStringConvertible {
  /// The process could not be started.
  case cannotStart(command: String, reason: String)
  /// What was waited for did not come in time.
  case tooLate(command: String, waitedFor: String, errors: String)
  /// The process ended, or stopped reading or writing, before it had done its work. `exit` is nil if it is not known how.
  case endedEarly(command: String, exit: ChildProcess.Exit?, errors: String)
  /// A foreign ORB answered with a system exception, its class as in `CORBA.MARSHAL`, or Python with an error: and its own words.
  case refused(exception: String, message: String)
  /// A foreign ORB answered with a user exception: its repository id, and its members.
  case raised(exception: String, members: JSON)
  /// A text is not JSON, or JSON of an unexpected shape.
  case unexpectedAnswer(String)
  /// A file or folder that the tests need is absent.
  case absent(path: String, hint: String)

  public var description: String {
    switch self {
    case .cannotStart(let command, let reason): "cannot start `\(command)`: \(reason)"
    case .tooLate(let command, let waitedFor, let errors): "`\(command)`: \(waitedFor) did not come in time\(quoted(errors))"
    case .endedEarly(let command, let exit, let errors):
      "`\(command)` ended early\(exit.map { " (\($0))" } ?? "")\(quoted(errors))"
    case .refused(let exception, let message): "the foreign ORB answers \(exception): \(message)"
    case .raised(let exception, let members): "the foreign ORB raises \(exception) \(members)"
    case .unexpectedAnswer(let text): "unexpected answer: \(text)"
    case .absent(let path, let hint): "\(path) is absent: \(hint)"
    }
  }

  private func quoted(_ errors: String) -> String { errors.isEmpty ? "" : "; it wrote:\n\(errors.suffix(4_000))" }
}
