public import CDR
public import InterchangeIDL

/// An object that the CRM core takes from other systems.
public protocol ExaminedObject: RecordConvertible {
  /// What tells states of the same content apart, and therefore stays out of their fingerprint.
  var id: String { get }
  var changedAt: Interchange.V1.Timestamp { get }
  var sourceVersion: Interchange.V1.OptionalVersion { get }
  /// Everything that is wrong with the object by itself; ids of other things are looked up elsewhere.
  func examine() -> [Finding]
}

extension Examination {
  /// What all objects have.
  mutating func common(status: String, attributes: [Interchange.V1.NameValue]) {
    word(status, "status", of: ["active", "inactive"])
    self.attributes(attributes)
  }

  mutating func attributes(_ attributes: [Interchange.V1.NameValue]) {
    if attributes.count > 200 { find("TOO_MANY", "attributes", "there are \(attributes.count) attributes; an object has at most 200") }
    for (index, attribute) in attributes.prefix(200).enumerated() {
      text(attribute.name, "attributes[\(index + 1)]/name", atMost: 100, required: true)
      text(attribute.value, "attributes[\(index + 1)]/value", atMost: 4000)
    }
  }

  mutating func address(_ address: Interchange.V1.Address, _ path: String) {
    for (field, value) in [
      ("line1", address.line1), ("line2", address.line2), ("city", address.city), ("region", address.region),
      ("postalCode", address.postalCode), ("kind", address.kind),
    ] {
      text(value, "\(path)/\(field)", atMost: 250)
    }
    country(address.country, "\(path)/country")
  }
}

extension Interchange.V1.Unit: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(code, "code", atMost: 50, required: true)
    examination.text(name, "name", atMost: 250)
    examination.text(rec20, "rec20", atMost: 3)
    if !baseUnit.isEmpty, baseUnit == id {
      examination.find("UNIT_CYCLE", "baseUnit", "the unit would be counted in itself; a base unit has no base unit")
    }
    if baseUnit.isEmpty, factorNumerator != factorDenominator, factorNumerator > 0, factorDenominator > 0 {
      examination.find(
        "FACTOR_INVALID", "factorNumerator",
        "the factor is \(factorNumerator)/\(factorDenominator), but the unit has no base unit to be counted in; send 1/1 or the base unit")
    }
    if factorNumerator <= 0 {
      examination.find("FACTOR_INVALID", "factorNumerator", "the factor's numerator is \(factorNumerator); it must be above 0")
    }
    if factorDenominator <= 0 {
      examination.find("FACTOR_INVALID", "factorDenominator", "the factor's denominator is \(factorDenominator); it must be above 0")
    }
    return examination.findings
  }
}

extension Interchange.V1.Category: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(code, "code", atMost: 100)
    examination.text(name, "name", atMost: 250, required: true)
    return examination.findings
  }
}

extension Interchange.V1.Product: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(code, "code", atMost: 100)
    examination.text(name, "name", atMost: 500, required: true)
    examination.text(description, "description", atMost: 20_000)
    examination.text(specification, "specification", atMost: 20_000)
    if packagings.count > 200 {
      examination.find("TOO_MANY", "packagings", "there are \(packagings.count) packagings; a product has at most 200")
    }
    for (index, packaging) in packagings.prefix(200).enumerated() {
      examination.text(packaging.code, "packagings[\(index + 1)]/code", atMost: 50, required: true)
      examination.text(packaging.name, "packagings[\(index + 1)]/name", atMost: 250)
      if packaging.unitsPerPackage.unscaled <= 0 {
        examination.find(
          "QUANTITY_INVALID", "packagings[\(index + 1)]/unitsPerPackage",
          "a package of \(packaging.unitsPerPackage) units holds nothing; the number must be above 0")
      }
    }
    if packagings.count > 1, Set(packagings.map(\.code)).count < packagings.count {
      examination.find("PACKAGING_TWICE", "packagings", "two packagings have the same code; nobody can tell which one an order means")
    }
    if listPrice.amount.unscaled < 0 {
      examination.find(
        "PRICE_NEGATIVE", "listPrice/amount", "the list price \(listPrice.amount) is negative; send 0 for a product without a price")
    }
    examination.currency(listPrice.currency, "listPrice/currency")
    return examination.findings
  }
}

extension Interchange.V1.Party: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(name, "name", atMost: 500, required: true)
    examination.word(kind, "kind", of: ["customer", "supplier", "partner", "agent", "prospect"])
    examination.text(taxId, "taxId", atMost: 100)
    examination.text(paymentTerms, "paymentTerms", atMost: 100)
    if addresses.count > 200 {
      examination.find("TOO_MANY", "addresses", "there are \(addresses.count) addresses; a party has at most 200")
    }
    for (index, address) in addresses.prefix(200).enumerated() { examination.address(address, "addresses[\(index + 1)]") }
    return examination.findings
  }
}

extension Interchange.V1.CustomerProduct: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(party, "party", atMost: 255, required: true)
    examination.text(product, "product", atMost: 255, required: true)
    examination.text(code, "code", atMost: 100, required: true)
    examination.text(name, "name", atMost: 500)
    return examination.findings
  }
}

extension Interchange.V1.Contact: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(name, "name", atMost: 250, required: true)
    for (field, value) in [("role", role), ("phone", phone), ("email", email)] { examination.text(value, field, atMost: 250) }
    examination.word(preferredChannel, "preferredChannel", of: ["", "phone", "email", "post"])
    return examination.findings
  }
}
