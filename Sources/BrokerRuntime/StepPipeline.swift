import Broker
import Dispatch
import StoreAPI
import Synchronization

/// Runs a long step beside the transaction that applies its changes.
///
/// The rows belong to the writer's thread, the step is pure: while the thread applies what the first items of a batch changed, another
/// thread takes the step on to the next items. The changes are applied in the order in which the step made them, all in one transaction.
final class StepPipeline<Answer: Sendable>: Sendable {
  private struct State {
    var changes: [[RowChange]] = []
    var result: Result<(answer: Answer, set: WorkingSet, environment: StepEnvironment), any Error>?
    /// The transaction failed: the step may stop.
    var isAbandoned = false
  }

  private let state = Mutex(State())
  private let news = DispatchSemaphore(value: 0)

  /// - Parameter step: calls `handOver` from time to time with the changes that it made since.
  /// - Returns: the answer and what the step left; its last changes are not applied yet.
  /// - Throws: what the step or the transaction throws.
  static func run(
    _ set: WorkingSet, _ environment: StepEnvironment, in transaction: any StoreTransaction,
    step: @escaping @Sendable (inout WorkingSet, inout StepEnvironment, _ handOver: ([RowChange]) throws -> Void) throws -> Answer
  ) throws -> (answer: Answer, set: WorkingSet, environment: StepEnvironment) {
    let pipeline = StepPipeline()
    // No task: the writer's thread waits for it, and must not wait for a place in the pool of tasks.
    DispatchQueue.global(qos: .userInitiated).async {
      var (set, environment) = (set, environment)
      let result = Result { try step(&set, &environment, pipeline.handOver) }
      pipeline.finish(result.map { ($0, set, environment) })
    }
    // Thousands of rows, which are freed beside the transaction.
    var applied: [[RowChange]] = []
    defer { releaseLater(applied) }
    do {
      while true {
        pipeline.news.wait()
        let (changes, result) = pipeline.state.withLock { state in
          defer { state.changes = [] }
          return (state.changes, state.result)
        }
        for slice in changes { try transaction.apply(slice) }
        applied += changes
        if let result { return try result.get() }
      }
    } catch {
      pipeline.state.withLock { $0.isAbandoned = true }
      throw error
    }
  }

  private func handOver(_ changes: [RowChange]) throws {
    let isAbandoned = state.withLock { state in
      state.changes.append(changes)
      return state.isAbandoned
    }
    if isAbandoned { throw CancellationError() }
    news.signal()
  }

  private func finish(_ result: Result<(Answer, WorkingSet, StepEnvironment), any Error>) {
    state.withLock { $0.result = result.map { (answer: $0.0, set: $0.1, environment: $0.2) } }
    news.signal()
  }
}
