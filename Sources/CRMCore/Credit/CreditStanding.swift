public import CDR
public import Identity
public import InterchangeIDL

/// How a party stands in one credit area of a system, with a contract or without one.
public struct CreditStanding: Hashable, Sendable {
  public let terms: Interchange.V1.CreditTerms
  public let policy: CreditPolicy
  /// Of what the system says it is owed.
  public let ageing: CreditAgeing
  /// What contracts that are signed add to the system's figures: an order counts here until the figures are of a time at which the
  /// system had booked it, and not any longer.
  public let signedNotOrdered: DecimalNumber
  /// The contracts in ``signedNotOrdered``.
  public let commitments: [CreditCase.Commitment]
  /// The contract that is decided on; 0 for none.
  public let amount: DecimalNumber
  /// How old the terms are, in microseconds.
  public let age: Int64

  public init(_ terms: Interchange.V1.CreditTerms, _ question: CreditCase, on today: CalendarDay) {
    self.terms = terms
    policy = question.policy(terms.creditArea)
    ageing = CreditAgeing(
      question.receivables.filter {
        $0.currency == terms.currency && ($0.creditArea.isEmpty || $0.creditArea == terms.creditArea)
      }, on: today)
    commitments = question.commitments.filter { commitment in
      commitment.currency == terms.currency && commitment.bookedAt.map { $0 > terms.asOf } ?? true
    }
    signedNotOrdered = commitments.reduce(Credit.zero) { Credit.sum($0, $1.amount) }
    amount = question.amount
    age = question.now - terms.asOf
  }

  /// Open receivable, ordered and not invoiced, signed and not ordered, and the contract.
  public var exposure: DecimalNumber {
    [terms.orderedNotInvoiced.decimal, signedNotOrdered, amount].reduce(terms.openReceivable.decimal, Credit.sum)
  }
  /// What is left of the limit; negative where it is exceeded.
  public var free: DecimalNumber { Credit.difference(terms.creditLimit.decimal, exposure) }
  /// What the system says is overdue less what the receivables show.
  public var overdueDifference: DecimalNumber { Credit.difference(terms.overdue.decimal, ageing.overdue) }
  /// The same for what is open.
  public var openDifference: DecimalNumber { Credit.difference(terms.openReceivable.decimal, ageing.open) }
  public var isStale: Bool { policy.staleAfter.map { age > $0 } ?? false }
  /// What is overdue for longer than the grace period; what the system says is overdue and no receivable shows is of an age that nobody
  /// knows, and counts.
  public var overdueBeyondGrace: DecimalNumber {
    let shown = ageing.overdue(beyond: policy.graceDays)
    return overdueDifference > Credit.zero ? Credit.sum(shown, overdueDifference) : shown
  }

  func reasons(_ question: CreditCase) -> [CreditReason] {
    let area = "the credit area \(terms.creditArea) of \(question.system)"
    var reasons: [CreditReason] = []
    if terms.onHold {
      reasons.append(CreditReason(.onHold, "\(question.party) is on hold in \(area)"))
    }
    if isStale, let limit = policy.staleAfter {
      reasons.append(
        CreditReason(
          .termsStale,
          "the credit terms of \(question.party) in \(area) are \(Credit.words(microseconds: age)) old; after \(Credit.words(microseconds: limit)) they are not sold by"
        ))
    }
    let late = overdueBeyondGrace
    if late > Credit.zero {
      reasons.append(CreditReason(.overdue, overdueWords(late, question.party, area)))
    }
    if free < Credit.zero {
      reasons.append(
        CreditReason(
          .limitExceeded,
          "with this contract \(question.party) would owe \(money(exposure)) in \(area), \(money(Credit.difference(Credit.zero, free))) above the limit of \(money(terms.creditLimit.decimal)): \(parts)"
        ))
    }
    return reasons
  }

  /// `open receivable 20.00, ordered and not invoiced 5.00, signed and not ordered 6.00, this contract 30.00`
  public var parts: String {
    let figures =
      [
        ("open receivable", terms.openReceivable.decimal), ("ordered and not invoiced", terms.orderedNotInvoiced.decimal),
        ("signed and not ordered", signedNotOrdered),
      ] + (amount == Credit.zero ? [] : [("this contract", amount)])
    return figures.map { "\($0.0) \(Credit.words($0.1))" }.joined(separator: ", ")
  }

  private func overdueWords(_ late: DecimalNumber, _ party: String, _ area: String) -> String {
    var words = "\(party) owes \(money(late)) in \(area) that are overdue for more than \(policy.graceDays) days"
    if overdueDifference > Credit.zero {
      words += ", of which \(money(overdueDifference)) stand in no receivable"
    }
    if let oldest = ageing.oldest { words += "; the oldest was due on \(oldest.due), \(oldest.days) days ago" }
    return words
  }

  private func money(_ amount: DecimalNumber) -> String { "\(Credit.words(amount)) \(terms.currency)" }
}
