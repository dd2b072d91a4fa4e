import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// Descriptions of dialects have a schema, samples take nothing away, and mappings say how CSV files are written.
@Suite("27 Dialect files, text of records, forms of CSV") struct F27DialectsAndForms {
  private static let document =
    "<document type=\"article\" root=\"articles\" items=\"article\" key=\"sku\"><sample file=\"one.xml\"/></document>"

  @Test("descriptions are checked against their schema, which is part of what ships")
  func schema() async throws {
    let desk = try await XMLDesk(
      dialect: Self.document, samples: ["one.xml": "<articles><article><sku>1</sku></article></articles>"], mappings: [:])
    for (right, wrong) in [
      ("items=", "itmes="), ("<sample file", "<sampel file"), ("root=\"articles\"", ""), ("key=\"sku\"", "key=\"/sku\""),
    ] {
      try XMLDesk.write(Self.document.replacing(right, with: wrong), [:], [:], to: desk.server)
      let told = try await desk.server.run("documents", "kinds", "--dialect", "shop.xml")
      #expect(told.exit != .code(0) && "\(told.output)\(told.errors)".contains("shop.xml:1:"), "\(wrong): \(told.output)\(told.errors)")
    }
    // The same by a program that is none of ours, over the descriptions that ship.
    let shipped = repositoryPath("Adapters/U8EAI/Dialects/ufinterface.xml")
    let checked = try await ChildProcess.run("xmllint", ["--noout", "--schema", repositoryPath("Schemas/dialect.xsd"), shipped])
    #expect(checked.exit == .code(0), "\(checked.errors)")
  }

