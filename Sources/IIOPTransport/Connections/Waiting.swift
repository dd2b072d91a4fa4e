/// A suspended task that is resumed exactly once; the owner of the slot that holds it sees to that.
///
/// An unchecked continuation, since the check costs a lock and memory for each call.
@safe
struct Waiting<Value: Sendable>: Sendable {
  private let continuation: UnsafeContinuation<Value, any Error>

  init(_ continuation: UnsafeContinuation<Value, any Error>) { unsafe self.continuation = continuation }

  func resume(returning value: Value) { unsafe continuation.resume(returning: value) }
  func resume(throwing error: any Error) { unsafe continuation.resume(throwing: error) }
}

/// Suspends the current task and hands it to `body`.
nonisolated(nonsending) func suspend<Value: Sendable>(_ body: (Waiting<Value>) -> Void) async throws -> Value {
  try await unsafe withUnsafeThrowingContinuation { body(unsafe Waiting($0)) }
}
