/// One change of the tables, by which files of earlier builds come to those of this one.
struct Migration: Sendable {
  /// Stands in table `migration` of every file that has seen it.
  let name: String
  /// Run one after the other, in one transaction with all other migrations that the file needs.
  let statements: [String]
  /// Fills what the statements made, in the same transaction, where that needs more than statements.
  let fill: (@Sendable (Connection) throws -> Void)?

  init(_ name: String, _ statements: [String], fill: (@Sendable (Connection) throws -> Void)? = nil) {
    self.name = name
    self.statements = statements
    self.fill = fill
  }
}

/// The tables, and how a file of an earlier build comes to them.
///
/// Tables have singular names and are laid out for speed: names of entities, systems and fields are numbers of table `name`, common
/// ids are 16 octets, times are microseconds since 1970 UTC. The views with plural names (``SchemaViews``) are for people.
enum Schema {
  /// Each is applied once to a file, in this order. Append only: the name, the statements and the place of one that is here never
  /// change, since files remember it by its name and are compared with what it makes. Every file of every build since 68d2643 opens.
  static let migrations = [
    Migration("first-tables", tables + CreditSchema.tables + BelongingSchema.tables + NamingTables.tables + PartnerRows.tables),
    Migration(
      "migrations-by-name",
      [
        "CREATE TABLE migration (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, applied_at INTEGER NOT NULL) STRICT"
      ]),
    Migration("shapes", Shapes.tables),
    Migration("drafts", ["CREATE INDEX object_draft ON object (entity, id) WHERE status = 'draft'"]),
    // Contracts are found by their numbers: those that are there already, too.
    Migration(
      "contract-numbers",
      [
        "INSERT OR IGNORE INTO name (text) VALUES ('number')",
        """
        INSERT OR IGNORE INTO match_value (entity, field, value, slot, common)
          SELECT entity, (SELECT id FROM name WHERE text = 'number'), code, common, common FROM object
          WHERE entity = (SELECT id FROM name WHERE text = 'Contract') AND code <> ''
        """,
      ]),
    Migration("parked-deliveries", DeliverySchema.parking),
    Migration("receipt-counts", ReceiptTables.tables),
    Migration("spellings", SpellingTables.tables, fill: SpellingTables.fill),
    Migration("identity-forms", FormTables.tables),
    // 1 where a person said that the item is a thing of its own.
    Migration("held-as-new", ["ALTER TABLE held ADD COLUMN is_new INTEGER"]),
  ]

  /// Views hold nothing: one whose text is another than here is made anew when a file is opened. They are changed here, without a
  /// migration.
  static let views = SchemaViews.all + CreditSchema.views + [NamingTables.view, PartnerRows.view, ReceiptTables.view, FormTables.view]
  static let viewNames = Set(views.map { String($0.dropFirst("CREATE VIEW ".count).prefix { $0 != " " }) })

