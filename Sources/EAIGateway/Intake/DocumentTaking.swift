import Broker
import BrokerRuntime
import CDR
import HTTPTypes
import InterchangeIDL
import XMLStream

/// Takes the items of a document that was checked, part by part. Each part is a message of its own, so that after a crash those that are
/// stored are not taken twice.
struct DocumentTaking {
  let engine: BrokerEngine
  let check: Reading.Check
  let reading: Reading
  /// What makes the document the same one when it comes again.
  let document: String
  let demand: ItemDemand
  let partner: Partner

  /// What was taken so far. Of a large document, its results are all that grows with it.
  private struct Taken {
    var id: PartID
    var first: DocumentPartOutcome?
    var results: [Interchange.V1.ItemResult] = []
    var identities: [String] = []
    var mentions = Mentions()
    var sequences: [Int64] = []
    var isRepeated = true
    /// A part would be answered otherwise now: nothing was taken of it.
    var isOutdated = false
  }

  /// Takes all items.
  ///
  /// - Returns: what became of them, and whether the document came before, so that nothing was taken.
  func take(_ progress: Intake.Progress) async throws -> (outcome: DocumentOutcome, isRepeated: Bool) {
    var taken = try await takeParts(progress, isAnew: false)
    // Its first parts came before and would change nothing, a later one would: then all of it is a new message.
    if taken.isOutdated { taken = try await takeParts(progress, isAnew: true) }
    guard let first = taken.first else { throw GatewayRefusal(.unprocessableContent, "DOCUMENT_EMPTY", "the document has no items") }
    if taken.isRepeated { try await engine.noteRepeat(of: taken.sequences) }
    var receipt = first.receipt
    receipt.results = taken.results
    receipt.outcome = ReceiptCounts(names: taken.results.lazy.map(\.outcome)).outcome
    let outcome = DocumentOutcome(
      head: check.head, receiptNumber: first.sequence, receipt: receipt, identities: taken.identities, warnings: check.issues.issues,
      leftOut: check.leftOut, isDuplicate: taken.isRepeated && isNamedByContent)
    return (outcome, taken.isRepeated)
  }

  private var isNamedByContent: Bool { partner.agreement.identity == .body }

  private func takeParts(_ progress: Intake.Progress, isAnew: Bool) async throws -> Taken {
    var taken = Taken(id: PartID(document: document))
    taken.results.reserveCapacity(check.count)
    taken.identities.reserveCapacity(check.count)
    if check.isWhole {
      try await take(check.items, &taken, progress, isAnew, isLast: true)
      return taken
    }
    let reader = try reading.readAgain(check.head.envelope)
    var items: [DocumentItem] = []
    var octets = 0
    while !taken.isOutdated, let item = try reader.next() {
      if !items.isEmpty, items.count == Reading.itemsPerPart || octets + item.octets > Reading.octetsPerPart {
        try await take(items, &taken, progress, isAnew)
        items = []
        octets = 0
      }
      items.append(item)
      octets += item.octets
    }
    if !items.isEmpty, !taken.isOutdated { try await take(items, &taken, progress, isAnew, isLast: true) }
    return taken
  }

  private func take(
    _ items: [DocumentItem], _ taken: inout Taken, _ progress: Intake.Progress, _ isAnew: Bool, isLast: Bool = false
  ) async throws {
    let kind = reading.entry.kind
    let types = kind.items.map { kind.typeName(of: $0.type) }
    var part = DocumentPart(
      system: partner.system, id: taken.id, operation: BrokerEngine.documentPrefix + kind.typeName, digest: reading.body.digest,
      body: reading.body.kept,
      items: items.map { DocumentPart.Item(sourceType: types[$0.kind], record: $0.record, demand: demand, problems: $0.problems) },
      leftOut: check.leftOut,
      arrivedAt: progress.arrivedAt, window: partner.agreement.window, isNamedByContent: isNamedByContent)
    part.isResumed = progress.isLeftOver
    part.isAnew = isAnew
    part.earlierParts = Set(taken.sequences)
    if isLast { part.end = (Set(check.kinds.map { types[$0] }), taken.mentions) }
    let outcome = try await engine.receive(part)
    guard outcome.way != .outdated else {
      taken.isOutdated = true
      return
    }
    progress.isBegun = true
    taken.id = outcome.id.next ?? taken.id
    // Behind the items stands what follows from things that a document which holds everything does not mention.
    for (place, var result) in outcome.receipt.results.enumerated() {
      result.item = UInt32(taken.results.count + 1)
      // A key that no mapping got to is still the sender's.
      if result.key.isEmpty, items.indices.contains(place) {
        result.key = items[place].record.text(at: kind.items[items[place].kind].keyPath)
      }
      taken.results.append(result)
    }
    taken.identities += outcome.identities
    taken.mentions += outcome.mentions
    taken.sequences.append(outcome.sequence)
    if outcome.way == .taken { taken.isRepeated = false }
    if taken.first == nil {
      taken.first = outcome
      taken.first?.receipt.results = []
      taken.first?.identities = []
    }
  }
}
