import CDR
public import InterchangeIDL

extension Interchange.V1.CreditTerms: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(party, "party", atMost: 255, required: true)
    examination.text(creditArea, "creditArea", atMost: 100, required: true)
    examination.text(rating, "rating", atMost: 50)
    examination.text(paymentTerms, "paymentTerms", atMost: 100)
    examination.currency(currency, "currency")
    for (field, amount) in [("creditLimit", creditLimit), ("orderedNotInvoiced", orderedNotInvoiced), ("overdue", overdue)]
    where amount.unscaled < 0 {
      examination.find("AMOUNT_NEGATIVE", field, "\(field) is \(amount); it cannot be below 0")
    }
    if !(0...10_000).contains(periodDays) {
      examination.find("PERIOD_INVALID", "periodDays", "the period of \(periodDays) days is not from 0 to 10000")
    }
    if asOf <= 0 {
      examination.find("TIME_MISSING", "asOf", "asOf is \(asOf); credit terms say when their figures were true")
    }
    return examination.findings
  }
}

extension Interchange.V1.Receivable: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(party, "party", atMost: 255, required: true)
    examination.text(creditArea, "creditArea", atMost: 100)
    examination.text(document, "document", atMost: 100, required: true)
    examination.date(dueDate, "dueDate", required: true)
    examination.currency(currency, "currency")
    return examination.findings
  }

  /// Whether credit control still has to do with it.
  public var isOpen: Bool { status == "active" && openAmount.unscaled != 0 }
}
