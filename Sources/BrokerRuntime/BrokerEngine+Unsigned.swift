public import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// A contract that another system signed and that is not signed here: it waits for a person, or for a system that takes its order.
public struct UnsignedContract: Sendable {
  public var row: ObjectRow
  /// Who signed it.
  public var system: String
  /// What keeps it from being signed here.
  public var refusal: ContractRefusal
}

// What waits to be signed here, and when it is.
extension BrokerEngine {
  /// Contracts that are looked at in one transaction.
  private static let unsignedLimit = 200

  /// Contracts that other systems signed and that are not signed here, by id.
  ///
  /// - Parameter after: an id, for the next page.
  public func unsigned(after: String = "", limit: Int) async throws -> [UnsignedContract] {
    try await store.read { [self] reader in
      var (found, last) = ([UnsignedContract](), after)
      while found.count < limit {
        let page = try reader.drafts(entity: EntityKind.contract.name, after: last, limit: limit)
        for row in page where found.count < limit { if let one = try unsigned(row, reader) { found.append(one) } }
        guard page.count == limit, let end = page.last else { break }
        last = end.id
      }
      return found
    }
  }

  /// A contract that another system signed and that is not signed here; nil for every other.
  public func unsigned(contractID: String) async throws -> UnsignedContract? {
    try await store.read { [self] reader in
      try reader.object(entity: EntityKind.contract.name, id: contractID).flatMap { try unsigned($0, reader) }
    }
  }

  private func unsigned(_ row: ObjectRow, _ reader: any StoreReader) throws -> UnsignedContract? {
    guard row.status == ContractState.draft.rawValue, let system = try signer(of: row, reader) else { return nil }
    return UnsignedContract(row: row, system: system, refusal: try obstacle(to: row, reader))
  }

  /// The other system whose contract it is; nil for one of our own.
  func signer(of row: ObjectRow, _ reader: any StoreReader) throws -> String? {
    try reader.links(of: row.common).first {
      $0.validTo == nil && $0.key.entity == EntityKind.contract.name && $0.key.system != crmSystem
    }?.key.system
  }

  /// What would be said if the contract was signed now.
  private func obstacle(to row: ObjectRow, _ reader: any StoreReader) throws -> ContractRefusal {
    do {
      let signed = try signedContract(row.id, reader)
      let inactive = try inactive(in: signed.contract, reader)
      if !inactive.isEmpty, policies.inactive == .refuse { return ContractRefusal(inactive) }
      let amounts = policies.amounts.findings(in: signed.contract)
      if policies.amounts.stops(amounts) { return ContractRefusal(amounts: amounts) }
      var set = try reader.load(BrokerStep.needs(signing: signed.contract, systems: try reader.systems().map(\.name)))
      var environment = environment()
      try BrokerStep.sign(signed, in: &set, &environment)
    } catch let refusal as ContractRefusal {
      return refusal
    }
    return ContractRefusal(
      "CONTRACT_NOT_SIGNED", "nothing keeps it from being signed any more: `tessera contracts sign \(row.id)` signs it")
  }

  /// Signs what waits for a system that takes orders, now that one does.
  ///
  /// - Parameter after: the id behind which is looked.
  /// - Returns: the last id that was looked at; nil where there is no more.
  func signUnsigned(
    after: String = "", _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws -> String? {
    let rows = try transaction.drafts(entity: EntityKind.contract.name, after: after, limit: Self.unsignedLimit)
    for row in rows {
      guard let waiting = try unsigned(row, transaction), waiting.refusal.code == "CONTRACT_NOT_SIGNED" else { continue }
      try signHere(row, of: waiting.system, transaction, &environment)
    }
    return rows.count < Self.unsignedLimit ? nil : rows.last?.id
  }
}
