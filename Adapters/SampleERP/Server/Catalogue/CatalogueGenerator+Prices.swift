/// Prices that hold together, as the books keep them.
public struct PriceGroupRow: Hashable, Sendable {
  public var number: String
  public var title: String
  /// Empty for everybody.
  public var debtor: String
  public var currency: Int16
  /// 1 with tax, 2 without.
  public var basis: Int16
  /// 20260101; 0 for none.
  public var fromDay: Int32
  public var untilDay: Int32
}

/// What an item costs in a group, from a quantity on.
public struct PriceRow: Hashable, Sendable {
  public var group: String
  public var item: String
  /// Empty for loose pieces.
  public var pack: String
  /// Thousandths of packs or pieces.
  public var from: Int64
  /// With four decimals: `54.0000`.
  public var price: String
  public var state: Int16
}

/// What lies in a store.
public struct StockRow: Hashable, Sendable {
  public var item: String
  public var store: String
  /// Thousandths of the unit.
  public var quantity: Int64
  public var unit: String
}

extension CatalogueGenerator {
  static let priceGroups: [PriceGroupRow] = [
    PriceGroupRow(number: "P10", title: "Hausliste", debtor: "", currency: 978, basis: 1, fromDay: 20_260_101, untilDay: 0),
    PriceGroupRow(
      number: "P20", title: "Rahmenvertrag Hochbau Brandt", debtor: "D70001", currency: 978, basis: 2, fromDay: 20_260_101, untilDay: 0),
    PriceGroupRow(
      number: "P30", title: "Winteraktion", debtor: "", currency: 978, basis: 1, fromDay: 20_261_101, untilDay: 20_270_228),
    PriceGroupRow(number: "P40", title: "中国价目表", debtor: "", currency: 156, basis: 1, fromDay: 20_260_101, untilDay: 0),
  ]

  /// Items that have rows in price groups: of those that nothing is the matter with the first forty with packs and the first twenty
  /// without, in euro, and the first twenty in yuan.
  static func priced(_ items: [ItemRow]) -> (packed: [ItemRow], loose: [ItemRow], yuan: [ItemRow]) {
    let euro = items.filter { $0.currency == 978 && $0.grossPrice > 0 && $0.state == BookState.open }
    let yuan = items.filter { $0.currency == 156 && $0.grossPrice > 0 && $0.state == BookState.open }
    return (
      Array(euro.filter { !$0.packs.isEmpty }.prefix(40)), Array(euro.filter(\.packs.isEmpty).prefix(20)), Array(yuan.prefix(20))
    )
  }

  /// - Parameter items: those that nothing is the matter with.
  static func priceRows(of items: [ItemRow]) -> [PriceRow] {
    let priced = priced(items)
    func row(_ group: String, _ item: ItemRow, _ pack: PackRow?, from: Int64 = 0, percent: Int64) -> PriceRow {
      // Hundredths for one piece; a pack's content is in thousandths; four decimals behind the point.
      let unscaled = item.grossPrice * percent * (pack?.content ?? 1000) / 1000
      let (whole, rest) = unscaled.quotientAndRemainder(dividingBy: 10_000)
      let decimals = String(rest)
      return PriceRow(
        group: group, item: item.number, pack: pack?.code ?? "", from: from,
        price: "\(whole).\(String(repeating: "0", count: 4 - decimals.utf8.count))\(decimals)", state: BookState.open)
    }
    var rows: [PriceRow] = []
    for item in priced.packed {
      rows.append(row("P10", item, nil, percent: 100))
      rows.append(row("P10", item, item.packs[0], percent: 95))
      rows.append(row("P10", item, item.packs[0], from: 10_000, percent: 90))
      rows.append(row("P20", item, item.packs[0], percent: 75))
    }
    for item in priced.loose { rows.append(row("P10", item, nil, percent: 100)) }
    for (place, item) in priced.packed.enumerated() where place % 4 == 0 { rows.append(row("P30", item, nil, percent: 80)) }
    for item in priced.yuan { rows.append(row("P40", item, nil, percent: 100)) }
    return rows
  }

  static let stores = ["KOE1": "Köln", "SHA1": "上海"]

  /// All of them lie in Köln, every third in Shanghai too; what is sold by the metre is counted in centimetres, by the kilogram in tonnes.
  static func stock(of items: [ItemRow]) -> [StockRow] {
    let priced = priced(items)
    return (priced.packed + priced.loose + priced.yuan).enumerated().flatMap { place, item -> [StockRow] in
      let quantity = Int64(place % 13) * 12_000
      let counted: (Int64, String) =
        switch item.unit {
        case "M": (quantity * 100, "CM")
        case "KG": (quantity / 1000, "T")
        default: (quantity, item.unit)
        }
      let cologne = StockRow(item: item.number, store: "KOE1", quantity: counted.0, unit: counted.1)
      return place % 3 == 0 ? [cologne, StockRow(item: item.number, store: "SHA1", quantity: 5_000, unit: item.unit)] : [cologne]
    }
  }
}
