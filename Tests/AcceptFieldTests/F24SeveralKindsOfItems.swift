import ForeignORB
import TesseraProcess
import Testing

/// One document with items of several kinds, as an item itself, and with what stands beside its items.
@Suite("24 Several kinds of items in one document") struct F24SeveralKindsOfItems {
  /// A catalogue as BMEcat has it: groups, articles, and behind them which article is in which group.
  private static let catalogue = """
    <document type="catalogue" root="BMECAT" message="HEADER/CATALOG/CATALOG_ID">
      <items type="group" path="T_NEW_CATALOG/CATALOG_GROUP_SYSTEM/CATALOG_STRUCTURE" key="GROUP_ID"/>
      <items type="article" path="T_NEW_CATALOG/ARTICLE" key="SUPPLIER_AID"/>
      <sample file="catalogue.xml"/>
    </document>
    """

  private static func catalogue(_ id: String, currency: String = "EUR", articles: String) -> String {
    """
    <BMECAT version="1.2">
      <HEADER><CATALOG><CATALOG_ID>\(id)</CATALOG_ID><CURRENCY>\(currency)</CURRENCY></CATALOG></HEADER>
      <T_NEW_CATALOG>
        <CATALOG_GROUP_SYSTEM>
          <GROUP_SYSTEM_ID>S</GROUP_SYSTEM_ID>
          <CATALOG_STRUCTURE><GROUP_ID>1</GROUP_ID><GROUP_NAME>tools</GROUP_NAME></CATALOG_STRUCTURE>
          <CATALOG_STRUCTURE><GROUP_ID>2</GROUP_ID><GROUP_NAME>anvils</GROUP_NAME><PARENT_ID>1</PARENT_ID></CATALOG_STRUCTURE>
        </CATALOG_GROUP_SYSTEM>
        \(articles)
        <ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>A</ART_ID><CATALOG_GROUP_ID>2</CATALOG_GROUP_ID></ARTICLE_TO_CATALOGGROUP_MAP>
        <ARTICLE_TO_CATALOGGROUP_MAP><ART_ID>B</ART_ID><CATALOG_GROUP_ID>1</CATALOG_GROUP_ID></ARTICLE_TO_CATALOGGROUP_MAP>
      </T_NEW_CATALOG>
    </BMECAT>
    """
  }

  private static func article(_ id: String, _ name: String) -> String {
    "<ARTICLE><SUPPLIER_AID>\(id)</SUPPLIER_AID><NAME>\(name)</NAME></ARTICLE>"
  }

  private static let mappings = [
    "groups": Emits.mapping("groups", from: "shop:group", Emits.category(id: "GROUP_ID", name: "GROUP_NAME", parent: "PARENT_ID")),
    "articles": Emits.mapping(
      "articles", from: "shop:article",
      Emits.product(
        id: "SUPPLIER_AID", name: "concat(NAME, ' ', /envelope/HEADER/CATALOG/CURRENCY, ' ', /envelope/@version)",
        category: "/envelope/T_NEW_CATALOG/ARTICLE_TO_CATALOGGROUP_MAP[ART_ID = /SUPPLIER_AID]/CATALOG_GROUP_ID")),
  ]

