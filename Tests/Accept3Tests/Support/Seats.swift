import Synchronization

/// Lets a few installations run at the same time, so that many tests do not starve each other's processes.
final class Seats: Sendable {
  /// One for all tests of this program.
  static let shared = Seats(4)

  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  /// Runs the body as soon as there is a seat.
  func taken<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    await take()
    defer { give() }
    return try await body()
  }

  private func take() async {
    await withCheckedContinuation { continuation in
      let isTaken = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isTaken { continuation.resume() }
    }
  }

  private func give() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}

/// What did not come true in time.
struct NotInTime: Error, CustomStringConvertible {
  var what: String
  var description: String { "not in time: \(what)" }
}

/// Looks every few milliseconds whether something in another process or on the disk has come true.
///
/// - Parameter body: nil as long as it has not.
/// - Throws: ``NotInTime``, with what was waited for and what is the case instead.
@discardableResult func eventually<Result>(
  _ what: String, within limit: Duration = .seconds(30), else state: () async throws -> String = { "" },
  _ body: () async throws -> Result?
) async throws -> Result {
  let end = ContinuousClock.now + limit
  while true {
    if let result = try await body() { return result }
    if ContinuousClock.now >= end { throw NotInTime(what: "\(what) \(try await state())") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
