/// Views for people with `sqlite3` in their hands: names, ids and times as they are spoken of. The program reads the tables.
enum SchemaViews {
  static let all =
    [messages, items, links, objects, linkedObjects, held, heldCauses, deliveries, systems, auditTrail, BelongingSchema.view] + ofEntities

  private static func name(_ column: String) -> String { "(SELECT text FROM name WHERE id = \(column))" }

  private static func time(_ column: String) -> String { "strftime('%Y-%m-%dT%H:%M:%fZ', \(column) / 1000000.0, 'unixepoch')" }

  /// Lower-case hexadecimal with hyphens; NULL for NULL.
  private static func common(_ column: String) -> String {
    let parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)].map { "substr(hex(\(column)), \($0.0), \($0.1))" }
    return "CASE WHEN \(column) NOTNULL THEN lower(\(parts.joined(separator: " || '-' || "))) END"
  }

  private static let messages = """
    CREATE VIEW messages AS SELECT sequence, \(name("system")) AS system, message_id, operation, \(time("received_at")) AS received_at,
      item_count, outcome, lower(hex(digest)) AS digest, (SELECT length(body) FROM message_body WHERE message_body.message = sequence) AS body_octets
    FROM message
    """

  private static let items = """
    CREATE VIEW items AS SELECT message, number, (SELECT \(name("message.system")) FROM message WHERE sequence = item.message) AS system,
      \(name("entity")) AS entity, foreign_id, outcome, code, path, explanation, \(common("common")) AS common_id
    FROM item
    """

  private static let links = """
    CREATE VIEW links AS SELECT \(name("entity")) AS entity, \(name("system")) AS system, foreign_id, \(common("common")) AS common_id,
      \(time("valid_from")) AS valid_from, \(time("valid_to")) AS valid_to, who, why, ended_by, ended_because
    FROM link
    """

  private static let objects = """
    CREATE VIEW objects AS SELECT \(name("entity")) AS entity, id AS crm_id, \(common("common")) AS common_id, code, name, status,
      \(time("changed_at")) AS changed_at, \(name("changed_by")) AS changed_by
    FROM object
    """

  /// The CRM core's objects with the ids that other systems have for them, one row for each link that holds.
  private static func linked(_ view: String, where condition: String, columns: String = "") -> String {
    """
    CREATE VIEW \(view) AS SELECT \(columns)\(name("other.system")) AS system, other.foreign_id, object.id AS crm_id, object.code,
      object.name, object.status, \(common("other.common")) AS common_id, \(time("other.valid_from")) AS linked_at, other.why
    FROM link AS other
      JOIN link AS own ON own.common = other.common AND own.system = (SELECT id FROM name WHERE text = 'crm') AND own.ended = 0
      JOIN object ON object.entity = own.entity AND object.id = own.foreign_id
    WHERE \(condition) AND other.ended = 0 AND other.system <> own.system
    """
  }

  private static let linkedObjects = linked(
    "linked_objects", where: "other.entity = own.entity", columns: "\(name("other.entity")) AS entity, ")

  private static let held = """
    CREATE VIEW held_items AS SELECT id, \(name("entity")) AS entity, \(name("system")) AS system, foreign_id, version, state, code,
      explanation, message, item, \(time("since")) AS since, \(time("changed_at")) AS changed_at
    FROM held
    """

  private static let heldCauses = """
    CREATE VIEW held_causes AS SELECT held, kind, \(name("name")) AS name, \(name("system")) AS system, value FROM held_cause
    """

  private static let deliveries = """
    CREATE VIEW deliveries AS SELECT id, \(name("destination")) AS destination, contract, \(common("party")) AS party_id, state,
      action, revision, original, call_off, order_number, customer_number, progress, order_status, correlation_key, customer_key, \(name("waiting_entity")) AS waiting_entity,
      \(name("waiting_system")) AS waiting_system, waiting_id, attempts, may_be_there, failures, \(time("failing_since")) AS failing_since, \(time("next_attempt_at")) AS next_attempt_at,
      \(time("created_at")) AS created_at, \(time("changed_at")) AS changed_at, code, explanation
    FROM delivery
    """

  /// Without the hash of the secret.
  private static let systems = """
    CREATE VIEW systems AS SELECT name, type, adapter, reference, guarantee, takes_orders, state, \(time("created_at")) AS created_at,
      \(time("changed_at")) AS changed_at
    FROM system
    """

  private static let auditTrail = """
    CREATE VIEW audit_trail AS SELECT id, \(time("at")) AS at, who, action, subject, reason FROM audit
    """

  /// `products` are the CRM core's, `linked_products` those with their ids in other systems; and so on.
  private static let ofEntities: [String] = [
    ("Unit", "units"), ("Category", "categories"), ("Product", "products"), ("Party", "customers"), ("Contact", "contacts"),
    ("CustomerProduct", "customer_products"), ("OrderStatus", "order_statuses"), ("OrderResponse", "order_responses"),
    ("Contract", "contracts"), ("Order", "orders"), ("CreditTerms", "credit_terms"), ("Receivable", "receivables"),
    ("PriceList", "price_lists"), ("PriceLine", "price_lines"), ("Availability", "availability"),
  ].flatMap { entity, plural in
    let number = "(SELECT id FROM name WHERE text = '\(entity)')"
    return [
      """
      CREATE VIEW \(plural) AS SELECT id AS crm_id, \(common("common")) AS common_id, code, name, status,
        \(time("changed_at")) AS changed_at, \(name("changed_by")) AS changed_by
      FROM object WHERE entity = \(number)
      """,
      linked("linked_\(plural)", where: "other.entity = \(number)"),
    ]
  }
}
