import Glibc

/// The files and connections that the process may have open.
enum Descriptors {
  /// What is asked for at most; more is of no use.
  private static let wanted: rlim_t = 65_536

  /// Asks the system for as many as the administrator allows: the usual limit of 1,024 is meant for programs that use select().
  ///
  /// - Returns: the limit that holds.
  static func raise() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    if limit.rlim_cur < min(limit.rlim_max, wanted) {
      let before = limit.rlim_cur
      limit.rlim_cur = min(limit.rlim_max, wanted)
      if setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
