import BrokerRuntime
import CDR
import EAIChannel
import XMLStream

/// What the interface says of one order.
struct ReturnItem: Hashable, Sendable {
  /// Our number of the order, given back.
  var key: String
  /// 0 for success, anything else for none.
  var succeed: String
  /// The reason, in free words.
  var dsc: String
  /// U8's own key.
  var u8key: String

  /// Success without a key means that nothing was written: an element had a wrong name.
  var isSuccess: Bool { Int(succeed) == 0 && !key.isEmpty }

  /// As mapping files see it: attributes of the element `item`.
  static let recordType = RecordType(
    id: "xml:ufinterface:return", name: "return",
    fields: ["@key", "@succeed", "@dsc", "@u8key"].map { RecordType.Field($0, .optional(.string(bound: 0))) })

  var record: Record { Record(type: Self.recordType, slots: [.text(key), .text(succeed), .text(dsc), .text(u8key)]) }
}

/// The answer to an order.
enum ReturnDocument {
  /// The item about our order.
  ///
  /// - Parameters:
  ///   - docid: the number of our message, which an answer that bears one must give back.
  ///   - code: the number of the order in the document, to find its item where there are several.
  /// - Throws: `AdapterFailure` for everything that does not say what became of the order.
  static func item(of answer: ChannelAnswer, docid: String, code: String) throws -> ReturnItem {
    let root = try AnswerDocument.root(of: answer)
    let roottag = root["roottag"]?.lowercased() ?? ""
    guard roottag == "return" || roottag == "voucheraddreturn" else {
      throw AnswerDocument.notUnderstood(answer, "its roottag is '\(roottag.prefix(40))', not 'return'")
    }
    if let given = root["docid"], !given.isEmpty, given != docid {
      throw AnswerDocument.notUnderstood(answer, "it is about another message, '\(given.prefix(60))'")
    }
    let items = root.elements("item")
    guard let element = items.count == 1 ? items[0] : items.first(where: { $0["key"] == code && !code.isEmpty }) else {
      throw AnswerDocument.notUnderstood(answer, "it has \(items.count) items, none of which is about the order '\(code)'")
    }
    guard let succeed = element["succeed"].flatMap({ Int($0) }) else {
      throw AnswerDocument.notUnderstood(answer, "its item does not say whether it succeeded: succeed=\"\(element["succeed"] ?? "")\"")
    }
    let item = ReturnItem(key: element["key"] ?? "", succeed: String(succeed), dsc: element["dsc"] ?? "", u8key: element["u8key"] ?? "")
    if item.isSuccess, answer.status >= 400 {
      throw AnswerDocument.notUnderstood(answer, "the status says failure, the document success")
    }
    return item
  }
}

/// The answer to a question for orders.
enum FoundOrders {
  /// The order of our key as if it had just been entered; nil where there is none.
  ///
  /// - Throws: `AdapterFailure` for everything but an answer to the question, and where there are two such orders.
  static func item(of answer: ChannelAnswer, key: String, keyElement: String) throws -> ReturnItem? {
    let root = try AnswerDocument.root(of: answer)
    guard answer.status < 300, root["roottag"]?.lowercased() == "saleorder" else {
      let words = root.element("item")?["dsc"] ?? ""
      throw AnswerDocument.notUnderstood(answer, "it does not answer the question for the order. \(words.prefix(200))")
    }
    // The interface may compare otherwise than asked, or not at all.
    let found = root.elements("saleorder").compactMap { $0.element("header") }.filter {
      $0.element(XMLName(keyElement))?.text.lowercased() == key.lowercased()
    }
    guard let header = found.first else { return nil }
    guard found.count == 1 else {
      let codes = found.map { $0.element("code")?.text ?? "" }.joined(separator: ", ")
      throw AdapterFailure(
        .unknown, code: "ORDER_TWICE", message: "U8 has \(found.count) orders of the key \(key): \(codes.prefix(200))",
        hint: "keep one of them and settle the delivery")
    }
    return ReturnItem(
      key: header.element("code")?.text ?? "", succeed: "0", dsc: "found by our key", u8key: header.element("id")?.text ?? "")
  }
}
