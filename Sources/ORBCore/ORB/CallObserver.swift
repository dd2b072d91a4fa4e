public import GIOPCore

/// Hears of every call, for metrics and traces. Called on the thread that carries the call: an observer must not block.
public protocol CallObserver: Sendable {
  /// A request has reached this process.
  func requestReceived(_ context: ServerContext)
  /// Its reply is ready; nobody hears of it where no response was expected.
  func requestFinished(_ context: ServerContext, reply: Reply, duration: Duration)
  /// This process has called another one, or itself.
  func callFinished(operation: String, target: ObjectRef, status: ReplyStatus?, duration: Duration)
}

extension CallObserver {
  public func requestReceived(_ context: ServerContext) {}
  public func requestFinished(_ context: ServerContext, reply: Reply, duration: Duration) {}
  public func callFinished(operation: String, target: ObjectRef, status: ReplyStatus?, duration: Duration) {}
}
