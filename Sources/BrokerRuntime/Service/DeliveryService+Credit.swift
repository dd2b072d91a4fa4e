import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import Logging
import Mapping
import StoreAPI

/// A destination asked, before an order is sent, for the customer's credit there.
extension DeliveryService {
  /// What is known of a delivery's contract and customer before the destination is asked.
  private struct Inquiry: Sendable {
    var contract: Interchange.V1.Contract
    var customerNumber: String
    var decision: CreditDecision
    var policy: CreditPolicy
    var area: String
    /// With tax: of the order, or what a change adds to it.
    var amount: Interchange.V1.MoneyAmount
  }

  /// How the destination answered.
  private enum CreditAnswer: Sendable {
    case verdict(Interchange.V1.CreditVerdict)
    case noSay
    case unreachable(String)
  }

  /// Asks the destination where it offers that and the policy wants it, once for each order: one that may have been sent is not held any more.
  ///
  /// - Returns: whether the order may be sent; else its contract is on hold.
  func creditAllows(_ row: DeliveryRow, _ system: SystemRow, _ adapter: any Adapter) async throws -> Bool {
    guard row.attempts == 0, row.action != .cancel, let desk = adapter as? any CreditCheckingAdapter, let type = desk.creditQuestionType,
      let inquiry = try await inquiry(row)
    else { return true }
    switch try await answer(row, inquiry, system, desk, type) {
    case .noSay: return true
    case .verdict(let verdict) where verdict.outcome != "refused": return true
    case .verdict(let verdict): return try await hold(row, inquiry, CreditReason(.refusedBySystem, Self.words(verdict, system.name)))
    case .unreachable(let why):
      let said = "\(system.name) could not be asked for the credit of \(inquiry.contract.party): \(why)"
      if inquiry.policy.fallback == .hold { return try await hold(row, inquiry, CreditReason(.notAsked, said)) }
      if let reason = inquiry.decision.reasons.first { return try await hold(row, inquiry, reason) }
      try await noteUnasked(row, inquiry, "\(said); the order was sent by the stored terms, \(Self.words(inquiry.decision))")
      return true
    }
  }

  /// Nil where the destination is not to be asked: the contract is not controlled, the policy does not want it, a person released the
  /// contract, or the destination has no number for the customer.
  private func inquiry(_ row: DeliveryRow) async throws -> Inquiry? {
    let now = engine.now()
    return try await engine.store.read { [engine] reader in
      let contract = try engine.contract(row.contract, reader)
      let customer = try reader.links(of: row.party).first {
        $0.validTo == nil && $0.key.entity == "Party" && $0.key.system == row.destination
      }
      guard let customer else { return nil }
      let isWhole = row.action == .create && row.callOff == 0
      let released = try reader.creditHolds(ofContract: row.contract).last {
        $0.state == .released && ($0.delivery == row.id || $0.delivery == nil && isWhole)
      }
      if let released, released.endedBy != "broker" { return nil }
      let set = try reader.load(BrokerStep.needs(signing: contract))
      let amount = try BrokerStep.amount(of: row, in: set)
      // A change that adds nothing needs no credit.
      if amount <= 0 && row.action == .change { return nil }
      let decision = try BrokerStep.creditDecision(on: row, of: contract, in: set, now: now, zone: engine.policies.zone)
      if !decision.isControlled { return nil }
      let area = decision.standings.first?.terms.creditArea ?? contract.creditArea
      let policy = CreditAccount.policy(row.destination, area, among: set.credit.policies).policy
      if !policy.asks { return nil }
      return Inquiry(
        contract: contract, customerNumber: customer.key.id.text, decision: decision, policy: policy, area: area,
        amount: try Interchange.V1.MoneyAmount(unscaled: Int128(amount)))
    }
  }

