public import CDR
public import InterchangeIDL

/// How much of one line of a contract is called off.
public struct CalledOffLine: Hashable, Sendable {
  public var number: Int32
  public var contracted: DecimalNumber
  public var calledOff: DecimalNumber

  public init(number: Int32, contracted: DecimalNumber, calledOff: DecimalNumber) {
    self.number = number
    self.contracted = contracted
    self.calledOff = calledOff
  }

  /// What may still be called off; never below 0.
  public var left: DecimalNumber {
    let rest = contracted.subtracting(calledOff) ?? DecimalNumber(0)
    return rest < DecimalNumber(0) ? DecimalNumber(0) : rest
  }
}

/// A part of a contract's quantities that is to become an order.
public struct CallOff: Hashable, Sendable {
  /// A quantity of one line.
  public struct Line: Hashable, Sendable {
    public var number: Int32
    public var quantity: Interchange.V1.QuantityAmount

    public init(number: Int32, quantity: Interchange.V1.QuantityAmount) {
      self.number = number
      self.quantity = quantity
    }
  }

  /// Empty: all that is left of every line.
  public var lines: [Line]
  /// When it is to be delivered, an ISO 8601 date; empty for the dates of the contract's lines.
  public var deliveryDate: String

  public init(lines: [Line], deliveryDate: String = "") {
    self.lines = lines
    self.deliveryDate = deliveryDate
  }
}

/// What may be called off of a contract, and the order that it becomes. Quantities of orders count until their destinations have refused
/// or cancelled them.
public enum CallOffs {
  /// How much of each line is called off, in the contract's order.
  ///
  /// - Parameter orders: those that count.
  public static func lines(of contract: Interchange.V1.Contract, orders: [Interchange.V1.Order]) -> [CalledOffLine] {
    var sums: [Int32: DecimalNumber] = [:]
    for line in orders.flatMap(\.lines) {
      // Quantities of contracts have 18 digits at most, so that their sum fits; a sum that did not would be left at its greatest.
      let sum = sums[line.contractLine] ?? DecimalNumber(0)
      sums[line.contractLine] = sum.adding(line.quantity.decimal) ?? sum
    }
    return contract.lines.map {
      CalledOffLine(number: $0.number, contracted: $0.quantity.decimal, calledOff: sums[$0.number] ?? DecimalNumber(0))
    }
  }

  /// What is wrong with a call-off, all at once.
  public static func examine(_ callOff: CallOff, of contract: Interchange.V1.Contract, orders: [Interchange.V1.Order]) -> [Finding] {
    var examination = Examination()
    examination.date(callOff.deliveryDate, "deliveryDate")
    let known = Dictionary(lines(of: contract, orders: orders).map { ($0.number, $0) }) { first, _ in first }
    if callOff.lines.isEmpty, known.values.allSatisfy({ $0.left == DecimalNumber(0) }) {
      examination.find("NOTHING_LEFT", "lines", "all quantities of the contract \(contract.id) are called off")
    }
    var seen: Set<Int32> = []
    for (index, line) in callOff.lines.prefix(ContractRules.greatestLineCount).enumerated() {
      let path = "lines[\(index + 1)]"
      guard let standing = known[line.number] else {
        examination.find("LINE_UNKNOWN", "\(path)/number", "the contract \(contract.id) has no line \(line.number)")
        continue
      }
      if !seen.insert(line.number).inserted {
        examination.find("LINE_NUMBER", "\(path)/number", "the line \(line.number) is called off twice in one call-off")
      } else if line.quantity.unscaled <= 0 {
        examination.find("QUANTITY_INVALID", "\(path)/quantity", "the quantity \(line.quantity) is not above 0")
      } else if line.quantity.decimal > standing.left {
        examination.find(
          "QUANTITY_EXCEEDED", "\(path)/quantity",
          "of line \(line.number) \(standing.contracted) are agreed and \(standing.calledOff) called off; \(line.quantity) are more than the \(standing.left) left"
        )
      }
    }
    if callOff.lines.count > ContractRules.greatestLineCount {
      examination.find(
        "TOO_MANY", "lines", "there are \(callOff.lines.count) lines; a call-off has at most \(ContractRules.greatestLineCount)")
    }
    return examination.findings
  }

