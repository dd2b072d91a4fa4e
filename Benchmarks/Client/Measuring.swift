import Glibc
import IIOPTransport

/// Nanoseconds of the monotonic clock.
func now() -> UInt64 { read(CLOCK_MONOTONIC) }

private func read(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// CPU seconds that a process has used; nan if there is none.
func processorTime(of pid: Int32) -> Double {
  var clock = clockid_t()
  guard pid > 0, clock_getcpuclockid(pid, &clock) == 0 else { return .nan }
  return Double(read(clock)) / 1e9
}

func ownProcessorTime() -> Double { Double(read(CLOCK_PROCESS_CPUTIME_ID)) / 1e9 }

/// CPU seconds that anybody on the machine has used; less the server's and our own it is the noise of a run.
func machineTime() -> Double {
  guard let line = lines(of: "/proc/stat").first else { return .nan }
  let fields = line.split(separator: " ").dropFirst().compactMap { Double($0) }
  guard fields.count >= 7 else { return .nan }
  return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// A number of /proc/PID/status, for example `VmRSS:` in KiB; -1 if there is none.
func status(of pid: Int32, _ key: String) -> Int {
  guard pid > 0, let line = lines(of: "/proc/\(pid)/status").first(where: { $0.hasPrefix(key) }) else { return -1 }
  return Int(line.dropFirst(key.count).split(whereSeparator: { $0 == " " || $0 == "\t" }).first ?? "") ?? -1
}

private func lines(of path: String) -> [String] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var line: UnsafeMutablePointer<CChar>?
  var capacity = 0
  defer { free(line) }
  var result: [String] = []
  while getline(&line, &capacity, file) > 0, let line { result.append(String(cString: line)) }
  return result
}

/// What a timed run gave.
struct Measurement {
  var calls = 0
  var seconds = 0.0
  /// Sorted, in nanoseconds.
  var latencies: [UInt32] = []
  var serverTime = 0.0
  var clientTime = 0.0
  var foreignCores = 0.0

  func percentile(_ fraction: Double) -> Double {
    latencies.isEmpty ? .nan : Double(latencies[Int(fraction * Double(latencies.count - 1))]) / 1000
  }
}

/// Calls `operation` again and again from a number of tasks that share the event loop's thread with the connection.
func measure(
  _ options: Options, callers: Int, on loop: EventLoop, _ operation: @escaping @Sendable () async throws -> Void
) async throws -> Measurement {
  _ = try await run(callers, until: now() + UInt64(min(0.3, options.seconds / 4) * 1e9), loop, operation)
  let machine = machineTime()
  let server = processorTime(of: options.serverPID)
  let own = ownProcessorTime()
  let start = now()
  var result = Measurement()
  result.latencies = try await run(callers, until: start + UInt64(options.seconds * 1e9), loop, operation)
  result.seconds = Double(now() - start) / 1e9
  result.calls = result.latencies.count
  result.serverTime = processorTime(of: options.serverPID) - server
  result.clientTime = ownProcessorTime() - own
  result.foreignCores = (machineTime() - machine - result.serverTime - result.clientTime) / result.seconds
  result.latencies.sort()
  return result
}

private func run(
  _ callers: Int, until end: UInt64, _ loop: EventLoop, _ operation: @escaping @Sendable () async throws -> Void
) async throws -> [UInt32] {
  try await withThrowingTaskGroup(of: [UInt32].self) { group in
    for _ in 0..<callers {
      group.addTask(executorPreference: loop) {
        var latencies: [UInt32] = []
        latencies.reserveCapacity(callers == 1 ? 2_000_000 : 200_000)
        var start = now()
        while start < end {
          try await operation()
          let stop = now()
          latencies.append(UInt32(clamping: stop - start))
          start = stop
        }
        return latencies
      }
    }
    return try await group.reduce(into: []) { $0 += $1 }
  }
}
