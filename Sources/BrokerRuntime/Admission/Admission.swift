import ORBCore
import Synchronization

/// Lets callers at something scarce whom nobody knows yet: few at once, some wait in a ``FairQueue``, the rest is refused at once.
///
/// Whoever is cancelled while it waits (its connection ended, or it said so) is forgotten: nothing is done for it.
final class Admission: Sendable {
  /// Too many wait already.
  struct Full: Error {}

  private enum Verdict {
    case admitted
    case full
    case cancelled
  }

  private struct State {
    var queue: FairQueue
    var continuations: [UInt64: CheckedContinuation<Verdict, Never>] = [:]
    var lastTicket: UInt64 = 0
  }

  private final class Call: Sendable {
    let isCancelled = Atomic(false)
  }

  private let atOnce: Int
  private let state: Mutex<State>

  /// - Parameters:
  ///   - atOnce: callers under way at the same time.
  ///   - limits: callers that may wait.
  init(atOnce: Int, waiting limits: FairQueue.Limits) {
    self.atOnce = atOnce
    state = Mutex(State(queue: FairQueue(limits: limits)))
  }

  /// Callers that wait.
  var waitingCount: Int { state.withLock { $0.queue.waitingCount } }

  /// Runs `body` once it is the caller's turn.
  ///
  /// - Throws: ``Full``, `CancellationError` where nobody wants the result any more, or what `body` throws.
  func run<Result>(for context: ServerContext, _ body: () async throws -> Result) async throws -> Result {
    try await run(for: FairQueue.Caller(host: context.peerHost, connection: context.peer), body)
  }

  func run<Result>(for caller: FairQueue.Caller, _ body: () async throws -> Result) async throws -> Result {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return state.lastTicket
    }
    let call = Call()
    let verdict = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let verdict = state.withLock { state -> Verdict? in
          if call.isCancelled.load(ordering: .relaxed) { return .cancelled }
          guard state.queue.add(ticket, caller) else { return .full }
          state.continuations[ticket] = continuation
          return nil
        }
        if let verdict { continuation.resume(returning: verdict) } else { admit() }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Verdict, Never>? in
        call.isCancelled.store(true, ordering: .relaxed)
        return state.queue.withdraw(ticket) ? state.continuations.removeValue(forKey: ticket) : nil
      }
      waiting?.resume(returning: .cancelled)
    }
    switch verdict {
    case .full: throw Full()
    case .cancelled: throw CancellationError()
    case .admitted: break
    }
    defer {
      state.withLock { $0.queue.finish(caller) }
      admit()
    }
    try Task.checkCancellation()
    return try await body()
  }

  /// Lets in whoever is next, while there is room.
  private func admit() {
    while true {
      let next = state.withLock { state -> CheckedContinuation<Verdict, Never>? in
        guard state.queue.underWayCount < atOnce, let ticket = state.queue.takeNext() else { return nil }
        return state.continuations.removeValue(forKey: ticket)
      }
      guard let next else { return }
      next.resume(returning: .admitted)
    }
  }
}
