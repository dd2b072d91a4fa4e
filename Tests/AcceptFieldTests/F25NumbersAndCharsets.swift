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

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  @Test("A file that is UTF-8 is not read as something else that was declared, and the mapping's fault is told before the file's")
  func contradicted() async throws {
    let server = try TesseraServer()
    func write(_ form: String, _ from: String = "name") throws {
      let mapping = Emits.mapping("items", from: "csv:items", columns: ["sku", "name"], Emits.category(id: "sku", name: from))
      try server.write(mapping.replacing("<column name=\"sku\"/>", with: "\(form)<column name=\"sku\"/>"), to: "maps/items.xml")
    }
    func push(_ text: [UInt8], _ options: String...) async throws -> JSON {
      try Data(text).write(to: URL(filePath: "\(server.folder)/rows.csv"))
      let arguments = ["push", "rows.csv", "--system", "shop", "--as", "csv:items", "--mappings", "maps", "--json"] + options
      return try JSON(parsing: try await server.run(arguments: arguments).output)
    }
    func name(_ id: String) async throws -> String {
      try await server.rows("SELECT name FROM linked_categories WHERE foreign_id = '\(id)'")
    }
    try await server.json("systems", "add", "shop", "--adapter", "inbound")
    for charset in ["windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250"] {
      try write("<csv encoding=\"\(charset)\"/>")
      let said = try await push(Array("sku,name\nA,plain\nB,a Müller\n".utf8))
      #expect(said["error"]?["code"] == "ENCODING_CONTRADICTED", "\(charset): \(said)")
      let fault = said["faults"]?.array?.first
      #expect(fault?["line"] == 3 && fault?["column"] == 6, "\(said)")
      let words = fault?["message"]?.string ?? ""
      #expect(words.contains("0xc3bc are \"ü\"") && words.contains(charset) && words.contains("--encoding utf-8"), "\(said)")
    }
    #expect(try await server.rows("SELECT count(*) FROM linked_categories") == "0")
    // The option, and encodings of several octets.
    try write("")
    #expect(try await push(Array("sku,name\nA,ü\n".utf8), "--encoding", "windows-1252")["error"]?["code"] == "ENCODING_CONTRADICTED")
    #expect(try await push(Array("sku,name\nA,华东机械\n".utf8), "--encoding", "gb18030")["error"]?["code"] == "ENCODING_CONTRADICTED")
    #expect(try await push(Array("sku,name\nA,日本語版\n".utf8), "--encoding", "shift_jis")["error"]?["code"] == "ENCODING_CONTRADICTED")
    // What is what was said stays so, also where a letter and a sign would be UTF-8 for themselves; a mark says more than words.
    try write("<csv encoding=\"windows-1252\"/>")
    #expect(try await push(Array("sku,name\nA,NESTL".utf8) + [0xC9, 0xAE, 0x20, 0xFC, 0x0A])["counts"]?["applied"] == 1)
    #expect(try await name("A") == "NESTLÉ® ü")
    #expect(try await push(Self.mark + Array("sku,name\nB,Müller\n".utf8))["counts"]?["applied"] == 1)
    #expect(try await name("B") == "Müller")
    #expect(try await push(Array("sku,name\nC,plain\n".utf8))["counts"]?["applied"] == 1)
    #expect(try await push(Array("sku,name\nD,".utf8) + [0xD6, 0xD0, 0x0A], "--encoding", "gb18030")["counts"]?["applied"] == 1)
    #expect(try await name("D") == "中")
    // A mapping that is wrong, and a file that nobody can read: the mapping's fault comes first.
    try server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><files><mappings path=\"own\"/></files></broker>", to: "tessera-data/broker.xml")
    let wrong = Emits.mapping("items", from: "csv:items", columns: ["sku", "name"], Emits.category(id: "sku", name: "nmae"))
    try server.write(wrong, to: "tessera-data/own/items.xml")
    let debtor = Emits.mapping("own", from: "sample-erp:Debtor", Emits.category(id: "nmae", name: "nmae"), attributes: "system=\"shop\"")
    try server.write(debtor, to: "tessera-data/own/debtor.xml")
    for type in ["csv:items", "sample-erp:Debtor"] {
      try Data(Array("sku,name\nA,".utf8) + [0xFC, 0x0A]).write(to: URL(filePath: "\(server.folder)/rows.csv"))
      let said = try await server.run("push", "rows.csv", "--system", "shop", "--as", type, "--json")
      #expect(said.exit != .code(0) && said.output.contains("MAPPING_INVALID"), "\(type): \(said.output)")
    }
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
    // The mark of UTF-8 before a declaration of something else.
    let marked = "\(server.folder)/marked.xml"
    let text = try String(contentsOfFile: "\(server.folder)/C-5.xml", encoding: .isoLatin1).replacing("\u{80}", with: "x")
    try Data(Self.mark + Array(text.utf8)).write(to: URL(filePath: marked))
    let both = try await u8.post(file: marked)
    #expect(both.status == 415 && both.body.contains("byte order mark of UTF-8") && both.body.contains("ISO-8859-1"), "\(both.body)")

    // A delete of what nobody knows makes nothing.
    let delete = try await u8.post(UFDocument.customers("Delete", UFDocument.customer("NOBODY", "")))
    #expect(try delete.items.first?.hasPrefix("NOBODY -1 ID_UNKNOWN") == true)
    #expect(try await server.rows("SELECT count(*) FROM linked_customers") == "4")
    try await running.process.kill()
  }
}
