import CDR
import SQLite
public import SampleERPIDL
import Synchronization

/// Price groups and stock.
extension BookStore {
  static let priceSchema = """
    CREATE TABLE price_group (
      number TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, title TEXT NOT NULL, debtor TEXT NOT NULL, currency INTEGER NOT NULL,
      price_basis INTEGER NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL, state INTEGER NOT NULL,
      changed_at INTEGER NOT NULL) WITHOUT ROWID;
    -- from_quantity: thousandths. price: a decimal number.
    CREATE TABLE price_row (
      price_group TEXT NOT NULL REFERENCES price_group, item TEXT NOT NULL REFERENCES item, pack TEXT NOT NULL,
      from_quantity INTEGER NOT NULL, change_no INTEGER NOT NULL UNIQUE, price TEXT NOT NULL, state INTEGER NOT NULL,
      changed_at INTEGER NOT NULL, PRIMARY KEY (price_group, item, pack, from_quantity)) WITHOUT ROWID;
    -- counted_at: thousandths of a second since 1970.
    CREATE TABLE stock (
      item TEXT NOT NULL REFERENCES item, store TEXT NOT NULL, title TEXT NOT NULL, change_no INTEGER NOT NULL UNIQUE,
      quantity INTEGER NOT NULL, unit TEXT NOT NULL, counted_at INTEGER NOT NULL, PRIMARY KEY (item, store)) WITHOUT ROWID;
    """

  static func fillPrices(_ connection: SQLiteConnection, _ catalogue: Catalogue) throws {
    for group in catalogue.priceGroups {
      try connection.run(
        "INSERT INTO price_group VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          group.number, next("change", connection), group.title, group.debtor, group.currency, group.basis, group.fromDay, group.untilDay,
          BookState.open, now,
        ])
    }
    for row in catalogue.priceRows { _ = try put(row, connection) }
    for row in catalogue.stock {
      try connection.run(
        "INSERT INTO stock VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
          row.item, row.store, CatalogueGenerator.stores[row.store] ?? "", next("change", connection), row.quantity, row.unit, fineNow,
        ])
    }
  }

  private static func put(_ row: PriceRow, _ connection: SQLiteConnection) throws -> Int64 {
    let change = try next("change", connection)
    try connection.run(
      "INSERT OR REPLACE INTO price_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [row.group, row.item, row.pack, row.from, change, row.price, row.state, now])
    return change
  }

  // MARK: - What partners read

  public func priceGroups(after mark: Int64, limit: Int32) throws -> SampleERP.PriceGroupPage {
    let columns = "number, change_no, title, debtor, currency, price_basis, from_day, until_day, state, changed_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM price_group WHERE", number: \.changeNo) { row, _ in
      SampleERP.PriceGroup(
        priceGroupNo: row.text(0), changeNo: row.integer(1), priceGroupTitle: row.text(2), debtorNo: row.text(3),
        currencyNo: Int16(row.integer(4)), priceBasis: Int16(row.integer(5)), fromDay: Int32(row.integer(6)),
        untilDay: Int32(row.integer(7)), stateNo: Int16(row.integer(8)), changedClock: row.integer(9))
    }
    return SampleERP.PriceGroupPage(changedGroups: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func priceRows(after mark: Int64, limit: Int32) throws -> SampleERP.PriceRowPage {
    let columns = "price_group, item, pack, from_quantity, change_no, price, state, changed_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM price_row WHERE", number: \.changeNo) { row, _ in
      SampleERP.PriceRow(
        priceGroupNo: row.text(0), itemNo: row.text(1), packCode: row.text(2), fromQuantity: row.integer(3), changeNo: row.integer(4),
        rowPrice: try Self.price(row.text(5)), stateNo: Int16(row.integer(6)), changedClock: row.integer(7))
    }
    return SampleERP.PriceRowPage(changedRows: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func stock(after mark: Int64, limit: Int32) throws -> SampleERP.StockPage {
    let columns = "item, store, title, change_no, quantity, unit, counted_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM stock WHERE", number: \.changeNo) { row, _ in
      SampleERP.StockRow(
        itemNo: row.text(0), storeNo: row.text(1), storeTitle: row.text(2), changeNo: row.integer(3), freeQuantity: row.integer(4),
        uomCode: row.text(5), countedClock: row.integer(6))
    }
    return SampleERP.StockPage(changedStock: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  private static func price(_ text: String) throws -> SampleERP.RowPrice {
    guard let price = SampleERP.RowPrice(text) else { throw SQLiteError(code: 0, message: "the books hold '\(text)' as a price") }
    return price
  }

  // MARK: - Clerks

  public func hasPriceGroup(_ number: String) throws -> Bool {
    try connection.withLock { try $0.row("SELECT 1 FROM price_group WHERE number = ?", [number]) { _ in true } ?? false }
  }

  /// Gives an item a price in a group.
  ///
  /// - Returns: the number of the change; nil where there is no such item.
  public func setPrice(_ row: PriceRow) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        if try Self.unit(of: row.item, connection) == nil { return nil }
        return try Self.put(row, connection)
      }
    }
  }

  /// Counts an item in a store.
  ///
  /// - Returns: the number of the change; nil where there is no such item.
  public func setStock(of item: String, in store: String, to quantity: Int64) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        guard let unit = try Self.unit(of: item, connection) else { return nil }
        let change = try Self.next("change", connection)
        try connection.run(
          """
          INSERT INTO stock VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            change_no = excluded.change_no, quantity = excluded.quantity, counted_at = max(excluded.counted_at, counted_at + 1)
          """, [item, store, CatalogueGenerator.stores[store] ?? "", change, quantity, unit, Self.fineNow])
        return change
      }
    }
  }

  private static func unit(of item: String, _ connection: SQLiteConnection) throws -> String? {
    try connection.row("SELECT unit FROM item WHERE number = ?", [item]) { $0.text(0) }
  }
}
