/// A product as the partner's CRM knows it, before it has met the books.
public struct PartnerProduct: Hashable, Sendable {
  public var code: String
  public var name: String
  public var description: String
  /// ISO 4217, the letters.
  public var currency: String
  /// Hundredths of the currency, without tax.
  public var netPrice: Int64

  /// The products as CSV (RFC 4180) with a header line: code, name, description, currency, listPrice (without tax).
  public static func csv(_ products: [PartnerProduct]) -> String {
    var lines = ["code,name,description,currency,listPrice"]
    for product in products {
      let cents = String(product.netPrice % 100)
      let price = "\(product.netPrice / 100).\(cents.utf8.count == 1 ? "0" : "")\(cents)"
      lines.append([product.code, product.name, product.description, product.currency, price].map(quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) else { return field }
    return "\"" + String(field.flatMap { $0 == "\"" ? "\"\"" : String($0) }) + "\""
  }
}
