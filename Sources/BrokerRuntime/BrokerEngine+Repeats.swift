import Broker
import Identity
import StoreAPI

// Messages that come again.
extension BrokerEngine {
  /// The last occurrence of a message under an id, with the message as it came then; the id itself where none came.
  static func latest(_ id: PartID, of system: String, _ reader: any StoreReader) throws -> (id: PartID, known: MessageRow?) {
    guard var known = try reader.message(system: system, messageID: id.text) else { return (id, nil) }
    // Occurrences follow one another without gaps: the last is found by doubling the stride, then by halves.
    var (last, stride) = (id.occurrence, 1)
    while let next = try reader.message(system: system, messageID: id.at(last + stride).text) {
      (known, last, stride) = (next, last + stride, stride * 2)
    }
    var missing = last + stride
    while missing - last > 1 {
      let middle = (last + missing) / 2
      if let next = try reader.message(system: system, messageID: id.at(middle).text) {
        (known, last) = (next, middle)
      } else {
        missing = middle
      }
    }
    return (id.at(last), known)
  }

  /// Gives a batch that is named by its content the id under which it is kept, and loads its rows. What came before bears its own id, unless
  /// it would be answered otherwise today: then it is a new message.
  static func placeByContent(
    _ batch: inout InboundBatch, _ needs: inout Needs, _ transaction: any StoreTransaction, _ environment: StepEnvironment
  ) throws -> WorkingSet {
    let (id, _) = try latest(PartID(document: batch.messageID), of: batch.system, transaction)
    let set = try load(&batch, &needs, as: id, transaction)
    guard try isNews(batch, in: set, transaction, environment) else { return set }
    return try load(&batch, &needs, as: id.again, transaction)
  }

  /// Whether the message that bears the batch's id already would be answered otherwise today.
  static func isNews(
    _ batch: InboundBatch, in set: WorkingSet, _ reader: any StoreReader, _ environment: StepEnvironment
  ) throws -> Bool {
    guard let known = set.message, known.digest == batch.digest else { return false }
    let items = try reader.items(ofMessage: known.sequence)
    return BrokerStep.isNews(batch, besides: (known.sequence, items), in: set, environment)
  }

  /// Loads the rows of a batch under an id.
  static func load(
    _ batch: inout InboundBatch, _ needs: inout Needs, as id: PartID, _ reader: any StoreReader
  ) throws -> WorkingSet {
    batch.messageID = id.text
    needs.message = (batch.system, id.text)
    return try reader.load(needs)
  }

  /// Notes for the balance that messages came once more and changed nothing.
  public func noteRepeat(of messages: [Int64]) async throws {
    let time = now()
    try await store.write { transaction in
      try transaction.apply(messages.map { .countRepeat(RepeatRow(message: $0, at: time)) })
    }
  }
}
