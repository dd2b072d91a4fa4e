import Broker
import StoreAPI

/// What was agreed with partners, in a table of its own.
enum PartnerRows {
  static let tables = [
    """
    CREATE TABLE partner (
      system TEXT PRIMARY KEY, token_digest BLOB NOT NULL, sender TEXT NOT NULL, documents TEXT NOT NULL, greatest_body INTEGER NOT NULL,
      requests_per_minute INTEGER NOT NULL, validation TEXT NOT NULL, identity TEXT NOT NULL, window INTEGER NOT NULL,
      created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """
  ]

  /// Without the digest of the token.
  static let view = """
    CREATE VIEW partners AS SELECT system, sender, documents, greatest_body, requests_per_minute, validation, identity,
      window / 1000000 AS window_seconds, strftime('%Y-%m-%dT%H:%M:%SZ', changed_at / 1000000, 'unixepoch') AS changed_at
    FROM partner
    """
}

extension SQLiteTransaction {
  func put(_ row: PartnerRow) throws {
    try connection.statement("INSERT OR REPLACE INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(row.system).bind(row.tokenDigest).bind(row.sender).bind(row.documents.joined(separator: " ")).bind(row.greatestBody)
      .bind(row.requestsPerMinute).bind(row.validation.rawValue).bind(row.identity.rawValue).bind(row.window).bind(row.createdAt)
      .bind(row.changedAt).run()
  }

  func partner(named name: String) throws -> PartnerRow? {
    try connection.statement("SELECT * FROM partner WHERE system = ?").bind(name).first(readPartner)
  }

  func partners() throws -> [PartnerRow] { try connection.statement("SELECT * FROM partner ORDER BY system").all(readPartner) }

  private func readPartner(_ row: Statement) throws -> PartnerRow {
    let (system, digest, sender) = try (row.readText(), row.readOctets(), row.readText())
    let documents = try row.readText().split(separator: " ").map(String.init)
    let (greatestBody, perMinute) = (row.readInt64(), row.readInt())
    let (validation, identity) = try (row.read(PartnerRow.Validation.self), row.read(PartnerRow.MessageIdentity.self))
    return PartnerRow(
      system: system, tokenDigest: digest, sender: sender, documents: documents, greatestBody: greatestBody, requestsPerMinute: perMinute,
      validation: validation, identity: identity, window: row.readInt64(), createdAt: row.readInt64(), changedAt: row.readInt64())
  }
}
