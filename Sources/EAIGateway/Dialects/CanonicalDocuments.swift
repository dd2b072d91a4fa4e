import Broker
public import CDR
import InterchangeIDL
import MappingFiles
public import XMLStream

/// Documents of the canonical model: each operation of `Interchange::V1::Inbound` that takes a message and a batch is a root element, its
/// parameters are the elements below, as `idl2swift --emit xsd` writes it into Schemas/.
public enum CanonicalDocuments {
  /// The namespace of our documents.
  public static let namespace = "urn:tessera:interchange:1"

  /// The kinds of documents.
  ///
  /// - Parameter schemas: checks them; nil where nothing does.
  public static func kinds(schemas: SchemaSet?) -> [(kind: DocumentKind, envelope: RecordType)] {
    Interchange.V1.Inbound.interfaceDescription.operations.compactMap { operation in
      guard operation.parameters.count == 2, operation.parameters[0].name == "message",
        case .sequence(.record(let item), _) = operation.parameters[1].type.resolved
      else { return nil }
      let batch = operation.parameters[1].name
      let envelope = RecordType(
        id: "urn:tessera:interchange:1/\(operation.name)", name: operation.name,
        fields: [RecordType.Field("message", .string(bound: 0))])
      return (
        DocumentKind(
          dialect: "", type: item.name, root: XMLName(operation.name, namespace: namespace),
          items: [ItemKind(type: item.name, path: [batch, "item"], keyPath: ["id"], recordType: item)], messagePath: ["message"],
          schemas: schemas),
        envelope
      )
    }
  }
}

/// Answers with a receipt of the canonical model: also the way of dialects that have no answers of their own.
public struct CanonicalProtocol: GatewayProtocol {
  /// Creates the protocol.
  public init() {}

  public let name = "receipt"

  public func answer(_ outcome: DocumentOutcome) throws -> [UInt8] {
    try Self.document(
      outcome.receipt, number: outcome.receiptNumber, counts: outcome.counts, isDuplicate: outcome.isDuplicate, leftOut: outcome.leftOut,
      warnings: outcome.warnings)
  }

  public func refusal(_ refusal: GatewayRefusal, issues: [XMLIssue], root: XMLStartTag?, receiptNumber: Int64) throws -> [UInt8] {
    var results = issues.map { Self.result($0, outcome: "rejected") }
    if results.isEmpty {
      results = [
        Interchange.V1.ItemResult(
          item: 0, key: "", outcome: "rejected", code: refusal.code, path: "",
          explanation: refusal.message + (refusal.hint.isEmpty ? "" : "; \(refusal.hint)"))
      ]
    }
    let receipt = Interchange.V1.Receipt(message: "", receivedAt: 0, outcome: "refused", results: results)
    return try Self.document(receipt, number: receiptNumber, warnings: [])
  }

  /// `<Receipt number="17" received="3" applied="2" …>` with the fields of the canonical receipt; breaches of the schema that were let pass
  /// are results of the outcome `warning`, records that nothing takes one of the outcome `left-out` for each name.
  static func document(
    _ receipt: Interchange.V1.Receipt, number: Int64, counts: ReceiptCounts? = nil, isDuplicate: Bool = false, leftOut: [String: Int] = [:],
    warnings: [XMLIssue]
  ) throws -> [UInt8] {
    var head = receipt
    head.results = []
    var writer = XMLWriter(indentation: 2)
    try writer.startElement(XMLName("Receipt", namespace: CanonicalDocuments.namespace))
    if number > 0 { try writer.attribute("number", String(number)) }
    if isDuplicate { try writer.attribute("duplicateOf", String(number)) }
    for (name, count) in counts?.named ?? [] { try writer.attribute(XMLName(name), String(count)) }
    for field in RecordXML.element(head.record).elements where field.name.local != "results" { try write(field, to: &writer) }
    // One by one: as elements in memory, those of a large document would take more than the document.
    try writer.startElement(XMLName("results", namespace: CanonicalDocuments.namespace))
    for result in receipt.results { try write(result, to: &writer) }
    for (name, count) in leftOut.sorted(by: { $0.key < $1.key }) { try write(.leftOut(name, count), to: &writer) }
    for issue in warnings { try write(Self.result(issue, outcome: "warning"), to: &writer) }
    try writer.endElement()
    try writer.endElement()
    return try writer.finish()
  }

  private static func result(_ issue: XMLIssue, outcome: String) -> Interchange.V1.ItemResult {
    Interchange.V1.ItemResult(
      item: 0, key: "", outcome: outcome, code: issue.code.rawValue, path: issue.elementPath,
      explanation: "line \(issue.line), column \(issue.column): \(issue.message)\(issue.hint.isEmpty ? "" : " \(issue.hint)")")
  }

  private static func write(_ result: Interchange.V1.ItemResult, to writer: inout XMLWriter) throws {
    let name = XMLName("item", namespace: CanonicalDocuments.namespace)
    try writer.startElement(name)
    for field in RecordXML.element(result.record).elements { try write(field, to: &writer) }
    try writer.endElement()
  }

  private static func write(_ element: XMLElement, to writer: inout XMLWriter) throws {
    try writer.startElement(XMLName(element.name.local, namespace: CanonicalDocuments.namespace))
    for child in element.elements { try write(child, to: &writer) }
    if element.elements.isEmpty { try writer.text(element.text.removingIllegalCharacters) }
    try writer.endElement()
  }
}

extension Interchange.V1.ItemResult {
  /// Records of one name that stand beside the items and that nothing takes.
  static func leftOut(_ name: String, _ count: Int) -> Self {
    Self(
      item: 0, key: "", outcome: ItemOutcome.leftOut.rawValue, code: "RECORDS_LEFT_OUT", path: name,
      explanation: "\(count) of \(name): they are no items of this kind of document, and nothing takes them")
  }
}

extension String {
  /// The text without what XML 1.0 cannot carry, which may stand in a value that is quoted.
  package var removingIllegalCharacters: String {
    // Nearly every text is US-ASCII without controls.
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x80 }) { return self }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.filter { scalar in
          scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF || [0x9, 0xA, 0xD].contains(scalar.value)
        }))
  }
}
