public import CDR
public import InterchangeIDL

extension Interchange.V1.Contract: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.word(status, "status", of: ContractState.allCases.map(\.rawValue))
    examination.attributes(attributes)
    examination.text(number, "number", atMost: 100)
    examination.text(paymentTerms, "paymentTerms", atMost: 100)
    examination.text(party, "party", atMost: 255, required: true)
    examination.currency(currency, "currency")
    examination.date(signDate, "signDate")
    examination.address(deliveryAddress, "deliveryAddress")
    if lines.isEmpty { examination.find("LINES_MISSING", "lines", "the contract has no line") }
    if lines.count > ContractRules.greatestLineCount {
      examination.find("TOO_MANY", "lines", "there are \(lines.count) lines; a contract has at most \(ContractRules.greatestLineCount)")
    }
    var numbers: Set<Int32> = []
    for (index, line) in lines.prefix(ContractRules.greatestLineCount).enumerated() {
      let path = "lines[\(index + 1)]"
      if line.number < 1 || !numbers.insert(line.number).inserted {
        examination.find("LINE_NUMBER", "\(path)/number", "the line number \(line.number) is below 1 or used twice")
      }
      examination.text(line.product, "\(path)/product", atMost: 255, required: true)
      examination.text(line.taxCode, "\(path)/taxCode", atMost: 50)
      examination.date(line.deliveryDate, "\(path)/deliveryDate")
      if line.quantity.unscaled <= 0 {
        examination.find("QUANTITY_INVALID", "\(path)/quantity", "the quantity \(line.quantity) is not above 0")
      }
      if line.unitPrice.unscaled < 0 {
        examination.find("PRICE_NEGATIVE", "\(path)/unitPrice", "the unit price \(line.unitPrice) is negative")
      }
      if line.discount.unscaled < 0 || line.discount.decimal > DecimalNumber(100) {
        examination.find("PERCENT_INVALID", "\(path)/discount", "the discount \(line.discount) is no percentage from 0 to 100")
      }
    }
    examination.totals(self)
    examination.orderType(of: self)
    return examination.findings
  }
}

extension Examination {
  mutating func totals(_ contract: Interchange.V1.Contract) {
    guard let lines = ContractRules.netTotal(of: contract.lines) else {
      return find("NUMBER_OVERFLOW", "netTotal", "the amounts of the lines are too large to be added")
    }
    // Each line may have been rounded to the currency's smallest coin on its own.
    let tolerance = Currencies.coin(of: contract.currency).multiplied(by: DecimalNumber(contract.lines.count)) ?? DecimalNumber(0)
    let net = contract.netTotal.decimal
    if let difference = net.subtracting(lines),
      difference > tolerance || difference < (DecimalNumber(0).subtracting(tolerance) ?? difference)
    {
      find(
        "TOTAL_DIFFERS", "netTotal",
        "the net total \(contract.netTotal) differs from the sum of the lines, \(lines), by more than \(Currencies.coin(of: contract.currency)) a line"
      )
    }
    if let gross = net.adding(contract.taxTotal.decimal), gross != contract.grossTotal.decimal {
      find(
        "TOTAL_DIFFERS", "grossTotal",
        "the gross total \(contract.grossTotal) is not the net total \(contract.netTotal) plus the tax \(contract.taxTotal)")
    }
  }
}

/// How a contract stands, as its status says.
public enum ContractState: String, Sendable, CaseIterable {
  case draft
  /// Signed by the customer; credit control lets no order be made of it until it is released.
  case creditHold = "credit-hold"
  case signed, ordered, refused, uncertain
  /// Every order was taken; a change of one, or the end of one, is on its way to its ERP.
  case changing, cancelling
  /// Every order was taken, and of some something is on its way.
  case partlyShipped = "partly-shipped"
  /// Every order is shipped, invoiced or done with, but for those that their ERP took back.
  case shipped, invoiced, closed
  /// By us before an order was sent, or with all its orders by their ERP.
  case cancelled
}

/// What makes an order of a contract.
public enum ContractRules {
  /// Lines of one contract.
  public static let greatestLineCount = 5_000

