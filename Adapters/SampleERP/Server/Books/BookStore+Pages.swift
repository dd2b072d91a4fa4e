import SQLite
public import SampleERPIDL
import Synchronization

extension BookStore {
  /// The most changes that one page carries, whatever its reader asks for.
  public static let greatestPage = 1000

  /// One more than the page holds tells whether more follow.
  private static func size(_ limit: Int32) -> Int { min(max(1, Int(limit)), greatestPage) }

  func page<Element>(
    after mark: Int64, limit: Int32, _ beginning: String, number: (Element) -> Int64,
    _ read: @Sendable (SQLiteRow, SQLiteConnection) throws -> Element
  ) throws -> (rows: [Element], next: Int64, more: Bool) where Element: Sendable {
    let size = Self.size(limit)
    var rows = try connection.withLock { connection in
      try connection.rows("\(beginning) change_no > ? ORDER BY change_no LIMIT ?", [mark, size + 1]) { try read($0, connection) }
    }
    let more = rows.count > size
    if more { rows.removeLast() }
    return (rows, rows.last.map(number) ?? mark, more)
  }

  public func units(after mark: Int64, limit: Int32) throws -> SampleERP.UnitPage {
    let found = try page(
      after: mark, limit: limit, "SELECT code, change_no, title, base, upper, lower, changed_at FROM unit WHERE", number: \.changeNo
    ) { row, _ in
      SampleERP.UnitOfMeasure(
        uomCode: row.text(0), changeNo: row.integer(1), uomTitle: row.text(2), baseUom: row.text(3), ratioUpper: Int32(row.integer(4)),
        ratioLower: Int32(row.integer(5)), changedClock: row.integer(6))
    }
    return SampleERP.UnitPage(changedUnits: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func groups(after mark: Int64, limit: Int32) throws -> SampleERP.GroupPage {
    let found = try page(
      after: mark, limit: limit, "SELECT number, change_no, title, above, state, changed_at FROM item_group WHERE", number: \.changeNo
    ) { row, _ in
      SampleERP.ItemGroup(
        groupNo: row.text(0), changeNo: row.integer(1), groupTitle: row.text(2), aboveNo: row.text(3), stateNo: Int16(row.integer(4)),
        changedClock: row.integer(5))
    }
    return SampleERP.GroupPage(changedGroups: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func debtors(after mark: Int64, limit: Int32) throws -> SampleERP.DebtorPage {
    let columns = "number, change_no, partner_key, name, addition, street, post_code, town, country, vat_number, terms, state, changed_at"
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM debtor WHERE partner_key = '' AND", number: \.changeNo) {
      row, _ in
      SampleERP.Debtor(
        debtorNo: row.text(0), changeNo: row.integer(1), partnerKey: row.text(2), nameLine1: row.text(3), nameLine2: row.text(4),
        streetLine: row.text(5), postCode: row.text(6), townName: row.text(7), countryNo: Int16(row.integer(8)), vatNumber: row.text(9),
        termsNo: Int16(row.integer(10)), stateNo: Int16(row.integer(11)), changedClock: row.integer(12))
    }
    return SampleERP.DebtorPage(changedDebtors: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  public func items(after mark: Int64, limit: Int32) throws -> SampleERP.ItemPage {
    let columns = """
      number, change_no, text, language, long_text, data_sheet, item_group, unit, gross_price, currency, tax_class, state, serial, weight, \
      listed_day, changed_at
      """
    let found = try page(after: mark, limit: limit, "SELECT \(columns) FROM item WHERE", number: \.changeNo) { row, connection in
      let number = row.text(0)
      return SampleERP.Item(
        itemNo: number, changeNo: row.integer(1), shortText: row.text(2), languageNo: Int16(row.integer(3)), longText: row.text(4),
        dataSheet: row.text(5), groupNo: row.text(6), uomCode: row.text(7), packList: try Self.packs(of: number, connection),
        grossPrice: row.integer(8), currencyNo: Int16(row.integer(9)), taxClass: Int16(row.integer(10)), stateNo: Int16(row.integer(11)),
        serialFlag: Int16(row.integer(12)), weightGrams: Int32(row.integer(13)), listedDay: Int32(row.integer(14)),
        changedClock: row.integer(15))
    }
    return SampleERP.ItemPage(changedItems: found.rows, nextMark: found.next, moreFollow: found.more)
  }

  private static func packs(of item: String, _ connection: SQLiteConnection) throws -> [SampleERP.Pack] {
    try connection.rows("SELECT code, title, content FROM pack WHERE item = ? ORDER BY code", [item]) {
      SampleERP.Pack(packCode: $0.text(0), packTitle: $0.text(1), packContent: $0.integer(2))
    }
  }
}
