import CDR
import CRMCore
import Identity
public import InterchangeIDL

extension BrokerStep {
  /// Changes a contract.
  ///
  /// What was not sent yet is replaced, its credit decided anew. An order that its destination has gets a change; the contract stays as it
  /// was until a destination has confirmed it. Amending it to what it says already takes back a change that was not sent.
  ///
  /// - Parameters:
  ///   - signed: the contract as it is, and who the new one names.
  ///   - new: the whole contract as it is to be, with the CRM core's ids. An empty order type is worked out from the amounts.
  /// - Throws: ``ContractRefusal`` where nothing can be amended, with everything that is wrong with the new contract.
  public static func amend(
    _ signed: SignedContract, to new: Interchange.V1.Contract, who: String, reason: String, in set: inout WorkingSet,
    _ environment: inout StepEnvironment
  ) throws {
    let former = signed.contract
    guard let link = set.links[key("Contract", former.id)] else { throw ContractRefusal.unknown(former) }
    let contract = try amended(former, new, environment)
    let all = set.deliveries.values.filter { $0.contract == former.id }.sorted { $0.id < $1.id }
    if contract.saysTheSame(as: former) {
      for change in all where change.action == .change && change.isUnsent {
        try withdraw(change, who: who, reason: reason, in: &set, environment)
      }
      return try bringUpToDate(former.id, in: &set, environment)
    }
    var signed = signed
    signed.contract = contract
    if contract.calledOff {
      try examineCalledOff(contract, former, all)
      try put(contract, link.common, in: &set, environment)
      number(link.common, from: former.number, to: contract.number, in: &set)
      try bringUpToDate(contract.id, in: &set, environment)
    } else if contract.status == ContractState.draft.rawValue {
      try put(contract, link.common, in: &set, environment)
      number(link.common, from: former.number, to: contract.number, in: &set)
    } else if !all.contains(where: { $0.action == .create }) {
      // On credit hold since it was signed: decided anew, as if it were signed now.
      endHolds(of: contract.id, delivery: nil, who: who, reason: reason, in: &set, environment)
      signed.contract.status = ContractState.draft.rawValue
      try sign(signed, in: &set, &environment)
    } else {
      try amendOrders(signed, former, all, who: who, reason: reason, in: &set, environment)
    }
    set.change(.insertAudit(AuditRow(at: environment.now, who: who, action: "amend", subject: former.id, reason: reason)))
  }

  /// The new contract, with what an amendment leaves as it is.
  private static func amended(
    _ former: Interchange.V1.Contract, _ new: Interchange.V1.Contract, _ environment: StepEnvironment
  ) throws -> Interchange.V1.Contract {
    let state = ContractState(rawValue: former.status)
    if [.cancelled, .cancelling, .closed].contains(state) {
      throw ContractRefusal("CONTRACT_ENDED", "the contract \(former.id) is \(former.status); it cannot be amended")
    }
    var contract = new
    contract.id = former.id
    contract.status = former.status
    contract.changedAt = environment.now
    if contract.number.isEmpty { contract.number = former.number }
    if contract.renews.isEmpty { contract.renews = former.renews }
    if contract.orderType.isEmpty {
      let isDraft = state == .draft
      let type = isDraft ? nil : OrderType.amending(from: former.grossTotal.decimal, to: contract.grossTotal.decimal)
      contract.orderType = type?.rawValue ?? former.orderType
    }
    var findings = contract.examine().map(\.words)
    var code = contract.examine().first?.code
    for (field, said, stays) in [
      ("number", contract.number, former.number), ("party", contract.party, former.party), ("currency", contract.currency, former.currency),
      ("calledOff", "\(contract.calledOff)", "\(former.calledOff)"),
    ] where said != stays && state != .draft {
      code = code ?? "AMENDMENT_NOT_POSSIBLE"
      findings.append("\(field): \"\(stays)\" stays for the life of a signed contract, it cannot become \"\(said)\"; draft a new contract")
    }
    if let code { throw ContractRefusal(code, findings.joined(separator: "; ")) }
    return contract
  }

