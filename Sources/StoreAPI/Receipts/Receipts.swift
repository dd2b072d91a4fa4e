public import Broker

/// Reads what of messages their receipts count beside their items.
public protocol ReceiptReader {
  /// What was left out beside a message's items, by name.
  func leftOut(ofMessage sequence: Int64) throws -> [LeftOutRow]
  /// What came from `from` on and before `to`, in microseconds since 1970 UTC, which are whole quarters of hours for repeats; by system.
  func balance(from: Int64, to: Int64, system: String?) throws -> [BalanceRow]
}

extension ReceiptReader where Self: StoreReader {
  /// What became of a message's items until now, and what was left out beside them.
  public func counts(ofMessage sequence: Int64) throws -> ReceiptCounts {
    var counts = ReceiptCounts(try items(ofMessage: sequence).lazy.map(\.outcome))
    counts.add(.leftOut, try leftOut(ofMessage: sequence).reduce(0) { $0 + $1.count })
    return counts
  }
}
