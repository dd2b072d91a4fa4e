import ForeignORB

// How a test looks at what processes of the system do, without any code of ours.

extension TesseraServer {
  /// What the store, or another SQLite file of the working folder, answers to a query, without the end of its last line. Who holds the
  /// file for a moment is waited for.
  public func rows(_ query: String, in file: String = "tessera-data/tessera.sqlite") async throws -> String {
    let output = try await ChildProcess.check("sqlite3", ["-readonly", "-cmd", ".timeout 10000", "\(folder)/\(file)", query])
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }
}

/// Looks every few milliseconds whether something has come true.
///
/// - Throws: ``NotInTime``.
public func eventually(_ what: String, within seconds: Int = 40, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    if ContinuousClock.now >= end { throw NotInTime(what: what) }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Something that had to come true did not.
public struct NotInTime: Error, CustomStringConvertible {
  public var what: String
  public var description: String { "not in time: \(what)" }
}
