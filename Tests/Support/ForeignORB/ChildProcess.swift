public import Glibc
import Synchronization

/// A process that a test started: its lines of output as they come, its standard error for the message of a failure, its end.
///
/// No call blocks a thread of the concurrency pool. The process leads a process group of its own; when it ends, or when this
/// object goes away, everything left in that group is killed and reaped. With ``Input/pipe`` it also sees the end of its
/// input when the test process itself dies.
public final class ChildProcess: Sendable {
  /// What the process reads from its standard input.
  public enum Input: Sendable {
    /// Nothing: the null device.
    case none
    /// What ``ChildProcess/write(_:)`` writes.
    case pipe
  }

  /// How a process ended.
  public enum Exit: Hashable, Sendable {
    /// It returned this code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
  }

  /// What a process that ran to its end left behind.
  public struct Result: Sendable {
    /// How it ended.
    public let exit: Exit
    /// Everything it wrote to its standard output.
    public let output: String
    /// Everything it wrote to its standard error.
    public let errors: String
  }

  /// The process id, also the id of its process group.
  public let pid: pid_t
  /// The command as a reader would type it, for messages.
  public let command: String

  private let streams: ProcessStreams
  private let input: Int32?

  /// Starts a process.
  ///
  /// - Parameters:
  ///   - executable: A path, or a name that `PATH` finds.
  ///   - environment: Variables set beside those of the test process.
  ///   - folder: The working folder; the test process's if nil.
  /// - Throws: ``ForeignORBError/cannotStart(command:reason:)``.
  public init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil, input: Input = .none
  ) throws {
    command = ([executable] + arguments).joined(separator: " ")
    let spawned = try spawn(executable, arguments, environment: environment, folder: folder, input: input)
    pid = spawned.pid
    self.input = spawned.input
    streams = ProcessStreams(pid: spawned.pid, output: spawned.output, errors: spawned.errors)
    streams.startThreads()
  }

  deinit {
    if let input { close(input) }
    streams.killGroup(SIGKILL)
  }

  /// The next line of the standard output without its end; nil when the output has ended.
  ///
  /// - Throws: ``ForeignORBError/tooLate(command:waitedFor:errors:)`` when none comes in time.
  public func readLine(within limit: Duration = .seconds(60)) async throws -> String? {
    switch await streams.nextLine(within: limit) {
    case .line(let line): return line
    case .end: return nil
    case .tooLate: throw ForeignORBError.tooLate(command: command, waitedFor: "a line of output", errors: streams.errorText)
    }
  }

  /// The first line of output that satisfies the condition; earlier ones are dropped.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` when the output ends before, or the error of ``readLine(within:)``.
  public func readLine(within limit: Duration = .seconds(60), where condition: (String) -> Bool) async throws -> String {
    while let line = try await readLine(within: limit) {
      if condition(line) { return line }
    }
    throw ForeignORBError.endedEarly(command: command, exit: nil, errors: streams.errorText)
  }

  /// Writes a line, and its end, to the standard input; needs ``Input/pipe``.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` when the process no longer reads.
  public func write(_ line: String) throws {
    guard let input else { preconditionFailure("\(command) was started without a pipe for its input") }
    var rest = Array(line.utf8)[...]
    rest.append(0x0A)
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { throw ForeignORBError.endedEarly(command: command, exit: streams.exit, errors: streams.errorText) }
      rest = rest.dropFirst(sent)
    }
  }

  /// Tells the process that no more input comes; needs ``Input/pipe``.
  public func endInput() {
    if let input { shutdown(input, Int32(SHUT_WR)) }
  }

  /// Sends a signal to the process alone; does nothing once it has ended.
  public func signal(_ number: Int32) { streams.kill(number) }

  /// Kills the process and its group, and waits until it is reaped.
  @discardableResult public func kill() async throws -> Exit {
    streams.killGroup(SIGKILL)
    return try await wait()
  }

  /// Waits for the end of the process.
  ///
  /// - Throws: ``ForeignORBError/tooLate(command:waitedFor:errors:)``; the process keeps running then.
  @discardableResult public func wait(within limit: Duration = .seconds(60)) async throws -> Exit {
    guard let exit = await streams.waitForExit(within: limit) else {
      throw ForeignORBError.tooLate(command: command, waitedFor: "its end", errors: streams.errorText)
    }
    return exit
  }

  /// How it ended; nil while it runs.
  public var exit: Exit? { streams.exit }

  /// What it wrote to its standard error until now.
  public var errorText: String { streams.errorText }

  /// Runs a process to its end, and gives what it wrote.
  ///
  /// - Throws: ``ForeignORBError/tooLate(command:waitedFor:errors:)`` after killing it.
  public static func run(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil,
    within limit: Duration = .seconds(120)
  ) async throws -> Result {
    let process = try ChildProcess(executable, arguments, environment: environment, folder: folder)
    let exit = try await process.wait(within: limit)
    var output = ""
    while let line = try await process.readLine(within: limit) { output += line + "\n" }
    return Result(exit: exit, output: output, errors: process.errorText)
  }

  /// Runs a process to its end and gives its output; any end but exit code 0 is an error that quotes its standard error.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)``, or the error of ``run(_:_:environment:folder:within:)``.
  @discardableResult public static func check(
    _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil,
    within limit: Duration = .seconds(120)
  ) async throws -> String {
    let result = try await run(executable, arguments, environment: environment, folder: folder, within: limit)
    guard result.exit == .code(0) else {
      let command = ([executable] + arguments).joined(separator: " ")
      throw ForeignORBError.endedEarly(command: command, exit: result.exit, errors: result.errors + result.output)
    }
    return result.output
  }
}
