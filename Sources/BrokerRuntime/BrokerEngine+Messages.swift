import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Mapping
import ORBCore
import StoreAPI

// Messages of other systems that are commands, not batches of items.
extension BrokerEngine {
  /// Carries a command out and keeps its message, in one transaction; the same message again changes nothing.
  ///
  /// - Parameters:
  ///   - key: the sender's id of the contract that it is about.
  ///   - body: encodes what the message says beside its id.
  /// - Throws: `MessageConflict` for a message id that stands for another body, `Refused` for one that is none, what `action` throws,
  ///   `StoreError`.
  func once(
    _ messageID: String, about key: String, from system: SystemRow, _ context: ServerContext, _ encode: (inout CDREncoder) throws -> Void,
    _ action: @escaping @Sendable (any StoreTransaction, inout StepEnvironment) throws -> Void
  ) async throws {
    guard (1...255).contains(messageID.utf8.count) else { throw Interchange.V1.Refused.messageID(messageID) }
    let (operation, body) = (context.operation, context.body)
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    try encoder.encode(operation)
    try encode(&encoder)
    let digest = Secrets.sha256(encoder.array)
    try await transact { transaction, environment in
      if let known = try transaction.message(system: system.name, messageID: messageID) {
        if known.digest == digest { return }
        throw Interchange.V1.MessageConflict(
          message: messageID, firstReceivedAt: known.receivedAt,
          explanation: "the message id \"\(messageID)\" was received before with another body; use a new id for a new message")
      }
      try action(transaction, &environment)
      var needs = Needs()
      needs.counters = ["message"]
      var set = try transaction.load(needs)
      let row = ItemRow(message: set.next("message"), number: 1, entity: EntityKind.contract.name, key: key, outcome: .applied)
      let receipt = Interchange.V1.Receipt(message: messageID, receivedAt: environment.now, outcome: "accepted", results: [row.result])
      set.change(.insertItem(row))
      set.change(
        .insertMessage(
          MessageRow(
            sequence: row.message, system: system.name, messageID: messageID, operation: operation, digest: digest, body: body.octets,
            format: body.format, alignedAt: body.alignment, receivedAt: environment.now, itemCount: 1, outcome: receipt.outcome,
            receipt: try receipt.cdr())))
      try transaction.apply(set.takeChanges())
    }
    CrashPoint.afterStore.reached()
  }

  /// A contract of another system in the CRM core's ids, by the mapping for its contracts.
  ///
  /// - Throws: `Refused` where the mapping refuses it, or something that it names is not known here.
  func inOwnIds(_ contract: Interchange.V1.Contract, of system: SystemRow) async throws -> Interchange.V1.Contract {
    let plan: MappingPlan
    do throws(MappingMissing) {
      plan = try mappings.neededPlan(from: "Contract", system: system.name, systemType: system.type)
    } catch { throw Interchange.V1.Refused(code: error.code, explanation: error.description) }
    var given = contract
    given.status = ContractState.draft.rawValue
    let outcome = plan.run(given.record, in: mappingContext(now()))
    guard let item = outcome.items.first, !outcome.isRejected, !outcome.isHeld else {
      throw Interchange.V1.Refused(code: "MAPPING_FAILED", explanation: outcome.problems.map(\.description).joined(separator: "; "))
    }
    let environment = environment()
    let keys = item.references.map { environment.key($0.entity, system.name, $0.foreignID) }
    let answers = try await store.read { reader in
      var needs = Needs()
      needs.links = Set(keys.compactMap { $0 })
      needs.systems = [crmSystem]
      let set = try reader.load(needs)
      return keys.map { key in key.flatMap { set.links[$0] }.flatMap { set.id(of: $0.common, in: crmSystem) } }
    }
    let resolution = item.resolving(answers)
    if let missing = resolution.waiting.first {
      throw Interchange.V1.Refused(
        code: "UNKNOWN_\(missing.entity.uppercased())",
        explanation:
          "\(missing.field): \(missing.entity) \"\(missing.foreignID)\" of \(system.name) is not known here; send it first, or `tessera identity link \(missing.entity) \(system.name):ID crm:ID --reason …` links it"
      )
    }
    if resolution.isRejected {
      throw Interchange.V1.Refused(code: "MAPPING_FAILED", explanation: resolution.problems.map(\.description).joined(separator: "; "))
    }
    var record = resolution.record
    // The identity of an item is not a field of it yet.
    record.slots[EntityKind.contract.idSlot] = .text("")
    return try Interchange.V1.Contract(record: record)
  }
}

extension Interchange.V1.Refused {
  static func messageID(_ text: String) -> Self {
    Self(
      code: "MESSAGE_ID_INVALID",
      explanation: "the message id has \(text.utf8.count) octets; it needs 1 to 255, and a new message a new id")
  }
}
