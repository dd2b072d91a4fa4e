/// The tables of credit control, laid out as those of ``Schema``.
enum CreditSchema {
  static let tables = [
    // What credit control reads of a party: its terms and open receivables, which stand in table `object`.
    """
    CREATE TABLE account_entry (
      entity INTEGER NOT NULL, id TEXT NOT NULL, party TEXT NOT NULL, PRIMARY KEY (entity, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX account_entry_of_party ON account_entry (party)",
    // booked_at: by the destination's clock; NULL before it has booked the order, or the change of one.
    """
    CREATE TABLE commitment (
      delivery INTEGER PRIMARY KEY, contract TEXT NOT NULL, destination INTEGER NOT NULL, party TEXT NOT NULL, currency TEXT NOT NULL,
      amount INTEGER NOT NULL, signed_at INTEGER NOT NULL, booked_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX commitment_of_party ON commitment (party)",
    """
    CREATE TABLE credit_hold (
      id INTEGER PRIMARY KEY, contract TEXT NOT NULL, party TEXT NOT NULL, delivery INTEGER, code TEXT NOT NULL,
      explanation TEXT NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL, changed_at INTEGER NOT NULL, ended_by TEXT NOT NULL,
      ended_because TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX credit_hold_of_contract ON credit_hold (contract)",
    "CREATE INDEX credit_hold_waiting ON credit_hold (party) WHERE state = 'waiting'",
    // stale_after: microseconds, NULL for never. asks: the system is asked before an order is sent.
    """
    CREATE TABLE credit_policy (
      system TEXT NOT NULL, area TEXT NOT NULL, control TEXT NOT NULL, stale_after INTEGER, grace_days INTEGER NOT NULL,
      asks INTEGER NOT NULL, fallback TEXT NOT NULL, terms_from TEXT NOT NULL, changed_at INTEGER NOT NULL, changed_by TEXT NOT NULL,
      PRIMARY KEY (system, area)
    ) STRICT, WITHOUT ROWID
    """,
  ]

  /// For people with `sqlite3` in their hands.
  static let views = [
    """
    CREATE VIEW credit_holds AS SELECT id, contract, party, delivery, code, explanation, state,
      strftime('%Y-%m-%dT%H:%M:%fZ', since / 1000000.0, 'unixepoch') AS since,
      strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000000.0, 'unixepoch') AS changed_at, ended_by, ended_because
    FROM credit_hold
    """,
    """
    CREATE VIEW commitments AS SELECT delivery, contract, (SELECT text FROM name WHERE id = destination) AS destination, party, currency,
      amount / 10000.0 AS amount, strftime('%Y-%m-%dT%H:%M:%fZ', signed_at / 1000000.0, 'unixepoch') AS signed_at,
      strftime('%Y-%m-%dT%H:%M:%fZ', booked_at / 1000000.0, 'unixepoch') AS booked_at
    FROM commitment
    """,
    """
    CREATE VIEW credit_policies AS SELECT system, area, control, stale_after / 1000000 AS stale_after_seconds, grace_days, asks, fallback,
      terms_from, strftime('%Y-%m-%dT%H:%M:%fZ', changed_at / 1000000.0, 'unixepoch') AS changed_at, changed_by
    FROM credit_policy
    """,
  ]
}
