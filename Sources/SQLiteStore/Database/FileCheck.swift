import CSQLite
import StoreAPI

extension SQLiteStore {
  /// What a look at the whole file found.
  public enum FileCheck: Sendable, Hashable {
    case sound
    /// The first fault, in SQLite's words.
    case damaged(String)
    /// The time was over before all of the file was looked at; nothing was found until then.
    case unfinished
  }

  /// Looks through the whole file for damage (`PRAGMA quick_check`); changes nothing, and works beside other processes.
  ///
  /// - Throws: ``StoreError``: `cannotOpen`, `busy`, `corrupt` where the file is no database at all.
  public static func check(path: String, within time: Duration) throws -> FileCheck {
    let connection = try Connection.openReader(path: path, options: Options())
    defer { connection.close() }
    return try connection.check(until: .now + time)
  }
}

extension Connection {
  fileprivate func check(until deadline: ContinuousClock.Instant) throws -> SQLiteStore.FileCheck {
    do {
      // One fault is enough; more of them take longer to look for.
      let found = try text("PRAGMA quick_check(1)", until: deadline)
      return found == "ok" ? .sound : .damaged(found)
    } catch let error as StoreError where error.code == .corrupt {
      return .damaged(error.message)
    } catch let error as StoreError {
      if ContinuousClock.now > deadline { return .unfinished }
      throw error
    }
  }
}
