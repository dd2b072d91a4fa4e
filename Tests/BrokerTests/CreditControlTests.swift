import CDR
import CRMCore
import Identity
import InterchangeIDL
import Testing

/// 31 March 2026, 12:00 UTC.
private let noon: Int64 = 1_774_958_400_000_000
private let hour: Int64 = 3_600_000_000

private func amount(_ text: String) -> DecimalNumber { DecimalNumber(text)! }

/// Credit control as a pure function: no store, no clock.
@Suite struct CreditControlTests {
  private func question(
    _ terms: [V1.CreditTerms], amount text: String = "40", currency: String = "EUR", area: String = "", receivables: [V1.Receivable] = [],
    commitments: [CreditCase.Commitment] = [], policy: CreditPolicy = CreditPolicy()
  ) -> CreditCase {
    CreditCase(
      system: "erp", party: "C-1", currency: currency, amount: amount(text), area: area, terms: terms, receivables: receivables,
      commitments: commitments, policy: { _ in policy }, now: noon)
  }

  private func codes(_ question: CreditCase) -> [String] { CreditControl.decide(question).reasons.map(\.code.rawValue) }

  @Test func exposureUpToTheLimitIsAllowed() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", open: "20", ordered: "10", asOf: noon - hour)
    let commitments = [CreditCase.Commitment(contract: "V-9", currency: "EUR", amount: amount("30"), bookedAt: nil)]
    let decision = CreditControl.decide(question([terms], commitments: commitments))
    #expect(decision.isControlled && decision.isAllowed)
    #expect(decision.standings[0].exposure == amount("100") && decision.standings[0].free == amount("0"))
  }

  @Test func oneCentMoreIsNot() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", open: "20", ordered: "10", asOf: noon - hour)
    let commitments = [CreditCase.Commitment(contract: "V-9", currency: "EUR", amount: amount("30.01"), bookedAt: nil)]
    let decision = CreditControl.decide(question([terms], commitments: commitments))
    #expect(decision.reasons.map(\.code) == [.limitExceeded])
    #expect(
      decision.explanation
        == "with this contract C-1 would owe 100.01 EUR in the credit area 1000 of erp, 0.01 EUR above the limit of 100.00 EUR: open receivable 20.00, ordered and not invoiced 10.00, signed and not ordered 30.01, this contract 40.00"
    )
  }

  /// An order counts once: as ours until the figures are of a time at which the ERP had booked it, as the ERP's from then on.
  @Test(arguments: [(nil, "30"), (noon + 1, "30"), (noon, "0"), (noon - 1, "0")] as [(Int64?, String)])
  func aBookedOrderCountsUntilTheFiguresHoldIt(bookedAt: Int64?, counted: String) {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", asOf: noon)
    let commitment = CreditCase.Commitment(contract: "V-9", currency: "EUR", amount: amount("30"), bookedAt: bookedAt)
    #expect(CreditControl.decide(question([terms], commitments: [commitment])).standings[0].signedNotOrdered == amount(counted))
  }

  @Test func whatIsSignedInAnotherCurrencyIsNotAdded() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", asOf: noon)
    let commitment = CreditCase.Commitment(contract: "V-9", currency: "CNY", amount: amount("3000"), bookedAt: nil)
    #expect(codes(question([terms], commitments: [commitment])) == [])
  }

  @Test func withoutTermsThePolicyDecides() {
    var policy = CreditPolicy()
    #expect(!CreditControl.decide(question([])).isControlled)
    policy.control = .on
    #expect(codes(question([], policy: policy)) == ["CREDIT_TERMS_MISSING"])
    policy.control = .off
    let broke = V1.CreditTerms.sample("t", party: "C-1", limit: "0", onHold: true, asOf: noon)
    #expect(!CreditControl.decide(question([broke], policy: policy)).isControlled)
  }

  @Test func termsThatWereWithdrawnAllowNothing() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", status: "inactive", asOf: noon)
    #expect(codes(question([terms])) == ["CREDIT_TERMS_MISSING"])
  }

  @Test func staleTermsAreNotSoldBy() {
    var policy = CreditPolicy()
    policy.staleAfter = 24 * hour
    let old = V1.CreditTerms.sample("t", party: "C-1", limit: "100", asOf: noon - 24 * hour - 1)
    #expect(codes(question([old], policy: policy)) == ["CREDIT_TERMS_STALE"])
    #expect(codes(question([.sample("t", party: "C-1", limit: "100", asOf: noon - 24 * hour)], policy: policy)) == [])
    policy.staleAfter = nil
    #expect(codes(question([old], policy: policy)) == [])
  }

  @Test func anotherCurrencyIsNotComparedWithTheLimit() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", currency: "CNY", asOf: noon)
    let decision = CreditControl.decide(question([terms]))
    #expect(decision.reasons.map(\.code) == [.otherCurrency])
    #expect(decision.explanation == "the contract is in EUR, and C-1 has credit terms of erp in CNY in 1000 only")
    // Where there are several areas, the one in the contract's currency counts.
    #expect(codes(question([terms, .sample("u", party: "C-1", area: "2000", limit: "100", asOf: noon)])) == [])
  }

  @Test func theContractMayNameItsArea() {
    let poor = V1.CreditTerms.sample("t", party: "C-1", limit: "10", asOf: noon)
    let rich = V1.CreditTerms.sample("u", party: "C-1", area: "2000", limit: "100", asOf: noon)
    #expect(codes(question([poor, rich])) == ["CREDIT_LIMIT"], "all areas in the currency must allow it")
    #expect(codes(question([poor, rich], area: "2000")) == [])
    #expect(codes(question([poor, rich], area: "1000")) == ["CREDIT_LIMIT"])
  }

  @Test func everyReasonIsSaid() {
    var policy = CreditPolicy()
    policy.staleAfter = hour
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "10", overdue: "5", onHold: true, asOf: noon - 2 * hour)
    #expect(
      codes(question([terms], policy: policy)) == ["CREDIT_ON_HOLD", "CREDIT_TERMS_STALE", "CREDIT_OVERDUE", "CREDIT_LIMIT"])
  }

  // MARK: - Overdue

  @Test(arguments: [("2026-03-26", []), ("2026-03-25", ["CREDIT_OVERDUE"])])
  func overdueHoldsAfterTheGracePeriod(due: String, expected: [String]) {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", open: "20", overdue: "20", asOf: noon)
    #expect(codes(question([terms], receivables: [.sample("R", party: "C-1", due: due, open: "20")])) == expected)
  }

  @Test func whatNoReceivableShowsIsOfUnknownAge() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", open: "20", overdue: "20", asOf: noon)
    let decision = CreditControl.decide(question([terms], receivables: [.sample("R", party: "C-1", due: "2026-03-30", open: "5")]))
    #expect(
      decision.explanation
        == "C-1 owes 15.00 EUR in the credit area 1000 of erp that are overdue for more than 5 days, of which 15.00 EUR stand in no receivable; the oldest was due on 2026-03-30, 1 days ago"
    )
    #expect(decision.standings[0].overdueDifference == amount("15"))
  }

  @Test func receivablesOfAnotherAreaOrCurrencyAreNotMixedIn() {
    let terms = V1.CreditTerms.sample("t", party: "C-1", limit: "100", asOf: noon)
    let receivables: [V1.Receivable] = [
      .sample("a", party: "C-1", due: "2025-01-01", open: "5", currency: "CNY"),
      .sample("b", party: "C-1", due: "2025-01-01", open: "5", area: "2000"),
    ]
    #expect(codes(question([terms], receivables: receivables)) == [])
  }

  @Test func ageingSortsByDaysAfterTheDueDate() throws {
    let today = try #require(CalendarDay("2026-03-31"))
    let dues = [
      ("2026-03-31", "1"), ("2026-04-30", "2"), ("2026-03-30", "4"), ("2026-03-01", "8"), ("2026-02-28", "16"), ("2026-01-30", "32"),
      ("2026-01-29", "64"), ("2025-12-31", "128"), ("2025-12-30", "256"), ("2024-02-29", "-512"),
    ]
    let ageing = CreditAgeing(dues.enumerated().map { .sample("\($0)", party: "C-1", due: $1.0, open: $1.1) }, on: today)
    #expect(ageing.buckets.map(\.name) == ["not due", "1-30", "31-60", "61-90", "over 90"])
    #expect(ageing.buckets.map(\.amount) == ["3", "12", "48", "192", "-256"].map(amount))
    #expect(ageing.buckets.map(\.count) == [2, 2, 2, 2, 2])
    #expect(ageing.open == amount("-1") && ageing.overdue == amount("-4"))
    #expect(ageing.oldest?.due.description == "2024-02-29")
    #expect(ageing.overdue(beyond: 30) == amount("-16"))
  }
}
