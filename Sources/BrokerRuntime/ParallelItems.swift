/// Items that one task makes; fewer are not worth a task.
private let itemsPerTask = 125

/// Makes the items of a batch on all cores, in their order, and something else beside them.
func inParallel<Item: Sendable, Other: Sendable>(
  count: Int, beside other: @escaping @Sendable () throws -> Other, _ make: @escaping @Sendable (Int) -> Item
) async throws -> (items: [Item], other: Other) {
  if count <= itemsPerTask { return ((0..<count).map(make), try other()) }
  // Not on the caller's executor, which may be a connection's loop.
  async let beside = Task(executorPreference: globalConcurrentExecutor) { try other() }.value
  let slices = try await withThrowingTaskGroup(of: (Int, [Item]).self) { group in
    for start in stride(from: 0, to: count, by: itemsPerTask) {
      group.addTask(executorPreference: globalConcurrentExecutor) { (start, (start..<min(start + itemsPerTask, count)).map(make)) }
    }
    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
  }
  var items: [Item] = []
  items.reserveCapacity(count)
  for start in stride(from: 0, to: count, by: itemsPerTask) { items += slices[start]! }
  return (items, try await beside)
}