  @Test("groups and articles of one catalogue, with what stands before, between and behind them")
  func groupsAndArticles() async throws {
    let sample = Self.catalogue("1", articles: Self.article("1", "n"))
    let desk = try await XMLDesk(dialect: Self.catalogue, samples: ["catalogue.xml": sample], mappings: Self.mappings)
    try desk.server.write(Self.catalogue("7", articles: Self.article("A", "Anvil") + Self.article("B", "Bolt")), to: "new.xml")
    let checked = try await desk.document("documents", "check", "new.xml", "--type", "shop")
    #expect(checked["mapped"] == 4 && checked["refused"] == 0, "\(checked)")
    try await desk.serve()
    let document = Self.catalogue("7", articles: Self.article("A", "Anvil") + Self.article("B", "Bolt") + Self.article("C", "Clamp"))
    #expect(try await desk.items(document) == ["1 applied", "2 applied", "A applied", "B applied", "C applied"])
    #expect(
      try await desk.rows("SELECT group_concat(name) FROM (SELECT name FROM linked_products ORDER BY name)")
        == "Anvil EUR 1.2,Bolt EUR 1.2,Clamp EUR 1.2")
    #expect(try await desk.rows("SELECT group_concat(name) FROM (SELECT name FROM linked_categories ORDER BY name)") == "anvils,tools")
    let anvil = try await desk.document("products", "show", "shop:A")
    #expect(anvil["product"]?["record"]?["category"] == "K-000002", "\(anvil)")
    #expect(try await desk.rows("SELECT operation || ' ' || item_count FROM messages") == "eai shop:catalogue 5")
    // A neighbour: what is said twice around the items, and no sample repeats, is not one of both in silence.
    let twice = try await desk.post(
      document.replacing("<CURRENCY>EUR</CURRENCY>", with: "<CURRENCY>EUR</CURRENCY><CURRENCY>USD</CURRENCY>"))
    #expect(twice.status == 422 && twice.body.contains("ELEMENT_REPEATED"), "\(twice)")
    // More than one transaction takes, behind which the groups of articles stand.
    let many = (1...2_500).map { Self.article("M\($0)", String(repeating: "long name ", count: 5)) }.joined()
    let items = try await desk.items(Self.catalogue("8", currency: "USD", articles: many + Self.article("A", "Anvil")))
    #expect(items.count == 2_503 && items.allSatisfy { $0.hasSuffix("applied") || $0.hasSuffix("unchanged") })
    #expect(try await desk.rows("SELECT count(*) FROM linked_products WHERE name LIKE '%USD 1.2'") == "2501")
    #expect(try await desk.document("products", "show", "shop:A")["product"]?["record"]?["category"] == "K-000002")
    try await desk.stop()
  }

  @Test("the whole document as one item, with a record for each of its lines")
  func wholeDocument() async throws {
    let document = "<document type=\"list\" root=\"list\" items=\".\" key=\"no\" message=\"no\"><sample file=\"list.xml\"/></document>"
    let list = """
      <list><no>17</no><group>tools</group><line><sku>A</sku><name>Anvil</name><price>1</price></line><line><sku>B</sku><name>Bolt</name><price>2</price></line>\
      <line><sku>A</sku><name>Anvil</name><price>1</price></line><line><sku/><name>none</name></line></list>
      """
    let mapping = Emits.mapping(
      "lists", from: "shop:list",
      Emits.product("for-each=\"line[sku != '']\"", id: "sku", name: "concat(name, ' ', /no)", category: "/group", price: "price"),
      Emits.category("subject=\"true\"", id: "group", name: "concat('group ', group)"))
    let desk = try await XMLDesk(dialect: document, samples: ["list.xml": list], mappings: ["lists": mapping])
    try await desk.serve()
    #expect(try await desk.items(list) == ["tools applied"])
    #expect(
      try await desk.rows("SELECT group_concat(name) FROM (SELECT name FROM linked_products ORDER BY name)") == "Anvil 17,Bolt 17")
    // All of its records, or none: one that is refused refuses the document's only item, and says which it was.
    let wrong = try await desk.post(
      list.replacing("<name>Bolt</name>", with: "<name>Bolt</name>").replacing("<price>2<", with: "<price>-2<").replacing("17", with: "18"))
    #expect(wrong.status == 200 && wrong.body.contains("<outcome>rejected</outcome>"), "\(wrong)")
    #expect(wrong.body.contains("Product shop:B") || wrong.body.contains("Product B"), "\(wrong)")
    #expect(try await desk.rows("SELECT count(*) FROM linked_products WHERE name LIKE '%18'") == "0")
    try await desk.stop()
  }

  @Test("of several documents that fit, the one that was agreed and says most is meant; where two would do, it is refused")
  func whichDocument() async throws {
    let kinds = """
      <document type="plain" root="items" items="item" key="@sku"><sample file="plain.xml"/></document>
      <document type="special" root="items" where="kind=special" items="item" key="@sku"><sample file="plain.xml"/></document>
      """
    let sample = "<items kind='k'><item sku='1'/></items>"
    let other = """
      <dialect xmlns="urn:tessera:dialect:1" name="other">
        <document type="plain" root="items" items="item" key="@sku"><sample file="plain.xml"/></document>
      </dialect>
      """
    func mapping(_ type: String, _ words: String) -> String {
      Emits.mapping(type.replacing(":", with: "-"), from: type, Emits.category(id: "concat('\(words) ', @sku)", name: "'\(words)'"))
    }
    let desk = try await XMLDesk(
      dialect: kinds, samples: ["plain.xml": sample, "other.xml": other],
      mappings: [
        "plain": mapping("shop:plain", "plain"), "special": mapping("shop:special", "special"), "other": mapping("other:plain", "other"),
      ],
      agreed: ["--documents", "shop:*", "--documents", "other:*"])
    // The other dialect is named first, and was the one that won.
    let files = ["--dialect", "other.xml"] + XMLDesk.files
    func token(_ name: String, _ agreed: String...) async throws -> String {
      let arguments = ["partners", "add", name, "--identity", "body"] + agreed.flatMap { ["--documents", $0] } + ["--json"]
      return try JSON(parsing: try await desk.server.run(arguments: arguments).output)["token"]?.string ?? ""
    }
    let (both, second, none) = (
      try await token("both", "other:*", "shop:*"), try await token("second", "shop:*"), try await token("none", "Product")
    )
    try await desk.serve(files)
    #expect(try await desk.items("<items><item sku='1'/></items>") == ["plain 1 applied"], "its own dialect")
    #expect(try await desk.items("<items kind='special'><item sku='2'/></items>") == ["special 2 applied"], "what says most")
    #expect(try await desk.items("<items><item sku='3'/></items>", as: second) == ["plain 3 applied"], "what was agreed")
    let ambiguous = try await desk.post("<items><item sku='4'/></items>", as: both)
    #expect(
      ambiguous.status == 422 && ambiguous.body.contains("DOCUMENT_AMBIGUOUS") && ambiguous.body.contains("other:plain or shop:plain"),
      "\(ambiguous)")
    let refused = try await desk.post("<items><item sku='5'/></items>", as: none)
    #expect(refused.status == 403 && refused.body.contains("DOCUMENT_NOT_AGREED"), "\(refused)")
    try await desk.stop()
  }

  @Test("descriptions that cannot be meant so are refused with their place")
  func wrongDescriptions() async throws {
    let sample = ["s.xml": "<a><b><c/></b><d/></a>"]
    let cases = [
      ("<document type='x' root='a' items='b/e'><sample file='s.xml'/></document>", "no sample has an item at b/e"),
      ("<document type='x' root='z' items='b'><sample file='s.xml'/></document>", "the root of s.xml is a"),
      ("<document type='x' root='a'><sample file='s.xml'/></document>", "says where its items stand"),
      (
        "<document type='x' root='a'><items type='o' path='b'/><items type='i' path='b/c'/><sample file='s.xml'/></document>",
        "would stand within those at b"
      ),
      (
        "<document type='x' root='a' items='b'><items type='y' path='d'/><sample file='s.xml'/></document>",
        "both by an attribute and by elements"
      ),
      (
        "<document type='x' root='a' items='b'><sample file='s.xml'/></document><document type='y' root='a' items='d'><sample file='s.xml'/></document>",
        "nothing tells them apart"
      ),
    ]
    let desk = try await XMLDesk(dialect: cases[0].0, samples: sample, mappings: [:])
    for (text, words) in cases {
      try XMLDesk.write(text, [:], [:], to: desk.server)
      let told = try await desk.server.run("documents", "kinds", "--dialect", "shop.xml")
      #expect(told.exit != .code(0) && "\(told.output)\(told.errors)".contains(words), "\(words): \(told.output)\(told.errors)")
      #expect("\(told.output)\(told.errors)".contains("shop.xml:1:"))
    }
  }
}
