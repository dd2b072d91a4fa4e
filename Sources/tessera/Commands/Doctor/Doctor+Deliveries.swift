import Broker
import BrokerRuntime
import StoreAPI

// Deliveries that somebody has to look at.
extension Doctor {
  /// How many are counted; beyond it the answer says "at least".
  private static let countLimit = 1_000

  /// - Parameter now: microseconds since 1970 UTC.
  static func deliveries(_ reader: any StoreReader, _ now: Int64) throws -> [Finding] {
    var findings: [Finding] = []
    let ends =
      "`tessera deliveries list --state parked` names them, `tessera deliveries retry`, `tessera contracts settle` and `tessera contracts cancel` end them"
    let parked = try reader.deliveries(state: .parked, after: 0, limit: countLimit)
    for (rows, words, remedy) in [
      (
        try reader.deliveries(state: .uncertain, after: 0, limit: countLimit), "uncertain: nobody knows whether they were taken",
        "`tessera contracts settle` ends each of them"
      ),
      (parked.filter { !$0.isParkedByPerson }, "parked: they failed too often or for too long", ends),
      (parked.filter(\.isParkedByPerson), "parked by a person: nothing is tried until somebody says so", ends),
      (
        try reader.deliveries(state: .blocked, after: 0, limit: countLimit), "blocked: they cannot be sent as things stand here",
        "`tessera deliveries list --state blocked` says why; put it right"
      ),
    ] {
      guard let first = rows.first else { continue }
      findings.append(
        Finding(
          subject: "deliveries", state: .warning,
          text: "\(count(rows)) orders are \(words), first delivery \(first.id) for \(first.destination): \(first.code)", remedy: remedy))
    }
    let ready = try reader.deliveries(state: .ready, after: 0, limit: countLimit)
    findings += try systems(reader, ready: ready)
    let failing = ready.filter { now - ($0.failingSince ?? now) > 3_600_000_000 }
    if let first = failing.min(by: { ($0.failingSince ?? 0) < ($1.failingSince ?? 0) }) {
      findings.append(
        Finding(
          subject: "deliveries", state: .warning,
          text:
            "\(count(failing)) orders have failed for more than an hour, delivery \(first.id) for \(first.destination) since \(Instant.text(first.failingSince ?? now)): \(first.code)",
          remedy: "`tessera deliveries show \(first.id)` says why; is \(first.destination) up?"))
    }
    let wrong = ready.filter { $0.hasWrongDueTime(at: now) }
    if let first = wrong.first {
      findings.append(
        Finding(
          subject: "clock", state: .bad,
          text: "delivery \(first.id) is due at \(Instant.text(first.nextAttemptAt)), which no wait explains",
          remedy: "the clock is wrong, or was when that was written: set it right; a running `tessera serve` sends the order all the same"))
    }
    return findings
  }

  private static func count(_ rows: [DeliveryRow]) -> String { "\(rows.count == countLimit ? "at least " : "")\(rows.count)" }
}
