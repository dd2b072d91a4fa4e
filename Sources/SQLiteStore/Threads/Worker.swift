import Glibc
import StoreAPI
import Synchronization

/// A thread of our own: SQLite blocks, and must not block the threads that run tasks.
final class Worker: Sendable {
  private enum State {
    case running(waiting: [CheckedContinuation<Void, Never>])
    case ended
  }

  private let state = Mutex(State.running(waiting: []))

  /// Starts the thread.
  init(body: @escaping @Sendable () -> Void) throws {
    let start = unsafe Unmanaged.passRetained(
      ThreadStart { [self] in
        body()
        end()
      })
    var thread = pthread_t()
    let status = unsafe pthread_create(&thread, nil, runThread, start.toOpaque())
    guard status == 0 else {
      unsafe start.release()
      throw StoreError(
        .failed, "No thread can be started: \(unsafe String(cString: strerror(status))).", hint: "Raise the limits of processes and memory."
      )
    }
    pthread_detach(thread)
  }

  /// Returns when the thread has ended.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard case .running(let waiting) = state else { return true }
        state = .running(waiting: waiting + [continuation])
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func end() {
    let waiting = state.withLock { state in
      defer { state = .ended }
      guard case .running(let waiting) = state else { return [] as [CheckedContinuation<Void, Never>] }
      return waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void
  init(body: @escaping @Sendable () -> Void) { self.body = body }
}

/// What C calls on the new thread.
private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
  return nil
}
