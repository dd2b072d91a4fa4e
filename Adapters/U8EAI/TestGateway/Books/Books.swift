import Glibc
import SQLite
import Synchronization

/// What the interface knows and was given: one SQLite file, every order one transaction.
final class Books: Sendable {
  /// Who gives orders their numbers.
  enum Numbering: Sendable {
    /// The partner: a number that is taken is refused.
    case given
    /// The interface itself, whatever the document says.
    case own
  }

  private let connection: Mutex<SQLiteConnection>
  private let numbering: Numbering

  static let fileName = "u8-eai.db"

  /// - Throws: `SQLiteError`.
  init(folder: String, numbering: Numbering) throws {
    mkdir(folder, 0o755)
    let connection = try SQLiteConnection(path: "\(folder)/\(Self.fileName)")
    try connection.execute(
      """
      CREATE TABLE IF NOT EXISTS sale_order (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, given_code TEXT NOT NULL, outid TEXT NOT NULL, customer TEXT NOT NULL,
        order_date TEXT NOT NULL, currency TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS sale_line (
        sale_order INTEGER NOT NULL REFERENCES sale_order (id), outid TEXT NOT NULL, item TEXT NOT NULL, quantity TEXT NOT NULL,
        unit_price TEXT NOT NULL, sum TEXT NOT NULL) STRICT;
      """)
    self.connection = Mutex(connection)
    self.numbering = numbering
  }

  /// An order that stands in the books.
  struct Entered: Sendable {
    var id: Int64
    var code: String
    var outid: String
    var customer: String

    /// The key as the interface writes it.
    var u8key: String {
      let digits = String(id)
      return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }
  }

  /// Enters an order.
  ///
  /// - Throws: ``Refused``, `SQLiteError`.
  func enter(_ order: SaleOrder) throws -> Entered {
    try connection.withLock { connection in
      try connection.transaction {
        let next = (try connection.row("SELECT max(id) FROM sale_order") { $0.integer(0) } ?? 0) + 1
        let code = numbering == .given ? order.code : "SO\(next)"
        do {
          try connection.run(
            "INSERT INTO sale_order (id, code, given_code, outid, customer, order_date, currency) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [next, code, order.code, order.outid, order.customer, order.date, order.currency])
        } catch let error as SQLiteError where error.isUniqueViolation { throw Refused("单据号 \(code) 重复") }
        for line in order.lines {
          try connection.run(
            "INSERT INTO sale_line (sale_order, outid, item, quantity, unit_price, sum) VALUES (?, ?, ?, ?, ?, ?)",
            [next, line.outid, line.item, line.quantity, line.unitPrice, line.sum])
        }
        return Entered(id: next, code: code, outid: order.outid, customer: order.customer)
      }
    }
  }

  /// The orders of a partner's key, or of a number.
  func find(_ column: QueryColumn, _ value: String) throws -> [Entered] {
    try connection.withLock { connection in
      try connection.rows(
        "SELECT id, code, outid, customer FROM sale_order WHERE \(column == .outid ? "outid" : "code") = ? ORDER BY id", [value]
      ) { Entered(id: $0.integer(0), code: $0.text(1), outid: $0.text(2), customer: $0.text(3)) }
    }
  }

  /// What queries may compare.
  enum QueryColumn: String, Sendable {
    case outid = "coutid"
    case code = "csocode"
  }
}

/// An order that is not entered, and why, in the interface's words.
struct Refused: Error {
  var words: String
  init(_ words: String) { self.words = words }
}
