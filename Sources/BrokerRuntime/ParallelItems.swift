import Dispatch
import Synchronization

/// Items that one task makes; fewer are not worth a task.
private let itemsPerTask = 125

/// Makes the items of a batch on all cores, in their order.
func inParallel<Item: Sendable>(count: Int, _ make: @escaping @Sendable (Int) -> Item) async -> [Item] {
  if count <= itemsPerTask { return (0..<count).map(make) }
  // Not on the caller's executor, which may be a connection's loop.
  let slices = await withTaskGroup(of: (Int, [Item]).self) { group in
    for start in stride(from: 0, to: count, by: itemsPerTask) {
      group.addTask(executorPreference: globalConcurrentExecutor) { (start, (start..<min(start + itemsPerTask, count)).map(make)) }
    }
    return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
  var items: [Item] = []
  items.reserveCapacity(count)
  for start in stride(from: 0, to: count, by: itemsPerTask) { items += slices[start]! }
  return items
}

/// A value that is made on another core while the maker's thread, which may be one that blocks, does something else.
final class MadeMeanwhile<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let isMade = DispatchSemaphore(value: 0)

  init(_ make: @escaping @Sendable () throws -> Value) {
    // No task: a thread that waits for it must not wait for a place in the pool of tasks.
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let made = Result { try make() }
      result.withLock { $0 = made }
      isMade.signal()
    }
  }

  /// Blocks until the value is there. To be called once.
  func value() throws -> Value {
    isMade.wait()
    return try result.withLock { $0! }.get()
  }
}
