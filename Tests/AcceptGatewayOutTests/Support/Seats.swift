import Synchronization

/// Lets a few worlds run at the same time, so that many tests do not starve each other's processes.
final class Seats: Sendable {
  /// One for all tests of this program.
  static let shared = Seats(4)

  /// A seat that is taken, until nobody refers to it any more.
  final class Seat: Sendable {
    private let seats: Seats
    fileprivate init(_ seats: Seats) { self.seats = seats }
    deinit { seats.give() }
  }

  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(free: count)) }

  /// Takes a seat as soon as there is one.
  func take() async -> Seat {
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
    return Seat(self)
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
