import ForeignORB
import TesseraProcess
import Testing

@Suite("7 Partial updates") struct F07PartialUpdates {
  private static let card = """
    <customer><code>C-01</code><name>华东机械</name><abbrname>华东</abbrname><industry>机械</industry><address>示例路1号</address>\
    <postcode>200120</postcode><tax_reg_code>91310000X</tax_reg_code><pay_condition>01</pay_condition><contact>张三</contact>\
    <phone>021-1</phone><email>z@example.com</email><Credit>1</Credit><credit_rank>A</credit_rank><credit_amount>500000</credit_amount>\
    <credit_deadline>60</credit_deadline><ar_rest>120.5</ar_rest></customer>
    """
  private static let item = """
    <inventory><header><code>VAL-1</code><name>闸阀</name><specs>DN100</specs><sort_code>01</sort_code><main_measure>01</main_measure>\
    <tax_rate>13</tax_rate><ref_sale_price>680.00</ref_sale_price><start_date>2026-01-01</start_date><memo>heavy</memo>\
    <serial_flag>1</serial_flag></header><body><entry><unit_code>箱</unit_code><rate>12</rate><memo>box</memo></entry></body></inventory>
    """

  private func edit(_ partner: FieldPartner, _ roottag: String, _ item: String) async throws {
    let said = try await partner.say("Edit", roottag, item)
    #expect(said.allSatisfy { $0.contains(" 0 ok") } && said.count == 1, "\(said) of \(item)")
  }

  @Test("An Edit of a card changes what it mentions and leaves everything else as it stands")
  func cards() async throws {
    let partner = try await FieldPartner()
    let unit = """
      <item><id>01</id><changedAt>1000000</changedAt><status>active</status><code>PC</code><name>piece</name>\
      <factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item>
      """
    _ = try await partner.push("pushUnits", "u", unit)
    let category = "<item><id>01</id><changedAt>1000000</changedAt><status>active</status><code>V</code><name>valves</name></item>"
    _ = try await partner.push("pushCategories", "c", category)
    #expect(try await partner.say("Add", "inventory", Self.item) == ["VAL-1 0 ok"])
    #expect(try await partner.say("Add", "customer", Self.card) == ["C-01 0 ok"])
    try await items(partner)
    try await customers(partner)
    try await whatIsNew(partner)
    try await partner.end()
  }

