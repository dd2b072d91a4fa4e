/// What later builds added to the table of deliveries.
enum DeliverySchema {
  /// What is known of failures. Of an attempt that an earlier build made nobody wrote down whether it can have arrived: it may.
  static let parking = [
    "ALTER TABLE delivery ADD COLUMN may_be_there INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE delivery ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE delivery ADD COLUMN failing_since INTEGER",
    "UPDATE delivery SET may_be_there = 1 WHERE attempts > 0 AND state IN ('ready', 'waiting', 'sending', 'uncertain')",
    "DROP INDEX delivery_due",
    "CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state IN ('ready', 'blocked')",
  ]
}