  /// The contract as far as it is called off: its lines with the quantities of the call-off, and its part of the totals. Each line is
  /// rounded to the currency's digits, as its destination books it. The tax is shared out by net amounts, in the same digits, so that the
  /// parts add up to the whole when everything is called off.
  ///
  /// - Parameter callOff: one in which ``examine(_:of:orders:)`` found nothing.
  /// - Returns: nil where an amount does not fit.
  public static func part(
    _ callOff: CallOff, of contract: Interchange.V1.Contract, orders: [Interchange.V1.Order]
  ) -> Interchange.V1.Contract? {
    let left = lines(of: contract, orders: orders)
    var wanted: [Int32: Interchange.V1.QuantityAmount] = [:]
    if callOff.lines.isEmpty {
      for line in left where line.left > DecimalNumber(0) { wanted[line.number] = try? Interchange.V1.QuantityAmount(line.left) }
    } else {
      for line in callOff.lines { wanted[line.number] = line.quantity }
    }
    var part = contract
    part.lines = contract.lines.compactMap { line in
      guard let quantity = wanted[line.number] else { return nil }
      var line = line
      line.quantity = quantity
      if !callOff.deliveryDate.isEmpty { line.deliveryDate = callOff.deliveryDate }
      return line
    }
    guard let net = ContractRules.netTotal(of: part.lines, in: contract.currency), let exact = ContractRules.netTotal(of: part.lines),
      let whole = ContractRules.netTotal(of: contract.lines),
      let before = ContractRules.netTotal(of: orders.flatMap(\.lines).map(Interchange.V1.ContractLine.init)),
      let worked = share(before, of: whole, in: contract), let until = before.adding(exact),
      let taxUntil = share(until, of: whole, in: contract), let tax = tax(taxUntil, orders, worked), let gross = net.adding(tax),
      let (netTotal, taxTotal, grossTotal) = money(net, tax, gross)
    else { return nil }
    part.netTotal = netTotal
    part.taxTotal = taxTotal
    part.grossTotal = grossTotal
    return part
  }

  /// What is left of the tax until a part: without what the parts before bear, which may have been shared otherwise. Where an amendment made
  /// that more than there is, what they would bear today counts.
  private static func tax(_ until: DecimalNumber, _ orders: [Interchange.V1.Order], _ worked: DecimalNumber) -> DecimalNumber? {
    var borne: DecimalNumber? = DecimalNumber(0)
    for order in orders { borne = borne?.adding(order.taxTotal.decimal) }
    if let borne, let left = until.subtracting(borne), left >= DecimalNumber(0) || until < DecimalNumber(0) { return left }
    return until.subtracting(worked)
  }

  private static func money(_ net: DecimalNumber, _ tax: DecimalNumber, _ gross: DecimalNumber) -> (
    Interchange.V1.MoneyAmount, Interchange.V1.MoneyAmount, Interchange.V1.MoneyAmount
  )? {
    guard let net = try? Interchange.V1.MoneyAmount(net), let tax = try? Interchange.V1.MoneyAmount(tax),
      let gross = try? Interchange.V1.MoneyAmount(gross)
    else { return nil }
    return (net, tax, gross)
  }

  /// The tax that belongs to a part of a whole, rounded half-even; none of it where the whole is nothing.
  private static func share(
    _ part: DecimalNumber, of whole: DecimalNumber, in contract: Interchange.V1.Contract
  ) -> DecimalNumber? {
    let amount = contract.taxTotal.decimal
    if part == whole && part > DecimalNumber(0) { return amount }
    if whole == DecimalNumber(0) || amount == DecimalNumber(0) { return DecimalNumber(0) }
    return amount.multiplied(by: part)?.divided(
      by: whole, scale: Currencies.minorUnits(of: contract.currency) ?? 2, rounding: .halfEven)
  }
}

extension Interchange.V1.ContractLine {
  /// What an order calls off.
  init(_ line: Interchange.V1.OrderLine) {
    self.init(
      number: line.contractLine, product: line.product, packaging: line.packaging, quantity: line.quantity, unit: line.unit,
      unitPrice: line.unitPrice, discount: line.discount, taxCode: line.taxCode, deliveryDate: line.deliveryDate)
  }
}
