import Glibc
import SQLite
public import SampleERPIDL
import Synchronization

/// Credit accounts and open items: what debtors may owe, and owe.
extension BookStore {
  static let creditSchema = """
    -- Sums are hundredths. struck_at: thousandths of a second since 1970; struck_day: the day of the last strike.
    CREATE TABLE credit_account (
      debtor TEXT NOT NULL REFERENCES debtor, area TEXT NOT NULL, change_no INTEGER NOT NULL UNIQUE, currency INTEGER NOT NULL,
      grade INTEGER NOT NULL, ceiling INTEGER NOT NULL, days INTEGER NOT NULL, terms INTEGER NOT NULL, unpaid INTEGER NOT NULL,
      unbilled INTEGER NOT NULL, late INTEGER NOT NULL, state INTEGER NOT NULL, struck_at INTEGER NOT NULL, struck_day INTEGER NOT NULL,
      changed_at INTEGER NOT NULL, PRIMARY KEY (debtor, area)) WITHOUT ROWID;
    CREATE TABLE open_item (
      number TEXT PRIMARY KEY, change_no INTEGER NOT NULL UNIQUE, debtor TEXT NOT NULL REFERENCES debtor, area TEXT NOT NULL,
      currency INTEGER NOT NULL, due_day INTEGER NOT NULL, sum INTEGER NOT NULL, unpaid INTEGER NOT NULL, state INTEGER NOT NULL,
      changed_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX open_item_of_debtor ON open_item (debtor, area);
    """

  /// Thousandths of a second since 1970 UTC.
  static var fineNow: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// A day by UTC, so many days from today: 20260331.
  static func day(inDays days: Int = 0) -> Int32 {
    var seconds = time_t(now + Int64(days) * 86_400)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return (parts.tm_year + 1900) * 10_000 + (parts.tm_mon + 1) * 100 + parts.tm_mday
  }

