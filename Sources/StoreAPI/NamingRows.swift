/// What a name of the naming service is bound to, in one of its contexts.
///
/// Contexts are numbered; 1 (the root) and 2 (what the broker publishes) are always there.
public struct NamingRow: Hashable, Sendable {
  /// What is bound.
  public enum Target: Hashable, Sendable {
    /// An object's stringified reference; empty for the nil reference.
    case object(String)
    /// Another context of these tables.
    case context(Int64)
    /// The stringified reference of a context of another server.
    case foreignContext(String)
  }

  public var context: Int64
  public var id: String
  public var kind: String
  public var target: Target

  public init(context: Int64, id: String, kind: String, target: Target) {
    (self.context, self.id, self.kind, self.target) = (context, id, kind, target)
  }
}

/// Reads names; part of every ``StoreReader``. Ids and kinds compare octet by octet.
public protocol NamingRowReader {
  func namingContextCount() throws -> Int
  /// How many names the context has; nil where there is no such context.
  func namingRowCount(context: Int64) throws -> Int?
  func namingTarget(context: Int64, id: String, kind: String) throws -> NamingRow.Target?
  /// By id and kind; `after` is the last of the page before.
  func namingRows(context: Int64, after: (id: String, kind: String)?, limit: Int) throws -> [NamingRow]
}

/// Changes names; part of every ``StoreTransaction``.
public protocol NamingRowWriter: NamingRowReader {
  /// A new context without names; its number was never used before.
  func insertNamingContext() throws -> Int64
  /// Removes a context, which must have no names.
  func removeNamingContext(_ context: Int64) throws
  /// Inserts the row, or replaces the target of the one that is there.
  func putNamingRow(_ row: NamingRow) throws
  func removeNamingRow(context: Int64, id: String, kind: String) throws
}