  private func items(_ partner: FieldPartner) async throws {
    let before = try #require(try await partner.record("products", "VAL-1"))
    // A name alone.
    try await edit(partner, "inventory", "<inventory><header><code>VAL-1</code><name>闸阀 II</name></header></inventory>")
    let named = try #require(try await partner.record("products", "VAL-1"))
    #expect(named["name"] == "闸阀 II")
    for field in [
      "status", "code", "description", "specification", "category", "unit", "packagings", "listPrice", "serialised", "attributes",
      "priceIncludesTax",
    ] { #expect(named[field] == before[field], "\(field)") }
    // A price alone, which no requirement on the name refuses; an empty element says that a text is empty, and no number at all.
    try await edit(
      partner, "inventory",
      "<inventory><header><code>VAL-1</code><ref_sale_price>700</ref_sale_price><specs/></header></inventory>")
    try await edit(
      partner, "inventory", "<inventory><header><code>VAL-1</code><ref_sale_price></ref_sale_price></header></inventory>")
    let priced = try #require(try await partner.record("products", "VAL-1"))
    #expect(priced["listPrice"]?["amount"]?.string.flatMap(Double.init) == 700 && priced["specification"] == "")
    #expect(priced["name"] == "闸阀 II" && priced["packagings"] == before["packagings"])
    // One attribute of two, and a packaging in place of the others.
    try await edit(
      partner, "inventory",
      "<inventory><header><code>VAL-1</code><tax_rate>9</tax_rate></header><body><entry><unit_code>托</unit_code><rate>96</rate></entry></body></inventory>"
    )
    let taxed = try #require(try await partner.record("products", "VAL-1"))
    #expect(taxed["attributes"]?.array?.compactMap { $0["value"]?.string }.sorted() == ["2026-01-01", "9"])
    #expect(taxed["packagings"]?.array?.map { $0["code"]?.string } == ["托"])
    // What is refused is what the card would be, not what it mentions.
    let negative = "<inventory><header><code>VAL-1</code><ref_sale_price>-1</ref_sale_price></header></inventory>"
    let said = try await partner.say("Edit", "inventory", negative)
    #expect(said.first?.hasPrefix("VAL-1 -1 NEGATIVE_PRICE") == true, "\(said)")
    let blank = try await partner.say("Edit", "inventory", "<inventory><header><code>VAL-1</code><name/></header></inventory>")
    #expect(blank.first?.hasPrefix("VAL-1 -1 NAME_MISSING") == true, "\(blank)")
    // Deleted, it is not brought back by an Edit of its name.
    #expect(try await partner.say("Delete", "inventory", "<inventory><header><code>VAL-1</code></header></inventory>") == ["VAL-1 0 ok"])
    try await edit(partner, "inventory", "<inventory><header><code>VAL-1</code><memo>old</memo></header></inventory>")
    #expect(try await partner.record("products", "VAL-1")?["status"] == "inactive")
  }

  private func customers(_ partner: FieldPartner) async throws {
    let before = try #require(try await partner.record("parties", "C-01"))
    try await edit(partner, "customer", "<customer><code>C-01</code><pay_condition>02</pay_condition></customer>")
    let changed = try #require(try await partner.record("parties", "C-01"))
    #expect(changed["paymentTerms"] == "02")
    for field in ["status", "name", "kind", "parent", "taxId", "addresses", "attributes"] {
      #expect(changed[field] == before[field], "\(field)")
    }
    // A postal code alone changes that of the address; one attribute of two is another.
    try await edit(
      partner, "customer", "<customer><code>C-01</code><postcode>999999</postcode><industry>船舶</industry></customer>")
    let moved = try #require(try await partner.record("parties", "C-01"))
    #expect(moved["addresses"]?.array?.count == 1 && moved["addresses"]?[0]?["line1"] == "示例路1号")
    #expect(moved["addresses"]?[0]?["postalCode"] == "999999" && moved["taxId"] == "91310000X")
    #expect(moved["attributes"]?.array?.compactMap { $0["value"]?.string }.sorted() == ["华东", "船舶"].sorted())
    // Credit terms: the limit stays where the card says something else of them.
    try await edit(
      partner, "customer", "<customer><code>C-01</code><Credit>1</Credit><ar_rest>300</ar_rest></customer>")
    let terms = try #require(try await partner.server.json("credit", "show", "u8:C-01")["terms"]?[0])
    #expect(terms["limit"]?.string?.hasPrefix("500000") == true && terms["rating"] == "A", "\(terms)")
    #expect(terms["openReceivable"]?.string?.hasPrefix("300") == true, "\(terms)")
    // A contact keeps its e-mail when its telephone changes.
    try await edit(
      partner, "customer", "<customer><code>C-01</code><contact>张三</contact><phone>021-2</phone></customer>")
    let contacts = try await partner.server.rows("SELECT code FROM contacts")
    #expect(contacts == "z@example.com")
  }

  /// What a new thing needs is asked of it as ever.
  private func whatIsNew(_ partner: FieldPartner) async throws {
    let said = try await partner.say("Add", "customer", "<customer><code>C-02</code><pay_condition>01</pay_condition></customer>")
    #expect(said.first?.hasPrefix("C-02 -1 NAME_MISSING") == true, "\(said)")
    let unknown = try await partner.say("Edit", "customer", "<customer><code>C-03</code><name>x</name></customer>")
    #expect(unknown.first?.hasPrefix("C-03 -1 ID_UNKNOWN") == true, "\(unknown)")
  }

  @Test("A mapping of one's own says whether absent means keep or clear, and the check says where it cannot")
  func language() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("shop")
    func mapping(_ absent: String, _ more: String = "") -> String {
      """
      <mapping xmlns="urn:tessera:mapping:1" name="shop-customers" from="csv:customers">
        <column name="id"/><column name="name" optional="true"/><column name="tax" optional="true"/><column name="terms" optional="true"/>
        <emit to="Party"\(absent)>
          <identity entity="Party" from="id" field="id"/>
          <set field="changedAt" from="now-of-document()"/><set field="status" value="active"/>
          <set field="name" from="name"/><set field="kind" value="customer"/><set field="parent" value=""/>
          <set field="taxId" from="tax"/><set field="paymentTerms" from="terms"/>\(more)
        </emit>
      </mapping>
      """
    }
    func push(_ file: String, _ text: String) async throws -> String? {
      try server.write(text, to: file)
      return try await server.document("push", file, "--system", "shop", "--as", "csv:customers", "--mappings", "maps")["results"]?[0]?[
        "outcome"]?.string
    }
    _ = try await ChildProcess.check("mkdir", ["maps"], folder: server.folder)
    try server.write(mapping(" absent=\"keep\""), to: "maps/shop.xml")
    #expect(try await push("1.csv", "id,name,tax,terms\n1,Miller,GB1,30 days\n") == "applied")
    #expect(try await push("2.csv", "id,terms\n1,60 days\n") == "applied")
    let kept = try #require(try await server.json("parties", "show", "shop:1")["party"]?["record"])
    #expect(kept["name"] == "Miller" && kept["taxId"] == "GB1" && kept["paymentTerms"] == "60 days")
    // A column that is there and empty says that there is none.
    #expect(try await push("3.csv", "id,tax\n1,\n") == "applied")
    #expect(try await server.json("parties", "show", "shop:1")["party"]?["record"]?["taxId"] == "")
    #expect(try await push("4.csv", "id,terms\n2,60 days\n") == "rejected", "what is new needs a name")
    // Without it, or with clear, the state is what the file says.
    try server.write(mapping(" absent=\"clear\""), to: "maps/shop.xml")
    #expect(try await push("5.csv", "id,name,terms\n1,Miller,90 days\n") == "applied")
    #expect(try await push("6.csv", "id,name\n1,Miller\n") == "applied")
    #expect(try await server.json("parties", "show", "shop:1")["party"]?["record"]?["paymentTerms"] == "")
    try server.write(mapping(" absent=\"perhaps\""), to: "maps/shop.xml")
    let wrong = try await server.run("mapping", "check", "maps/shop.xml")
    #expect(wrong.exit == .code(1) && (wrong.output + wrong.errors).contains("shop.xml:3:"), "\(wrong)")
    try server.write(
      mapping(
        " absent=\"keep\"",
        """
        <for-each field="attributes" in="." when="tax != ''"><set field="name" from="name"/><set field="value" from="tax"/></for-each>
        <for-each field="attributes" in="." when="terms != ''"><set field="name" value="terms"/><set field="value" from="terms"/></for-each>
        """), to: "maps/shop.xml")
    let untold = try await server.run("mapping", "check", "maps/shop.xml")
    #expect(untold.exit == .code(1) && (untold.output + untold.errors).contains("'attributes'"), "\(untold)")
  }
}
