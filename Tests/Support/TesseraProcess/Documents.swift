public import ForeignORB

/// Objects of the canonical model as JSON of Tests/Support/README.md; what a test does not say is of no meaning to it.
public enum Document {
  private static func common(_ id: String, _ version: Int?, _ code: String, _ name: String, _ status: String) -> [String: JSON] {
    [
      "id": .string(id), "changedAt": "1000000", "sourceVersion": .array(version.map { [.string("\($0)")] } ?? []),
      "status": .string(status), "attributes": [], "code": .string(code), "name": .string(name),
    ]
  }

  public static func unit(_ id: String, version: Int? = 1, name: String? = nil) -> JSON {
    var members = common(id, version, id, name ?? "unit \(id)", "active")
    members.merge(["rec20": "", "baseUnit": "", "factorNumerator": "1", "factorDenominator": "1"]) { $1 }
    return .object(members)
  }

  public static func category(_ id: String, version: Int? = 1, code: String? = nil, name: String? = nil, parent: String = "") -> JSON {
    var members = common(id, version, code ?? id, name ?? "category \(id)", "active")
    members["parent"] = .string(parent)
    return .object(members)
  }

  /// - Parameter price: with exactly four decimals.
  public static func product(
    _ id: String, version: Int? = 1, code: String? = nil, name: String? = nil, price: String = "10.0000", currency: String = "EUR",
    category: String = "", unit: String = "", status: String = "active"
  ) -> JSON {
    var members = common(id, version, code ?? id, name ?? "product \(id)", status)
    members.merge(
      [
        "description": "", "specification": "", "category": .string(category), "unit": .string(unit), "packagings": [],
        "listPrice": ["amount": .string(price), "currency": .string(currency)], "priceIncludesTax": false, "serialised": false,
      ]
    ) { $1 }
    return .object(members)
  }
}