  @Test("a path that another sample makes a record stays readable as text")
  func textOfRecords() async throws {
    let mapping = Emits.mapping(
      "articles", from: "shop:article",
      // As an id, in functions, in conditions, as a number, as what is repeated.
      Emits.product(
        "when=\"name != ''\"", id: "sku", name: "concat(name, ' ', string(count(tag)), ' ', tag[. = 'new'], ' ', string(sum(price)))",
        price: "price[1]")
    )
    let plain = "<article><sku>1</sku><name>n</name><price>1</price><price>2</price><tag>t</tag><tag>u</tag></article>"
    let desk = try await XMLDesk(
      dialect: Self.document, samples: ["one.xml": "<articles>\(plain)</articles>"], mappings: ["articles": mapping])
    #expect(try await desk.document("mapping", "check", "maps", "--dialect", "shop.xml")["errors"] != 1)
    // One sample more, and nothing of the mapping is changed.
    let rich = """
      <article><sku type='ean'>1</sku><name lang='en'>n<i>talic</i></name><price currency='EUR'>1</price><tag colour='red'/><tag/></article>
      """
    try XMLDesk.write(
      Self.document.replacing("</document>", with: "<sample file=\"two.xml\"/></document>"), ["two.xml": "<articles>\(rich)</articles>"],
      [:],
      to: desk.server)
    try await desk.serve()
    let sent = """
      <articles>
        <article><sku>A</sku><name>Anvil</name><price>3</price><price currency='EUR'>4</price><tag>old</tag><tag>new</tag></article>
        <article><sku type='ean'>B</sku><name lang='en'>
            Bolt<i/></name><price currency='USD'>5</price><tag colour='red'>new</tag></article>
        <article><sku>C</sku><name lang='en'>
          <i>no text of its own</i>
        </name><price>1</price></article>
      </articles>
      """
    #expect(try await desk.items(sent).prefix(2) == ["A applied", "B applied"])
    #expect(
      try await desk.rows(
        "SELECT group_concat(trim(replace(name, char(10), ''))) FROM (SELECT name FROM linked_products ORDER BY foreign_id)"
      )
      .contains("Anvil 2 new 7"))
    let product = try await desk.document("products", "show", "shop:B")
    #expect("\(product)".contains("\"5.0000\"") || "\(product)".contains("\"5\""), "\(product)")
    #expect(try await desk.rows("SELECT count(*) FROM linked_products") == "2", "blanks between elements are no text")
    try await desk.stop()
  }

  @Test("separator and encoding of a CSV stand in its mapping, and options go before them")
  func forms() async throws {
    let server = try TesseraServer()
    func write(_ form: String) throws {
      let mapping = Emits.mapping("items", from: "csv:items", columns: ["sku", "name"], Emits.category(id: "sku", name: "name"))
      try server.write(mapping.replacing("<column name=\"sku\"/>", with: "\(form)<column name=\"sku\"/>"), to: "maps/items.xml")
    }
    func push(_ text: [UInt8], _ options: String...) async throws -> JSON {
      try Data(text).write(to: URL(filePath: "\(server.folder)/rows.csv"))
      let arguments = ["push", "rows.csv", "--system", "shop", "--as", "csv:items", "--mappings", "maps", "--json"] + options
      return try JSON(parsing: try await server.run(arguments: arguments).output)
    }
    try await server.json("systems", "add", "shop", "--adapter", "inbound")
    try write("<csv separator=\"semicolon\" encoding=\"windows-1252\"/>")
    let latin = Array("sku;name\nA;M".utf8) + [0xFC] + Array("ller ".utf8) + [0x80] + Array("\n".utf8)
    #expect(try await push(latin)["counts"]?["applied"] == 1)
    #expect(try await server.rows("SELECT name FROM linked_categories WHERE foreign_id = 'A'") == "Müller €")
    #expect(try await push(Array("sku|name\nB|Bär\n".utf8), "--separator", "bar", "--encoding", "utf-8")["counts"]?["applied"] == 1)
    #expect(try await server.rows("SELECT name FROM linked_categories WHERE foreign_id = 'B'") == "Bär")
    // What no file can be is found when the mapping is checked.
    try write("<csv separator=\"dot\" encoding=\"ebcdic\"/>")
    let checked = try await server.run("mapping", "check", "maps")
    #expect(checked.exit == .code(1) && "\(checked.output)\(checked.errors)".contains("ebcdic"))
  }

  @Test(
    "a wrong separator is one message, not one for each row",
    arguments: [
      ("sku;name\n" + (1...300).map { "A\($0);1,5\n" }.joined(), "comma", "semicolons"),
      ("sku,name\n" + (1...300).map { "A\($0),x\n" }.joined(), "semicolon", "commas"),
      ("\"sku\";\"name\"\n" + (1...300).map { "\"A\($0)\";\"x, y\"\n" }.joined(), "comma", "semicolons"),
      ("sku\tname\textra\n" + (1...300).map { "A\($0)\tx, y\t\n" }.joined(), "comma", "tabs"),
    ])
  func wrongSeparator(file: String, separator: String, told: String) async throws {
    let server = try TesseraServer()
    try server.write(
      Emits.mapping("items", from: "csv:items", columns: ["sku", "name"], Emits.category(id: "sku", name: "name")), to: "maps/items.xml")
    try await server.json("systems", "add", "shop", "--adapter", "inbound")
    try server.write(file, to: "rows.csv")
    for type in ["csv:items", "sample-erp:Debtor"] {
      let answer = try await server.document(
        "push", "rows.csv", "--system", "shop", "--as", type, "--mappings", "maps", "--separator", separator)
      let faults = answer["faults"]?.array ?? []
      #expect(faults.count == 1 && faults.first?["message"]?.string?.contains("the first line has \(told)") == true, "\(answer)")
    }
    // A neighbour: products of our own.
    if separator == "comma" {
      let imported = try await server.document("products", "import", "rows.csv", "--by", "anna")
      #expect(imported["error"]?["message"]?.string?.contains("the first line has \(told)") == true, "\(imported)")
    }
  }

  @Test("a file of one column is none that lacks its separator")
  func oneColumn() async throws {
    let server = try TesseraServer()
    try server.write(
      Emits.mapping("items", from: "csv:items", columns: ["sku"], Emits.category(id: "sku", name: "sku")), to: "maps/items.xml")
    try await server.json("systems", "add", "shop", "--adapter", "inbound")
    try server.write("sku\nA;1\nB|2\n", to: "rows.csv")
    let answer = try await server.document("push", "rows.csv", "--system", "shop", "--as", "csv:items", "--mappings", "maps")
    #expect(answer["counts"]?["applied"] == 2, "\(answer)")
  }
}
