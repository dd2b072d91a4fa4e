public import Broker
public import CDR
public import EAIGateway
import HTTPTypes
import InterchangeIDL
import MappingFiles
public import XMLStream

/// How the dialect `ufinterface` orders, asks and answers: `proc` says what is done with the items, the answer is a `return` document with
/// one `item` for each of them, or a `voucheraddreturn` where a voucher interface is spoken to. `succeed` is 0 for success and -1 for
/// anything else, with the reason in `dsc`.
public struct UFInterface: GatewayProtocol {
  /// Creates the protocol.
  public init() {}

  public let name = "ufinterface"

  public func demand(of head: DocumentHead) throws -> ItemDemand {
    let proc = attribute("proc", of: head)
    switch proc.lowercased() {
    // Add creates and never changes: there is no upsert in this dialect.
    case "add": return .isNew
    case "edit", "delete": return .isKnown
    default:
      throw GatewayRefusal(
        .unprocessableContent, "PROC_UNKNOWN", "proc=\"\(proc.prefix(40))\" is not served", hint: "Add, Edit, Delete and Query are")
    }
  }

  public func examine(root: XMLStartTag) throws {
    let roottag = root.attributes.first { $0.name == "roottag" }?.value ?? ""
    if roottag.lowercased() == "sqlexe" {
      throw GatewayRefusal(.forbidden, "SQL_REFUSED", "roottag=\"SQLEXE\" would run SQL; it is refused, whoever asks")
    }
    if roottag.isEmpty {
      throw GatewayRefusal(.badRequest, "ROOTTAG_MISSING", "the document has no roottag", hint: "roottag names the kind of its items")
    }
  }

  public func answer(_ outcome: DocumentOutcome) throws -> [UInt8] {
    let proc = attribute("proc", of: outcome.head)
    let voucher = Self.wantsVoucherReturn(roottag: outcome.head.kind.type, proc: proc) { outcome.head.envelope.hasText("@\($0)") }
    var writer = try begin(isVoucher: voucher, docid: attribute("docid", of: outcome.head), proc: proc)
    for (index, result) in outcome.receipt.results.enumerated() {
      let identity = index < outcome.identities.count ? outcome.identities[index] : ""
      // The words of the first time, behind those that say so.
      let before = outcome.isDuplicate ? "duplicate of receipt \(outcome.receiptNumber): " : ""
      switch result.outcome {
      case "applied", "unchanged": try write(result.key, "0", before + "ok", identity, to: &writer)
      // It is stored, and applied as soon as what it waits for is linked: sending it again changes nothing.
      case "held": try write(result.key, "0", before + "held \(result.code): \(result.explanation)", identity, to: &writer)
      case "stale", "superseded", "repeated":
        try write(result.key, "0", before + "\(result.code): \(result.explanation)", identity, to: &writer)
      case "left-out": try write(result.key, "0", before + "left out \(result.code): \(result.explanation)", identity, to: &writer)
      default: try write(result.key, "-1", before + "\(result.code): \(result.explanation)", identity, to: &writer)
      }
    }
    for (name, count) in outcome.leftOut.sorted(by: { $0.key < $1.key }) {
      try write("", "0", "left out RECORDS_LEFT_OUT: \(count) of \(name), which nothing takes", "", to: &writer)
    }
    for issue in outcome.warnings {
      try write("", "0", "warning \(issue.code): line \(issue.line), \(issue.elementPath): \(issue.message)", "", to: &writer)
    }
    try writer.endElement()
    return try writer.finish()
  }

  public func refusal(_ refusal: GatewayRefusal, issues: [XMLIssue], root: XMLStartTag?, receiptNumber: Int64) throws -> [UInt8] {
    func value(_ name: String) -> String { root?.attributes.first { $0.name == XMLName(name) }?.value ?? "" }
    var reasons = issues.map { "\($0.code): line \($0.line), column \($0.column), \($0.elementPath): \($0.message)" }
    if reasons.isEmpty { reasons = ["\(refusal.code): \(refusal.message)\(refusal.hint.isEmpty ? "" : "; \(refusal.hint)")"] }
    let voucher = Self.wantsVoucherReturn(roottag: value("roottag"), proc: value("proc")) { name in
      root?.attributes.contains { $0.name == XMLName(name) } == true
    }
    var writer = try begin(isVoucher: voucher, docid: value("docid"), proc: value("proc"))
    for reason in reasons { try write("", "-1", reason, "", to: &writer) }
    try writer.endElement()
    return try writer.finish()
  }

  /// Whether a document is answered as a voucher interface answers: it adds vouchers, and its envelope has what those of vouchers have
  /// beside the others (`renewproofno`, `import`, `newadd`). Orders in the plain envelope get the plain return.
  private static func wantsVoucherReturn(roottag: String, proc: String, has: (String) -> Bool) -> Bool {
    roottag.lowercased() == "saleorder" && proc.lowercased() == "add" && ["renewproofno", "import", "newadd"].contains(where: has)
  }

  private func begin(isVoucher: Bool, docid: String, proc: String) throws -> XMLWriter {
    var writer = XMLWriter()
    try writer.startElement("ufinterface")
    try writer.attribute("roottag", isVoucher ? "voucheraddreturn" : "return")
    try writer.attribute("docid", docid)
    try writer.attribute("proc", proc)
    return writer
  }

  private func write(_ key: String, _ succeed: String, _ reason: String, _ identity: String, to writer: inout XMLWriter) throws {
    try writer.startElement("item")
    try writer.attribute("key", key)
    try writer.attribute("succeed", succeed)
    try writer.attribute("dsc", reason.removingIllegalCharacters)
    try writer.attribute("u8key", identity)
    try writer.endElement()
  }

  private func attribute(_ name: String, of head: DocumentHead) -> String {
    if case .text(let text)? = head.envelope["@\(name)"] { text } else { "" }
  }
}

extension Record {
  fileprivate func hasText(_ name: String) -> Bool { if case .text? = self[name] { true } else { false } }
}

// Queries.
extension UFInterface {
  public func question(_ head: DocumentHead, _ items: [Record]) throws -> DocumentQuestion {
    var alternatives: [[UFCondition]] = [[]]
    for item in items {
      guard case .list(let fields)? = item["field"] else { continue }
      for case .record(let field) in fields {
        func value(_ name: String) -> String { if case .text(let text)? = field["@\(name)"] { text } else { "" } }
        let condition = try UFCondition(column: value("name"), operation: value("operation"), value: value("value"))
        alternatives[alternatives.count - 1].append(condition)
        if value("logic").lowercased().contains("or") { alternatives.append([]) }
      }
    }
    let wanted = alternatives.filter { !$0.isEmpty }
    return DocumentQuestion { record in wanted.isEmpty || wanted.contains { conditions in conditions.allSatisfy { $0.holds(for: record) } }
    }
  }

  public func answer(_ head: DocumentHead, found: [Record], isTruncated: Bool) throws -> [UInt8] {
    var writer = XMLWriter(indentation: 1)
    try writer.startElement("ufinterface")
    for (slot, field) in head.envelope.type.fields.enumerated() where field.name.hasPrefix("@") {
      guard case .text(let text) = head.envelope.slots[slot], !text.isEmpty else { continue }
      try writer.attribute(XMLName(String(field.name.dropFirst())), text)
    }
    if isTruncated { try writer.attribute("maxdataitems", String(found.count)) }
    for record in found { try writer.write(DocumentShape.element(record)) }
    try writer.endElement()
    return try writer.finish()
  }
}
