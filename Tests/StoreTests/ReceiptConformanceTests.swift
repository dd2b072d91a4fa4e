import Broker
import StoreAPI
import Testing

@Suite("Every store counts what came, what became of it, and what came again") struct ReceiptConformanceTests {
  private static let quarter = RepeatRow.quarterLength

  @Test("a balance adds up what came in its time, by system", arguments: StoreKind.allCases) func balance(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let outcomes: [ItemOutcome] = [.applied, .applied, .stale, .held, .rejected, .leftOut, .repeated, .superseded, .unchanged]
      var message = MessageRow.test(1, id: "M")
      message.receivedAt = 10 * Self.quarter
      message.itemCount = outcomes.count
      try await store.apply(.insertMessage(message))
      for (index, outcome) in outcomes.enumerated() { try await store.apply(.insertItem(.test(1, index + 1, outcome: outcome))) }
      try await store.apply(
        .insertLeftOut(LeftOutRow(message: 1, name: "Supplier", count: 3)), .insertLeftOut(LeftOutRow(message: 1, name: "Note", count: 1)),
        .countRepeat(RepeatRow(message: 1, at: 11 * Self.quarter)), .countRepeat(RepeatRow(message: 1, at: 11 * Self.quarter + 5)),
        .countRepeat(RepeatRow(message: 1, at: 12 * Self.quarter)))
      var refused = MessageRow.test(2, id: "R")
      (refused.receivedAt, refused.itemCount, refused.outcome) = (10 * Self.quarter + 1, 0, "refused")
      try await store.apply(.insertMessage(refused))

      #expect(try await store.read { try $0.leftOut(ofMessage: 1) }.map { "\($0.count) \($0.name)" } == ["1 Note", "3 Supplier"])
      let counts = try await store.read { try $0.counts(ofMessage: 1) }
      #expect(counts.received == 13 && counts.leftOut == 5 && counts.repeated == 3 && counts.stale == 1)
      let first = try await store.read { try $0.balance(from: 10 * Self.quarter, to: 11 * Self.quarter, system: nil) }
      #expect(first.count == 1 && first[0].system == message.system && first[0].messages == 2 && first[0].refused == 1)
      #expect(first[0].counts == counts)
      let second = try await store.read { try $0.balance(from: 11 * Self.quarter, to: 12 * Self.quarter, system: "erp") }
      #expect(second.map(\.messages) == [2] && second.map(\.counts.repeated) == [26] && second.map(\.counts.received) == [26])
      #expect(try await store.read { try $0.balance(from: 0, to: Self.quarter, system: nil) }.isEmpty)
      #expect(try await store.read { try $0.balance(from: 0, to: .max, system: "nobody") }.isEmpty)
    }
  }
}
