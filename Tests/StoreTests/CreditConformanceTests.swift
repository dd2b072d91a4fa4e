import Broker
import CRMCore
import Identity
import StoreAPI
import Testing

@Suite("Every store keeps what credit control needs") struct CreditConformanceTests {
  private static func commitment(
    _ delivery: Int64, of party: String = "C-1", at destination: String = "erp", bookedAt: Int64? = nil
  ) -> CommitmentRow {
    CommitmentRow(
      delivery: delivery, contract: "V-\(delivery % 3)", destination: destination, party: party, currency: "EUR", amount: 600_0000,
      signedAt: 7, bookedAt: bookedAt)
  }

  private static func hold(_ id: Int64, _ contract: String = "V-1", of party: String = "C-1", state: CreditHoldRow.State = .waiting)
    -> CreditHoldRow
  {
    CreditHoldRow(
      id: id, contract: contract, party: party, delivery: id == 2 ? 5 : nil, code: "CREDIT_LIMIT", explanation: "über dem Limit",
      state: state,
      since: 10, changedAt: 11, endedBy: state == .waiting ? "" : "ann", endedBecause: "paid")
  }

  @Test("Entries of an account are loaded with their objects; an entry goes to another party, and away", arguments: StoreKind.allCases)
  func entries(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let terms = ObjectRow.test("T-000001", 1, entity: "CreditTerms")
      try await store.apply(
        .putObject(terms), .credit(.putEntry(AccountEntryRow(entity: "Receivable", id: "R-000001", party: "C-1"))),
        .credit(.putEntry(AccountEntryRow(entity: "CreditTerms", id: "T-000001", party: "C-1"))),
        .credit(.putEntry(AccountEntryRow(entity: "CreditTerms", id: "T-000002", party: "C-2"))))
      #expect(try await store.read { try $0.accountEntries(ofParty: "C-1") }.map(\.id) == ["T-000001", "R-000001"])
      let set = try await store.load { $0.creditOfParties = ["C-1"] }
      #expect(set.objects == [terms.key: terms])
      #expect(set.credit.entries.map(\.id) == ["T-000001", "R-000001"])
      try await store.apply(
        .credit(.putEntry(AccountEntryRow(entity: "CreditTerms", id: "T-000001", party: "C-2"))),
        .credit(.removeEntry(entity: "Receivable", id: "R-000001")), .credit(.removeEntry(entity: "Receivable", id: "R-9")))
      #expect(try await store.read { try $0.accountEntries(ofParty: "C-1") }.isEmpty)
      #expect(try await store.read { try $0.accountEntries(ofParty: "C-2") }.map(\.id) == ["T-000001", "T-000002"])
    }
  }

  @Test("A commitment is booked, and goes when the figures hold it or the order fails", arguments: StoreKind.allCases)
  func commitments(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .credit(.putCommitment(Self.commitment(1))), .credit(.putCommitment(Self.commitment(5, at: "other"))),
        .credit(.putCommitment(Self.commitment(2))), .credit(.putCommitment(Self.commitment(3))),
        .credit(.putCommitment(Self.commitment(4, of: "C-2"))),
        .credit(.book(delivery: 1, party: "C-1", at: 20)), .credit(.book(delivery: 2, party: "C-1", at: 21)),
        .credit(.book(delivery: 4, party: "C-2", at: 1)), .credit(.book(delivery: 9, party: "C-1", at: 1)),
        .credit(.removeCommitment(delivery: 3, party: "C-1")), .credit(.removeCommitment(delivery: 9, party: "C-1")))
      #expect(
        try await store.load { $0.creditOfParties = ["C-1"] }.credit.commitments == [
          Self.commitment(1, bookedAt: 20), Self.commitment(2, bookedAt: 21), Self.commitment(5, at: "other"),
        ])
      try await store.apply(.credit(.removeBooked(destination: "erp", party: "C-1", currency: "CNY", until: 99)))
      try await store.apply(.credit(.removeBooked(destination: "erp", party: "C-1", currency: "EUR", until: 20)))
      #expect(try await store.read { try $0.commitments(ofParty: "C-1") }.map(\.delivery) == [2, 5])
      #expect(try await store.read { try $0.commitments(ofParty: "C-2") }.map(\.delivery) == [4])
    }
  }

  @Test("Holds are found by contract, by party and by state", arguments: StoreKind.allCases)
  func holds(kind: StoreKind) async throws {
    try await kind.withStore { store in
      try await store.apply(
        .credit(.putHold(Self.hold(1))), .credit(.putHold(Self.hold(2, "V-2"))), .credit(.putHold(Self.hold(3, "V-3", of: "C-2"))),
        .credit(.putHold(Self.hold(1, state: .released))), .credit(.putHold(Self.hold(4))))
      #expect(try await store.read { try $0.creditHolds(ofContract: "V-1") } == [Self.hold(1, state: .released), Self.hold(4)])
      #expect(try await store.read { try $0.creditHolds(state: .waiting, party: nil, after: 0, limit: 9) }.map(\.id) == [2, 3, 4])
      #expect(try await store.read { try $0.creditHolds(state: .waiting, party: nil, after: 2, limit: 1) }.map(\.id) == [3])
      #expect(try await store.read { try $0.creditHolds(state: nil, party: "C-1", after: 0, limit: 9) }.map(\.id) == [1, 2, 4])
      #expect(try await store.load { $0.creditOfParties = ["C-1"] }.credit.holds == [Self.hold(2, "V-2"), Self.hold(4)])
    }
  }

  @Test("A policy comes back as it was put last", arguments: StoreKind.allCases)
  func policies(kind: StoreKind) async throws {
    try await kind.withStore { store in
      var row = CreditPolicyRow(
        system: "erp", area: "2000", policy: CreditPolicy(), termsFrom: "", changedAt: 3, changedBy: "ann")
      try await store.apply(.credit(.putPolicy(row)))
      row.area = ""
      row.policy.control = .on
      row.policy.staleAfter = nil
      row.policy.graceDays = 0
      row.policy.asks = false
      row.policy.fallback = .hold
      row.termsFrom = "ledger"
      try await store.apply(.credit(.putPolicy(row)), .credit(.putPolicy(row)))
      let found = try await store.read { try $0.creditPolicies() }
      #expect(found.map(\.area) == ["", "2000"])
      #expect(found.first == row)
      #expect(found.last?.policy == CreditPolicy())
      #expect(try await store.load { $0.creditOfParties = ["C-1"] }.credit.policies == found)
    }
  }
}
