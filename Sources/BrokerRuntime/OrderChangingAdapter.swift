public import CDR

/// An order that a system has: our key of its create, and its own number of it.
public struct PlacedOrder: Hashable, Sendable {
  public var key: String
  public var number: String

  public init(key: String, number: String) {
    self.key = key
    self.number = number
  }
}

/// An adapter whose system takes changes and cancellations of the orders that it has. Each is identified by the order's key and a
/// revision that counts on from 2; what the system promises of its create call counts for them, too.
public protocol OrderChangingAdapter: Adapter {
  /// Whether the system does; one of an older release may not.
  var takesChanges: Bool { get }
  /// Makes the order what the record says.
  ///
  /// - Returns: the verdict in the system's dialect, of type ``Adapter/verdictType``; a change that is refused leaves the order as it was.
  /// - Throws: ``AdapterFailure``.
  func changeOrder(_ order: PlacedOrder, revision: Int, to record: Record) async throws -> Record
  /// Cancels the order.
  ///
  /// - Throws: ``AdapterFailure``.
  func cancelOrder(_ order: PlacedOrder, revision: Int, reason: String) async throws -> Record
  /// The verdict of an earlier change or cancellation, nil where the system has none of this revision.
  ///
  /// - Throws: ``AdapterFailure``.
  func findChange(_ order: PlacedOrder, revision: Int) async throws -> Record?
}
