import Broker
import Glibc
import Logging
import StoreAPI
import Synchronization

/// Compares the time of day with a clock that nobody sets, so that a jump of the first is noticed.
final class ClockWatch: Sendable {
  /// A clock that is set right by NTP goes by less than this in one step, mostly; a machine that sleeps is no jump.
  static let tolerance: Int64 = 60_000_000

  private let now: @Sendable () -> Int64
  private let steady: @Sendable () -> Int64
  private let last: Mutex<(now: Int64, steady: Int64)>

  /// - Parameters:
  ///   - now: microseconds since 1970 UTC, as the machine believes.
  ///   - steady: microseconds since whatever time, sleep of the machine included.
  init(now: @escaping @Sendable () -> Int64, steady: @escaping @Sendable () -> Int64 = ClockWatch.sinceStart) {
    self.now = now
    self.steady = steady
    last = Mutex((now(), steady()))
  }

  /// By how many microseconds the time of day went on beyond the time that passed since the last call; nil where that is no jump.
  func jump() -> Int64? {
    let current = (now: now(), steady: steady())
    return last.withLock { last in
      let jump = (current.now - last.now) - (current.steady - last.steady)
      last = current
      return abs(jump) > Self.tolerance ? jump : nil
    }
  }

  @Sendable static func sinceStart() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

extension DeliveryService {
  /// Tells of a jump of the clock, in the log and for ever in the audit. What is due finds its way by itself: a time that no wait explains
  /// counts as come (``DeliveryRow/isDue(at:)``).
  func noteClock() async {
    guard let jump = clock.jump() else { return }
    let words = "\(jump > 0 ? "forward" : "back") by \(abs(jump) / 1_000_000) s"
    engine.log.error(
      "the clock was set \(words): times that are written down meanwhile are wrong on one side of it", metadata: ["do": "keep it with NTP"])
    let now = engine.now()
    do {
      try await engine.transact { transaction, _ in
        try transaction.apply([
          .insertAudit(
            AuditRow(at: now, who: "broker", action: "clock-jumped", subject: "clock", reason: "the machine's clock was set \(words)"))
        ])
      }
    } catch { tellTrouble("the clock's jump cannot be written down", error) }
  }
}