  static func fillCredit(_ connection: SQLiteConnection, _ catalogue: Catalogue) throws {
    for item in catalogue.openItems {
      try connection.run(
        "INSERT INTO open_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          item.number, next("change", connection), item.debtor, item.area, item.currency, day(inDays: item.dueInDays), item.sum,
          item.unpaid,
          CreditState.open, now,
        ])
    }
    for account in catalogue.creditAccounts { try insert(account, connection) }
  }

  private static func insert(_ account: CreditRow, _ connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO credit_account VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, 0, 0, ?)",
      [
        account.debtor, account.area, next("change", connection), account.currency, account.grade, account.ceiling, account.daysAllowed,
        account.terms, account.unbilled, account.state, now,
      ])
    try strike(account.debtor, account.area, connection)
  }

  /// Strikes the sums of an account anew, as a change of it.
  static func strike(_ debtor: String, _ area: String, _ connection: SQLiteConnection) throws {
    let owed = "FROM open_item WHERE open_item.debtor = credit_account.debtor AND open_item.area = credit_account.area"
    try connection.run(
      """
      UPDATE credit_account SET change_no = ?, unpaid = (SELECT coalesce(sum(open_item.unpaid), 0) \(owed)),
        late = (SELECT coalesce(sum(open_item.unpaid), 0) \(owed) AND due_day < ?), struck_at = max(?, struck_at + 1), struck_day = ?, changed_at = ?
      WHERE debtor = ? AND area = ?
      """, [next("change", connection), day(), fineNow, day(), now, debtor, area])
  }

  /// Once a day everything is struck, since papers become late by themselves.
  private static func strikeDaily(_ connection: SQLiteConnection) throws {
    let due = try connection.rows("SELECT debtor, area FROM credit_account WHERE struck_day < ? ORDER BY debtor, area", [day()]) {
      ($0.text(0), $0.text(1))
    }
    for (debtor, area) in due { try strike(debtor, area, connection) }
  }

  // MARK: - What partners read

  public func creditAccounts(after mark: Int64, limit: Int32) throws -> SampleERP.CreditPage {
    try connection.withLock { connection in try connection.transaction { try Self.strikeDaily(connection) } }
    let columns = """
      debtor, area, change_no, currency, grade, ceiling, days, terms, unpaid, unbilled, late, state, struck_at, changed_at
      """
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM credit_account WHERE", number: \.changeNo) { row, _ in
      SampleERP.CreditAccount(
        debtorNo: row.text(0), areaNo: row.text(1), changeNo: row.integer(2), currencyNo: Int16(row.integer(3)),
        gradeNo: Int16(row.integer(4)), ceilingSum: row.integer(5), daysAllowed: Int16(row.integer(6)), termsNo: Int16(row.integer(7)),
        unpaidSum: row.integer(8), unbilledSum: row.integer(9), lateSum: row.integer(10), stateNo: Int16(row.integer(11)),
        struckClock: row.integer(12), changedClock: row.integer(13))
    }
    return SampleERP.CreditPage(changedAccounts: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func openItems(after mark: Int64, limit: Int32) throws -> SampleERP.OpenItemPage {
    let columns = "number, change_no, debtor, area, currency, due_day, sum, unpaid, state, changed_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM open_item WHERE", number: \.changeNo) { row, _ in
      SampleERP.OpenItem(
        paperNo: row.text(0), changeNo: row.integer(1), debtorNo: row.text(2), areaNo: row.text(3), currencyNo: Int16(row.integer(4)),
        dueDay: Int32(row.integer(5)), paperSum: row.integer(6), unpaidSum: row.integer(7), stateNo: Int16(row.integer(8)),
        changedClock: row.integer(9))
    }
    return SampleERP.OpenItemPage(changedItems: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  // MARK: - Orders

  /// An order that was booked uses credit until it is invoiced.
  static func addUnbilled(_ sum: Int64, _ debtor: String, _ currency: Int16, _ connection: SQLiteConnection) throws {
    let areas = try connection.rows("SELECT area FROM credit_account WHERE debtor = ? AND currency = ?", [debtor, currency]) { $0.text(0) }
    guard let area = areas.first else { return }
    try connection.run("UPDATE credit_account SET unbilled = unbilled + ? WHERE debtor = ? AND area = ?", [sum, debtor, area])
    try strike(debtor, area, connection)
  }

  /// Why the credit of an order is refused; the numbers stand in the mapping files of partners.
  enum CreditReason: Int16 {
    case noAccount = 31
    case stopped = 32
    case ceilingReached = 33

    var text: String {
      switch self {
      case .noAccount: "the debtor has no credit account in this currency"
      case .stopped: "nothing is sold to the debtor"
      case .ceilingReached: "the order goes beyond the ceiling"
      }
    }
  }

  /// Whether a debtor may order for so much; nil where there is no such debtor.
  public func mayOrder(_ enquiry: SampleERP.CreditEnquiry) throws -> SampleERP.CreditReply? {
    try connection.withLock { connection in
      let known = try connection.row("SELECT 1 FROM debtor WHERE number = ?", [enquiry.debtorNo]) { _ in true }
      if known == nil { return nil }
      let account = try connection.row(
        """
        SELECT ceiling, unpaid + unbilled, state, struck_at FROM credit_account
        WHERE debtor = ? AND currency = ? AND (area = ? OR ? = '') ORDER BY area
        """, [enquiry.debtorNo, enquiry.currencyNo, enquiry.areaNo, enquiry.areaNo]
      ) { (ceiling: $0.integer(0), used: $0.integer(1), state: $0.integer(2), struckAt: $0.integer(3)) }
      var reason: CreditReason?
      if let account {
        if account.state != Int64(CreditState.open) {
          reason = .stopped
        } else if account.used + enquiry.grossSum > account.ceiling {
          reason = .ceilingReached
        }
      } else {
        reason = .noAccount
      }
      return SampleERP.CreditReply(
        partnerReference: enquiry.partnerReference, verdictNo: reason == nil ? OrderExamination.taken : OrderExamination.refused,
        reasonNo: reason?.rawValue ?? 0, reasonText: reason?.text ?? "", currencyNo: enquiry.currencyNo,
        ceilingSum: account?.ceiling ?? 0, usedSum: account?.used ?? 0, struckClock: account?.struckAt ?? 0)
    }
  }

  // MARK: - Clerks

  /// Gives a debtor a credit account, or another ceiling and state.
  ///
  /// - Returns: the number of the change; nil where there is no such debtor.
  public func setCredit(of debtor: String, ceiling: Int64, state: Int16) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        let found = try connection.row("SELECT country, terms FROM debtor WHERE number = ?", [debtor]) {
          (Int16($0.integer(0)), Int16($0.integer(1)))
        }
        guard let (country, terms) = found else { return nil }
        let (area, currency) = CatalogueGenerator.area(of: country)
        let changed = try connection.run(
          "UPDATE credit_account SET ceiling = ?, state = ? WHERE debtor = ? AND area = ?", [ceiling, state, debtor, area])
        if changed == 0 {
          let days: Int16 = [0, 14, 30, 60].indices.contains(Int(terms) - 1) ? [0, 14, 30, 60][Int(terms) - 1] : 30
          let sold = try connection.row(
            "SELECT coalesce(sum(gross_sum - billed_sum), 0) FROM sales_order WHERE debtor = ? AND currency = ? AND state <> ?",
            [debtor, currency, OrderState.takenBack]
          ) { $0.integer(0) }
          try Self.insert(
            CreditRow(
              debtor: debtor, area: area, currency: currency, grade: 3, ceiling: ceiling, daysAllowed: days, terms: terms,
              unbilled: sold ?? 0, state: state), connection)
        } else {
          try Self.strike(debtor, area, connection)
        }
        return try connection.row("SELECT change_no FROM credit_account WHERE debtor = ? AND area = ?", [debtor, area]) { $0.integer(0) }
      }
    }
  }

  /// Books a payment; what goes beyond the paper is not booked.
  ///
  /// - Returns: the number of the change; nil where there is no such paper.
  public func takePayment(on paper: String, _ sum: Int64) throws -> Int64? {
    try connection.withLock { connection in
      try connection.transaction {
        let found = try connection.row("SELECT debtor, area, unpaid FROM open_item WHERE number = ?", [paper]) {
          ($0.text(0), $0.text(1), $0.integer(2))
        }
        guard let (debtor, area, unpaid) = found else { return nil }
        let left = max(0, unpaid - max(0, sum))
        let change = try Self.next("change", connection)
        try connection.run(
          "UPDATE open_item SET unpaid = ?, state = ?, change_no = ?, changed_at = ? WHERE number = ?",
          [left, left == 0 ? CreditState.paid : CreditState.open, change, Self.now, paper])
        try Self.strike(debtor, area, connection)
        return change
      }
    }
  }
}
