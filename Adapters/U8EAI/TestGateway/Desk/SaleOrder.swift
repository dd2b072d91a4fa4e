import XMLStream

/// A sale order as it stands in a document.
struct SaleOrder: Sendable {
  var code: String
  var outid: String
  var customer: String
  var date: String
  var currency: String
  var lines: [Line]

  struct Line: Sendable {
    var outid: String
    var item: String
    var quantity: String
    var unitPrice: String
    var sum: String
  }

  init(_ element: XMLElement) {
    let header = element.element("header")
    func text(_ name: XMLName) -> String { header?.element(name)?.text ?? "" }
    code = text("code")
    outid = text("outid")
    customer = text("custcode")
    date = text("date")
    currency = text("currency")
    lines = (element.element("body")?.elements("entry") ?? []).map { entry in
      func text(_ name: XMLName) -> String { entry.element(name)?.text ?? "" }
      return Line(
        outid: text("body_outid"), item: text("inventorycode"), quantity: text("quantity"), unitPrice: text("taxunitprice"),
        sum: text("sum"))
    }
  }

  /// Whether the elements bear the names by which they are read.
  var isReadable: Bool { !customer.isEmpty || !lines.isEmpty }
}
