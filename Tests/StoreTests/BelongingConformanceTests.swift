import Broker
import StoreAPI
import Testing

@Suite("Every store finds objects by those that they belong to") struct BelongingConformanceTests {
  private static func row(_ id: String, _ owners: (String, String)..., entity: String = "PriceLine") -> RowChange {
    .putBelonging(BelongingRow(entity: entity, id: id, owners: owners.map { BelongingRow.Owner($0.0, $0.1) }))
  }

  @Test("by kind and owner, in pages; a change of owners replaces them", arguments: StoreKind.allCases)
  func owners(kind: StoreKind) async throws {
    try await kind.withStore { store in
      func found(_ owner: (String, String), entity: String = "PriceLine", after: String = "", limit: Int = 9) async throws -> [String] {
        try await store.read { try $0.objects(entity: entity, of: .init(owner.0, owner.1), after: after, limit: limit) }.map(\.id)
      }
      for (number, id) in ["E-1", "E-2", "E-3"].enumerated() {
        try await store.apply(.putObject(.test(id, number + 1, entity: "PriceLine")))
      }
      try await store.apply(.putObject(.test("A-1", 4, entity: "Availability")))
      try await store.apply(
        Self.row("E-3", ("PriceList", "L-1"), ("Product", "P-1")), Self.row("E-1", ("PriceList", "L-1"), ("Product", "P-2")),
        Self.row("E-2", ("PriceList", "L-1"), ("Product", "P-1")), Self.row("A-1", ("Product", "P-1"), entity: "Availability"))
      #expect(try await found(("PriceList", "L-1")) == ["E-1", "E-2", "E-3"])
      #expect(try await found(("PriceList", "L-1"), after: "E-1", limit: 1) == ["E-2"])
      #expect(try await found(("PriceList", "L-1"), limit: 0).isEmpty)
      #expect(try await found(("Product", "P-1")) == ["E-2", "E-3"])
      #expect(try await found(("Product", "P-1"), entity: "Availability") == ["A-1"])
      #expect(try await found(("Product", "P-9")).isEmpty)
      #expect(try await found(("Nothing", "P-1")).isEmpty)
      try await store.apply(Self.row("E-3", ("PriceList", "L-1"), ("Product", "P-2")), Self.row("E-2"))
      #expect(try await found(("Product", "P-1")).isEmpty)
      #expect(try await found(("Product", "P-2")) == ["E-1", "E-3"])
      #expect(try await found(("PriceList", "L-1")) == ["E-1", "E-3"])
    }
  }

  @Test("and loads kinds of which there are few whole", arguments: StoreKind.allCases)
  func wholeKinds(kind: StoreKind) async throws {
    try await kind.withStore { store in
      let units = [ObjectRow.test("U-1", 1, entity: "Unit"), .test("U-2", 2, entity: "Unit")]
      try await store.apply(.putObject(units[0]), .putObject(units[1]), .putObject(.test("P-1", 3)))
      let set = try await store.load { $0.wholeKinds = ["Unit"] }
      #expect(set.objects.values.map(\.id).sorted() == ["U-1", "U-2"])
    }
  }
}
