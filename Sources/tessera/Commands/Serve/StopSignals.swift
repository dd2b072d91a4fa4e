import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first asks to stop, the second ends the process at once.
final class StopSignals: Sendable {
  private let names: AsyncStream<String>
  private let sources: Mutex<[any DispatchSourceSignal]>

  init() {
    let (names, continuation) = AsyncStream<String>.makeStream()
    self.names = names
    let queue = DispatchQueue(label: "tessera.signals")
    let count = Count()
    let sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // Died of this signal, as a shell says it.
        if count.next() > 1 { _exit(128 + number) }
        continuation.yield(name)
      }
      source.resume()
      return source
    }
    self.sources = Mutex(sources)
  }

  /// Waits for the first signal and gives its name; returns when the task is cancelled, too.
  func first() async -> String {
    for await name in names { return name }
    return "none"
  }

  private final class Count: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }
}
