import StoreAPI

extension Connection {
  /// "TESS": marks the file as ours for `file` and for us.
  static let applicationID: Int64 = 0x5445_5353

  /// Opens the file for writing, and brings it to the newest schema. A new file is made where there is none, if asked to.
  ///
  /// - Throws: ``StoreError``: `cannotOpen`, `busy`, `corrupt` (no store), `newerSchema`.
  static func openWriter(path: String, options: SQLiteStore.Options) throws -> Connection {
    let connection = try Connection(path: path, create: options.create, busyTimeout: options.busyTimeout, gathersLog: true)
    do {
      if connection.isReadOnly {
        throw StoreError(
          .cannotOpen, "\(path) cannot be opened for writing: it is read-only.",
          hint: "The file and its folder must be writable for this user; is its file system mounted read-only?")
      }
      // Before anything is written: a database of somebody else stays as it is.
      _ = try connection.schemaVersion()
      try connection.execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      // 16 MB of pages, which fit into the processor's own cache: with 64 MB a catalogue took a tenth longer. The system keeps the rest of
      // the file in memory.
      try connection.execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF")
      // Frames of many transactions are copied to the file together, since the same pages change again and again: when the writer is
      // idle (``Checkpointer``), or by the writer itself once there are 256 MB of them.
      try connection.execute("PRAGMA wal_autocheckpoint = 32768; PRAGMA journal_size_limit = 67108864")
      if let octets = options.maximumOctets {
        try connection.execute("PRAGMA max_page_count = \(max(1, octets / (try connection.number("PRAGMA page_size"))))")
      }
      try connection.migrate()
      return connection
    } catch {
      connection.close()
      throw error
    }
  }

  /// Opens a store that a writer has opened before, for reading.
  static func openReader(path: String, options: SQLiteStore.Options) throws -> Connection {
    let connection = try Connection(path: path, create: false, busyTimeout: options.busyTimeout, gathersLog: false)
    do {
      try connection.execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA trusted_schema = OFF")
      return connection
    } catch {
      connection.close()
      throw error
    }
  }

  /// The number of migrations that the file has seen; 0 for an empty file.
  private func schemaVersion() throws -> Int64 {
    let version = try number("PRAGMA user_version")
    let application = try number("PRAGMA application_id")
    let isEmpty = try number("SELECT count(*) FROM sqlite_schema") == 0
    guard application == Self.applicationID || (isEmpty && application == 0 && version == 0) else {
      throw StoreError(
        .corrupt, "\(path) is a database of another application (application id \(application)), no store.",
        hint: "Name another file, or another data folder.")
    }
    guard version <= Int64(Schema.migrations.count) else {
      throw StoreError(
        .newerSchema, "\(path) has schema \(version); this release knows up to \(Schema.migrations.count).",
        hint: "Start the release that wrote it, or a newer one; a file cannot go back.")
    }
    return version
  }

  /// Applies the migrations that the file has not seen, all or none.
  private func migrate() throws {
    guard try schemaVersion() < Int64(Schema.migrations.count) else { return }
    try execute("BEGIN IMMEDIATE")
    do {
      // Read again: another process may have migrated it in the meantime.
      for step in try Int(schemaVersion())..<Schema.migrations.count {
        for statement in Schema.migrations[step] { try execute(statement) }
      }
      try execute("PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(Schema.migrations.count)")
      try execute("COMMIT")
    } catch {
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}
