internal import CPosix
internal import ORBCore
import Synchronization

/// A thread that waits for sockets and runs Swift jobs in between.
///
/// A task that prefers this executor shares the thread with its connections: between the octets of a reply and the continuation that
/// waits for them no thread is changed. Jobs that are enqueued from the loop's own thread go to an array without a lock; others take
/// a lock, and the thread is woken only if it sleeps. Each turn runs jobs, flushes connections that have something to send, then waits.
@safe
public final class EventLoop: TaskExecutor, @unchecked Sendable {
  // Sound because everything below the line "only on the loop's thread" is touched there alone (checked by `preconditionCurrent`
  // where a mistake could come from outside), and everything above is immutable or behind a lock.

  private struct Remote {
    var jobs: [UnownedJob] = []
    var tasks: [@Sendable () -> Void] = []
    var isSleeping = false
    var isStopping = false
    /// The thread has ended.
    var isStopped = false
  }

  private let remote = Mutex(Remote())
  /// Held by whoever does the thread's work after its end.
  private let afterlife = Mutex(())
  private let epoll: Int32
  private let alarm: Int32

  // MARK: Only on the loop's thread

  private var jobs: [UnownedJob] = []
  /// By descriptor.
  private var channels: [Entry?] = []
  private var generation: UInt32 = 0
  private var dirty: [any Channel] = []
  /// Nanoseconds of the monotonic clock, read once a turn.
  private(set) var now: UInt64 = cposix_now()
  private var nextDeadline = UInt64.max
  /// Where connections without a half-received message receive; replaced while a message in it is still in use.
  private var sharedBuffer = OctetBuffer(capacity: EventLoop.receiveCapacity)

  private struct Entry {
    let channel: any Channel
    let generation: UInt32
  }

  /// Octets that one `recv` takes at most.
  static let receiveCapacity = 64 << 10

  /// Starts the thread.
  ///
  /// - Throws: an error of the system: out of descriptors or threads.
  public init(name: String = "iiop") throws {
    Self.keepsFreedMemory
    epoll = try SystemError.check(cposix_epoll_create(), "create an epoll descriptor")
    alarm = try SystemError.check(cposix_eventfd_create(), "create an eventfd")
    try SystemError.check(cposix_epoll_add(epoll, alarm, Self.readable, Self.alarmToken), "watch an eventfd")
    let argument = unsafe Unmanaged.passRetained(self).toOpaque()
    try SystemError.check(unsafe cposix_start_thread(name, runEventLoop, argument), "start a thread")
  }

  /// Once for the process.
  private static let keepsFreedMemory: Void = cposix_keep_freed_memory()

  deinit {
    cposix_close(alarm)
    cposix_close(epoll)
  }

  static let readable = UInt32(CPOSIX_READABLE)
  static let writable = UInt32(CPOSIX_WRITABLE)
  /// The peer sends no more; reading would say so, too.
  static let peerFinished = UInt32(CPOSIX_PEER_CLOSED)
  static let broken = UInt32(CPOSIX_HUNG_UP) | UInt32(CPOSIX_FAILED)
  private static let alarmToken = UInt64.max

  // MARK: - From any thread

