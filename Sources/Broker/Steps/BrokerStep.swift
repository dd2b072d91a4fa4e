import CDR
import CRMCore
import Identity
public import InterchangeIDL
import Mapping

/// The broker's decisions: from an event and the rows that it concerns to the changes of rows. No clock, no task, no socket.
public enum BrokerStep {
  /// What the sender of a batch is told.
  public enum ReceiveAnswer: Sendable {
    case receipt(Interchange.V1.Receipt)
    /// The same message arrived before, as ours of that number; its receipt is repeated.
    case repeated(receipt: [UInt8], of: Int64)
    /// The message id stands for another body.
    case conflict(Interchange.V1.MessageConflict)
  }

  /// Receives a message: applies, holds or refuses each of its items and writes its receipt.
  public static func receive(
    _ batch: InboundBatch, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> ReceiveAnswer {
    try receive(batch, in: &set, &environment, sliceLength: .max) { _ in }
  }

  /// Receives a message, and hands over changes while it does.
  ///
  /// - Parameter handOver: takes the changes of every `sliceLength` items as soon as they are made, so that they can be applied while
  ///   the step goes on.
  public static func receive(
    _ batch: InboundBatch, in set: inout WorkingSet, _ environment: inout StepEnvironment, sliceLength: Int,
    handOver: ([RowChange]) throws -> Void
  ) throws -> ReceiveAnswer {
    if let known = set.message {
      if known.digest == batch.digest { return .repeated(receipt: known.receipt, of: known.sequence) }
      return .conflict(
        Interchange.V1.MessageConflict(
          message: batch.messageID, firstReceivedAt: known.receivedAt,
          explanation:
            "the message id \"\(batch.messageID)\" was received before with another body (message \(known.sequence)); use a new id for a new message"
        ))
    }
    let sequence = set.next("message")
    var rows: [ItemRow] = []
    rows.reserveCapacity(batch.items.count)
    let origin = MessageOrigin(sequence)
    if batch.items.count > sliceLength {
      set.change(.insertBody(message: sequence, batch.body))
      try handOver(set.takeRecorded())
    }
    for item in batch.items {
      let row = run(item, of: batch, origin, in: &set, &environment)
      // At once, since a later item of the batch may supersede this one.
      set.change(.insertItem(row))
      rows.append(row)
      if rows.count % sliceLength == 0 { try handOver(set.takeRecorded()) }
    }
    if let watermark = batch.watermark {
      set.change(.putWatermark(system: batch.system, feed: watermark.feed, position: watermark.position))
    }
    let receipt = Interchange.V1.Receipt(
      message: batch.messageID, receivedAt: environment.now, outcome: outcome(of: rows), results: rows.map(\.result))
    set.change(
      .insertMessage(
        MessageRow(
          sequence: sequence, system: batch.system, messageID: batch.messageID, operation: batch.operation, digest: batch.digest,
          body: batch.body, format: batch.format, alignedAt: batch.alignedAt, receivedAt: environment.now, itemCount: rows.count,
          outcome: receipt.outcome, receipt: try receipt.cdr())))
    return .receipt(receipt)
  }

  private static func run(
    _ item: InboundItem, of batch: InboundBatch, _ origin: MessageOrigin, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) -> ItemRow {
    let step = ItemStep(system: batch.system, origin: origin, item: item, heldBefore: nil)
    if batch.twins.roles.isEmpty && batch.earlierParts.isEmpty { return step.run(in: &set, &environment) }
    return step.run(batch.twins.roles[item.number], after: batch.earlierParts, in: &set, &environment)
  }

  /// Whether a message that came before, named by its content, would be answered otherwise today: it would change something, or what
  /// refused or held one of its items is not so any more. Then it is a new message, however often its octets came.
  ///
  /// - Parameters:
  ///   - known: the message as it came before, with what became of its items until today.
  ///   - set: the rows that ``receive(_:in:_:)`` would look at; it stays as it is.
  public static func isNews(
    _ batch: InboundBatch, besides known: (sequence: Int64, items: [ItemRow]), in set: WorkingSet, _ environment: StepEnvironment
  ) -> Bool {
    // What was missing then is inactive already.
    let formerItems = known.items.filter { $0.code != InboundItem.missingCode }
    guard formerItems.count == batch.items.count else { return true }
    var (trial, environment) = (set, environment)
    let origin = MessageOrigin(trial.next("message"))
    for (item, former) in zip(batch.items, formerItems) {
      let row = run(item, of: batch, origin, in: &trial, &environment)
      switch row.outcome {
      case .applied: return true
      case .unchanged, .stale, .superseded, .repeated, .leftOut:
        if former.outcome == .rejected || former.outcome == .held { return true }
      case .held:
        // The same words are waiting already, for the same reasons.
        let key = LinkKey(entity: row.entity, system: batch.system, id: ForeignID(row.key))
        let waiting = set.heldByKey[key]?.last { $0.code == row.code && $0.explanation == row.explanation }
        if waiting == nil || waiting?.source != (try? item.source.cdr()) { return true }
      case .rejected:
        if former.outcome == .rejected {
          if (row.code, row.path, row.explanation) != (former.code, former.path, former.explanation) { return true }
        } else if former.outcome == .held {
          return true
        } else if let key = item.subject?.key, set.sourceStates[key]?.message != known.sequence {
          // What it brought once was changed since by others, and it cannot bring it again: its sender must know.
          return true
        }
      }
    }
    return false
  }

  private static func outcome(of rows: [ItemRow]) -> String { ReceiptCounts(rows.lazy.map(\.outcome)).outcome }

  /// The rows that ``release(_:in:_:)`` looks at.
  public static func needs(releasing items: [ReleasedItem]) -> Needs {
    var needs = Needs()
    var references: [LinkKey?] = []
    for item in items {
      item.item.addNeeds(to: &needs, besides: &references)
      needs.links.insert(item.held.key)
      needs.addCommon(system: item.held.key.system, entities: item.item.outcome.items.map(\.entity))
      needs.systems.insert(item.held.key.system)
    }
    needs.systems.formUnion(items.map(\.held.key.system))
    return needs
  }

  /// Runs held items again, after what they waited for was linked or a person released them.
  ///
  /// - Returns: what became of each, in order.
  @discardableResult
  public static func release(_ items: [ReleasedItem], in set: inout WorkingSet, _ environment: inout StepEnvironment) -> [ItemRow] {
    items.map { released in
      // An item before it in the same release may have overtaken it.
      guard set.heldByKey[released.held.key]?.contains(where: { $0.id == released.held.id }) == true else {
        return ItemRow(
          message: released.held.message, number: released.held.item, entity: released.held.key.entity, key: released.held.key.id.text,
          outcome: .superseded)
      }
      let row = ItemStep(
        system: released.held.key.system, origin: MessageOrigin(released.held.message), item: released.item, heldBefore: released.held,
        acceptsNearMisses: released.isNew || released.held.isNew
      )
      .run(in: &set, &environment)
      set.change(.updateItem(row))
      return row
    }
  }
}

extension BrokerStep {
  /// A held item that cannot be run again stays, and says why.
  public static func keep(
    _ held: HeldRow, code: String, explanation: String, in set: inout WorkingSet, _ environment: StepEnvironment
  ) -> ItemRow {
    var held = held
    held.code = code
    held.explanation = explanation
    held.changedAt = environment.now
    let row = ItemRow(
      message: held.message, number: held.item, entity: held.key.entity, key: held.key.id.text, outcome: .held, code: code,
      explanation: explanation)
    set.change(.updateHeld(held))
    set.change(.updateItem(row))
    return row
  }
}

/// A held item that runs again, mapped anew.
public struct ReleasedItem: Sendable {
  public var held: HeldRow
  public var item: InboundItem
  /// Whether a person said that it is a thing of its own, though its id or a value of it only look new.
  public var isNew: Bool

  public init(held: HeldRow, item: InboundItem, isNew: Bool = false) {
    self.held = held
    self.item = item
    self.isNew = isNew
  }
}

extension ItemRow {
  /// The result that the sender reads.
  public var result: Interchange.V1.ItemResult {
    Interchange.V1.ItemResult(item: UInt32(number), key: key, outcome: outcome.rawValue, code: code, path: path, explanation: explanation)
  }
}
