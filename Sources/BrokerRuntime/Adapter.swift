public import CDR

/// One foreign system, as its adapter sees it: records of its own dialect in, records of its own dialect out. Translation lives in
/// mapping files.
public protocol Adapter: Sendable {
  /// What can be read from the system, in the order in which it should be: units, groups, items.
  var feeds: [Feed] { get }
  /// Reads what changed after a position, which is nil the first time.
  ///
  /// - Throws: ``AdapterFailure``.
  func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage
  /// The type that a mapping must make of an order: `sample-erp:SalesOrder`. Nil for a system that takes none.
  var orderType: String? { get }
  /// The type of the system's answer to an order, which a mapping makes an `OrderVerdict`.
  var verdictType: String { get }
  /// Creates an order under our key.
  ///
  /// - Returns: the verdict in the system's dialect; a business refusal is a verdict, too.
  /// - Throws: ``AdapterFailure``.
  func createOrder(key: String, order: Record) async throws -> Record
  /// The verdict of an earlier create, nil where the system has none under this key.
  ///
  /// - Throws: ``AdapterFailure``.
  func findOrder(key: String) async throws -> Record?
}

/// One list of changes that a system offers.
public struct Feed: Hashable, Sendable {
  public let name: String
  /// The mapping's source type of its records: `sample-erp:Item`.
  public let sourceType: String

  public init(name: String, sourceType: String) {
    self.name = name
    self.sourceType = sourceType
  }
}

/// What one read of a feed brought.
public struct FeedPage: Sendable {
  public let records: [Record]
  /// The octets of the answer, as evidence, and how to read them.
  public let body: [UInt8]
  public let format: WireFormat
  public let alignedAt: Int
  /// Where the next read continues.
  public let next: String
  /// Nothing more is there now.
  public let isLast: Bool

  public init(records: [Record], body: [UInt8], format: WireFormat, alignedAt: Int, next: String, isLast: Bool) {
    self.records = records
    self.body = body
    self.format = format
    self.alignedAt = alignedAt
    self.next = next
    self.isLast = isLast
  }
}

/// An infrastructure failure, never a business refusal.
public struct AdapterFailure: Error, Sendable, CustomStringConvertible {
  /// Whether the call may have been carried out: it decides what happens next.
  public enum Execution: Sendable { case notExecuted, unknown }
  public var execution: Execution
  public var code: String
  public var message: String
  public var hint: String

  public init(_ execution: Execution, code: String, message: String, hint: String = "") {
    self.execution = execution
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { "\(code): \(message)\(hint.isEmpty ? "" : " — \(hint)")" }
}
