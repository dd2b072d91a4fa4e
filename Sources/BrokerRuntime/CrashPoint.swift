internal import Glibc

/// Places at which a test stops the broker as a power cut would. Nothing happens unless `TESSERA_CRASH_AT` names one.
public enum CrashPoint: String, CaseIterable, Sendable {
  /// A message is on disk, its receipt not yet sent.
  case beforeReply = "before-reply"
  /// A signed contract is on disk.
  case afterStore = "after-store"
  /// Our key is reserved, the order not yet sent.
  case afterReserve = "after-reserve"
  /// The destination's answer is here, not yet on disk.
  case beforeConfirm = "before-confirm"

  private static let armed = getenv("TESSERA_CRASH_AT").flatMap { CrashPoint(rawValue: String(cString: $0)) }

  /// Kills the process if a test asked for it at this place.
  public func reached() {
    if Self.armed == self { kill(getpid(), SIGKILL) }
  }
}