  private func answer(
    _ row: DeliveryRow, _ inquiry: Inquiry, _ system: SystemRow, _ desk: any CreditCheckingAdapter, _ type: String
  ) async throws -> CreditAnswer {
    let contract = inquiry.contract
    let question = Interchange.V1.CreditQuestion(
      contractKey: contract.id, customerNumber: contract.party, creditArea: inquiry.area, currency: contract.currency,
      amount: inquiry.amount)
    let plan: MappingPlan
    do throws(MappingMissing) {
      plan = try engine.mappings.neededPlan(from: "CreditQuestion", target: type, system: system.name, systemType: system.type)
    } catch { return .unreachable(error.description) }
    let context = engine.mappingContext(engine.now())
    let outcome = plan.run(question.record, in: context)
    guard let item = outcome.items.first, !outcome.isRejected, !outcome.isHeld else {
      return .unreachable("the question cannot be put in its words: \(outcome.problems.map(\.description).joined(separator: "; "))")
    }
    let asked = item.resolving(
      item.references.map { $0.entity == "Party" && $0.foreignID == contract.party ? inquiry.customerNumber : nil })
    if asked.isRejected || !asked.waiting.isEmpty {
      return .unreachable("the question cannot be put in its words: \(asked.problems.map(\.description).joined(separator: "; "))")
    }
    let answer: Record?
    do { answer = try await desk.checkCredit(key: row.correlationKey, question: asked.record) } catch let failure as AdapterFailure {
      return .unreachable(failure.description)
    }
    guard let answer else { return .noSay }
    if desk.creditVerdictType == "CreditVerdict" { return .verdict(try Interchange.V1.CreditVerdict(record: answer)) }
    let back: MappingPlan
    do throws(MappingMissing) {
      back = try engine.mappings.neededPlan(
        from: desk.creditVerdictType, target: "CreditVerdict", system: system.name, systemType: system.type)
    } catch { return .unreachable(error.description) }
    let understood = back.run(answer, in: context)
    guard let verdict = understood.items.first, !understood.isRejected, !understood.isHeld else {
      return .unreachable("its answer was not understood: \(understood.problems.map(\.description).joined(separator: "; "))")
    }
    return .verdict(try Interchange.V1.CreditVerdict(record: verdict.record))
  }

  private static func words(_ verdict: Interchange.V1.CreditVerdict, _ system: String) -> String {
    let money = { (amount: Interchange.V1.MoneyAmount) in "\(Credit.words(amount.decimal)) \(verdict.currency)" }
    let figures =
      verdict.creditLimit.unscaled == 0 && verdict.exposure.unscaled == 0
      ? "" : "; of its limit of \(money(verdict.creditLimit)) are used \(money(verdict.exposure))"
    return "\(system) refuses the credit (\(verdict.code)): \(verdict.explanation)\(figures)"
  }

  private static func words(_ decision: CreditDecision) -> String {
    decision.standings.map { "\(Credit.words(microseconds: $0.age)) old: \($0.parts)" }.joined(separator: "; ")
  }

  private func hold(_ row: DeliveryRow, _ inquiry: Inquiry, _ reason: CreditReason) async throws -> Bool {
    try await engine.transact { [engine] transaction, environment in
      var set = try transaction.load(BrokerStep.needs(signing: inquiry.contract))
      try BrokerStep.refuseCredit(row, reason, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
    return false
  }

  private func noteUnasked(_ row: DeliveryRow, _ inquiry: Inquiry, _ explanation: String) async throws {
    engine.log.warning(
      "an order is sent without the destination's word", metadata: ["contract": "\(row.contract)", "why": "\(explanation)"])
    try await engine.transact { [engine] transaction, environment in
      // Once for each delivery: an order that waits for something else is looked at again.
      if try transaction.creditHolds(ofContract: row.contract).contains(where: { $0.delivery == row.id && $0.state == .unasked }) { return }
      var set = try transaction.load(BrokerStep.needs(signing: inquiry.contract))
      try BrokerStep.noteUnasked(row.id, explanation, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }
}
