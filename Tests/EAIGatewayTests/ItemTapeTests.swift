import CDR
import Mapping
import MappingFiles
import Testing
import XMLStream

@testable import EAIGateway

/// Items are written down where they are read and built where they are used: nothing may get lost on the way, wherever it is cut.
@Suite struct ItemTapeTests {
  static let text = TypeCode.optional(.string(bound: 0))
  static let envelope = RecordType(id: "xml:toy:order/envelope", name: "envelope", fields: [.init("@sender", text)])
  static let line = RecordType(id: "xml:toy:order/line", name: "line", fields: [.init("@no", text), .init("text", text)])
  static let order = RecordType(
    id: "xml:toy:order", name: "order",
    fields: [
      .init("envelope", .optional(.record(envelope))), .init("code", text),
      .init("line", .sequence(element: .record(line), bound: 0)),
    ])

  /// The items of a document with the root `orders`, handed over after each of its pieces.
  static func items(_ document: String) throws -> [DocumentItem] {
    try withDocument(document) { reader in
      var items: [DocumentItem] = []
      while let unbuilt = try reader.nextItems() { items += try unbuilt.build() }
      return items
    }
  }

  static func withDocument<Result>(_ document: String, _ body: (DocumentReader) throws -> Result) throws -> Result {
    let kind = DocumentKind(
      dialect: "toy", type: "order", root: "orders", items: [ItemKind(type: "order", path: ["order"], keyPath: ["code"], recordType: order)]
    )
    var catalogue = DialectCatalogue()
    catalogue.add(kind, envelope: envelope, answering: CanonicalProtocol())
    let reader = try DocumentReader(
      .octets(Array(document.utf8)), limits: XMLLimits(documentBytes: 64 << 20), deadline: .now + .seconds(600)
    ) { root in DocumentReader.Choice(entry: try catalogue.entry(for: root, systemType: "", sender: "") { _ in true }, validates: false) }
    return try body(reader)
  }

  /// Pieces are of 64 KiB: with items of 60 octets to 100 KiB, each is cut somewhere.
  @Test(arguments: [1, 10, 1_000, 100_000]) func itemsAreWholeWhereverTheDocumentIsCut(textLength: Int) throws {
    let count = max(3, 300_000 / (textLength + 60))
    let text = String(repeating: "阀 & ", count: textLength / 4 + 1)
    let written = text.replacing("&", with: "&amp;")
    let orders = (0..<count).map { "<order><code>C-\($0)</code><line no='1'>\(written)</line>\n<line/><other><x/></other></order>\n" }
    let items = try Self.items("<orders sender='001'>\(orders.joined())</orders>")
    #expect(items.count == count)
    for (number, item) in items.enumerated() {
      let expected = Record(
        type: Self.order,
        slots: [
          .record(Record(type: Self.envelope, slots: [.text("001")])), .text("C-\(number)"),
          .list([
            .record(Record(type: Self.line, slots: [.text("1"), .text(text)])),
            .record(Record(type: Self.line, slots: [.absent, .absent])),
          ]),
        ])
      try #require(item.record == expected, "item \(number)")
      try #require(item.line == 1 + 2 * number && item.problems.isEmpty)
    }
  }

  @Test func anElementThatStandsTwiceRefusesItsItemAlone() throws {
    let items = try Self.items("<orders><order><code>1</code><code>2</code></order><order><code>3</code></order></orders>")
    #expect(items.map { $0.problems.map(\.code) } == [[.repeatedElement], []])
  }

  @Test func anItemThatTakesTooMuchMemoryRefusesTheDocument() throws {
    // As text of one piece after the other, which is found while it is read, and as elements that become large only when they are built.
    let long = String(repeating: "<line>\(String(repeating: "x", count: 1_000_000))</line>", count: 17)
    let many = String(repeating: "<line/>", count: 200_000)
    for content in [long, many] {
      #expect {
        try Self.items("<orders>\n<order>\(content)</order></orders>")
      } throws: {
        ($0 as? GatewayRefusal)?.code == "ITEM_TOO_LARGE" && "\($0)".contains("line 2")
      }
    }
  }
}