  /// Quantity times unit price less discount, rounded half-even to the four digits that money has; nil on overflow.
  public static func netAmount(of line: Interchange.V1.ContractLine) -> DecimalNumber? {
    guard let gross = line.quantity.decimal.multiplied(by: line.unitPrice.decimal),
      let hundred = DecimalNumber(100).subtracting(line.discount.decimal)
    else { return nil }
    return gross.rescaled(to: 8, rounding: .halfEven)?.multiplied(by: hundred)?
      .divided(by: DecimalNumber(100), scale: 4, rounding: .halfEven)
  }

  /// What a line costs, in the digits that the currency has: quantity times unit price less discount, rounded half-even once, at the end;
  /// nil on overflow. It is what the line's destination is expected to book.
  public static func amount(of line: Interchange.V1.ContractLine, in currency: String) -> DecimalNumber? {
    guard let gross = line.quantity.decimal.multiplied(by: line.unitPrice.decimal),
      let hundred = DecimalNumber(100).subtracting(line.discount.decimal)
    else { return nil }
    let digits = Currencies.minorUnits(of: currency) ?? 2
    if line.discount.unscaled == 0 { return gross.rescaled(to: digits, rounding: .halfEven) }
    // Prices and percentages of many digits have a product of more than there are: then the line is measured to the eighth.
    let exact = gross.multiplied(by: hundred) ?? gross.rescaled(to: 8, rounding: .halfEven)?.multiplied(by: hundred)
    return exact?.divided(by: DecimalNumber(100), scale: digits, rounding: .halfEven)
  }

  /// The sum of what the lines cost, each rounded on its own to the digits that the currency has; nil on overflow.
  public static func netTotal(of lines: [Interchange.V1.ContractLine], in currency: String) -> DecimalNumber? {
    var sum = DecimalNumber(0)
    for line in lines {
      guard let amount = amount(of: line, in: currency), let next = sum.adding(amount) else { return nil }
      sum = next
    }
    return sum
  }

  /// The sum of the lines' net amounts, in more digits than are paid; nil on overflow.
  public static func netTotal(of lines: [Interchange.V1.ContractLine]) -> DecimalNumber? {
    var sum = DecimalNumber(0)
    for line in lines {
      guard let amount = netAmount(of: line), let next = sum.adding(amount) else { return nil }
      sum = next
    }
    return sum
  }

  /// The order that a signed contract becomes, with the CRM core's ids throughout. The customer goes along, so that the ERP matches or
  /// creates it.
  ///
  /// - Parameters:
  ///   - id: the CRM core's id of the order.
  ///   - customerKey: what the ERP knows the customer by before it has a number for it.
  ///   - callOff: which call-off of the contract it is, from 1, whose number then follows the contract's; 0 for the whole.
  public static func order(
    _ id: String, of contract: Interchange.V1.Contract, customer: Interchange.V1.Party, contact: Interchange.V1.Contact?,
    customerKey: String, callOff: Int = 0, at time: Int64
  ) -> Interchange.V1.Order {
    Interchange.V1.Order(
      id: id, changedAt: time, sourceVersion: contract.sourceVersion, status: "active", attributes: contract.attributes,
      number: callOff == 0 ? contract.number : "\(contract.number)/\(callOff)",
      contractKey: contract.id, customerNumber: customer.id, customerKey: customerKey, customer: customer, contactPerson: contact,
      orderDate: contract.signDate, currency: contract.currency, priceIncludesTax: contract.priceIncludesTax,
      lines: contract.lines.map { line in
        Interchange.V1.OrderLine(
          number: line.number, contractLine: line.number, product: line.product, packaging: line.packaging, quantity: line.quantity,
          unit: line.unit, unitPrice: line.unitPrice, discount: line.discount, taxCode: line.taxCode, deliveryDate: line.deliveryDate)
      },
      paymentTerms: contract.paymentTerms, deliveryAddress: contract.deliveryAddress, netTotal: contract.netTotal,
      taxTotal: contract.taxTotal, grossTotal: contract.grossTotal, orderType: contract.effectiveOrderType,
      callOff: Int32(truncatingIfNeeded: callOff))
  }
}
