public import CDR
public import InterchangeIDL

// Amounts that their currency cannot have. Which they are follows from the types of the model: what is declared a `MoneyAmount` is paid as
// it stands, beside the field `currency`. A `UnitPriceAmount` or a list price is multiplied first, and may lawfully have more digits.

/// The fields of a kind that hold amounts.
struct AmountFields: Sendable {
  /// Amounts that are paid as they stand, in the currency at ``currency``.
  var paid: [Int] = []
  var currency: Int?
  /// A price with a currency of its own.
  var prices: [Int] = []
  /// Prices in the currency of the object, or of the list that it belongs to.
  var unitPrice: Int?
  /// Lines, each with a price.
  var lines: Int?

  init(_ type: RecordType) {
    for (slot, field) in type.fields.enumerated() {
      switch field.type {
      case .alias(_, "MoneyAmount", _): paid.append(slot)
      case .alias(_, "UnitPriceAmount", _): unitPrice = slot
      case .alias(_, "ContractLineSeq", _): lines = slot
      default: if field.name == "listPrice" { prices.append(slot) }
      }
    }
    currency = type.slot(of: "currency")
  }
}

extension EntityKind {
  /// Whether objects of the kind have amounts that are paid as they stand.
  public var bearsAmounts: Bool { !amounts.paid.isEmpty }
  /// Whether objects of the kind have prices.
  public var bearsPrices: Bool { !amounts.prices.isEmpty || amounts.unitPrice != nil || amounts.lines != nil }

  /// The amounts of an object that are paid as they stand and that its currency cannot have: `AMOUNT_DIGITS`.
  public func amountFindings(of record: Record) -> [Finding] {
    guard let slot = amounts.currency else { return [] }
    let currency = text(slot, of: record)
    var examination = Examination()
    for slot in amounts.paid { examination.amount(record, slot, "AMOUNT_DIGITS", currency, "") }
    return examination.findings
  }

  /// The prices of an object that have more digits than its currency: `PRICE_DIGITS`.
  ///
  /// - Parameter currency: that of the list that it belongs to, where it says none itself.
  public func priceFindings(of record: Record, currency: String = "") -> [Finding] {
    var examination = Examination()
    let own = amounts.currency.map { text($0, of: record) } ?? currency
    if let slot = amounts.unitPrice { examination.amount(record, slot, "PRICE_DIGITS", own, "") }
    for slot in amounts.prices {
      guard case .record(let price) = record.slots[slot], case .text(let code)? = price["currency"],
        let amount = price.type.slot(of: "amount")
      else { continue }
      examination.amount(price, amount, "PRICE_DIGITS", code, "\(type.fields[slot].name)/")
    }
    if let slot = amounts.lines, case .list(let lines) = record.slots[slot] {
      for (index, line) in lines.prefix(ContractRules.greatestLineCount).enumerated() {
        guard case .record(let line) = line, let price = line.type.slot(of: "unitPrice") else { continue }
        examination.amount(line, price, "PRICE_DIGITS", own, "lines[\(index + 1)]/")
      }
    }
    return examination.findings
  }
}

extension Examination {
  fileprivate mutating func amount(_ record: Record, _ slot: Int, _ code: String, _ currency: String, _ path: String) {
    guard let amount = record.slots[slot].number, let objection = Currencies.objection(to: amount, currency) else { return }
    find(code, path + record.type.fields[slot].name, objection)
  }
}

extension Interchange.V1.Contract {
  /// What of its totals its currency cannot have.
  public var amountFindings: [Finding] { EntityKind.contract.amountFindings(of: record) }
  /// What of its prices has more digits than its currency.
  public var priceFindings: [Finding] { EntityKind.contract.priceFindings(of: record) }
}

extension Interchange.V1.Order {
  /// What of its totals its currency cannot have.
  public var amountFindings: [Finding] { EntityKind.order.amountFindings(of: record) }
}
