import Synchronization

/// Lets tasks through one after another, in the order in which they came.
final class Turns: Sendable {
  private struct State {
    var taken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func wait() async {
    await withCheckedContinuation { continuation in
      let mine = state.withLock { state in
        guard state.taken else {
          state.taken = true
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if mine { continuation.resume() }
    }
  }

  func pass() {
    let next = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.taken = false
        return nil as CheckedContinuation<Void, Never>?
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
