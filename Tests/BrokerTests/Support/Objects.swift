import CDR
import CRMCore
import Identity
import InterchangeIDL

/// The canonical model, for short.
typealias V1 = Interchange.V1

// Objects for tests: what a test does not say is of no meaning to it.

extension V1.Unit {
  static func sample(_ id: String, version: Int64? = 1, base: String = "", factor: (Int64, Int64) = (1, 1)) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: "active", attributes: [], code: id, name: "unit \(id)", rec20: "",
      baseUnit: base, factorNumerator: factor.0, factorDenominator: factor.1)
  }
}

extension V1.Category {
  static func sample(_ id: String, version: Int64? = 1, code: String? = nil, parent: String = "") -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: "active", attributes: [], code: code ?? id, name: "category \(id)",
      parent: parent)
  }
}

extension V1.Product {
  static func sample(
    _ id: String, version: Int64? = 1, changedAt: Int64 = 1, code: String? = nil, name: String? = nil, price: String = "10",
    currency: String = "EUR", category: String = "", unit: String = ""
  ) -> Self {
    Self(
      id: id, changedAt: changedAt, sourceVersion: version, status: "active", attributes: [], code: code ?? id,
      name: name ?? "product \(id)", description: "", specification: "", category: category, unit: unit, packagings: [],
      listPrice: V1.Money(amount: V1.MoneyAmount(price)!, currency: currency), priceIncludesTax: false, serialised: false)
  }
}

extension V1.Party {
  static func sample(_ id: String, version: Int64? = 1, taxID: String = "") -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: "active", attributes: [], name: "party \(id)", kind: "customer", parent: "",
      taxId: taxID, paymentTerms: "", addresses: [])
  }
}

extension V1.Contact {
  static func sample(_ id: String, party: String) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: 1, status: "active", attributes: [], party: party, name: "contact \(id)", role: "", phone: "",
      email: "", preferredChannel: "")
  }
}

extension V1.CreditTerms {
  /// - Parameter asOf: microseconds since 1970 UTC.
  static func sample(
    _ id: String, party: String, area: String = "1000", limit: String, open: String = "0", ordered: String = "0", overdue: String = "0",
    currency: String = "EUR", onHold: Bool = false, status: String = "active", version: Int64? = 1, asOf: Int64
  ) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: status, attributes: [], party: party, creditArea: area, currency: currency,
      rating: "A", creditLimit: V1.MoneyAmount(limit)!, periodDays: 30, paymentTerms: "30 days net", openReceivable: V1.MoneyAmount(open)!,
      orderedNotInvoiced: V1.MoneyAmount(ordered)!, overdue: V1.MoneyAmount(overdue)!, onHold: onHold, asOf: asOf)
  }
}

extension V1.Receivable {
  static func sample(
    _ id: String, party: String, due: String, open: String, currency: String = "EUR", area: String = "", version: Int64? = 1
  ) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: "active", attributes: [], party: party, creditArea: area, document: id,
      dueDate: due, amount: V1.MoneyAmount("100")!, openAmount: V1.MoneyAmount(open)!, currency: currency)
  }
}

extension V1.PriceList {
  static func sample(
    _ id: String, party: String = "", currency: String = "EUR", from: String = "", to: String = "", status: String = "active",
    withTax: Bool = false, version: Int64? = 1
  ) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: status, attributes: [], code: id, name: "list \(id)", party: party,
      currency: currency, priceIncludesTax: withTax, validFrom: from, validTo: to)
  }
}

extension V1.PriceLine {
  static func sample(
    _ list: String, _ product: String, price: String, packaging: String = "", from minimum: String = "0", status: String = "active",
    version: Int64? = 1, id: String = ""
  ) -> Self {
    Self(
      id: id, changedAt: 1, sourceVersion: version, status: status, attributes: [], list: list, product: product, packaging: packaging,
      minimumQuantity: V1.QuantityAmount(minimum)!, unitPrice: V1.UnitPriceAmount(price)!)
  }
}

extension V1.Availability {
  /// - Parameter asOf: microseconds since 1970 UTC.
  static func sample(
    _ product: String, site: String = "KOE", quantity: String = "12", unit: String = "", status: String = "active", version: Int64? = nil,
    asOf: Int64
  ) -> Self {
    Self(
      id: "", changedAt: 1, sourceVersion: version, status: status, attributes: [], product: product, site: site, siteName: "",
      quantity: V1.QuantityAmount(quantity)!, unit: unit, asOf: asOf)
  }
}

extension V1.Address {
  static let empty = Self(kind: "", line1: "", line2: "", city: "", region: "", postalCode: "", country: "")
}

extension V1.Contract {
  /// One piece of each product, at 10 each unless told otherwise.
  static func sample(
    _ id: String = "", party: String, contact: String = "", products: [String], unit: String = "", version: Int64? = nil, price: Int = 10,
    currency: String = "EUR"
  ) -> Self {
    let total = V1.MoneyAmount("\(price * products.count)")!
    return Self(
      id: id, changedAt: 1, sourceVersion: version, status: "draft", attributes: [], number: "", party: party, contactPerson: contact,
      signDate: "2026-03-31", currency: currency, priceIncludesTax: false,
      lines: products.enumerated().map { index, product in
        V1.ContractLine(
          number: Int32(index + 1), product: product, packaging: "", quantity: V1.QuantityAmount("1")!, unit: unit,
          unitPrice: V1.UnitPriceAmount("\(price)")!, discount: V1.PercentAmount("0")!, taxCode: "", deliveryDate: "")
      },
      paymentTerms: "", deliveryAddress: .empty, netTotal: total, taxTotal: V1.MoneyAmount("0")!, grossTotal: total, orderType: "",
      renews: "", calledOff: false)
  }
}

extension V1.Contract {
  /// The contract with this quantity in every line, and the totals that follow.
  func with(quantity: String) -> Self {
    var contract = self
    for index in contract.lines.indices { contract.lines[index].quantity = V1.QuantityAmount(quantity)! }
    contract.netTotal = try! V1.MoneyAmount(ContractRules.netTotal(of: contract.lines)!)
    contract.grossTotal = try! V1.MoneyAmount(contract.netTotal.decimal.adding(contract.taxTotal.decimal)!)
    contract.orderType = ""
    return contract
  }
}

extension LinkKey {
  /// `.id("Product", "P-000001")` is one of the CRM core.
  static func id(_ entity: String, _ id: String, of system: String = "crm") -> LinkKey {
    LinkKey(entity: entity, system: system, id: ForeignID(id))
  }
}
