import Dispatch
import StoreAPI
import Synchronization

/// Work for threads of our own, in the order in which it came.
///
/// It is bounded: who adds reserves a place first and waits, suspended, while there is none.
final class WorkQueue<Job: Sendable>: Sendable {
  private struct State {
    var jobs: [Job] = []
    /// Places that are reserved or taken.
    var taken = 0
    var waitingForPlace: [CheckedContinuation<Void, any Error>] = []
    /// Threads that sleep on ``wakeUp``.
    var sleepers = 0
    var isClosed = false
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let wakeUp = DispatchSemaphore(value: 0)

  init(capacity: Int) { self.capacity = capacity }

  /// Reserves a place for one job; every reservation is followed by ``add(_:)``.
  ///
  /// - Throws: ``StoreError`` with code `closed`.
  func reserve() async throws {
    let isReserved = try state.withLock { state in
      guard !state.isClosed else { throw StoreError.closed }
      guard state.taken < capacity else { return false }
      state.taken += 1
      return true
    }
    if isReserved { return }
    try await withCheckedThrowingContinuation { continuation in
      let refusal: (any Error)? = state.withLock { state in
        guard !state.isClosed else { return StoreError.closed }
        guard state.taken < capacity else {
          state.waitingForPlace.append(continuation)
          return nil
        }
        state.taken += 1
        continuation.resume()
        return nil
      }
      if let refusal { continuation.resume(throwing: refusal) }
    }
  }

  /// Jobs that wait for a thread.
  var count: Int { state.withLock { $0.jobs.count } }

  /// Adds a job at the place that was reserved for it; it is done even if the queue is closed in the meantime.
  func add(_ job: Job) {
    let wakes = state.withLock { state in
      state.jobs.append(job)
      guard state.sleepers > 0 else { return false }
      state.sleepers -= 1
      return true
    }
    if wakes { wakeUp.signal() }
  }

  /// Adds a job unless the queue is full or closed.
  func offer(_ job: Job) {
    let isTaken = state.withLock { state in
      guard !state.isClosed, state.taken < capacity else { return false }
      state.taken += 1
      return true
    }
    if isTaken { add(job) }
  }

  /// Blocks the thread until there is work, and takes the oldest jobs; empty once the queue is closed and used up.
  ///
  /// - Parameter whenIdle: called once, after the given time without work.
  func take(atMost limit: Int, whenIdle: (after: DispatchTimeInterval, call: () -> Void)? = nil) -> [Job] {
    var idle = whenIdle
    while true {
      let (jobs, isOver, admitted) = state.withLock { state in
        let jobs = Array(state.jobs.prefix(limit))
        state.jobs.removeFirst(jobs.count)
        state.taken -= jobs.count
        let admitted = Array(state.waitingForPlace.prefix(capacity - state.taken))
        state.waitingForPlace.removeFirst(admitted.count)
        state.taken += admitted.count
        // Places that are reserved are filled soon: their jobs are still done.
        let isOver = state.isClosed && jobs.isEmpty && state.taken == 0
        if jobs.isEmpty && !isOver { state.sleepers += 1 }
        return (jobs, isOver, admitted)
      }
      for continuation in admitted { continuation.resume() }
      if isOver { wakeUp.signal() }  // The next thread that sleeps ends too.
      if isOver || !jobs.isEmpty { return jobs }
      guard let waiting = idle else {
        wakeUp.wait()
        continue
      }
      idle = nil
      if wakeUp.wait(timeout: .now() + waiting.after) == .success { continue }
      // Who took note of this sleeper in the meantime has signalled, or will: that signal is used up here.
      let isCounted = state.withLock { state in
        defer { state.sleepers = max(0, state.sleepers - 1) }
        return state.sleepers > 0
      }
      if !isCounted { wakeUp.wait() } else { waiting.call() }
    }
  }

  /// Takes no more reservations, and ends the threads when the jobs are done.
  func close() {
    let (refused, sleepers) = state.withLock { state in
      state.isClosed = true
      let result = (state.waitingForPlace, state.sleepers)
      (state.waitingForPlace, state.sleepers) = ([], 0)
      return result
    }
    for continuation in refused { continuation.resume(throwing: StoreError.closed) }
    for _ in 0..<sleepers { wakeUp.signal() }
  }
}
