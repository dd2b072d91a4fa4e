import CDR
public import InterchangeIDL

extension Interchange.V1.PriceList: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(code, "code", atMost: 100, required: true)
    examination.text(name, "name", atMost: 250)
    examination.currency(currency, "currency")
    examination.date(validFrom, "validFrom")
    examination.date(validTo, "validTo")
    // Dates of one form compare as text.
    if examination.findings.isEmpty, !validFrom.isEmpty, !validTo.isEmpty, validTo < validFrom {
      examination.find(
        "PERIOD_INVALID", "validTo", "the list ends on \(validTo), before it begins on \(validFrom); both are days on which it holds")
    }
    return examination.findings
  }
}

extension Interchange.V1.PriceLine: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(list, "list", atMost: 255, required: true)
    examination.text(product, "product", atMost: 255, required: true)
    examination.text(packaging, "packaging", atMost: 50)
    if minimumQuantity.unscaled < 0 {
      examination.find(
        "QUANTITY_INVALID", "minimumQuantity",
        "the price cannot hold from a quantity of \(minimumQuantity.decimal.normalized) on; send 0 for a price that always holds")
    }
    if unitPrice.unscaled < 0 {
      examination.find(
        "PRICE_NEGATIVE", "unitPrice",
        "the price \(unitPrice.decimal.normalized) is negative; a line that the list has no more has the status inactive")
    }
    return examination.findings
  }
}

extension Interchange.V1.Availability: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(product, "product", atMost: 255, required: true)
    examination.text(site, "site", atMost: 100, required: true)
    examination.text(siteName, "siteName", atMost: 250)
    if asOf <= 0 { examination.find("TIME_MISSING", "asOf", "asOf is \(asOf); a quantity says when it was true") }
    return examination.findings
  }
}
