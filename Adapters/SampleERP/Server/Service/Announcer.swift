import ORBCore
import SampleERPIDL

/// Tells the sinks what has changed, each in order and until it has answered.
final class Announcer: Sendable {
  private static let patience: [Duration] = [.milliseconds(100), .milliseconds(400), .seconds(1), .seconds(3), .seconds(10)]

  private let store: BookStore
  private let orb: ORB
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  init(store: BookStore, orb: ORB) {
    self.store = store
    self.orb = orb
    (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Says that something has changed.
  func ring() { ringer.yield() }

  /// Works until its task is cancelled.
  func run() async {
    ring()
    var failures = 0
    for await _ in bell {
      if await tellAll() {
        failures = 0
        continue
      }
      let pause = Self.patience[min(failures, Self.patience.count - 1)]
      failures += 1
      // The bell may ring meanwhile; a sink that is away is asked again all the same.
      try? await Task.sleep(for: pause)
      ring()
    }
  }

  /// - Returns: whether every sink has taken everything.
  private func tellAll() async -> Bool {
    guard let sinks = try? store.sinks() else { return false }
    var isComplete = true
    for sink in sinks {
      do { try await tell(sink) } catch { isComplete = false }
    }
    return isComplete
  }

  private func tell(_ sink: SinkRow) async throws {
    let target = SampleERP.ChangeSink(unchecked: try ObjectRef(stringified: sink.reference, orb: orb))
    var mark = sink.toldTo
    while true {
      let page = try store.items(after: mark, limit: 100)
      if page.changedItems.isEmpty { return }
      // The same changes under the same notice: a sink that has them already can tell.
      try await withCallTimeout(.seconds(30)) {
        try await target.takeItems(notice: "items-\(mark)-\(page.nextMark)", changed: page.changedItems)
      }
      try store.told(sink.reference, to: page.nextMark)
      mark = page.nextMark
    }
  }
}
