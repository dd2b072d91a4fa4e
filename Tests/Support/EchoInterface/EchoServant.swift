public import ORBCore
public import Synchronization

/// Answers as its interface's comments say; `push` refuses empty texts.
public final class EchoServant: Bench.LoudEcho.Servant {
  public init() {}

  private let count = Atomic<Int64>(0)
  /// What the last call of `echoString` and `nop` knew of itself.
  public let lastContext = Mutex<ServerContext?>(nil)

  public nonisolated(nonsending) func fired(context: ServerContext) async throws -> Int64 { count.load(ordering: .relaxed) }
  public nonisolated(nonsending) func nop(context: ServerContext) async throws { lastContext.withLock { $0 = context } }

  public nonisolated(nonsending) func echoString(text: String, context: ServerContext) async throws -> String {
    lastContext.withLock { $0 = context }
    switch text {
    case "undeclared": throw Bench.Rejected(reason: "echoString does not declare this", line: 0)
    case "swift error": throw ObjectAdapterError.keyInUse("x")
    case "cancelled": throw CancellationError()
    case "no permission": throw SystemException(.noPermission, minor: 7, completed: .no)
    case "zero": return "a\0b"
    default: return text
    }
  }

  public nonisolated(nonsending) func push(batch: [String], context: ServerContext) async throws -> (returnValue: Int32, accepted: Int32) {
    for (index, text) in batch.enumerated() where text.isEmpty { throw Bench.Rejected(reason: "empty", line: Int32(index)) }
    return (returnValue: Int32(batch.count), accepted: Int32(batch.count))
  }

  public nonisolated(nonsending) func itself(other: Bench.Echo?, context: ServerContext) async throws -> Bench.Echo? { other }
  public nonisolated(nonsending) func fire(number: Int32, context: ServerContext) async throws { count.add(1, ordering: .relaxed) }
  public func shout(text: String, context: ServerContext) throws -> String { text.uppercased() }
}
