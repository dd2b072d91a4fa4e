import SQLite
import XMLStream

/// Works on the documents that are posted.
final class Desk: Sendable {
  private let books: Books
  private let rules: Rules
  private let writer: ReturnWriter
  private let faults: FaultCounter
  private let log: CallLog?

  /// What the interface takes.
  struct Rules: Sendable {
    /// The codes of registered partners.
    var senders: Set<String>
    /// Known customers and items; empty for all.
    var customers: Set<String>
    var items: Set<String>
    var answersQueries: Bool
  }

  init(books: Books, rules: Rules, writer: ReturnWriter, faults: FaultCounter, log: CallLog?) {
    self.books = books
    self.rules = rules
    self.writer = writer
    self.faults = faults
    self.log = log
  }

  func answer(_ request: ServerRequest) async -> ServerReply {
    guard request.method == "POST" else { return page(200, "EAI is ready") }
    // What is no document of the interface is answered by the page of words that the server's script engine shows.
    guard let root = try? XMLDocument(parsing: request.body, file: "request").root, root.name.local == "ufinterface",
      let roottag = root["roottag"], let proc = root["proc"], let sender = root["sender"]
    else { return page(500, "the document cannot be read") }
    let docid = root["docid"] ?? ""
    guard rules.senders.contains(sender) else { return refused(docid, proc, "外部系统编码 \(sender) 没有注册") }
    guard roottag.lowercased() == "saleorder" else { return refused(docid, proc, "单据类型 \(roottag) 不支持") }
    switch proc.lowercased() {
    case "add": return await add(root, docid, proc)
    case "query": return query(root, docid, proc)
    default: return refused(docid, proc, "操作 \(proc) 不支持")
    }
  }

  // MARK: - Entering

  private func add(_ root: XMLElement, _ docid: String, _ proc: String) async -> ServerReply {
    let orders = root.elements("saleorder").map(SaleOrder.init)
    for order in orders { log?.append("Add \(order.outid) \(order.code)") }
    let fault = orders.first.flatMap { faults.strike(key: $0.outid) }
    func answer(_ items: [ReturnWriter.Item], docid: String) -> ServerReply { xml(writer.returned(docid: docid, proc: proc, items)) }
    switch fault {
    case .lateCommit:
      // Nobody waits for this: that is the fault.
      Task.detached { [books, delay = faults.plan.delay] in
        try? await Task.sleep(for: delay)
        for order in orders { _ = try? books.enter(order) }
      }
      return .silence
    case .refuse: return answer(orders.map { failed($0, "存货 \($0.lines.first?.item ?? "") 不存在") }, docid: docid)
    case .busy: return answer(orders.map { failed($0, "数据库连接超时，请稍后再试") }, docid: docid)
    case .succeedWithoutKey: return answer(orders.map { _ in ReturnWriter.Item(key: "", succeed: 0, dsc: "ok", u8key: "") }, docid: docid)
    case .htmlPage: return page(200, "登录 U8")
    case .redirect:
      return .answer(status: 302, headers: [("Location", "http://127.0.0.1:9/elsewhere")], body: [])
    default: break
    }
    let items = orders.map(enter)
    let reply = answer(items, docid: docid)
    switch fault {
    case .commitThenDrop: return .silence
    case .htmlError: return page(500, "Active Server Pages 错误 'ASP 0113': 脚本超时")
    case .cutOff: return .half(body: writer.returned(docid: docid, proc: proc, items))
    case .endless: return .endless(octets: 256 << 20)
    case .wrongEncoding:
      let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?><ufinterface roottag=\"return\" dsc=\"成功\"/>"
      return xml(AnswerEncoding.gb(text))
    case .otherMessage: return answer(items, docid: "another-message")
    case .slow:
      try? await Task.sleep(for: faults.plan.delay)
      return reply
    default: return reply
    }
  }

  private func enter(_ order: SaleOrder) -> ReturnWriter.Item {
    // Elements with other names are not seen: nothing is written, and it is called success.
    guard order.isReadable else { return ReturnWriter.Item(key: "", succeed: 0, dsc: "ok", u8key: "") }
    do {
      try examine(order)
      let entered = try books.enter(order)
      return ReturnWriter.Item(key: order.code, succeed: 0, dsc: "ok", u8key: entered.u8key)
    } catch let refused as Refused { return failed(order, refused.words) } catch { return failed(order, "数据库错误: \(error)") }
  }

  private func examine(_ order: SaleOrder) throws {
    if order.customer.isEmpty || (!rules.customers.isEmpty && !rules.customers.contains(order.customer)) {
      throw Refused("客户编码 \(order.customer) 不存在")
    }
    if order.code.utf8.count > 30 { throw Refused("单据号 \(order.code) 太长") }
    if order.lines.isEmpty { throw Refused("表体不能为空") }
    for line in order.lines {
      if line.item.isEmpty || (!rules.items.isEmpty && !rules.items.contains(line.item)) { throw Refused("存货编码 \(line.item) 不存在") }
      // Above zero: a digit that is none, and no sign.
      guard line.quantity.contains(where: { ("1"..."9").contains($0) }), !line.quantity.hasPrefix("-") else {
        throw Refused("存货 \(line.item) 的数量必须大于零")
      }
    }
  }

  // MARK: - Asking

  private func query(_ root: XMLElement, _ docid: String, _ proc: String) -> ServerReply {
    guard let field = root.element("saleorder")?.element("field"), let value = field["value"] else {
      return refused(docid, proc, "没有查询条件")
    }
    log?.append("Query \(value)")
    guard rules.answersQueries, let column = field["name"].flatMap({ Books.QueryColumn(rawValue: $0.lowercased()) }) else {
      return refused(docid, proc, "查询条件不支持")
    }
    do { return xml(writer.found(docid: docid, try books.find(column, value))) } catch {
      return refused(docid, proc, "数据库错误: \(error)")
    }
  }

  // MARK: - Answers

  private func failed(_ order: SaleOrder, _ words: String) -> ReturnWriter.Item {
    ReturnWriter.Item(key: order.code, succeed: -1, dsc: words, u8key: "")
  }

  private func refused(_ docid: String, _ proc: String, _ words: String) -> ServerReply {
    xml(writer.returned(docid: docid, proc: proc, [ReturnWriter.Item(key: "", succeed: -1, dsc: words, u8key: "")]))
  }

  private func xml(_ body: [UInt8]) -> ServerReply { .answer(status: 200, headers: [("Content-Type", "text/xml")], body: body) }

  private func page(_ status: Int, _ words: String) -> ServerReply {
    .answer(
      status: status, headers: [("Content-Type", "text/html")], body: Array("<html><body><p>\(words)<br></p></body></html>".utf8))
  }
}
