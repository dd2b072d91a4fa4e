import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// What waits is read by the names of its fields, whatever became of its dialect meanwhile.
@Suite("19 Held items read by the names of their fields") struct F19HeldByNames {
  private static let document =
    "<document type=\"article\" root=\"articles\" items=\"article\" key=\"@sku\"><sample file=\"sample.xml\"/></document>"
  private static let units = Emits.mapping("units", from: "csv:units", columns: ["code"], Emits.unit(id: "code"))

  /// Articles whose description is the attribute `note`.
  private static func articles(description: String = "@note") -> String {
    Emits.mapping("articles", from: "shop:article", Emits.product(id: "@sku", name: "@title", unit: "@unit"))
      .replacing("<set field=\"description\" value=\"\"/>", with: "<set field=\"description\" from=\"\(description)\"/>")
  }

  private static func sample(_ article: String) -> [String: String] { ["sample.xml": "<articles>\(article)</articles>"] }

  private static func desk(_ article: String, description: String = "@note") async throws -> XMLDesk {
    try await XMLDesk(
      dialect: document, samples: sample(article), mappings: ["units": units, "articles": articles(description: description)])
  }

  private func described(_ desk: XMLDesk, _ id: String) async throws -> String {
    let product = try await desk.document("products", "show", "shop:\(id)")["product"]
    return "\(product?["record"]?["name"]?.string ?? "none"): \(product?["record"]?["description"]?.string ?? "none")"
  }

  @Test("attributes in another order, and one more, change nothing of what waits")
  func otherOrder() async throws {
    let desk = try await Self.desk("<article sku='1' title='t' note='n' unit='u'/>")
    try await desk.serve()
    #expect(
      try await desk.items("<articles><article sku='A' title='Anvil' note='is heavy' unit='PC'/></articles>") == ["A held UNKNOWN_UNIT"])
    try await desk.stop()
    // Stored by an earlier build, which kept no shape: the first start gives it the one that it has.
    _ = try await ChildProcess.check("sqlite3", ["\(desk.server.folder)/tessera-data/tessera.sqlite", "UPDATE held SET shape = NULL"])
    try await desk.serve()
    #expect(try await desk.rows("SELECT count(*) FROM held WHERE shape IS NULL") == "0")
    try await desk.stop()

    try XMLDesk.write(nil, Self.sample("<article colour='c' note='n' unit='u' title='t' sku='1' size='s'/>"), [:], to: desk.server)
    try await desk.serve()
    #expect(
      try await desk.items("<articles><article colour='red' sku='B' title='Bolt' note='is long' unit='PC'/></articles>") == [
        "B held UNKNOWN_UNIT"
      ])
    #expect(try await desk.doctor("held") == ["good 2 items wait and can be run"])
    let shown = try await desk.document("held", "show", "1")
    #expect(shown["source"]?["@title"] == "Anvil" && shown["source"]?["@note"] == "is heavy", "\(shown)")
    #expect(try await desk.push("units", "code", "PC")["counts"]?["applied"] == 1)
    #expect(try await described(desk, "A") == "Anvil: is heavy")
    #expect(try await described(desk, "B") == "Bolt: is long")
    #expect(try await desk.rows("SELECT count(*) FROM shape") == "2")
    try await desk.stop()
  }

  @Test("a text that became a record, a value that became a list, and back")
  func otherKinds() async throws {
    let desk = try await Self.desk("<article sku='1' title='t' unit='u'><note>n</note><tag>x</tag></article>", description: "note")
    try await desk.serve()
    #expect(
      try await desk.items("<articles><article sku='A' title='Anvil' unit='PC'><note>is heavy</note><tag>x</tag></article></articles>")
        == ["A held UNKNOWN_UNIT"])
    try await desk.stop()
    try XMLDesk.write(
      nil,
      [
        "sample.xml":
          "<articles><article sku='1' title='t' unit='u'><tag>x</tag><tag>y</tag><note lang='en'>n</note></article><article><note>n</note></article></articles>"
      ], [:], to: desk.server)
    try await desk.serve()
    #expect(try await desk.push("units", "code", "PC")["counts"]?["applied"] == 1)
    #expect(try await described(desk, "A") == "Anvil: is heavy")
    try await desk.stop()
  }

  @Test("what cannot be read any more stands in nobody's way, is told, and runs when its samples are back")
  func unreadable() async throws {
    let desk = try await Self.desk("<article sku='1' title='t' note='n' unit='u'><tag>x</tag><tag>y</tag></article>")
    try await desk.serve()
    #expect(
      try await desk.items(
        "<articles><article sku='A' title='Anvil' unit='PC'><tag>p</tag><tag>q</tag></article><article sku='B' title='Bolt' unit='PC'><tag>p</tag></article></articles>"
      )
        == ["A held UNKNOWN_UNIT", "B held UNKNOWN_UNIT"])
    try await desk.stop()
    let before = try String(contentsOfFile: "\(desk.server.folder)/sample.xml", encoding: .utf8)
    try XMLDesk.write(nil, Self.sample("<article sku='1' title='t' note='n' unit='u'><tag>x</tag></article>"), [:], to: desk.server)
    try await desk.serve()
    #expect(try await desk.doctor("held").first?.hasPrefix("bad 1 of 2 held items cannot be run, the first is 1: ") == true)
    // Whoever makes the link has nothing to do with it, and the other item is let go.
    #expect(try await desk.push("units", "code", "PC")["counts"]?["applied"] == 1)
    #expect(try await described(desk, "B") == "Bolt: ")
    #expect(
      try await desk.rows("SELECT code || ' ' || explanation FROM held WHERE state = 'waiting'").contains("HELD_UNREADABLE what was stored")
    )
    #expect(try await desk.rows("SELECT explanation FROM held WHERE id = 1").contains("tag: 2 values were stored"))
    let released = try await desk.document("held", "release", "1", "--reason", "look again")
    #expect(released["results"]?[0]?["result"]?["code"] == "HELD_UNREADABLE", "\(released)")
    try await desk.stop()
    // Neither does a mapping that is gone.
    try XMLDesk.write(
      nil, ["sample.xml": before], ["articles": Emits.mapping("none", from: "csv:none", columns: ["a"], Emits.unit(id: "a"))],
      to: desk.server)
    try await desk.serve()
    #expect(try await desk.rows("SELECT code FROM held WHERE id = 1") == "HELD_MAPPING_MISSING")
    #expect(try await desk.doctor("held").first?.hasPrefix("bad 1 of 1 held items cannot be run") == true)
    try await desk.stop()
    // It runs as soon as it can.
    try XMLDesk.write(nil, [:], ["articles": Self.articles()], to: desk.server)
    try await desk.serve()
    #expect(try await described(desk, "A") == "Anvil: ")
    try await desk.stop()
  }
}
