public import CDR
public import CRMCore
public import Identity
public import InterchangeIDL

/// What credit control knows of one party, from the rows of a step.
public struct CreditAccount: Sendable {
  public let party: String
  /// With the systems that gave them.
  public let terms: [(system: String, terms: Interchange.V1.CreditTerms)]
  public let receivables: [(system: String, receivable: Interchange.V1.Receivable)]
  public let commitments: [CommitmentRow]
  private let policies: [CreditPolicyRow]

  /// - Parameter set: loaded with the party among ``Needs/creditOfParties``.
  public init(_ party: String, _ set: WorkingSet) throws(CDRError) {
    self.party = party
    var terms: [(system: String, terms: Interchange.V1.CreditTerms)] = []
    var receivables: [(system: String, receivable: Interchange.V1.Receivable)] = []
    for entry in set.credit.entries where entry.party == party {
      guard let row = set.objects[LinkKey(entity: entry.entity, system: crmSystem, id: ForeignID(entry.id))] else { continue }
      if entry.entity == EntityKind.creditTerms.name {
        terms.append((row.changedBy, try Interchange.V1.CreditTerms(cdr: row.body)))
      } else {
        receivables.append((row.changedBy, try Interchange.V1.Receivable(cdr: row.body)))
      }
    }
    self.terms = terms
    self.receivables = receivables
    commitments = set.credit.commitments.filter { $0.party == party }
    policies = set.credit.policies
  }

  /// The policy for a system's area: its own, else the system's, else the defaults.
  public static func policy(_ system: String, _ area: String, among rows: [CreditPolicyRow]) -> CreditPolicyRow {
    rows.first { $0.system == system && $0.area == area } ?? rows.first { $0.system == system && $0.area.isEmpty }
      ?? CreditPolicyRow(system: system, area: "", policy: CreditPolicy(), termsFrom: "", changedAt: 0, changedBy: "")
  }

  /// The question whether the party may order there for so much.
  ///
  /// - Parameters:
  ///   - contract: its own commitments do not count; empty for none.
  ///   - delivery: its own commitment does not count; nil for none.
  public func question(
    for system: String, contract: String = "", delivery: Int64? = nil, currency: String, amount: DecimalNumber, area: String, now: Int64,
    zone: DayZone
  ) -> CreditCase {
    let policies = policies
    let source = { (area: String) -> String in
      let named = Self.policy(system, area, among: policies).termsFrom
      return named.isEmpty ? system : named
    }
    return CreditCase(
      system: system, party: party, currency: currency, amount: amount, area: area,
      terms: terms.filter { $0.system == source($0.terms.creditArea) }.map(\.terms),
      receivables: receivables.filter { $0.system == source($0.receivable.creditArea) }.map(\.receivable),
      commitments: commitments.filter { $0.destination == system && $0.contract != contract && $0.delivery != delivery }
        .map(CreditCase.Commitment.init),
      policy: { Self.policy(system, $0, among: policies).policy }, now: now, zone: zone)
  }

  /// The question for a contract.
  public func question(for system: String, _ contract: Interchange.V1.Contract, now: Int64, zone: DayZone) -> CreditCase {
    question(
      for: system, contract: contract.id, currency: contract.currency, amount: contract.grossTotal.decimal, area: contract.creditArea,
      now: now, zone: zone)
  }

  /// The systems whose orders are controlled by the terms of the given one.
  func destinations(ruledBy system: String) -> [String] {
    Set([system] + policies.filter { $0.termsFrom == system }.map(\.system)).sorted()
  }
}

extension CreditCase.Commitment {
  init(_ row: CommitmentRow) {
    self.init(
      contract: row.contract, currency: row.currency, amount: DecimalNumber(unscaled: Int128(row.amount), scale: 4) ?? Credit.zero,
      bookedAt: row.bookedAt)
  }
}

extension Interchange.V1.Contract {
  /// The credit area that the contract names with its attribute `creditArea`; empty where it names none.
  public var creditArea: String { attributes.first { $0.name == "creditArea" }?.value ?? "" }
}
