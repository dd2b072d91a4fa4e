/// A fault in an item, as books of many years have them. The partner must find each by itself; the wire allows them all.
enum ItemFault: Sendable {
  case negativePrice
  /// A currency number that ISO 4217 does not give to a currency.
  case unknownCurrency
  case noName
  case blankName
  /// A name of 10 KB, since somebody has pasted a manual.
  case endlessName
  case unknownState
  case unknownUnit
  case emptyPack

  static let all: [ItemFault] = [
    .negativePrice, .negativePrice, .negativePrice, .unknownCurrency, .unknownCurrency, .noName, .noName, .blankName, .endlessName,
    .unknownState, .unknownUnit, .emptyPack,
  ]

  func spoil(_ item: inout ItemRow) {
    switch self {
    case .negativePrice: item.grossPrice = -item.grossPrice
    case .unknownCurrency: item.currency = 0
    case .noName: item.text = ""
    case .blankName: item.text = "   "
    case .endlessName: item.text = String(repeating: "Betriebsanleitung ", count: 569)
    case .unknownState: item.state = 77
    case .unknownUnit: item.unit = "QQ"
    case .emptyPack: item.packs = [PackRow(code: "KAR", title: "Karton", content: 0)]
    }
  }
}
