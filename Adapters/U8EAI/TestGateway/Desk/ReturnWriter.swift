import XMLStream

/// Writes what the interface answers.
struct ReturnWriter: Sendable {
  var encoding: AnswerEncoding
  /// `return`, or `voucheraddreturn` as interfaces answer to vouchers.
  var roottag: String

  /// What became of one order.
  struct Item: Sendable {
    var key: String
    var succeed: Int
    var dsc: String
    var u8key: String
  }

  func returned(docid: String, proc: String, _ items: [Item]) -> [UInt8] {
    let children = items.map { item in
      XMLElement(
        "item",
        attributes: [
          XMLAttribute("key", item.key), XMLAttribute("succeed", "\(item.succeed)"), XMLAttribute("dsc", item.dsc),
          XMLAttribute("u8key", item.u8key),
        ])
    }
    return octets([("roottag", roottag), ("docid", docid), ("proc", proc)], children)
  }

  /// The orders that a query has found, as the interface exports them.
  func found(docid: String, _ orders: [Books.Entered]) -> [UInt8] {
    let children = orders.map { order in
      let header = [("id", order.u8key), ("outid", order.outid), ("code", order.code), ("custcode", order.customer)].map { name, value in
        XMLNode.element(XMLElement(XMLName(name), children: [.text(XMLText(value))]))
      }
      return XMLElement("saleorder", children: [.element(XMLElement("header", children: header)), .element(XMLElement("body"))])
    }
    return octets(
      [("sender", "u8"), ("receiver", ""), ("roottag", "saleorder"), ("docid", docid), ("proc", "Query"), ("codeexchanged", "N")], children)
  }

  private func octets(_ attributes: [(String, String)], _ children: [XMLElement]) -> [UInt8] {
    let root = XMLElement(
      "ufinterface", attributes: attributes.map { XMLAttribute(XMLName($0.0), $0.1) }, children: children.map { .element($0) })
    var writer = XMLWriter(declaration: false)
    do {
      try writer.write(root)
      return encoding.octets(String(decoding: try writer.finish(), as: UTF8.self))
    } catch { preconditionFailure("what came in as XML goes out as XML: \(error)") }
  }
}
