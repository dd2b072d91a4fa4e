import CDR
public import InterchangeIDL

extension Interchange.V1.OrderStatus: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(number, "number", atMost: 100, required: true)
    examination.word(state, "state", of: ["open", "held", "shipped", "invoiced", "closed"])
    examination.text(hold, "hold", atMost: 500)
    examination.date(orderDate, "orderDate")
    examination.currency(currency, "currency")
    if lines.count > 10_000 {
      examination.find("TOO_MANY", "lines", "there are \(lines.count) lines; an order has at most 10000")
    }
    var numbers: Set<Int32> = []
    for (index, line) in lines.prefix(10_000).enumerated() {
      if line.number < 1 || !numbers.insert(line.number).inserted {
        examination.find("LINE_NUMBER", "lines[\(index + 1)]/number", "the line number \(line.number) is below 1 or used twice")
      }
      for (field, quantity) in [("shipped", line.shipped), ("invoiced", line.invoiced)] where !line.holds(quantity) {
        examination.find(
          "QUANTITY_INVALID", "lines[\(index + 1)]/\(field)",
          "of line \(line.number) \(quantity) are said to be \(field), which is not between 0 and the \(line.ordered) ordered")
      }
      examination.text(line.hold, "lines[\(index + 1)]/hold", atMost: 500)
      examination.date(line.promisedDate, "lines[\(index + 1)]/promisedDate")
    }
    return examination.findings
  }
}

extension Interchange.V1.OrderLineStatus {
  /// Whether so much of the line can be shipped or invoiced: between nothing and what was ordered, which is below 0 for what is sent back.
  fileprivate func holds(_ quantity: Interchange.V1.QuantityAmount) -> Bool {
    ordered.unscaled < 0
      ? (ordered.unscaled...0).contains(quantity.unscaled) : (0...ordered.unscaled).contains(quantity.unscaled)
  }
}
