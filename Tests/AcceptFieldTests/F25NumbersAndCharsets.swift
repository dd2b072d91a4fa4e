import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// What makes a document the same one, and in which letters it may come.
@Suite("25 Numbers of documents and their letters") struct F25NumbersAndCharsets {
  private static func unit(_ id: String, message: String, operation: String = "pushUnits") -> String {
    let more = operation == "pushUnits" ? "<factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator>" : ""
    return """
      <\(operation) xmlns="urn:tessera:interchange:1"><message>\(message)</message><batch><item><id>\(id)</id>\
      <changedAt>1767225600000000</changedAt><status>active</status><code>\(id)</code><name>thing \(id)</name>\(more)</item></batch>\
      </\(operation)>
      """
  }

  @Test("Each type of a partner's documents counts its own numbers") func numbers() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let units = try await shop.post(Self.unit("PC", message: "34"))
    let groups = try await shop.post(Self.unit("G", message: "34", operation: "pushCategories"))
    #expect(try units.results == ["PC applied"] && groups.results == ["G applied"], "\(groups.body)")
    // Each is known again by its own, and another one with its number is a conflict.
    #expect(try await shop.post(Self.unit("PC", message: "34")).duplicateOf == units.receipt)
    #expect(try await shop.post(Self.unit("G", message: "34", operation: "pushCategories")).duplicateOf == groups.receipt)
    for operation in ["pushUnits", "pushCategories"] {
      let other = try await shop.post(Self.unit("OTHER", message: "34", operation: operation))
      #expect(other.status == 422 && other.body.contains("MESSAGE_CONFLICT"), "\(other.body)")
    }
    #expect(try await shop.receipt(try #require(groups.receipt)).body.contains("<message>34</message>"))

    // The letters that CSV files may come in: as declared, and refused where they are others.
    let u8 = try await XMLPartner("u8", of: server, running, ["--type", "ufinterface", "--sender", "001"])
    func post(_ charset: String, _ name: [UInt8], _ code: String) async throws -> XMLPartner.Answer {
      let head =
        "<?xml version=\"1.0\" encoding=\"\(charset)\"?><ufinterface roottag=\"customer\" docid=\"1\" receiver=\"u8\" sender=\"001\" proc=\"Add\">"
      let octets =
        Array("\(head)<customer><code>\(code)</code><name>".utf8) + name + Array("</name></customer></ufinterface>".utf8)
      let file = "\(server.folder)/\(code).xml"
      try Data(octets).write(to: URL(filePath: file))
      return try await u8.post(file: file)
    }
    #expect(try await post("ISO-8859-1", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "C-1").items == ["C-1 0 ok"])
    #expect(try await post("windows-1252", [0x80, 0x20, 0xFC], "C-2").items == ["C-2 0 ok"])
    #expect(try await post("ISO-8859-15", [0xA4, 0x20, 0xFC], "C-3").items == ["C-3 0 ok"])
    #expect(try await post("Big5", [0xA4, 0xA4], "C-4").items == ["C-4 0 ok"])
    #expect(try await server.rows("SELECT name FROM linked_customers ORDER BY foreign_id") == "Müller\n€ ü\n€ ü\n中")
    let mistaken = try await post("ISO-8859-1", [0x80], "C-5")
    #expect(mistaken.status == 415 && mistaken.body.contains("The byte 0x80 begins no character of ISO 8859-1"), "\(mistaken.body)")
    #expect(try await post("windows-1252", [0x81], "C-6").status == 415)
    #expect(try await post("KOI8-R", [0xC1], "C-7").status == 415)

    // A delete of what nobody knows makes nothing.
    let delete = try await u8.post(UFDocument.customers("Delete", UFDocument.customer("NOBODY", "")))
    #expect(try delete.items.first?.hasPrefix("NOBODY -1 ID_UNKNOWN") == true)
    #expect(try await server.rows("SELECT count(*) FROM linked_customers") == "4")
    try await running.process.kill()
  }
}
