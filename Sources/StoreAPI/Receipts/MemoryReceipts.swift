import Broker
import Identity

/// What receipts count beside items, in memory.
struct MemoryReceipts: Sendable {
  struct Quarter: Hashable {
    var message: Int64
    var quarter: Int64
  }

  private(set) var leftOut: [Int64: [LeftOutRow]] = [:]
  private(set) var repeats: [Quarter: Int] = [:]

  mutating func insert(_ row: LeftOutRow) { leftOut[row.message, default: []].append(row) }
  mutating func count(_ row: RepeatRow) { repeats[Quarter(message: row.message, quarter: row.quarter), default: 0] += 1 }
}

extension MemoryTransaction {
  func leftOut(ofMessage sequence: Int64) throws -> [LeftOutRow] {
    (rows.receipts.leftOut[sequence] ?? []).sorted { ForeignID($0.name) < ForeignID($1.name) }
  }

  func balance(from: Int64, to: Int64, system: String?) throws -> [BalanceRow] {
    var found: [String: BalanceRow] = [:]
    for message in rows.messages.values where system == nil || message.system == system {
      var row = found[message.system] ?? BalanceRow(system: message.system)
      let counts = message.itemCount > 0 ? try counts(ofMessage: message.sequence) : ReceiptCounts()
      if (from..<to).contains(message.receivedAt) {
        row.messages += 1
        if message.itemCount == 0, message.outcome != "accepted" { row.refused += 1 }
        row.counts += counts
      }
      for (quarter, times) in rows.receipts.repeats where quarter.message == message.sequence {
        guard (from..<to).contains(quarter.quarter * RepeatRow.quarterLength) else { continue }
        row.messages += times
        row.counts.add(.repeated, times * counts.received)
      }
      if row.messages > 0 { found[message.system] = row }
    }
    return found.values.sorted { ForeignID($0.system) < ForeignID($1.system) }
  }
}
