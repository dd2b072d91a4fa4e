import Broker
import BrokerRuntime
import CRMCore
import HTTPTypes
import InterchangeIDL
import StoreAPI

/// Tells a partner what became of its message, as it stands now: an item that was held may have been applied in the meantime.
struct ReceiptDesk {
  let intake: Intake

  func answer(_ text: String, _ partner: Partner) async throws -> GatewayAnswer {
    let unknown = GatewayRefusal(
      .notFound, "RECEIPT_UNKNOWN", "there is no receipt '\(text.prefix(40))' of \(partner.system.name)",
      hint: "the number stands in the header Location of the answer to a document")
    guard let number = Int64(text) else { throw unknown }
    let name = partner.system.name
    let found = try await intake.engine.store.read { reader -> (Interchange.V1.Receipt, [LeftOutRow])? in
      guard var message = try reader.message(sequence: number), message.system == name else { return nil }
      var receipt = try Interchange.V1.Receipt(cdr: message.receipt)
      receipt.results = []
      let leftOut = try reader.leftOut(ofMessage: message.sequence)
      let id = PartID(text: message.messageID)
      // What no part was taken of bore no number that counts.
      receipt.message = id.part == 0 ? "" : id.document
      var following = id.next
      while true {
        let rows = try reader.items(ofMessage: message.sequence)
        for row in rows {
          var result = row.result
          result.item = UInt32(receipt.results.count + 1)
          receipt.results.append(result)
        }
        guard let part = following, let next = try reader.message(system: name, messageID: part.text) else { break }
        (message, following) = (next, part.next)
      }
      receipt.outcome = ReceiptCounts(names: receipt.results.lazy.map(\.outcome)).outcome
      return (receipt, leftOut)
    }
    guard let (receipt, rows) = found else { throw unknown }
    let leftOut = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.count) })
    var counts = ReceiptCounts(names: receipt.results.lazy.map(\.outcome))
    counts.add(.leftOut, leftOut.values.reduce(0, +))
    return GatewayAnswer(
      status: 200, body: try CanonicalProtocol.document(receipt, number: number, counts: counts, leftOut: leftOut, warnings: []),
      receiptNumber: number)
  }
}
