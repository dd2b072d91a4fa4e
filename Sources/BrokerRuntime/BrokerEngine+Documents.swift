public import Broker
public import CDR
import CRMCore
import Identity
public import InterchangeIDL
public import Mapping
public import StoreAPI

/// Items of a document, taken in one transaction. The document's octets are kept elsewhere, under their digest.
public struct DocumentPart: Sendable {
  /// One item: what its sender wrote, and what was wrong with it before any mapping saw it.
  public struct Item: Sendable {
    /// The dialect type of the record.
    public var sourceType: String
    public var record: Record
    public var demand: ItemDemand
    /// Problems that refuse the item.
    public var problems: [MappingProblem]

    public init(sourceType: String, record: Record, demand: ItemDemand, problems: [MappingProblem] = []) {
      self.sourceType = sourceType
      self.record = record
      self.demand = demand
      self.problems = problems
    }
  }

  public var system: SystemRow
  /// Which part it is. Of the first, the occurrence is found when it is taken; those behind it bear the one that was found.
  public var id: PartID
  public var operation: String
  /// SHA-256 of the document's octets.
  public var digest: [UInt8]
  /// The document's octets, to be stored with its items; none where they are kept elsewhere.
  public var body: [UInt8]
  public var items: [Item]
  /// Records beside the items that no description knows, by their name; told with the first part.
  public var leftOut: [String: Int]
  /// When the document came, in microseconds since 1970 UTC: the time of all its parts.
  public var arrivedAt: Int64
  /// For how many microseconds a message is remembered: one that came before is no repetition and no conflict.
  public var window: Int64
  /// The document is named by its content: one that came before is taken anew where it would be answered otherwise now.
  public var isNamedByContent: Bool
  /// An earlier process began with the document, so that parts that came since it arrived are its own.
  public var isResumed = false
  /// Of a first part: the document is taken anew, though it came before.
  public var isAnew = false
  /// Our numbers of the parts before.
  public var earlierParts: Set<Int64> = []
  /// Of a last part: the dialect types of the whole document's items, and what the parts before mention. Nil of the others.
  public var end: (types: Set<String>, earlier: Mentions)?

  public init(
    system: SystemRow, id: PartID, operation: String, digest: [UInt8], body: [UInt8] = [], items: [Item],
    leftOut: [String: Int] = [:], arrivedAt: Int64, window: Int64, isNamedByContent: Bool
  ) {
    self.system = system
    self.id = id
    self.operation = operation
    self.digest = digest
    self.body = body
    self.items = items
    self.leftOut = leftOut
    self.arrivedAt = arrivedAt
    self.window = window
    self.isNamedByContent = isNamedByContent
  }
}

/// What became of a part of a document.
public struct DocumentPartOutcome: Sendable {
  /// Our number of the message.
  public var sequence: Int64 = 0
  /// Under which the part is kept.
  public var id: PartID
  public var receipt = Interchange.V1.Receipt(message: "", receivedAt: 0, outcome: "", results: [])
  /// The CRM core's ids of the things, one for each result; empty where there is none.
  public var identities: [String] = []
  /// How it was taken.
  public var way: Way
  /// What the part mentions, where a mapping says that its messages hold everything.
  public var mentions = Mentions()

  /// How a part was taken.
  public enum Way: Sendable {
    /// As a new message, by this process or by an earlier one that could not answer any more.
    case taken
    /// Not at all: the message arrived before, and this is its original receipt.
    case repeated
    /// Not at all: the message arrived before, but would be answered otherwise now, so that the document must be taken anew from its first part.
    case outdated
  }
}

extension BrokerEngine {
  /// Maps the items of a part and lets the broker decide; when this returns, everything is on disk.
  ///
  /// - Throws: ``MappingMissing``, `Interchange.V1.MessageConflict` where the message id stands for another body, `StoreError`.
  public func receive(_ part: DocumentPart) async throws -> DocumentPartOutcome {
    let system = part.system.name
    let context = mappingContext(part.arrivedAt)
    var bound: [String: BoundMapping] = [:]
    var plans: [MappingPlan] = []
    for item in part.items where bound[item.sourceType] == nil {
      let plan = try mappings.neededPlan(from: item.sourceType, system: system, systemType: part.system.type)
      bound[item.sourceType] = plan.bound(to: context)
      plans.append(plan)
    }
    let mappingsOfTypes = bound
    let keyEnvironment = environment()
    let items = await inParallel(count: part.items.count) { index in
      let item = part.items[index]
      return InboundItem(
        number: index + 1, sourceType: item.sourceType, source: item.record,
        outcome: item.problems.isEmpty ? mappingsOfTypes[item.sourceType]!.run(item.record) : MappingOutcome(refusing: item.problems),
        of: system, keyEnvironment,
        demand: item.demand)
    }
    var batch = InboundBatch(
      system: system, messageID: part.id.text, operation: part.operation, digest: part.digest, body: part.body,
      format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, items: items)
    batch.earlierParts = part.earlierParts
    // What the document mentions is the sum of what its parts do.
    let isWhole = plans.contains { $0.everything != nil }
    let mentions = isWhole ? batch.mentions : Mentions()
    let everything = (part.end?.types.sorted() ?? []).compactMap { type in
      mappings.plan(from: type, target: nil, system: system, systemType: part.system.type)?.everything
    }
    var outcome = try await transact { [self, batch, needs = batch.needs()] transaction, environment in
      var (batch, needs) = (batch, needs)
      for one in everything {
        try Self.addMissing(to: &batch, one, transaction, environment, earlier: part.end?.earlier ?? Mentions())
      }
      if !everything.isEmpty { needs = batch.needs() }
      var id = try Self.openID(part, transaction)
      var set = try Self.load(&batch, &needs, as: id, transaction)
      let isOwn = part.isResumed && set.message.map { $0.receivedAt >= part.arrivedAt } == true
      if part.isNamedByContent, !isOwn, try Self.isNews(batch, in: set, transaction, environment) {
        guard id.part == 1 else { return DocumentPartOutcome(id: id, way: .outdated) }
        id = id.again
        set = try Self.load(&batch, &needs, as: id, transaction)
      }
      let answer = try BrokerStep.receive(batch, in: &set, &environment)
      switch answer {
      case .conflict(var conflict):
        conflict.explanation.replace("\"\(id.text)\"", with: "\"\(id.document)\"")
        conflict.message = id.document
        throw conflict
      case .repeated(let octets, let sequence):
        var receipt = try Interchange.V1.Receipt(cdr: octets)
        receipt.message = id.document
        return DocumentPartOutcome(
          sequence: sequence, id: id, receipt: receipt,
          identities: try transaction.identities(ofMessage: sequence), way: isOwn ? .taken : .repeated)
      case .receipt(var receipt):
        receipt.message = id.document
        let identities = Self.identities(in: set)
        if part.id.part == 1, let sequence = set.message?.sequence {
          for (name, count) in part.leftOut { set.change(.insertLeftOut(LeftOutRow(message: sequence, name: name, count: count))) }
        }
        try settle(set, transaction, &environment)
        return DocumentPartOutcome(
          sequence: set.message?.sequence ?? 0, id: id, receipt: receipt, identities: identities, way: .taken)
      }
    }
    CrashPoint.afterStore.reached()
    outcome.mentions = mentions
    return outcome
  }

