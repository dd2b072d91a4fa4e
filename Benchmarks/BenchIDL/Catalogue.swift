extension Bench.Product {
  /// Product number `index` of the catalogue that all implementations of the benchmark make alike.
  public init(index: Int) {
    self.init(
      id: "SKU-" + Self.padded(index, to: 8), name: "Hex bolt M\(4 + index % 12) x \(20 + index % 80) zinc plated", unit: "PCE",
      category: "fasteners/bolts/" + Self.padded(index % 40, to: 2), listPriceMinor: 1999 + Int64(index), currency: "EUR",
      weightKg: 0.015 * Double(1 + index % 50), active: index % 7 != 0, updatedAtMicros: 1_763_769_600_000_000 + Int64(index))
  }

  /// The first products of the catalogue.
  public static func catalogue(_ count: Int) -> [Bench.Product] { (0..<count).map(Bench.Product.init(index:)) }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
