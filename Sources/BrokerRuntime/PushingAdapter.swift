public import CDR
public import ORBCore

/// An adapter whose system tells of changes by itself, beside being read.
///
/// What is told comes sooner than the next read and moves no position: whatever was not told is read all the same.
public protocol PushingAdapter: Adapter {
  /// What the system is to call with its changes.
  ///
  /// - Parameter receive: returns when the changes are on disk; the system is answered then and not before.
  func changeSink(_ receive: @escaping @Sendable (ToldChanges) async throws -> Void) -> any Servant
  /// Asks the system to tell its changes to a sink from now on, instead of to our last one.
  ///
  /// - Throws: ``AdapterFailure``.
  func announce(_ sink: ObjectRef) async throws
}

/// Changes that a system told of.
public struct ToldChanges: Sendable {
  /// The mapping's source type of the records.
  public let sourceType: String
  /// The system's own name of this message: the same changes are told under the same one.
  public let notice: String
  public let operation: String
  public let records: [Record]
  /// The arguments as they came, as evidence, and how to read them.
  public let body: MessageBody
  /// The arguments encoded again by us: little-endian, aligned at 0.
  public let comparable: [UInt8]

  public init(
    sourceType: String, notice: String, operation: String, records: [Record], body: MessageBody, comparable: [UInt8]
  ) {
    self.sourceType = sourceType
    self.notice = notice
    self.operation = operation
    self.records = records
    self.body = body
    self.comparable = comparable
  }
}
