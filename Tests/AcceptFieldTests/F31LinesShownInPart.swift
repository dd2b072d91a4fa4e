import ForeignORB
import TesseraProcess
import Testing

/// Diagnostics quote lines of files that come from outside, which may be megabytes long or steer a terminal.
@Suite("31 Lines of files are shown in part") struct F31LinesShownInPart {
  private static let long = String(repeating: "x", count: 900_000)
  private static let bad = "\u{202E}\u{9B}1m"

  /// What is right in small: at most so much for one fault, and nothing that hides.
  private func isShown(_ said: ChildProcess.Result, _ comment: String) {
    let text = said.output + said.errors
    #expect(said.exit == .code(1), "\(comment): \(text.prefix(500))")
    #expect(text.utf8.count < 20_000, "\(comment): \(text.utf8.count) octets")
    #expect(!text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{9B}" || $0 == "\u{1B}" }, "\(comment): \(text.prefix(500))")
  }

  @Test("Mappings, value maps, dialects and broker.xml in one line of megabytes")
  func longLines() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let mapping =
      "<mapping xmlns=\"urn:tessera:mapping:1\" name=\"a\" from=\"csv:a\"><!-- \(Self.long) --><!-- \(Self.long)\(Self.bad) --><emit to=\"Nothing\"/>"
    try server.write(mapping + "<!-- \(Self.long) --></mapping>", to: "map.xml")
    let said = try await server.run("mapping", "check", "map.xml")
    isShown(said, "mapping")
    // The caret stands below what is meant, in what is left of the line.
    let lines = said.output.split(separator: "\n", omittingEmptySubsequences: false)
    let shown = lines.firstIndex { $0.contains("… ") && $0.contains("<emit") || $0.contains("to=\"Nothing\"") }
    #expect(shown != nil, "\(said.output)")
    if let shown, shown + 1 < lines.count {
      let column = lines[shown + 1].count - 1
      #expect(
        lines[shown + 1].last == "^" && lines[shown].dropFirst(column).hasPrefix("<emit")
          || lines[shown].dropFirst(column).hasPrefix("Nothing"))
    }
    isShown(try await server.run("mapping", "check", "map.xml", "--json"), "mapping --json")
    try server.write("<value-map xmlns=\"urn:tessera:value-map:1\" nam=\"\(Self.long)\(Self.bad)\"/>", to: "values.xml")
    isShown(try await server.run("mapping", "check", "values.xml"), "value map")
    try server.write(
      "<dialect xmlns=\"urn:tessera:dialect:1\" nam=\"\(String(repeating: "x", count: 100_000))\(Self.bad)\"/>", to: "shop.xml")
    isShown(try await server.run("documents", "kinds", "--dialect", "shop.xml"), "dialect")
    try server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><limits body-time=\"\(String(repeating: "x", count: 100_000))\(Self.bad)\"/></broker>",
      to: "tessera-data/broker.xml")
    isShown(try await server.run("config", "check"), "broker.xml")
    isShown(try await server.run("systems", "list"), "broker.xml by another command")
  }

  @Test("Neighbour: a file's name begins no line of its own") func names() async throws {
    let server = try TesseraServer()
    let name = "a\nright: 7 mappings; errors: 0.xml"
    try server.write("<mapping/>", to: name)
    let said = try await server.run("mapping", "check", name)
    isShown(said, "name")
    #expect(!said.output.split(separator: "\n").contains { $0.hasPrefix("right: 7") }, "\(said.output)")
    try server.write("<dialect/>", to: name)
    let dialect = try await server.run("documents", "kinds", "--dialect", name)
    #expect(!(dialect.output + dialect.errors).split(separator: "\n").contains { $0.hasPrefix("right: 7") }, "\(dialect)")
  }
}
