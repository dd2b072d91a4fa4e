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
    for (index, line) in lines.prefix(10_000).enumerated() {
      examination.text(line.hold, "lines[\(index + 1)]/hold", atMost: 500)
      examination.date(line.promisedDate, "lines[\(index + 1)]/promisedDate")
    }
    return examination.findings
  }
}
