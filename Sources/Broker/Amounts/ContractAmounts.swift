public import CRMCore
public import InterchangeIDL

extension AmountPolicy {
  /// What of a contract its currency cannot have and the policy wants to know of; empty where it goes on in silence.
  public func findings(in contract: Interchange.V1.Contract) -> [Finding] {
    contract.amountFindings + (prices == .allow ? [] : contract.priceFindings)
  }

  /// Whether one of the findings is refused, or waits for a person.
  public func stops(_ findings: [Finding], isLookedAt: Bool = false) -> Bool {
    findings.contains { finding in
      switch response(to: finding) {
      case .refuse: true
      case .hold: !isLookedAt
      case .warn, nil: false
      }
    }
  }
}

extension ContractRefusal {
  /// A contract has amounts that its currency cannot have.
  public init(amounts findings: [Finding]) {
    self.init(
      findings.first?.code ?? "AMOUNT_DIGITS",
      findings.words
        + "; amend it, or say in broker.xml what is done with such amounts: <amounts paid=\"…\"/>")
  }

  /// An order would be booked otherwise than it was signed.
  public init(booked findings: [Finding]) {
    self.init(
      findings.first?.code ?? "AMOUNT_DIFFERS",
      findings.words
        + "; amend the contract, or change the mapping; <amounts deliveries=\"warn\"/> in broker.xml lets it go")
  }
}
