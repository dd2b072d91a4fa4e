import Glibc

/// Places at which a test ends the ERP as a power cut would. Nothing happens unless `SAMPLE_ERP_CRASH_AT` names one.
public enum CrashPoint: String, CaseIterable, Sendable {
  /// An order is written, its transaction not yet committed.
  case beforeCommit = "before-commit"
  /// An order is on disk, nobody has been answered.
  case afterCommit = "after-commit"

  private static let armed = getenv("SAMPLE_ERP_CRASH_AT").flatMap { CrashPoint(rawValue: String(cString: $0)) }

  /// Kills the process if a test asked for it at this place.
  func reached() {
    if Self.armed == self { kill(getpid(), SIGKILL) }
  }
}
