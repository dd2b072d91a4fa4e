import BrokerRuntime
import CDR
import ForeignORB
import MappingFiles
import Testing
import XMLStream

@testable import U8EAIChannel

@Suite("What a U8 EAI interface is sent") struct DocumentTests {
  /// The type of sale orders, from the sample that ships.
  static func type() throws -> RecordType {
    let root = try XMLDocument(path: repositoryPath("Adapters/U8EAI/Samples/saleorder.xml")).root
    let around = DocumentShape.envelopeType("saleorder", dialect: "ufinterface", roots: [root], itemPaths: [["saleorder"]])
    return DocumentShape.recordType("saleorder", dialect: "ufinterface", items: root.elements, around: around)
  }

  static func order(_ text: String) throws -> Record {
    let element = try XMLDocument(parsing: Array(text.utf8), file: "order").root
    return try #require(RecordXML.record(element, try type(), file: "order").0)
  }

  static func deployment() throws -> U8Deployment { try U8Deployment("http://erp/u8eai/import.asp#sender=007&receiver=U8&key=define3") }
  static let key = "0190b3a4-1111-7222-8333-444455556666"

  @Test("An order has sender, number and our key, whatever the mapping has set")
  func order() throws {
    let record = try Self.order(
      """
      <saleorder>
        <envelope sender="999" display="销售订单" codeexchanged="N"/>
        <header><code>O-1</code><memo>a &amp; b &lt;c&gt; “d”</memo></header>
        <body><entry><inventorycode>A</inventorycode></entry><entry><inventorycode>B</inventorycode></entry></body>
      </saleorder>
      """)
    let octets = try UFDocument.order(record, key: Self.key, try Self.deployment())
    let root = try XMLDocument(parsing: octets, file: "sent").root
    #expect(root["sender"] == "007" && root["receiver"] == "U8" && root["roottag"] == "saleorder" && root["proc"] == "Add")
    #expect(root["docid"] == Self.key && root["codeexchanged"] == "N" && root["display"] == "销售订单")
    let header = try #require(root.element("saleorder")?.element("header"))
    #expect(header.element("define3")?.text == Self.key && header.element("memo")?.text == "a & b <c> “d”")
    let entries = try #require(root.element("saleorder")?.element("body")?.elements("entry"))
    #expect(entries.map { $0.element("body_outid")?.text } == ["\(Self.key)-1", "\(Self.key)-2"])
    #expect(UFDocument.code(of: record) == "O-1")
  }

  @Test("An element that no sample shows cannot keep our key, and text that XML cannot carry is not sent")
  func refused() throws {
    let record = try Self.order("<saleorder><header><code>O-1</code></header></saleorder>")
    let elsewhere = try U8Deployment("http://erp/#sender=1&key=nowhere")
    let unknown = #expect(throws: AdapterFailure.self) { try UFDocument.order(record, key: "K", elsewhere) }
    #expect(unknown?.code == "KEY_ELEMENT_UNKNOWN" && unknown?.execution == .notExecuted)
    var control = record
    if case .record(var header)? = record["header"] {
      header["memo"] = .text("a\u{1}b")
      control["header"] = .record(header)
    }
    let illegal = #expect(throws: AdapterFailure.self) { try UFDocument.order(control, key: "K", try Self.deployment()) }
    #expect(illegal?.code == "VALUE_INVALID" && illegal?.execution == .notExecuted)
  }

  @Test("A question asks for our key")
  func query() throws {
    let root = try XMLDocument(parsing: try UFDocument.query(column: "cOutID", key: "K'1", try Self.deployment()), file: "sent").root
    #expect(root["proc"] == "Query" && root["roottag"] == "saleorder")
    let field = try #require(root.element("saleorder")?.element("field"))
    #expect(field["name"] == "cOutID" && field["operation"] == "=" && field["value"] == "K'1")
  }
}
