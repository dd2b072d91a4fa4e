import Dispatch
internal import Glibc
import Synchronization

/// A thread for work that takes long, apart from the threads that run tasks: whoever asks for such work waits for it, and nobody else.
///
/// It yields to the rest of the process where processors are scarce.
final class OwnThread: Sendable {
  /// As `nice` counts it.
  private static let niceness: Int32 = 5

  private final class Work: Sendable {
    private let jobs = Mutex<[(@Sendable () -> Void)?]>([])
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Adds a job; nil ends the thread.
    func add(_ job: (@Sendable () -> Void)?) {
      jobs.withLock { $0.append(job) }
      wakeUp.signal()
    }

    func run() {
      while true {
        wakeUp.wait()
        guard let job = jobs.withLock({ $0.removeFirst() }) else { return }
        job()
      }
    }
  }

  private let work = Work()

  /// Starts the thread.
  init() {
    let start = Unmanaged.passRetained(work)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        // Linux counts this for the calling thread alone.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, OwnThread.niceness)
        Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, start.toOpaque())
    precondition(status == 0, "no thread can be started")
    pthread_detach(thread)
  }

  deinit { work.add(nil) }

  /// Runs `body` on the thread, behind what it was given before.
  func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in work.add { continuation.resume(returning: body()) } }
  }
}
