internal import Glibc
import Synchronization

/// Places at which a test ends the broker as a power cut would, or stops it to end somebody else. Nothing happens unless
/// `TESSERA_CRASH_AT` or `TESSERA_STOP_AT` names one.
public enum CrashPoint: String, CaseIterable, Sendable {
  /// A document's octets are in a file, its items not yet stored.
  case afterSpool = "after-spool"
  /// A message, or a contract that a person signed, is on disk.
  case afterStore = "after-store"
  /// Our key is reserved, the order not yet sent.
  case afterReserve = "after-reserve"
  /// The destination's answer is here, not yet on disk.
  case beforeConfirm = "before-confirm"
  /// What a caller asked for is done, the reply not yet sent.
  case beforeReply = "before-reply"

  private static let crash = point("TESSERA_CRASH_AT")
  private static let stop = point("TESSERA_STOP_AT")
  private static let hasStopped = Atomic(false)

  private static func point(_ variable: String) -> CrashPoint? {
    getenv(variable).flatMap { CrashPoint(rawValue: String(cString: $0)) }
  }

  /// Kills the process, or stops it the first time, if a test asked for it at this place.
  public func reached() {
    if Self.crash == self { kill(getpid(), SIGKILL) }
    if Self.stop == self, !Self.hasStopped.exchange(true, ordering: .relaxed) { kill(getpid(), SIGSTOP) }
  }
}