  private static let tables = [
    // Names of entities, systems, fields and value maps.
    "CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT",

    // The large columns come last, so that lists need not read past them.
    """
    CREATE TABLE message (
      sequence INTEGER PRIMARY KEY, system INTEGER NOT NULL, message_id TEXT NOT NULL, operation TEXT NOT NULL, digest BLOB NOT NULL,
      little_endian INTEGER NOT NULL, giop_minor INTEGER NOT NULL, code_set INTEGER NOT NULL, aligned_at INTEGER NOT NULL,
      received_at INTEGER NOT NULL, item_count INTEGER NOT NULL, outcome TEXT NOT NULL, receipt BLOB NOT NULL,
      UNIQUE (system, message_id)
    ) STRICT
    """,
    // Apart, since it is written before it is known what becomes of the message.
    "CREATE TABLE message_body (message INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
    "CREATE INDEX message_of_system ON message (system, sequence)",
    """
    CREATE TABLE item (
      message INTEGER NOT NULL, number INTEGER NOT NULL, entity INTEGER NOT NULL, foreign_id TEXT NOT NULL, outcome TEXT NOT NULL,
      code TEXT NOT NULL, path TEXT NOT NULL, explanation TEXT NOT NULL, common BLOB, PRIMARY KEY (message, number)
    ) STRICT, WITHOUT ROWID
    """,

    // ended: 0 while the link holds, so that one such row can be there; else 1, 2, … in the order in which links of the key ended.
    // version, fingerprint, message: the state that was applied last for the key; in an ended row what counts until the next is applied.
    """
    CREATE TABLE link (
      entity INTEGER NOT NULL, system INTEGER NOT NULL, foreign_id TEXT NOT NULL, ended INTEGER NOT NULL, common BLOB NOT NULL,
      valid_from INTEGER NOT NULL, valid_to INTEGER, who TEXT NOT NULL, why TEXT NOT NULL, ended_by TEXT NOT NULL,
      ended_because TEXT NOT NULL, version INTEGER, fingerprint INTEGER, message INTEGER, PRIMARY KEY (entity, system, foreign_id, ended)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX link_of_thing ON link (common, system)",
    """
    CREATE TABLE object (
      entity INTEGER NOT NULL, id TEXT NOT NULL, common BLOB NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
      changed_at INTEGER NOT NULL, changed_by INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (entity, id)
    ) STRICT, WITHOUT ROWID
    """,
    // slot: empty where the thing has claimed the value, which one thing can do alone; else the thing's id once more.
    """
    CREATE TABLE match_value (
      entity INTEGER NOT NULL, field INTEGER NOT NULL, value TEXT NOT NULL, slot BLOB NOT NULL, common BLOB NOT NULL,
      PRIMARY KEY (entity, field, value, slot)
    ) STRICT, WITHOUT ROWID
    """,

    """
    CREATE TABLE held (
      id INTEGER PRIMARY KEY, message INTEGER NOT NULL, item INTEGER NOT NULL, entity INTEGER NOT NULL, system INTEGER NOT NULL,
      foreign_id TEXT NOT NULL, version INTEGER NOT NULL, source_type TEXT NOT NULL, code TEXT NOT NULL, explanation TEXT NOT NULL,
      state TEXT NOT NULL, since INTEGER NOT NULL, changed_at INTEGER NOT NULL, source BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX held_waiting ON held (entity, system, foreign_id) WHERE state = 'waiting'",
    "CREATE INDEX held_by_state ON held (state)",
    // kind: link (name is an entity, value an id) or value (name is a value map).
    """
    CREATE TABLE held_cause (
      held INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, name INTEGER NOT NULL, system INTEGER NOT NULL,
      value TEXT NOT NULL, PRIMARY KEY (held, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX held_by_cause ON held_cause (kind, name, system, value)",

    """
    CREATE TABLE delivery (
      id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, contract TEXT NOT NULL, party BLOB NOT NULL, correlation_key TEXT NOT NULL,
      customer_key TEXT NOT NULL, state TEXT NOT NULL, waiting_entity INTEGER, waiting_system INTEGER, waiting_id TEXT,
      attempts INTEGER NOT NULL, next_attempt_at INTEGER NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
      order_number TEXT NOT NULL, customer_number TEXT NOT NULL, code TEXT NOT NULL, explanation TEXT NOT NULL, progress TEXT NOT NULL,
      order_status TEXT NOT NULL, action TEXT NOT NULL, revision INTEGER NOT NULL, original INTEGER, call_off INTEGER NOT NULL,
      order_body BLOB NOT NULL, lines BLOB NOT NULL, amendment BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX delivery_of_contract ON delivery (contract)",
    "CREATE INDEX delivery_of_key ON delivery (correlation_key)",
    "CREATE INDEX delivery_by_state ON delivery (state)",
    "CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state = 'ready'",
    "CREATE INDEX delivery_waiting ON delivery (waiting_entity, waiting_system, waiting_id) WHERE state = 'waiting'",
    """
    CREATE TABLE lane (
      destination INTEGER NOT NULL, party BLOB NOT NULL, holder INTEGER NOT NULL, PRIMARY KEY (destination, party)
    ) STRICT, WITHOUT ROWID
    """,

    """
    CREATE TABLE system (
      name TEXT PRIMARY KEY, type TEXT NOT NULL, adapter TEXT NOT NULL, secret_hash TEXT NOT NULL, reference TEXT NOT NULL,
      guarantee TEXT NOT NULL, takes_orders INTEGER NOT NULL, state TEXT NOT NULL, created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE counter (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE watermark (
      system TEXT NOT NULL, feed TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY (system, feed)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL
    ) STRICT
    """,
  ]
}
