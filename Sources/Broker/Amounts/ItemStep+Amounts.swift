import CDR
import CRMCore
import Identity

// Amounts of an item that their currency cannot have, and what the policy says of them.
extension ItemStep {
  /// What is to be done with an item for its amounts.
  enum AmountVerdict {
    /// It is taken; the findings are told with it.
    case take([Finding])
    case refuse([Finding])
    case hold([Finding])
  }

  /// Looks at an object that would be written.
  func amountVerdict(
    _ kind: EntityKind, _ record: Record, _ set: WorkingSet, _ environment: StepEnvironment
  ) -> AmountVerdict {
    // What is withdrawn is not paid any more, and must not stand for ever.
    if kind.text(kind.statusSlot, of: record) == "inactive" { return .take([]) }
    let policy = environment.policies.amounts
    var findings = kind.bearsAmounts ? kind.amountFindings(of: record) : []
    if policy.prices != .allow, kind.bearsPrices { findings += kind.priceFindings(of: record, currency: listCurrency(kind, record, set)) }
    if findings.isEmpty { return .take([]) }
    let refused = findings.filter { policy.response(to: $0) == .refuse }
    if !refused.isEmpty { return .refuse(refused) }
    let held = findings.filter { policy.response(to: $0) == .hold }
    // A contract of another system waits as a draft, to be signed by a person; what a person has released was looked at.
    if held.isEmpty || kind === EntityKind.contract || wasReleased { return .take(findings) }
    return .hold(held)
  }

  /// Whether the item waited for its amounts alone: then nothing but a person lets it run again.
  private var wasReleased: Bool {
    guard let heldBefore else { return false }
    return ["AMOUNT_DIGITS", "PRICE_DIGITS"].contains(heldBefore.code) && heldBefore.causes.isEmpty
  }

  /// The currency of the list that a price line belongs to; empty where it is not known.
  private func listCurrency(_ kind: EntityKind, _ record: Record, _ set: WorkingSet) -> String {
    guard kind === EntityKind.priceLine, case .text(let list)? = record["list"],
      let row = set.objects[LinkKey(entity: EntityKind.priceList.name, system: crmSystem, id: ForeignID(list))],
      let body = try? Record(cdr: row.body, as: EntityKind.priceList.type), case .text(let currency)? = body["currency"]
    else { return "" }
    return currency
  }

  /// Keeps the item until a person releases it.
  func hold(
    _ findings: [Finding], _ application: Application, in set: inout WorkingSet, _ environment: StepEnvironment
  ) -> ItemRow {
    let held = heldRow(
      application.key, application.version, [], findings.map { ($0.code, $0.words) }, environment)
    return hold(held, in: &set, environment)
  }

  /// Tells with a result that amounts were taken that their currency cannot have.
  func warn(of findings: [Finding], in result: inout ItemRow) {
    guard let first = findings.first else { return }
    let words = findings.words
    if result.code.isEmpty {
      (result.code, result.path, result.explanation) = (first.code, first.path, "it is taken as it is: \(words)")
    } else {
      result.explanation += "; taken as it is: \(words)"
    }
  }
}
