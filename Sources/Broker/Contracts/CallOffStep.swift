import CDR
public import CRMCore
import Identity
import InterchangeIDL

extension BrokerStep {
  /// Calls a part of a contract's quantities off: one order for each destination is on its way from here on, unless credit control holds
  /// it. Never more in all than the contract says: what is called off stands in the rows of this transaction.
  ///
  /// - Parameter signed: the contract with the systems that take orders now.
  /// - Returns: which call-off of the contract it is, from 1.
  /// - Throws: ``ContractRefusal`` with everything that is wrong with it.
  @discardableResult
  public static func callOff(
    _ callOff: CallOff, of signed: SignedContract, who: String, in set: inout WorkingSet, _ environment: inout StepEnvironment
  ) throws -> Int {
    let contract = signed.contract
    guard contract.calledOff else {
      throw ContractRefusal(
        "NOT_CALLED_OFF", "the contract \(contract.id) is ordered as a whole when it is signed; nothing of it is called off")
    }
    switch ContractState(rawValue: contract.status) {
    case .draft: throw ContractRefusal("CONTRACT_NOT_SIGNED", "the contract \(contract.id) is a draft; sign it first")
    case .cancelled, .cancelling, .closed:
      throw ContractRefusal("CONTRACT_ENDED", "the contract \(contract.id) is \(contract.status); nothing more is called off of it")
    default: break
    }
    if signed.destinations.isEmpty { throw ContractRefusal.noDestination }
    let deliveries = set.deliveries.values.filter { $0.contract == contract.id }
    let orders = try CallOffRows.orders(deliveries)
    let findings = CallOffs.examine(callOff, of: contract, orders: orders)
    if let first = findings.first {
      throw ContractRefusal(first.code, findings.words)
    }
    guard let part = CallOffs.part(callOff, of: contract, orders: orders) else {
      throw ContractRefusal("NUMBER_OVERFLOW", "the amounts of the call-off are too large to be added")
    }
    let amounts = environment.policies.amounts.findings(in: part)
    if environment.policies.amounts.stops(amounts) { throw ContractRefusal(amounts: amounts) }
    let number = 1 + (deliveries.map(\.callOff).max() ?? 0)
    var signedPart = signed
    signedPart.contract = part
    for destination in signed.destinations {
      let row = try place(signedPart, at: destination, callOff: number, in: &set, &environment)
      try holdOrCommit(row, contract, in: &set, environment)
    }
    try bringUpToDate(contract.id, in: &set, environment)
    let words = part.lines.map { "\($0.quantity) of line \($0.number)" }.joined(separator: ", ")
    set.change(
      .insertAudit(
        AuditRow(at: environment.now, who: who, action: "call-off", subject: "\(contract.id), call-off \(number)", reason: words)))
    if !amounts.isEmpty {
      set.change(
        .insertAudit(
          AuditRow(
            at: environment.now, who: who, action: "call-off-amounts", subject: "\(contract.id), call-off \(number)",
            reason: amounts.words)))
    }
    return number
  }
}
