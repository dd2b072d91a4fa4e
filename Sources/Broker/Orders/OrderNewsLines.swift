import CDR
import CRMCore
import InterchangeIDL

/// The lines that news of an order name: each is known by its own number, never by its place.
enum OrderNewsLines {
  private static let linesSlot = EntityKind.orderStatus.type.slot(of: "lines")

  /// Lines that the news do not name stay as the news before told them: an ERP that tells of each shipment by itself says nothing of the
  /// others, and least of all that they are gone. A line that the order has no more is told with the quantity 0.
  static func addUp(_ former: Record?, into record: inout Record) {
    guard let linesSlot, let former, case .list(let old) = former.slots[linesSlot], case .list(let told) = record.slots[linesSlot] else {
      return
    }
    let numbers = Set(told.compactMap(number))
    let rest = old.filter { number($0).map { !numbers.contains($0) } ?? false }
    // What names all lines stays as it came.
    if rest.isEmpty { return }
    record.slots[linesSlot] = .list((told + rest).sorted { (number($0) ?? 0) < (number($1) ?? 0) })
  }

  private static func number(_ line: Value) -> Int64? {
    guard case .record(let record) = line, case .whole(let number)? = record["number"] else { return nil }
    return Int64(exactly: number.value)
  }

  /// Whether an order has a line that another has not, or more of one.
  static func isMore(_ order: [UInt8], than former: [UInt8]) throws(CDRError) -> Bool {
    let before = Dictionary(try Interchange.V1.Order(cdr: former).lines.map { ($0.number, $0.quantity.decimal) }) { $1 }
    return try Interchange.V1.Order(cdr: order).lines.contains { line in before[line.number].map { $0 < line.quantity.decimal } ?? true }
  }
}
