import StoreAPI

extension Connection {
  /// Opens the file for writing, and brings it to the newest schema. A new file is made where there is none, if asked to.
  ///
  /// - Throws: ``StoreError``: `cannotOpen`, `busy`, `corrupt` (no store), `newerSchema`, `olderSchema`, `otherSchema`.
  static func openWriter(path: String, options: SQLiteStore.Options) throws -> Connection {
    let connection = try Connection(path: path, create: options.create, busyTimeout: options.busyTimeout, gathersLog: true)
    do {
      if connection.isReadOnly {
        throw StoreError(
          .cannotOpen, "\(path) cannot be opened for writing: it is read-only.",
          hint: "The file and its folder must be writable for this user; is its file system mounted read-only?")
      }
      // Before anything is written: a database of somebody else stays as it is.
      let state = try connection.schemaState()
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
      if !state.isUpToDate { try connection.bringUpToDate(options) }
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
}
