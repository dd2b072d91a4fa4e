import Broker

// Counts of receipts, as commands show them.
extension ReceiptCounts {
  /// `received` and the six that it is the sum of; `stale` is a part of `repeated`.
  var json: JSON { .object(named.map { .init(name: $0.name, value: JSON($0.count)) }) }

  /// The counts, and the records beside the items that nothing takes.
  func members(_ leftOut: [LeftOutRow]) -> [JSON.Member] {
    [
      .init(name: "counts", value: json),
      .init(name: "recordsLeftOut", value: .object(leftOut.map { .init(name: $0.name, value: JSON($0.count)) })),
    ]
  }

  /// The same for people.
  func add(to sheet: inout TextSheet, _ leftOut: [LeftOutRow]) {
    sheet.add("received", "\(received)\(received == 0 ? "" : ": \(words)")")
    sheet.add("left out", leftOut.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
  }
}

extension MessageRow {
  /// What became of its items until now, and of what came beside them. A message that was refused whole has none.
  func counts(_ items: [ItemRow], _ leftOut: [LeftOutRow]) -> ReceiptCounts {
    if itemCount == 0 { return ReceiptCounts() }
    var counts = ReceiptCounts(items.lazy.map(\.outcome))
    counts.add(.leftOut, leftOut.reduce(0) { $0 + $1.count })
    return counts
  }
}
