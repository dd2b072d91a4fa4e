/// The tables of the books. All times are seconds since 1970 UTC, days are numbers such as 20260331.
enum BookSchema {
  static let statements = """
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE unit (
      code TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, base TEXT NOT NULL, upper INTEGER NOT NULL,
      lower INTEGER NOT NULL, changed_at INTEGER NOT NULL);
    CREATE TABLE item_group (
      number TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, above TEXT NOT NULL, state INTEGER NOT NULL,
      changed_at INTEGER NOT NULL);
    CREATE TABLE item (
      number TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, text TEXT NOT NULL, language INTEGER NOT NULL, long_text TEXT NOT NULL,
      data_sheet TEXT NOT NULL, item_group TEXT NOT NULL, unit TEXT NOT NULL, gross_price INTEGER NOT NULL, currency INTEGER NOT NULL,
      tax_class INTEGER NOT NULL, state INTEGER NOT NULL, serial INTEGER NOT NULL, weight INTEGER NOT NULL, listed_day INTEGER NOT NULL,
      changed_at INTEGER NOT NULL);
    CREATE TABLE pack (
      item TEXT NOT NULL REFERENCES item, code TEXT NOT NULL, title TEXT NOT NULL, content INTEGER NOT NULL,
      PRIMARY KEY (item, code)) WITHOUT ROWID;
    CREATE TABLE debtor (
      number TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, partner_key TEXT NOT NULL, name TEXT NOT NULL, addition TEXT NOT NULL,
      street TEXT NOT NULL, post_code TEXT NOT NULL, town TEXT NOT NULL, country INTEGER NOT NULL, vat_number TEXT NOT NULL,
      terms INTEGER NOT NULL, state INTEGER NOT NULL, changed_at INTEGER NOT NULL);
    CREATE UNIQUE INDEX debtor_of_partner ON debtor (partner_key) WHERE partner_key <> '';
    CREATE TABLE sales_order (
      number TEXT PRIMARY KEY, order_key TEXT NOT NULL, partner_reference TEXT NOT NULL, debtor TEXT NOT NULL REFERENCES debtor,
      kind INTEGER NOT NULL, order_day INTEGER NOT NULL, currency INTEGER NOT NULL, price_basis INTEGER NOT NULL, terms INTEGER NOT NULL,
      gross_sum INTEGER NOT NULL, contact TEXT NOT NULL, ship_to TEXT NOT NULL, booked_at INTEGER NOT NULL,
      -- change_no: of the last thing that happened to the order since it was confirmed; 0 while nothing has. billed_sum: of gross_sum.
      change_no INTEGER NOT NULL, state INTEGER NOT NULL, block INTEGER NOT NULL, billed_sum INTEGER NOT NULL, changed_at INTEGER NOT NULL);
    CREATE INDEX sales_order_change ON sales_order (change_no);
    CREATE TABLE sales_position (
      sales_order TEXT NOT NULL REFERENCES sales_order, position INTEGER NOT NULL, item TEXT NOT NULL, unit TEXT NOT NULL,
      pack TEXT NOT NULL, quantity INTEGER NOT NULL, price TEXT NOT NULL, rebate INTEGER NOT NULL, tax_class INTEGER NOT NULL,
      wanted_day INTEGER NOT NULL, shipped INTEGER NOT NULL, billed INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (sales_order, position)) WITHOUT ROWID;
    -- What was answered to a key, refusals too: CDR of an OrderConfirmation, little-endian.
    CREATE TABLE answer (order_key TEXT PRIMARY KEY, confirmation BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE sink (partner TEXT PRIMARY KEY, reference TEXT NOT NULL, told_to INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO counter VALUES ('change', 0), ('debtor', 80000), ('order', 100000), ('paper', 600000);
    """
}
