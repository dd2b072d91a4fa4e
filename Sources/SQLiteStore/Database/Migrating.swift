import Glibc
import StoreAPI

/// What a file has seen of ``Schema/migrations``, and how its tables are beside them.
struct SchemaState: Sendable {
  /// How many of the migrations, from the first on.
  let applied: Int
  let differences: SchemaDifferences

  var isUpToDate: Bool { applied == Schema.migrations.count && differences.stale.isEmpty }
  /// The migrations that the file needs.
  var pending: [Migration] { Array(Schema.migrations[applied...]) }
}

extension Connection {
  /// "TESS": marks the file as ours for `file` and for us.
  static let applicationID: Int64 = 0x5445_5353

  /// Compares the file's schema, by the names of tables and columns, with the one that its migrations make; changes nothing.
  ///
  /// - Throws: ``StoreError``: `corrupt` (no store), `newerSchema`, `otherSchema`.
  func schemaState() throws -> SchemaState {
    if isInTransaction { return try readSchemaState() }
    // Several queries of one moment: another process may migrate the file between two.
    try execute("BEGIN")
    defer { try? execute("ROLLBACK") }
    return try readSchemaState()
  }

  private func readSchemaState() throws -> SchemaState {
    let version = try number("PRAGMA user_version")
    let application = try number("PRAGMA application_id")
    let items = try schemaItems()
    guard application == Self.applicationID || (items.isEmpty && application == 0 && version == 0) else {
      throw StoreError(
        .corrupt, "\(path) is a database of another application (application id \(application)), no store.",
        hint: "Name another file, or another data folder.")
    }
    let names = try appliedNames(items, version: version)
    let known = Schema.migrations.map(\.name)
    if let place = zip(names, known).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
      throw otherSchema(["its migration \(place.offset + 1) is '\(place.element.0)' and should be '\(place.element.1)'"])
    }
    if version > Int64(known.count) || names.count > known.count {
      let unknown = names.dropFirst(known.count).map { " '\($0)'" }.joined(separator: ",")
      throw StoreError(
        .newerSchema, "\(path) has schema \(version)\(unknown); this release knows up to \(known.count).",
        hint: "Start the release that wrote it, or a newer one; a file cannot go back.")
    }
    if version != Int64(names.count) {
      throw otherSchema(["it says that it has seen \(version) migrations, and names \(names.count) of them"])
    }
    let expected = try Connection.expected(names.count)
    defer { expected.close() }
    var differences = try SchemaDifferences(of: self, expected: expected)
    // Views of an earlier release are made anew with the migrations.
    differences.strangers.removeAll { stranger in Schema.viewNames.contains { stranger == "view \($0)" } }
    if !differences.faults.isEmpty { throw otherSchema(differences.faults) }
    return SchemaState(applied: names.count, differences: differences)
  }

  /// The names of the migrations that the file has seen. Files have a table of them since the second; those before it have seen the first.
  private func appliedNames(_ items: [String: SchemaItem], version: Int64) throws -> [String] {
    guard items["migration"]?.kind == "table" else { return version == 1 ? [Schema.migrations[0].name] : [] }
    guard try Set(columns(of: "migration").map(\.name)).isSuperset(of: ["position", "name"]) else {
      throw otherSchema(["table migration is not the one that names what the file has seen"])
    }
    return try statement("SELECT name FROM migration ORDER BY position").all { try $0.readText() }
  }

  /// An empty database in memory, as the first migrations make it; with all views where they are all.
  private static func expected(_ count: Int) throws -> Connection {
    let connection = try Connection(path: ":memory:", create: true, busyTimeout: .zero, gathersLog: false)
    do {
      for migration in Schema.migrations.prefix(count) {
        for statement in migration.statements { try connection.execute(statement) }
      }
      if count == Schema.migrations.count { for view in Schema.views { try connection.execute(view) } }
      return connection
    } catch {
      connection.close()
      throw error
    }
  }

  /// Applies the migrations that the file has not seen, and makes indexes and views anew that are not as they should be: all or nothing.
  ///
  /// - Throws: ``StoreError``: those of ``schemaState()``; `olderSchema` where the schema may not be changed.
  func bringUpToDate(_ options: SQLiteStore.Options) throws {
    let seen = try schemaState()
    if seen.isUpToDate { return }
    guard options.changesSchema || seen.applied == 0 else {
      if seen.pending.isEmpty { return }  // Without an index or a view all works, only slower.
      throw StoreError(
        .olderSchema, "\(path) was written by an earlier release, whose broker still runs.",
        hint: "Stop `tessera serve`, and start it with this release; then its commands work as well.")
    }
    try execute("BEGIN IMMEDIATE")
    do {
      // Read again: another process may have been first.
      try bringUpToDate(from: schemaState())
      try execute("COMMIT")
    } catch {
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }

  private func bringUpToDate(from state: SchemaState) throws {
    if state.pending.isEmpty {
      for item in state.differences.stale {
        try execute("DROP \(item.kind) IF EXISTS \"\(item.name)\"")
        try execute(item.statement)
        openingNotes.append("\(item.kind) \(item.name) was missing or another one, and was made anew")
      }
      return
    }
    // Views may name columns that a migration renames.
    for item in try schemaItems().values where item.kind == "view" && Schema.viewNames.contains(item.name) {
      try execute("DROP VIEW \"\(item.name)\"")
    }
    for migration in state.pending {
      for statement in migration.statements { try execute(statement) }
      try migration.fill?(self)
      if state.applied > 0 { openingNotes.append("the file of an earlier release has seen the migration '\(migration.name)'") }
    }
    for view in Schema.views { try execute(view) }
    for (position, migration) in Schema.migrations.enumerated() {
      try statement("INSERT OR IGNORE INTO migration VALUES (?, ?, ?)").bind(position + 1).bind(migration.name)
        .bind(Int64(time(nil)) * 1_000_000).run()
    }
    try execute("PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(Schema.migrations.count)")
    // What was stale before the migration is mended now, and what the migrations made is looked at.
    let made = try schemaState()
    if !made.differences.stale.isEmpty { try bringUpToDate(from: made) }
  }

  private func otherSchema(_ faults: [String]) -> StoreError {
    let rest = faults.count > 8 ? "; and \(faults.count - 8) more" : ""
    return StoreError(
      .otherSchema, "\(path) does not hold the tables that this release works with: \(faults.prefix(8).joined(separator: "; "))\(rest).",
      hint: "An unfinished build wrote it, or it was changed by hand: start what wrote it, or restore a backup. Nothing was changed.")
  }
}

extension SQLiteStore {
  /// What a look at the schema of a file found that can be worked with.
  public struct SchemaReport: Sendable, Hashable {
    /// The names of the migrations that the file needs; they are applied when it is opened.
    public var pending: [String]
    /// Indexes and views that are missing or other ones; they are made anew when the file is opened.
    public var stale: [String]
    /// What is not ours and does no harm.
    public var strangers: [String]
  }

  /// Compares the schema of a file with the one that this release works with; changes nothing, and works beside other processes.
  ///
  /// - Throws: ``StoreError``: `cannotOpen`, `busy`, `corrupt` (no store), `newerSchema`, `otherSchema`.
  public static func examineSchema(path: String) throws -> SchemaReport {
    let connection = try Connection.openReader(path: path, options: Options())
    defer { connection.close() }
    let state = try connection.schemaState()
    return SchemaReport(
      pending: state.pending.map(\.name), stale: state.differences.stale.map { "\($0.kind) \($0.name)" },
      strangers: state.differences.strangers)
  }
}
