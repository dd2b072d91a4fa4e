/// A value that goes into a statement.
public enum SQLiteValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case octets([UInt8])

  /// The integer, or nothing.
  public init(_ integer: Int64?) { self = integer.map(SQLiteValue.integer) ?? .null }
}

extension SQLiteValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral text: String) { self = .text(text) }
  public init(integerLiteral number: Int64) { self = .integer(number) }
}

/// A type of Swift that is kept in a column.
public protocol SQLiteStorable {
  var sqliteValue: SQLiteValue { get }
}

extension String: SQLiteStorable { public var sqliteValue: SQLiteValue { .text(self) } }
extension Int64: SQLiteStorable { public var sqliteValue: SQLiteValue { .integer(self) } }
extension Int32: SQLiteStorable { public var sqliteValue: SQLiteValue { .integer(Int64(self)) } }
extension Int16: SQLiteStorable { public var sqliteValue: SQLiteValue { .integer(Int64(self)) } }
extension Int: SQLiteStorable { public var sqliteValue: SQLiteValue { .integer(Int64(self)) } }
/// 1 and 0.
extension Bool: SQLiteStorable { public var sqliteValue: SQLiteValue { .integer(self ? 1 : 0) } }
extension [UInt8]: SQLiteStorable { public var sqliteValue: SQLiteValue { .octets(self) } }
extension SQLiteValue: SQLiteStorable { public var sqliteValue: SQLiteValue { self } }
extension Optional: SQLiteStorable where Wrapped: SQLiteStorable {
  public var sqliteValue: SQLiteValue { self?.sqliteValue ?? .null }
}

/// What SQLite reported.
public struct SQLiteError: Error, Hashable, Sendable {
  /// The extended result code (sqlite.org, "Result and Error Codes"): 2067 for a broken UNIQUE constraint.
  public var code: Int32
  public var message: String
  /// The statement that it is about; empty where it is about none.
  public var statement: String

  public init(code: Int32, message: String, statement: String = "") {
    self.code = code
    self.message = message
    self.statement = statement
  }

  /// A UNIQUE constraint or a primary key that is taken.
  public var isUniqueViolation: Bool { code == 2067 || code == 1555 }
  /// Another connection holds the lock for longer than the busy timeout.
  public var isBusy: Bool { code & 0xFF == 5 }
}

extension SQLiteError: CustomStringConvertible {
  public var description: String { "SQLite error \(code): \(message)\(statement.isEmpty ? "" : " in: \(statement)")" }
}
