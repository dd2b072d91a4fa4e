import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Logging
import ORBCore
import StoreAPI

/// Takes contracts that were signed in another system, with that system's ids.
struct ContractDeskServant: Interchange.V1.ContractDesk.Servant {
  let engine: BrokerEngine
  let sessions: Sessions
  let session: Sessions.Session

  func submit(message: Interchange.V1.MessageId, item: Interchange.V1.Contract, context: ServerContext) async throws
    -> Interchange.V1.ContractStatus
  {
    let system = try await engine.caller(session, sessions)
    // What a foreign system signed is a draft here until all its ids are known; then it is signed by itself.
    var draft = item
    draft.status = ContractState.draft.rawValue
    if try await engine.store.read({ try $0.message(system: system.name, messageID: message) }) == nil,
      let known = try await crmID(of: item.id, system.name)
    {
      throw Interchange.V1.Refused(
        code: "CONTRACT_KNOWN",
        explanation: "the contract \"\(item.id)\" was submitted before and is \(known) here; amend it instead")
    }
    let receipt = try await engine.receive(
      system: system, messageID: message, arguments: item, context: context, sourceType: "Contract", count: 1,
      record: { [draft] _ in draft.record }
    ).receipt
    defer { CrashPoint.beforeReply.reached() }
    guard let result = receipt.results.first else { throw SystemException(.internalError, completed: .yes) }
    if result.outcome == "rejected" { throw Interchange.V1.Refused(code: result.code, explanation: result.explanation) }
    guard let id = try await crmID(of: item.id, system.name) else {
      return Interchange.V1.ContractStatus(
        id: item.id, number: item.number, state: "held", explanation: result.explanation, orders: [], lines: [])
    }
    return try await status(id, item.id)
  }

  func amend(message: Interchange.V1.MessageId, item: Interchange.V1.Contract, context: ServerContext) async throws
    -> Interchange.V1.ContractStatus
  {
    let system = try await engine.caller(session, sessions)
    let id = try await known(item.id, system.name)
    let new = try await engine.inOwnIds(item, of: system)
    try await once(message, item.id, system, context, { encoder in try encoder.encode(item) }) { [engine] transaction, environment in
      try engine.amend(id, to: new, system.name, "message \(message)", transaction, &environment)
    }
    return try await status(id, item.id)
  }

  func cancel(message: Interchange.V1.MessageId, key: Interchange.V1.ContractId, context: ServerContext) async throws
    -> Interchange.V1.ContractStatus
  {
    let system = try await engine.caller(session, sessions)
    let id = try await known(key, system.name)
    try await once(message, key, system, context, { encoder in try encoder.encode(key) }) { [engine] transaction, environment in
      try engine.cancel(id, nil, system.name, "message \(message)", transaction, &environment)
    }
    return try await status(id, key)
  }

  func callOff(
    message: Interchange.V1.MessageId, key: Interchange.V1.ContractId, lines: Interchange.V1.CallOffLineSeq,
    deliveryDate: Interchange.V1.CalendarDate, context: ServerContext
  ) async throws -> Interchange.V1.ContractStatus {
    let system = try await engine.caller(session, sessions)
    let id = try await known(key, system.name)
    let callOff = CallOff(lines: lines.map { CallOff.Line(number: $0.number, quantity: $0.quantity) }, deliveryDate: deliveryDate)
    let body = { (encoder: inout CDREncoder) in
      try encoder.encode(key)
      try encoder.encode(lines)
      try encoder.encode(deliveryDate)
    }
    try await once(message, key, system, context, body) { [engine] transaction, environment in
      try engine.callOff(callOff, id, system.name, transaction, &environment)
    }
    return try await status(id, key)
  }

  /// Does what a message asks for, once: the same message again changes nothing.
  ///
  /// - Parameters:
  ///   - key: the caller's id of the contract.
  ///   - body: encodes what the message says beside its id.
  private func once(
    _ message: String, _ key: String, _ system: SystemRow, _ context: ServerContext, _ body: (inout CDREncoder) throws -> Void,
    _ action: @escaping @Sendable (any StoreTransaction, inout StepEnvironment) throws -> Void
  ) async throws {
    do {
      try await engine.once(message, about: key, from: system, context, body, action)
    } catch let refusal as ContractRefusal {
      throw Interchange.V1.Refused(code: refusal.code, explanation: refusal.explanation)
    } catch let error as StoreError {
      engine.log.error("a message could not be stored", metadata: ["error": "\(error)"])
      throw SystemException(.transient, message: error.description)
    }
    CrashPoint.beforeReply.reached()
  }

  func status(key: Interchange.V1.ContractId, context: ServerContext) async throws -> Interchange.V1.ContractStatus {
    let system = try await engine.caller(session, sessions)
    return try await status(try await known(key, system.name), key)
  }

  /// The status under the caller's own id.
  private func status(_ id: String, _ key: String) async throws -> Interchange.V1.ContractStatus {
    var status = try await engine.status(ofContract: id)
    status.id = key
    if let waiting = try await engine.unsigned(contractID: id) {
      status.explanation = "the contract is here, and not signed yet: \(waiting.refusal.code): \(waiting.refusal.explanation)"
    }
    return status
  }

  private func known(_ key: String, _ system: String) async throws -> String {
    guard let id = try await crmID(of: key, system) else {
      throw Interchange.V1.NotFound(
        key: key, explanation: "the contract \"\(key)\" of \(system) is not known; it may be held, see its receipt")
    }
    return id
  }

  private func crmID(of key: String, _ system: String) async throws -> String? {
    guard let own = engine.environment().key("Contract", system, key) else { return nil }
    return try await engine.store.read { reader in
      guard let link = try reader.history(of: own).last(where: { $0.validTo == nil }) else { return nil }
      return try reader.links(of: link.common).first { $0.validTo == nil && $0.key.system == crmSystem }?.key.id.text
    }
  }
}
