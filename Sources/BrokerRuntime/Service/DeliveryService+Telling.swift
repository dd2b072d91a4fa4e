import Broker
import Logging
import StoreAPI
import Synchronization

/// What the log says of deliveries that somebody has to look at.
extension DeliveryService {
  /// A delivery that a call left to a person.
  func tellEnd(_ row: DeliveryRow?) {
    guard let row, row.state == .parked || row.state == .uncertain else { return }
    engine.log.error("a delivery waits for a person: it is \(row.state.rawValue)", metadata: Self.metadata(row))
  }

  /// A delivery that cannot be sent as things stand here: once, and again when it is for another reason.
  func tellBlocked(_ row: DeliveryRow?, before: DeliveryRow) {
    guard let row, row.state == .blocked else { return }
    if before.state == .blocked && before.code == row.code && before.explanation == row.explanation { return }
    engine.log.error("a delivery waits for a person: it cannot be sent", metadata: Self.metadata(row))
  }

  func tellWrongTime(_ row: DeliveryRow, _ now: Int64) {
    engine.log.warning(
      "a delivery was to be sent at a time that no wait explains: the clock was wrong when it was written. It is sent now",
      metadata: ["delivery": "\(row.id)", "contract": "\(row.contract)", "seconds": "\((row.nextAttemptAt - now) / 1_000_000)"])
  }

  /// Something cannot be read or written, or the broker stops. It waits, each time longer.
  func tellTrouble(_ what: Logger.Message, _ error: any Error, _ row: DeliveryRow? = nil) {
    if error is CancellationError || (error as? StoreError)?.code == .closed { return }
    let (count, wait) = trouble.withLock {
      $0.begin()
      return ($0.count, $0.wait ?? .zero)
    }
    var metadata: Logger.Metadata = ["error": "\(error)", "tries": "\(count)", "seconds": "\(wait.components.seconds)"]
    if let row { metadata.merge(["delivery": "\(row.id)", "contract": "\(row.contract)"]) { $1 } }
    engine.log.error(what, metadata: metadata)
  }

  private static func metadata(_ row: DeliveryRow) -> Logger.Metadata {
    [
      "delivery": "\(row.id)", "contract": "\(row.contract)", "system": "\(row.destination)", "code": "\(row.code)",
      "why": "\(row.explanation)", "do": "\(row.toDo)",
    ]
  }
}
