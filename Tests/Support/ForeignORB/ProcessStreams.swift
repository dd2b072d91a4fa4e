import Glibc
import Synchronization

/// What the threads of one child process and the tasks that wait for it share.
///
/// One thread reads both outputs, one waits for the end of the process; both end with it. The first is told by a pipe, since
/// a grandchild may hold the outputs open for longer.
final class ProcessStreams: Sendable {
  enum Line: Sendable {
    case line(String)
    case end
    case tooLate
  }

  private struct State {
    var lines: [String] = []
    var nextLine = 0
    var partialLine: [UInt8] = []
    var outputEnded = false
    var errors: [UInt8] = []
    var exit: ChildProcess.Exit?
    var nextWaiter: UInt64 = 0
    var lineWaiters: [(id: UInt64, continuation: CheckedContinuation<Line, Never>)] = []
    var exitWaiters: [(id: UInt64, continuation: CheckedContinuation<ChildProcess.Exit?, Never>)] = []

    mutating func newWaiter() -> UInt64 {
      nextWaiter += 1
      return nextWaiter
    }

    mutating func takeLine() -> Line? {
      if nextLine < lines.count {
        defer { nextLine += 1 }
        return .line(lines[nextLine])
      }
      return outputEnded ? .end : nil
    }

    /// Pairs waiting tasks with lines; they are resumed once the lock is free.
    mutating func matchLines() -> [(CheckedContinuation<Line, Never>, Line)] {
      var matched: [(CheckedContinuation<Line, Never>, Line)] = []
      while let first = lineWaiters.first, let line = takeLine() {
        lineWaiters.removeFirst()
        matched.append((first.continuation, line))
      }
      return matched
    }
  }

  private let pid: pid_t
  private let output: Int32
  private let errors: Int32
  private let wakeReader: (read: Int32, write: Int32)
  private let state = Mutex(State())

  init(pid: pid_t, output: Int32, errors: Int32) {
    self.pid = pid
    self.output = output
    self.errors = errors
    wakeReader = makePipe()
  }

  func startThreads() {
    startThread { self.readOutputs() }
    startThread { self.reap() }
  }

  var exit: ChildProcess.Exit? { state.withLock { $0.exit } }

  var errorText: String { String(decoding: state.withLock { $0.errors }, as: UTF8.self) }

  /// The lock keeps the process from being reaped meanwhile, so that its id cannot mean another process.
  func kill(_ signal: Int32) {
    state.withLock { if $0.exit == nil { _ = Glibc.kill(pid, signal) } }
  }

  func killGroup(_ signal: Int32) {
    state.withLock { if $0.exit == nil { _ = Glibc.kill(-pid, signal) } }
  }

  func nextLine(within limit: Duration) async -> Line {
    let id = state.withLock { $0.newWaiter() }
    return await withDeadline(limit) { continuation in
      let line = state.withLock { state in
        let line = state.takeLine()
        if line == nil { state.lineWaiters.append((id, continuation)) }
        return line
      }
      if let line { continuation.resume(returning: line) }
    } expire: { [self] in
      let late = state.withLock { state in
        state.lineWaiters.firstIndex { $0.id == id }.map { state.lineWaiters.remove(at: $0).continuation }
      }
      late?.resume(returning: .tooLate)
    }
  }

  func waitForExit(within limit: Duration) async -> ChildProcess.Exit? {
    let id = state.withLock { $0.newWaiter() }
    return await withDeadline(limit) { continuation in
      let exit = state.withLock { state in
        if state.exit == nil { state.exitWaiters.append((id, continuation)) }
        return state.exit
      }
      if let exit { continuation.resume(returning: exit) }
    } expire: { [self] in
      let late = state.withLock { state in
        state.exitWaiters.firstIndex { $0.id == id }.map { state.exitWaiters.remove(at: $0).continuation }
      }
      late?.resume(returning: nil)
    }
  }

  /// Suspends until the continuation is resumed; after the limit `expire` must resume it, unless somebody else has.
  private func withDeadline<Value: Sendable>(
    _ limit: Duration, _ start: (CheckedContinuation<Value, Never>) -> Void, expire: @escaping @Sendable () -> Void
  ) async -> Value {
    let timer = Task {
      if (try? await Task.sleep(for: limit)) != nil { expire() }
    }
    defer { timer.cancel() }
    return await withCheckedContinuation(start)
  }

  // MARK: - Threads

  private func readOutputs() {
    var open = [output, errors]
    var draining = false
    while !open.isEmpty {
      var polled = (open + [wakeReader.read]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let ready = poll(&polled, nfds_t(polled.count), draining ? 0 : -1)
      if ready == 0 { break }  // the process has ended and the pipes are empty
      for entry in polled where entry.revents != 0 {
        if entry.fd == wakeReader.read {
          var byte: UInt8 = 0
          _ = read(entry.fd, &byte, 1)
          draining = true
        } else if !readSome(from: entry.fd) {
          open.removeAll { $0 == entry.fd }
        }
      }
    }
    close(output)
    close(errors)
    endOutput()
  }

  private func readSome(from file: Int32) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(file, &buffer, buffer.count)
    guard count > 0 else { return count < 0 && errno == EINTR }
    let matched = state.withLock { state -> [(CheckedContinuation<Line, Never>, Line)] in
      if file == errors {
        state.errors += buffer[..<count]
        return []
      }
      for byte in buffer[..<count] {
        if byte == 0x0A {
          state.lines.append(String(decoding: state.partialLine, as: UTF8.self))
          state.partialLine.removeAll()
        } else {
          state.partialLine.append(byte)
        }
      }
      return state.matchLines()
    }
    for (continuation, line) in matched { continuation.resume(returning: line) }
    return true
  }

  private func endOutput() {
    let matched = state.withLock { state in
      if !state.partialLine.isEmpty {
        state.lines.append(String(decoding: state.partialLine, as: UTF8.self))
        state.partialLine.removeAll()
      }
      state.outputEnded = true
      return state.matchLines()
    }
    for (continuation, line) in matched { continuation.resume(returning: line) }
  }

  private func reap() {
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    let (exit, waiters) = state.withLock { state -> (ChildProcess.Exit, [CheckedContinuation<ChildProcess.Exit?, Never>]) in
      _ = Glibc.kill(-pid, SIGKILL)  // what it left in its group; its own id is still taken, by the zombie
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
      let exit: ChildProcess.Exit = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F)
      state.exit = exit
      defer { state.exitWaiters.removeAll() }
      return (exit, state.exitWaiters.map(\.continuation))
    }
    var byte: UInt8 = 0
    _ = write(wakeReader.write, &byte, 1)
    for waiter in waiters { waiter.resume(returning: exit) }
  }

  deinit {
    close(wakeReader.read)
    close(wakeReader.write)
  }
}
