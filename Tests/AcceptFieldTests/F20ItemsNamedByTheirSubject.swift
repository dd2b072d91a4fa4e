import ForeignORB
import TesseraProcess
import Testing

/// Items whose mapping makes several records: by what they are called, and what they wait for.
@Suite("20 Items named by what they are about") struct F20ItemsNamedByTheirSubject {
  /// A broker with mapping files of the test's own.
  private struct Desk {
    let server = try! TesseraServer()

    init(_ mappings: [String: String]) async throws {
      for (name, text) in mappings { try server.write(text, to: "maps/\(name).xml") }
      try await server.json("systems", "add", "shop", "--adapter", "inbound")
    }

    /// Pushes rows and gives `id outcome CODE` of each.
    @discardableResult func push(_ type: String, _ rows: String...) async throws -> [String] {
      let file = try server.write(rows.joined(separator: "\n") + "\n", to: "rows.csv")
      let answer = try await server.document("push", file, "--system", "shop", "--as", "csv:\(type)", "--mappings", "maps")
      let results = try #require(answer["results"]?.array, "\(answer)")
      return results.map { result in
        ["id", "outcome", "code"].compactMap { result[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
      }
    }

    func held() async throws -> [String] {
      try await server.json("held", "list", "--mappings", "maps")["held"]?.array?.map {
        "\($0["entity"]?.string ?? "") \($0["id"]?.string ?? "")"
      } ?? []
    }

    func names(_ view: String) async throws -> String {
      try await server.rows("SELECT group_concat(name, ', ') FROM (SELECT name FROM \(view) ORDER BY name)")
    }
  }

  private static let columns = ["sku", "name", "group", "unit"]
  private static let category = Emits.category(id: "group", name: "concat('group ', group)")
  private static let product = Emits.product(id: "sku", name: "name", category: "group", unit: "unit")
  private static let units = Emits.mapping("units", from: "csv:units", columns: ["code"], Emits.unit(id: "code"))

  @Test("three products that bring their common category first are three, and all arrive")
  func commonCategoryFirst() async throws {
    let desk = try await Desk([
      "units": Self.units, "items": Emits.mapping("items", from: "csv:items", columns: Self.columns, Self.category, Self.product),
    ])
    #expect(
      try await desk.push("items", "sku,name,group,unit", "A,Anvil,G,PC", "B,Bolt,G,PC", "C,Clamp,G,PC")
        == ["A held UNKNOWN_UNIT", "B held UNKNOWN_UNIT", "C held UNKNOWN_UNIT"])
    #expect(try await desk.held() == ["Product A", "Product B", "Product C"])
    // A newer B overtakes the older B, and nothing else.
    #expect(try await desk.push("items", "sku,name,group,unit", "B,Better Bolt,G,PC") == ["B held UNKNOWN_UNIT"])
    #expect(try await desk.held() == ["Product A", "Product C", "Product B"])
    #expect(try await desk.push("units", "code", "PC") == ["PC applied"])
    #expect(try await desk.held().isEmpty)
    #expect(try await desk.names("linked_products") == "Anvil, Better Bolt, Clamp")
    #expect(try await desk.names("linked_categories") == "group G")
  }

  @Test("a product that stands before its category sees it, and so do categories that stand in any order")
  func anyOrder() async throws {
    let desk = try await Desk([
      "items": Emits.mapping(
        "items", from: "csv:items", columns: Self.columns, Emits.product(id: "sku", name: "name", category: "group"), Self.category),
      // A neighbour: a chain that is written from its end, and a declared subject in the middle of it.
      "chains": Emits.mapping(
        "chains", from: "csv:chains", columns: ["top", "middle", "low"], Emits.category(id: "low", name: "low", parent: "middle"),
        Emits.category("subject=\"true\"", id: "middle", name: "middle", parent: "top"), Emits.category(id: "top", name: "top")),
    ])
    // Without a declaration the last record names it.
    #expect(try await desk.push("items", "sku,name,group,unit", "A,Anvil,G,PC") == ["G applied"])
    #expect(try await desk.names("linked_products") == "Anvil")
    #expect(try await desk.push("chains", "top,middle,low", "T,M,L") == ["M applied"])
    #expect(
      try await desk.server.rows(
        "SELECT group_concat(foreign_id || ' ' || crm_id) FROM (SELECT * FROM linked_categories WHERE name IN ('T', 'M', 'L') ORDER BY crm_id)"
      )
        == "L K-000002,M K-000003,T K-000004")
  }

  @Test("what is older beside a newer thing stays as it is, and is told")
  func olderPart() async throws {
    let columns = ["sku", "name", "group", "label", "version"]
    let desk = try await Desk([
      "items": Emits.mapping(
        "items", from: "csv:items", columns: columns, Emits.category(id: "group", name: "label", version: "version"),
        Emits.product(id: "sku", name: "name", category: "group", version: "version"))
    ])
    let header = columns.joined(separator: ",")
    #expect(try await desk.push("items", header, "A,Anvil,G,new words,7") == ["A applied"])
    #expect(try await desk.push("items", header, "B,Bolt,G,old words,3") == ["B applied PART_STALE"])
    #expect(try await desk.names("linked_categories") == "new words")
    #expect(try await desk.names("linked_products") == "Anvil, Bolt")
    // The product itself is what makes an item stale.
    #expect(try await desk.push("items", header, "A,Awl,H,other,6") == ["A stale STALE_VERSION"])
    #expect(try await desk.names("linked_categories") == "new words")
  }

  @Test("an item that says two things of one thing, or one of itself twice, is refused in words or taken once")
  func contradictions() async throws {
    let desk = try await Desk([
      "pairs": Emits.mapping(
        "pairs", from: "csv:pairs", columns: ["one", "name1", "two", "name2"], Emits.category(id: "one", name: "name1"),
        Emits.category(id: "two", name: "name2")),
      "rings": Emits.mapping(
        "rings", from: "csv:rings", columns: ["one", "two"], Emits.unit(id: "one", base: "two"), Emits.unit(id: "two", base: "one")),
    ])
    #expect(
      try await desk.push("pairs", "one,name1,two,name2", "G,a,G,b", "H,same,H,same", "I,i,J,j")
        == ["G rejected DUPLICATE_IN_ITEM", "H applied", "J applied"])
    #expect(try await desk.names("linked_categories") == "i, j, same")
    // Units that are counted in each other are so within one item, too.
    #expect(try await desk.push("rings", "one,two", "X,Y") == ["Y rejected UNIT_CYCLE"])
  }

  @Test("an item that brings two things which would be recognised as one is refused, not the whole message")
  func confusedThings() async throws {
    let matched = Emits.category(id: "one", name: "one").replacing(
      "field=\"id\"/>", with: "field=\"id\"><match field=\"code\" from=\"code\"/></identity>")
    let other = Emits.category(id: "two", name: "two").replacing(
      "field=\"id\"/>", with: "field=\"id\"><match field=\"code\" from=\"code\"/></identity>")
    let desk = try await Desk(["twins": Emits.mapping("twins", from: "csv:twins", columns: ["one", "two", "code"], matched, other)])
    #expect(try await desk.push("twins", "one,two,code", "A,B,X") == ["B rejected AMBIGUOUS_MATCH"])
  }
}