  /// True on the loop's own thread.
  public var isCurrent: Bool { unsafe cposix_current() == Unmanaged.passUnretained(self).toOpaque() }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent { return jobs.append(job) }
    if !wakeAfter({ $0.jobs.append(job) }) { Self.leave(job) }
  }

  /// Runs `body` on the loop's thread, soon; after the thread's end on the calling one.
  func submit(_ body: @escaping @Sendable () -> Void) {
    if wakeAfter({ $0.tasks.append(body) }) { return }
    if isCurrent { return body() }
    // Everything is closed: this is for whoever waits for something, and would do so for ever.
    afterlife.withLock { _ in
      let previous = unsafe cposix_current()
      unsafe cposix_set_current(Unmanaged.passUnretained(self).toOpaque())
      body()
      for job in jobs { Self.leave(job) }
      jobs = []
      unsafe cposix_set_current(previous)
    }
  }

  /// Has a job done elsewhere: its task cannot run here any more.
  private static func leave(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(job) }

  /// Runs `body` on the loop's thread: now if this is it, else soon.
  func execute(_ body: @escaping @Sendable () -> Void) {
    if isCurrent { body() } else { submit(body) }
  }

  /// Lets the thread end after its turn. Tasks that prefer it go on elsewhere.
  public func stop() { _ = wakeAfter { $0.isStopping = true } }

  /// - Returns: false if the thread has ended, so that nothing was changed.
  private func wakeAfter(_ change: (inout Remote) -> Void) -> Bool {
    let wakes: Bool? = remote.withLock { remote in
      if remote.isStopped { return nil }
      change(&remote)
      defer { remote.isSleeping = false }
      return remote.isSleeping
    }
    if wakes == true { cposix_eventfd_signal(alarm) }
    return wakes != nil
  }

  // MARK: - On the loop's thread

  /// Which of the loops runs the calling thread; the first one where none does.
  static func current(of loops: [EventLoop]) -> EventLoop { loops.first { $0.isCurrent } ?? loops[0] }

  func preconditionCurrent() { precondition(isCurrent, "only on the event loop's own thread") }

  /// Watches a descriptor for a channel.
  func add(_ channel: any Channel, _ descriptor: Int32, events: UInt32) throws {
    preconditionCurrent()
    generation &+= 1
    while channels.count <= Int(descriptor) { channels.append(nil) }
    try SystemError.check(cposix_epoll_add(epoll, descriptor, events, token(descriptor, generation)), "watch a socket")
    channels[Int(descriptor)] = Entry(channel: channel, generation: generation)
  }

  func change(_ descriptor: Int32, events: UInt32) {
    guard let entry = channels[Int(descriptor)] else { return }
    _ = cposix_epoll_change(epoll, descriptor, events, token(descriptor, entry.generation))
  }

  /// Forgets the descriptor, which is to be closed.
  func remove(_ descriptor: Int32) {
    preconditionCurrent()
    channels[Int(descriptor)] = nil
    _ = cposix_epoll_remove(epoll, descriptor)
  }

  private func token(_ descriptor: Int32, _ generation: UInt32) -> UInt64 { UInt64(generation) << 32 | UInt64(UInt32(descriptor)) }

  /// Lets the channel send at the end of the turn.
  func flushLater(_ channel: any Channel) { dirty.append(channel) }

  /// Has ``Channel/tick(_:)`` of all channels called at `deadline` or soon after.
  func wake(at deadline: UInt64) { if deadline < nextDeadline { nextDeadline = deadline } }

  /// The buffer to receive into when nothing is left over from before.
  func receiveBuffer() -> OctetBuffer {
    if !isKnownUniquelyReferenced(&sharedBuffer) { sharedBuffer = OctetBuffer(capacity: Self.receiveCapacity) }
    return sharedBuffer
  }

  /// Runs what has been enqueued meanwhile, so that continuations resumed by a channel go on before the next one is read.
  func runJobs() {
    // Jobs that keep enqueueing jobs must not keep the sockets waiting for ever.
    for _ in 0..<8 {
      if jobs.isEmpty { return }
      var batch: [UnownedJob] = []
      swap(&batch, &jobs)
      for job in batch { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
      if jobs.isEmpty {
        batch.removeAll(keepingCapacity: true)
        swap(&batch, &jobs)
      }
    }
  }

  fileprivate func run() {
    unsafe cposix_set_current(Unmanaged.passUnretained(self).toOpaque())
    var events = [cposix_event](repeating: cposix_event(), count: 64)
    while true {
      runJobs()
      flushDirty()
      let (remoteJobs, tasks, idle, stops) = takeRemote()
      if stops { break }
      for job in remoteJobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
      for task in tasks { task() }
      if !idle || !jobs.isEmpty || !dirty.isEmpty {
        runJobs()
        flushDirty()
      }
      wait(&events, forEver: idle && jobs.isEmpty && dirty.isEmpty)
    }
    for entry in channels { entry?.channel.loopStops() }
    channels = []
    finish()
    cposix_set_current(nil)
  }

  /// Does what was submitted before the end, and leaves the jobs of tasks to others.
  private func finish() {
    while true {
      let rest: (jobs: [UnownedJob], tasks: [@Sendable () -> Void])? = remote.withLock { remote in
        if remote.jobs.isEmpty && remote.tasks.isEmpty {
          remote.isStopped = true
          return nil
        }
        defer { (remote.jobs, remote.tasks) = ([], []) }
        return (remote.jobs, remote.tasks)
      }
      for task in rest?.tasks ?? [] { task() }
      for job in (rest?.jobs ?? []) + jobs { Self.leave(job) }
      jobs = []
      if rest == nil { return }
    }
  }

  /// What other threads have enqueued; if nothing, they are told that the loop goes to sleep.
  private func takeRemote() -> (jobs: [UnownedJob], tasks: [@Sendable () -> Void], isIdle: Bool, stops: Bool) {
    let mayRest = jobs.isEmpty && dirty.isEmpty
    return remote.withLock { remote in
      if remote.isStopping { return ([], [], false, true) }
      if remote.jobs.isEmpty && remote.tasks.isEmpty {
        remote.isSleeping = mayRest
        return ([], [], mayRest, false)
      }
      let taken = (remote.jobs, remote.tasks)
      remote.jobs = []
      remote.tasks = []
      return (taken.0, taken.1, false, false)
    }
  }

  private func flushDirty() {
    while !dirty.isEmpty {
      var batch: [any Channel] = []
      swap(&batch, &dirty)
      for channel in batch { channel.flush() }
      batch.removeAll(keepingCapacity: true)
      if dirty.isEmpty { swap(&batch, &dirty) }
    }
  }

  private func wait(_ events: inout [cposix_event], forEver: Bool) {
    let count = unsafe cposix_epoll_wait(epoll, &events, Int32(events.count), forEver ? milliseconds() : 0)
    if forEver { remote.withLock { $0.isSleeping = false } }
    now = cposix_now()
    precondition(count >= 0, "epoll_wait: \(SystemError(code: -count, action: ""))")
    for index in 0..<Int(count) {
      let event = events[index]
      if event.token == Self.alarmToken {
        cposix_eventfd_clear(alarm)
        continue
      }
      let descriptor = Int(UInt32(truncatingIfNeeded: event.token))
      // An earlier event of this batch may have closed the channel, and another may have its descriptor now.
      guard let entry = channels[descriptor], entry.generation == UInt32(event.token >> 32) else { continue }
      entry.channel.becameReady(event.events)
    }
    if now >= nextDeadline { tick() }
  }

  private func milliseconds() -> Int32 {
    if nextDeadline == .max { return -1 }
    let current = cposix_now()
    if nextDeadline <= current { return 0 }
    return Int32(min((nextDeadline - current) / 1_000_000 + 1, 60_000))
  }

  private func tick() {
    nextDeadline = .max
    for entry in channels { if let entry { wake(at: entry.channel.tick(now)) } }
  }
}

/// Something with a descriptor that an event loop watches; all calls come on the loop's thread.
protocol Channel: AnyObject {
  /// The descriptor is readable, writable or broken.
  func becameReady(_ events: UInt32)
  /// Sends what is waiting to be sent.
  func flush()
  /// Ends what has taken too long.
  ///
  /// - Returns: when to look again, in nanoseconds of the monotonic clock; `.max` for never.
  func tick(_ now: UInt64) -> UInt64
  /// The loop ends: close.
  func loopStops()
}

extension Channel {
  func flush() {}
  func tick(_ now: UInt64) -> UInt64 { .max }
}

/// The thread's body; a global function, since a C callback must not carry an actor's isolation.
private func runEventLoop(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument = unsafe argument { unsafe Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run() }
  return nil
}
