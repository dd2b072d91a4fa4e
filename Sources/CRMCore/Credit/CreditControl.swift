public import CDR
public import Identity
public import InterchangeIDL

/// What is asked of credit control: may this contract become an order for that system?
public struct CreditCase: Sendable {
  /// Another contract of the party that is signed, with an order that the system may not have in its figures.
  public struct Commitment: Hashable, Sendable {
    public var contract: String
    public var currency: String
    public var amount: DecimalNumber
    /// When the system booked the order, by its own clock; nil before it has.
    public var bookedAt: Int64?

    public init(contract: String, currency: String, amount: DecimalNumber, bookedAt: Int64?) {
      self.contract = contract
      self.currency = currency
      self.amount = amount
      self.bookedAt = bookedAt
    }
  }

  public var system: String
  public var party: String
  public var currency: String
  /// With tax, as receivables have it.
  public var amount: DecimalNumber
  /// The area that the contract names; empty where it names none.
  public var area: String
  /// The party's terms for orders to the system.
  public var terms: [Interchange.V1.CreditTerms]
  public var receivables: [Interchange.V1.Receivable]
  public var commitments: [Commitment]
  /// The policy of an area, which is that of the system where the area has none of its own; empty for the system's.
  public var policy: @Sendable (_ area: String) -> CreditPolicy
  /// Microseconds since 1970 UTC.
  public var now: Int64
  /// Where days begin and end.
  public var zone: DayZone

  /// The day on which it is asked.
  public var today: CalendarDay { zone.day(of: now) }

  public init(
    system: String, party: String, currency: String, amount: DecimalNumber, area: String, terms: [Interchange.V1.CreditTerms],
    receivables: [Interchange.V1.Receivable], commitments: [Commitment], policy: @escaping @Sendable (String) -> CreditPolicy, now: Int64,
    zone: DayZone = .utc
  ) {
    self.system = system
    self.party = party
    self.currency = currency
    self.amount = amount
    self.area = area
    self.terms = terms
    self.receivables = receivables
    self.commitments = commitments
    self.policy = policy
    self.now = now
    self.zone = zone
  }
}

/// Why a contract goes on hold: a stable code, and words with the figures.
public struct CreditReason: Hashable, Sendable {
  public enum Code: String, Sendable, CaseIterable {
    case termsMissing = "CREDIT_TERMS_MISSING"
    case otherCurrency = "CREDIT_CURRENCY"
    case onHold = "CREDIT_ON_HOLD"
    case termsStale = "CREDIT_TERMS_STALE"
    case overdue = "CREDIT_OVERDUE"
    case limitExceeded = "CREDIT_LIMIT"
    /// Said by the system itself, asked before the order is sent.
    case refusedBySystem = "CREDIT_REFUSED"
    /// The system could not be asked, and the policy says that then nothing is sent.
    case notAsked = "CREDIT_NOT_ASKED"
  }

  public var code: Code
  public var explanation: String

  public init(_ code: Code, _ explanation: String) {
    self.code = code
    self.explanation = explanation
  }
}

/// What credit control says.
public struct CreditDecision: Hashable, Sendable {
  /// Whether the contract is controlled at all.
  public var isControlled: Bool
  /// Why it goes on hold; empty: it may be ordered.
  public var reasons: [CreditReason]
  /// The areas that it was measured by.
  public var standings: [CreditStanding]

  public var isAllowed: Bool { reasons.isEmpty }
  public var explanation: String { reasons.map(\.explanation).joined(separator: "; ") }
}

/// Credit control: pure, given the figures and the time.
public enum CreditControl {
  /// Decides on one contract and one system.
  ///
  /// The areas that count are the one that the contract names, else all areas in the contract's currency for which the party has terms;
  /// each of them must allow it.
  public static func decide(_ question: CreditCase) -> CreditDecision {
    let today = question.today
    let known = question.terms.filter { question.policy($0.creditArea).control != .off }
      .sorted { ($0.creditArea, $0.id) < ($1.creditArea, $1.id) }
    let named = question.area.isEmpty ? known : known.filter { $0.creditArea == question.area }
    let whose = "\(question.party)\(question.area.isEmpty ? "" : " in the credit area \(question.area)")"
    guard !named.isEmpty else {
      // Terms in areas that are switched off are no terms; without any, the system's policy decides.
      if question.policy(question.area).control != .on { return CreditDecision(isControlled: false, reasons: [], standings: []) }
      return CreditDecision(
        isControlled: true,
        reasons: [
          CreditReason(.termsMissing, "\(question.system) has given no credit terms for \(whose); without them nothing is sold on credit")
        ], standings: [])
    }
    let active = named.filter { $0.status == "active" }
    guard !active.isEmpty else {
      return CreditDecision(
        isControlled: true,
        reasons: [CreditReason(.termsMissing, "the credit terms that \(question.system) gave for \(whose) are withdrawn")], standings: [])
    }
    let fitting = active.filter { $0.currency == question.currency }
    guard !fitting.isEmpty else {
      let others = active.map { "\($0.currency) in \($0.creditArea)" }.joined(separator: ", ")
      return CreditDecision(
        isControlled: true,
        reasons: [
          CreditReason(
            .otherCurrency, "the contract is in \(question.currency), and \(whose) has credit terms of \(question.system) in \(others) only"
          )
        ], standings: [])
    }
    let standings = fitting.map { CreditStanding($0, question, on: today) }
    return CreditDecision(isControlled: true, reasons: standings.flatMap { $0.reasons(question) }, standings: standings)
  }
}
