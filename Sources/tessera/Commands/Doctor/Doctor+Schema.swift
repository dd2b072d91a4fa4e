import SQLiteStore

extension Doctor {
  /// What is to be said of the tables in the database's file.
  ///
  /// - Returns: also whether an earlier release wrote it: then it cannot be read before it is brought up to date.
  /// - Throws: `StoreError` where its tables are not those of any release that this one can follow.
  static func schema(of file: String) throws -> (findings: [Finding], isOlder: Bool) {
    guard Files.isFile(file) else { return ([], false) }
    let report = try SQLiteStore.examineSchema(path: file)
    var findings: [Finding] = []
    if !report.pending.isEmpty {
      findings.append(
        Finding(
          subject: "database", state: .warning, text: "an earlier release wrote it; it needs \(report.pending.joined(separator: ", "))",
          remedy: "back it up; then `tessera serve` of this release brings it up to date"))
    }
    if !report.stale.isEmpty, report.pending.isEmpty {
      findings.append(
        Finding(
          subject: "database", state: .warning, text: "missing, or not as this release makes them: \(report.stale.joined(separator: ", "))",
          remedy: "the next start of `tessera serve` makes them anew"))
    }
    if !report.strangers.isEmpty {
      findings.append(
        Finding(
          subject: "database", state: .warning, text: "not ours, and left alone: \(report.strangers.joined(separator: ", "))",
          remedy: "who made them keeps them elsewhere, best in a copy of the database"))
    }
    return (findings, !report.pending.isEmpty)
  }
}
