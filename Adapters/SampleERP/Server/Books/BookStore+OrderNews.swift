import SQLite
public import SampleERPIDL
import Synchronization

/// How an order stands, as `OrderNews` says it.
enum OrderState {
  static let booked: Int16 = 10
  static let partlyShipped: Int16 = 20
  static let shipped: Int16 = 30
  static let billed: Int16 = 40
  static let takenBack: Int16 = 60
}

/// Why an order cannot be treated as a clerk wants.
public enum OrderRefusal: Int16, Error, Sendable {
  case takenBack = 51
  case blocked = 52
  case tooMuch = 53
  case nothingToBill = 54
  case alreadyShipped = 55
  case unknownPosition = 56
  case unknownBlock = 57

  public var text: String {
    switch self {
    case .takenBack: "the order was taken back"
    case .blocked: "the order, or the position, is blocked"
    case .tooMuch: "so much is not left to be shipped"
    case .nothingToBill: "nothing is shipped that is not billed"
    case .alreadyShipped: "something is shipped already"
    case .unknownPosition: "the order has no such position"
    case .unknownBlock: "there is no block of this number"
    }
  }
}

extension BookStore {
  // MARK: - What partners read

  public func orderNews(after mark: Int64, limit: Int32) throws -> SampleERP.OrderNewsPage {
    let columns = "number, change_no, partner_reference, debtor, state, block, order_day, currency, gross_sum, changed_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM sales_order WHERE", number: \.changeNo) { row, connection in
      let number = row.text(0)
      return SampleERP.OrderNews(
        salesNo: number, changeNo: row.integer(1), partnerReference: row.text(2), debtorNo: row.text(3), stateNo: Int16(row.integer(4)),
        blockNo: Int16(row.integer(5)), orderDay: Int32(row.integer(6)), currencyNo: Int16(row.integer(7)), grossSum: row.integer(8),
        positionList: try Self.positionNews(of: number, connection), changedClock: row.integer(9))
    }
    return SampleERP.OrderNewsPage(changedOrders: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  private static func positionNews(of order: String, _ connection: SQLiteConnection) throws -> [SampleERP.PositionNews] {
    try connection.rows(
      "SELECT position, item, quantity, shipped, billed, block, wanted_day FROM sales_position WHERE sales_order = ? ORDER BY position",
      [order]
    ) {
      SampleERP.PositionNews(
        positionNo: Int32($0.integer(0)), itemNo: $0.text(1), orderedQuantity: $0.integer(2), shippedQuantity: $0.integer(3),
        billedQuantity: $0.integer(4), blockNo: Int16($0.integer(5)), promisedDay: Int32($0.integer(6)))
    }
  }

  // MARK: - Clerks

  /// Ships what is left of an order, or a quantity of its positions.
  ///
  /// - Parameters:
  ///   - position: 0 for all of them.
  ///   - quantity: thousandths; 0 for all that is left.
  /// - Returns: the number of the change; nil where there is no such order.
  /// - Throws: ``OrderRefusal``, `SQLiteError`.
  public func ship(_ order: String, position: Int32, quantity: Int64) throws -> Int64? {
    try change(order) { connection, block in
      let rows = try connection.rows(
        "SELECT position, quantity - shipped, block FROM sales_position WHERE sales_order = ? AND (position = ? OR ? = 0)",
        [order, position, position]
      ) { (position: $0.integer(0), left: $0.integer(1), block: $0.integer(2)) }
      if rows.isEmpty { throw OrderRefusal.unknownPosition }
      let wanted = rows.map { (position: $0.position, quantity: quantity == 0 ? $0.left : quantity, left: $0.left, block: $0.block) }
      if block != 0 || wanted.contains(where: { $0.block != 0 && $0.quantity > 0 }) { throw OrderRefusal.blocked }
      if wanted.contains(where: { $0.quantity < 0 || $0.quantity > $0.left }) || wanted.allSatisfy({ $0.quantity == 0 }) {
        throw OrderRefusal.tooMuch
      }
      for row in wanted {
        try connection.run(
          "UPDATE sales_position SET shipped = shipped + ? WHERE sales_order = ? AND position = ?", [row.quantity, order, row.position])
      }
    }
  }

  /// Bills what is shipped: the sum goes from the unbilled orders of the debtor's account to a new paper.
  ///
  /// - Returns: the number of the change; nil where there is no such order.
  /// - Throws: ``OrderRefusal``, `SQLiteError`.
  public func bill(_ order: String) throws -> Int64? {
    try change(order) { connection, _ in
      if try connection.run("UPDATE sales_position SET billed = shipped WHERE sales_order = ? AND billed < shipped", [order]) == 0 {
        throw OrderRefusal.nothingToBill
      }
      // By the worth of the positions; the last bill takes what rounding left.
      let worth = "CAST(price AS REAL) * (10000 - rebate)"
      let share = try connection.row(
        """
        SELECT CASE WHEN min(billed >= quantity) THEN 1.0 ELSE coalesce(sum(billed * \(worth)) / nullif(sum(quantity * \(worth)), 0), 0) END
        FROM sales_position WHERE sales_order = ?
        """, [order]
      ) { Double($0.text(0)) ?? 0 }
      let head = try connection.row("SELECT gross_sum, billed_sum, debtor, currency FROM sales_order WHERE number = ?", [order]) {
        (gross: $0.integer(0), billed: $0.integer(1), debtor: $0.text(2), currency: Int16($0.integer(3)))
      }
      guard let head, let share else { return }
      let sum = Int64((Double(head.gross) * share).rounded()) - head.billed
      try connection.run("UPDATE sales_order SET billed_sum = billed_sum + ? WHERE number = ?", [sum, order])
      try Self.addPaper(sum, head.debtor, head.currency, connection)
    }
  }

  /// Blocks an order or one of its positions, or lifts the block.
  ///
  /// - Parameters:
  ///   - position: 0 for the whole order.
  ///   - block: 0 to lift it.
  /// - Returns: the number of the change; nil where there is no such order.
  /// - Throws: ``OrderRefusal``, `SQLiteError`.
  public func block(_ order: String, position: Int32, _ block: Int16) throws -> Int64? {
    try change(order) { connection, _ in
      if !(0...3).contains(block) { throw OrderRefusal.unknownBlock }
      let changed =
        position == 0
        ? try connection.run("UPDATE sales_order SET block = ? WHERE number = ?", [block, order])
        : try connection.run("UPDATE sales_position SET block = ? WHERE sales_order = ? AND position = ?", [block, order, position])
      if changed == 0 { throw OrderRefusal.unknownPosition }
    }
  }

  /// Takes an order back; it uses no credit any more.
  ///
  /// - Returns: the number of the change; nil where there is no such order.
  /// - Throws: ``OrderRefusal``, `SQLiteError`.
  public func takeBack(_ order: String) throws -> Int64? {
    try change(order) { connection, _ in try Self.takeBack(order, connection) }
  }

  static func takeBack(_ order: String, _ connection: SQLiteConnection) throws {
    let shipped = try connection.row("SELECT sum(shipped) FROM sales_position WHERE sales_order = ?", [order]) { $0.integer(0) }
    if shipped ?? 0 > 0 { throw OrderRefusal.alreadyShipped }
    try connection.run("UPDATE sales_order SET state = ? WHERE number = ?", [OrderState.takenBack, order])
    let head = try connection.row("SELECT gross_sum, debtor, currency FROM sales_order WHERE number = ?", [order]) {
      ($0.integer(0), $0.text(1), Int16($0.integer(2)))
    }
    if let (gross, debtor, currency) = head { try addUnbilled(-gross, debtor, currency, connection) }
  }

  /// Does something to an order that was not taken back, and numbers the change.
  private func change(_ order: String, _ action: @Sendable (SQLiteConnection, _ block: Int64) throws -> Void) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        let head = try connection.row("SELECT state, block FROM sales_order WHERE number = ?", [order]) { ($0.integer(0), $0.integer(1)) }
        guard let (state, block) = head else { return nil }
        if state == Int64(OrderState.takenBack) { throw OrderRefusal.takenBack }
        try action(connection, block)
        return try Self.numberChange(of: order, connection)
      }
    }
  }

  /// Numbers a change of an order, so that it is news, and says how the order stands after it.
  @discardableResult
  static func numberChange(of order: String, _ connection: SQLiteConnection) throws -> Int64 {
    let change = try next("change", connection)
    try connection.run(
      """
      UPDATE sales_order SET change_no = ?, changed_at = ?, state = CASE WHEN state = \(OrderState.takenBack) THEN state ELSE (
        SELECT CASE WHEN min(billed >= quantity) THEN \(OrderState.billed) WHEN min(shipped >= quantity) THEN \(OrderState.shipped)
          WHEN max(shipped) > 0 THEN \(OrderState.partlyShipped) ELSE \(OrderState.booked) END
        FROM sales_position WHERE sales_order = number) END
      WHERE number = ?
      """, [change, now, order])
    return change
  }

  /// A bill that the debtor owes from now on.
  private static func addPaper(_ sum: Int64, _ debtor: String, _ currency: Int16, _ connection: SQLiteConnection) throws {
    let account = try connection.row(
      "SELECT area, days FROM credit_account WHERE debtor = ? AND currency = ? ORDER BY area", [debtor, currency]
    ) { ($0.text(0), Int($0.integer(1))) }
    guard let (area, days) = account else { return }
    try connection.run(
      "INSERT INTO open_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        "RE-\(next("paper", connection))", next("change", connection), debtor, area, currency, day(inDays: days), sum, sum,
        CreditState.open, now,
      ])
    try connection.run("UPDATE credit_account SET unbilled = unbilled - ? WHERE debtor = ? AND area = ?", [sum, debtor, area])
    try strike(debtor, area, connection)
  }
}
