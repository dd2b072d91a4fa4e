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
  /// A message that came before this time is no repetition and no conflict.
  public var rememberedSince: Int64

  public init(
    system: SystemRow, id: PartID, operation: String, digest: [UInt8], body: [UInt8] = [], items: [Item],
    rememberedSince: Int64
  ) {
    self.system = system
    self.id = id
    self.operation = operation
    self.digest = digest
    self.body = body
    self.items = items
    self.rememberedSince = rememberedSince
  }
}

/// What became of a part of a document.
public struct DocumentPartOutcome: Sendable {
  /// Our number of the message.
  public var sequence: Int64
  /// Under which the part is kept.
  public var id: PartID
  public var receipt: Interchange.V1.Receipt
  /// The CRM core's ids of the things, one for each result; empty where there is none.
  public var identities: [String]
  /// The message arrived before; this is its original receipt.
  public var isRepeated: Bool
}

extension BrokerEngine {
  /// Maps the items of a part and lets the broker decide; when this returns, everything is on disk.
  ///
  /// - Throws: ``MappingMissing``, `Interchange.V1.MessageConflict` where the message id stands for another body, `StoreError`.
  public func receive(_ part: DocumentPart) async throws -> DocumentPartOutcome {
    let system = part.system.name
    let context = MappingContext(valueMaps: mappings.valueMaps, documentTime: now())
    var bound: [String: BoundMapping] = [:]
    for item in part.items where bound[item.sourceType] == nil {
      guard let plan = mappings.plan(from: item.sourceType, target: nil, system: system, systemType: part.system.type) else {
        throw MappingMissing(sourceType: item.sourceType, target: nil, system: system)
      }
      bound[item.sourceType] = plan.bound(to: context)
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
    let batch = InboundBatch(
      system: system, messageID: part.id.text, operation: part.operation, digest: part.digest, body: part.body,
      format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, items: items)
    let needs = batch.needs()
    let outcome = try await transact { [self] transaction, environment in
      var (batch, needs) = (batch, needs)
      let id = try Self.openID(part, transaction)
      batch.messageID = id.text
      needs.message = (system, id.text)
      var set = try transaction.load(needs)
      let answer = try BrokerStep.receive(batch, in: &set, &environment)
      switch answer {
      case .conflict(var conflict):
        conflict.explanation.replace("\"\(id.text)\"", with: "\"\(id.document)\"")
        conflict.message = id.document
        throw conflict
      case .repeated(let octets):
        let sequence = set.message?.sequence ?? 0
        var receipt = try Interchange.V1.Receipt(cdr: octets)
        receipt.message = id.document
        return DocumentPartOutcome(
          sequence: sequence, id: id, receipt: receipt,
          identities: try transaction.identities(ofMessage: sequence), isRepeated: true)
      case .receipt(var receipt):
        receipt.message = id.document
        let identities = Self.identities(in: set)
        try settle(set, transaction, &environment)
        return DocumentPartOutcome(
          sequence: set.message?.sequence ?? 0, id: id, receipt: receipt, identities: identities, isRepeated: false)
      }
    }
    CrashPoint.afterStore.reached()
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

  /// The id under which a part is kept: of a first part, the first occurrence that is not older than what is remembered.
  private static func openID(_ part: DocumentPart, _ reader: any StoreReader) throws -> PartID {
    var id = part.id
    guard id.part == 1 else { return id }
    while let known = try reader.message(system: part.system.name, messageID: id.text), known.receivedAt < part.rememberedSince,
      id.occurrence < 100_000
    {
      id = id.again
    }
    return id
  }

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