  /// What is called off of a contract stays in it.
  private static func examineCalledOff(
    _ contract: Interchange.V1.Contract, _ former: Interchange.V1.Contract, _ deliveries: [DeliveryRow]
  ) throws {
    let orders = try CallOffRows.orders(deliveries)
    var findings: [String] = []
    for line in CallOffs.lines(of: former, orders: orders) where line.calledOff > DecimalNumber(0) {
      guard let new = contract.lines.first(where: { $0.number == line.number }) else {
        findings.append("line \(line.number) cannot be left out: \(line.calledOff) of it are called off")
        continue
      }
      if new.quantity.decimal < line.calledOff {
        findings.append("the quantity \(new.quantity) of line \(line.number) is less than the \(line.calledOff) that are called off")
      }
      if new.product != former.lines.first(where: { $0.number == line.number })?.product {
        findings.append("line \(line.number) cannot become another product: \(line.calledOff) of it are called off")
      }
    }
    if !findings.isEmpty { throw ContractRefusal("CALLED_OFF_ALREADY", findings.joined(separator: "; ")) }
  }

  // MARK: - Orders

  private static func amendOrders(
    _ signed: SignedContract, _ former: Interchange.V1.Contract, _ all: [DeliveryRow], who: String, reason: String,
    in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    let contract = signed.contract
    let creates = all.filter { $0.action == .create && ($0.isOpen || $0.isStanding) }
    for delivery in all where delivery.isOpen && !delivery.isUnsent { throw ContractRefusal.underWay(delivery) }
    if creates.isEmpty {
      let refused = all.contains { $0.state == .refused && $0.action == .create }
      throw ContractRefusal(
        refused ? "CONTRACT_REFUSED" : "CONTRACT_ENDED",
        refused
          ? "every order of the contract \(contract.id) was refused; draft a new contract"
          : "the contract \(contract.id) has no order any more; draft a new contract")
    }
    var isInForce = false
    for create in creates {
      let order = try order(of: create, from: signed, environment)
      if create.isUnsent {
        isInForce = true
        try replace(create, order, contract, who: who, reason: reason, in: &set, environment)
      } else {
        for change in all where change.original == create.id && change.action == .change && change.isUnsent {
          try withdraw(change, who: who, reason: reason, in: &set, environment)
        }
        var change = try following(create, .change, order, in: &set, environment)
        change.amendment = try contract.cdr()
        set.change(.putDelivery(change))
        try holdOrCommit(change, contract, in: &set, environment)
      }
    }
    try bringUpToDate(contract.id, amended: isInForce ? contract : nil, in: &set, environment)
  }

  /// The order of a delivery as the contract is to be.
  private static func order(
    of create: DeliveryRow, from signed: SignedContract, _ environment: StepEnvironment
  ) throws -> Interchange.V1.Order {
    let former = try Interchange.V1.Order(cdr: create.order)
    return ContractRules.order(
      former.id, of: signed.contract, customer: signed.customer, contact: signed.contact, customerKey: create.customerKey,
      callOff: create.callOff, at: environment.now)
  }

  /// Another order in the place of one that was not sent.
  private static func replace(
    _ create: DeliveryRow, _ order: Interchange.V1.Order, _ contract: Interchange.V1.Contract, who: String, reason: String,
    in set: inout WorkingSet, _ environment: StepEnvironment
  ) throws {
    endHolds(of: create.contract, delivery: create.id, who: who, reason: reason, in: &set, environment)
    var create = create
    create.order = try order.cdr()
    create.start(at: environment.now)
    set.change(.credit(.removeCommitment(delivery: create.id, party: contract.party)))
    set.change(.putDelivery(create))
    try holdOrCommit(create, contract, in: &set, environment)
  }
}

extension Interchange.V1.Contract {
  /// Whether nothing that the customer signed differs; when it was changed and by which version does not count.
  func saysTheSame(as other: Self) -> Bool {
    var left = self
    left.changedAt = other.changedAt
    left.sourceVersion = other.sourceVersion
    return left == other
  }
}