  /// What ``StoreReader/identities(ofMessage:)`` will say of the items that a step has just taken.
  private static func identities(in step: WorkingSet) -> [String] {
    var set = step
    return set.takeChanges().compactMap { change in
      guard case .insertItem(let row) = change else { return nil }
      return row.common.flatMap { step.id(of: $0, in: crmSystem) } ?? ""
    }
  }

  /// The id under which a part is kept: of a first part, its last occurrence, or the one behind it where that is forgotten.
  ///
  /// Each type of documents counts its own numbers: a number that a document of another type bears already is told from it by the type.
  private static func openID(_ part: DocumentPart, _ reader: any StoreReader) throws -> PartID {
    guard part.id.part == 1 else { return part.id }
    var id = part.id
    if !part.isNamedByContent {
      let typed = id.of(String(part.operation.dropFirst(documentPrefix.count)))
      if try reader.message(system: part.system.name, messageID: typed.text) != nil {
        id = typed
      } else if let other = try reader.message(system: part.system.name, messageID: id.text),
        other.operation != part.operation, other.operation.hasPrefix(documentPrefix)
      {
        id = typed
      }
    }
    let (last, known) = try latest(id, of: part.system.name, reader)
    guard let known else { return last }
    if part.isResumed, known.receivedAt >= part.arrivedAt { return last }
    return part.isAnew || known.receivedAt < part.arrivedAt - part.window ? last.again : last
  }

  /// What the operations of messages that came as documents begin with.
  public static var documentPrefix: String { "eai " }

  /// Keeps the evidence of a document that was refused before its items were looked at. Its message id stays free.
  ///
  /// - Parameter body: the document's octets; none where they are kept elsewhere.
  /// - Returns: our number of the message.
  public func keepRefused(
    system: String, operation: String, digest: [UInt8], body: [UInt8] = [], reasons: [(code: String, path: String, explanation: String)]
  ) async throws -> Int64 {
    try await transact { [self] transaction, environment in
      var needs = Needs()
      needs.counters = ["message"]
      var set = try transaction.load(needs)
      let sequence = set.next("message")
      let rows = reasons.enumerated().map { index, reason in
        ItemRow(
          message: sequence, number: index, entity: "", key: "", outcome: .rejected, code: reason.code, path: reason.path,
          explanation: reason.explanation)
      }
      let receipt = Interchange.V1.Receipt(
        message: "", receivedAt: environment.now, outcome: "refused", results: rows.map(\.result))
      set.change(
        .insertMessage(
          MessageRow(
            sequence: sequence, system: system, messageID: PartID.refused(sequence).text, operation: operation, digest: digest, body: body,
            format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, receivedAt: environment.now, itemCount: 0, outcome: "refused",
            receipt: try receipt.cdr())))
      for row in rows { set.change(.insertItem(row)) }
      try settle(set, transaction, &environment)
      return sequence
    }
  }

  /// States what was agreed with a partner.
  public func putPartner(_ row: PartnerRow, who: String, action: String, reason: String = "") async throws {
    try await transact { [self] transaction, environment in
      var set = WorkingSet()
      set.change(.putPartner(row))
      set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: action, subject: row.system, reason: reason)))
      try settle(set, transaction, &environment)
    }
  }
}

extension StoreReader {
  /// The CRM core's ids of the things that the items of a message are about, in order.
  public func identities(ofMessage sequence: Int64) throws -> [String] {
    try items(ofMessage: sequence).map { row in
      guard let common = row.common else { return "" }
      return try links(of: common).last { $0.key.system == crmSystem && $0.validTo == nil }?.key.id.text ?? ""
    }
  }
}

extension MappingOutcome {
  /// The outcome of an item that no mapping needs to see.
  public init(refusing problems: [MappingProblem]) { self.init(items: [], problems: problems) }
}
