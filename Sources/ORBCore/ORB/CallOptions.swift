/// What a caller says about its calls without a parameter on every operation.
public enum CallOptions {
  /// How long calls of this task wait for their replies; nil leaves it to ``ORB/Options/callTimeout``.
  @TaskLocal public static var timeout: Duration?
}

/// Lets the calls inside of `body` fail with TIMEOUT when they take longer than `timeout` each.
public nonisolated(nonsending) func withCallTimeout<Result>(
  _ timeout: Duration, _ body: nonisolated(nonsending) () async throws -> Result
) async rethrows -> Result {
  try await CallOptions.$timeout.withValue(timeout, operation: body)
}
