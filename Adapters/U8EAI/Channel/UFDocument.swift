import BrokerRuntime
import CDR
import MappingFiles
import XMLStream

/// The documents that are sent.
enum UFDocument {
  /// An order to be entered, with our key in it.
  ///
  /// The envelope that the mapping has made stays, but for what addresses and numbers the message: the number is our key, since
  /// the interface gives it back.
  ///
  /// - Parameter order: of the type `ufinterface:saleorder`.
  /// - Throws: `AdapterFailure` where the order has no place for our key, or text that XML cannot carry.
  static func order(_ order: Record, key: String, _ deployment: U8Deployment) throws -> [UInt8] {
    var attributes = [
      ("sender", deployment.sender), ("receiver", deployment.receiver), ("roottag", "saleorder"), ("docid", key), ("proc", "Add"),
    ]
    // Our links have made U8's codes of all ids.
    var defaults = [("codeexchanged", "Y"), ("exportneedexch", "N")]
    if case .record(let envelope)? = order[DocumentShape.envelope] {
      let given = DocumentShape.element(envelope).attributes.map { ($0.name.local, $0.value) }
      defaults.removeAll { pair in given.contains { $0.0 == pair.0 } }
      defaults += given.filter { pair in !attributes.contains { $0.0 == pair.0 } }
    }
    attributes += defaults
    let item = DocumentShape.element(try stamped(order, key: key, deployment.keyElement))
    return try octets(attributes, [.element(item)])
  }

  /// The number that the order bears in the document; empty where it bears none.
  static func code(of order: Record) -> String {
    guard case .record(let header)? = order["header"], case .text(let code)? = header["code"] else { return "" }
    return code
  }

  /// A question for the orders of our key.
  static func query(column: String, key: String, _ deployment: U8Deployment) throws -> [UInt8] {
    let field = XMLElement(
      "field",
      attributes: [
        XMLAttribute("display", column), XMLAttribute("name", column), XMLAttribute("operation", "="), XMLAttribute("value", key),
        XMLAttribute("logic", ""),
      ])
    let attributes = [
      ("sender", deployment.sender), ("receiver", deployment.receiver), ("roottag", "saleorder"), ("docid", key), ("proc", "Query"),
      ("codeexchanged", "N"), ("exportneedexch", "N"), ("timestamp", ""),
    ]
    return try octets(attributes, [.element(XMLElement("saleorder", children: [.element(field)]))])
  }

  private static func octets(_ attributes: [(String, String)], _ children: [XMLNode]) throws -> [UInt8] {
    let root = XMLElement("ufinterface", attributes: attributes.map { XMLAttribute(XMLName($0.0), $0.1) }, children: children)
    do {
      var writer = XMLWriter(indentation: 1)
      try writer.write(root)
      return try writer.finish()
    } catch {
      throw AdapterFailure(.notExecuted, code: "VALUE_INVALID", message: "XML cannot carry the order: \(error.message)", hint: error.hint)
    }
  }

  /// The order with our key in its header, and with the key and a number in each entry.
  private static func stamped(_ order: Record, key: String, _ keyElement: String) throws -> Record {
    guard case .record(var header)? = order["header"], header.type.slot(of: keyElement) != nil else {
      throw AdapterFailure(
        .notExecuted, code: "KEY_ELEMENT_UNKNOWN", message: "the order's header has no element '\(keyElement)' to keep our key",
        hint: "name another with #key=ELEMENT, one that the dialect's sample of a sale order shows")
    }
    var order = order
    header[keyElement] = .text(key)
    order["header"] = .record(header)
    if case .record(var body)? = order["body"], case .list(let entries)? = body["entry"] {
      body["entry"] = .list(
        entries.enumerated().map { index, entry in
          guard case .record(var line) = entry, let slot = line.type.slot(of: "body_outid") else { return entry }
          line.slots[slot] = .text("\(key)-\(index + 1)")
          return .record(line)
        })
      order["body"] = .record(body)
    }
    return order
  }
}
