import ForeignORB
import TesseraProcess
import Testing

@Suite("10 One number, one thing") struct F10OneNumberOneThing {
  @Test("A code that stands twice in one import is refused with both lines, and nothing of the file is taken")
  func codesTwice() async throws {
    let server = try TesseraServer()
    try server.write("code,name,currency\nA,one,EUR\nB,two,EUR\nA,three,EUR\n", to: "twice.csv")
    let twice = try await server.document("products", "import", "twice.csv")
    #expect(twice["error"]?["code"] == "FILE_INVALID")
    #expect(twice["error"]?["message"]?.string?.contains("twice.csv:4: code: \"A\" stands on line 2 already") == true, "\(twice)")
    #expect(try await server.json("products", "list")["count"] == 0)

    try server.write("code,name,currency\nA,one,EUR\nB,two,EUR\nC,three,EUR\n", to: "once.csv")
    try await server.json("products", "import", "once.csv")
    // One product by its id and by its code, one id twice, and a code that another product has.
    let files: [(String, String)] = [
      ("id,code,name,currency\nP-000001,A,one,EUR\n,A,other,EUR\n", "id: \"P-000001\" stands on line 2 already"),
      ("id,code,name,currency\nP-000001,A,one,EUR\nP-000001,D,one,EUR\n", "id: \"P-000001\" stands on line 2 already"),
      ("id,code,name,currency\nP-000001,B,one,EUR\n", "code: \"B\" is the code of P-000002, not of P-000001"),
      ("id,code,name,currency\nP-000001,E,one,EUR\n,E,other,EUR\n", "code: \"E\" stands on line 2 already"),
    ]
    for (text, words) in files {
      try server.write(text, to: "products.csv")
      let refused = try await server.document("products", "import", "products.csv")
      #expect(refused["error"]?["message"]?.string?.contains(words) == true, "\(refused)")
    }
    #expect(try await server.json("products", "list")["count"] == 3)
    // Who means it says so; then the ids tell them apart.
    try server.write("code,name,currency\nT,twin,EUR\nT,twin too,EUR\n", to: "twins.csv")
    let twins = try await server.json("products", "import", "twins.csv", "--allow-repeated-codes")
    #expect(twins["counts"]?["applied"] == 2)
    #expect(try await server.document("products", "show", "T")["error"]?["code"] == "PRODUCT_AMBIGUOUS")
    // Two that change their codes with each other can.
    try server.write("id,code,name,currency\nP-000001,B,one,EUR\nP-000002,A,two,EUR\n", to: "changed.csv")
    try await server.json("products", "import", "changed.csv")
    #expect(try await server.json("products", "show", "A")["product"]?["id"] == "P-000002")
  }

  @Test("What a person enters with a code that is there already is refused, and names the thing that has it")
  func formsTwice() async throws {
    let server = try TesseraServer()
    try await server.json("categories", "new", "--code", "V", "--name", "valves")
    let again = try await server.document("categories", "new", "--code", "V", "--name", "vases")
    #expect(again["category"]?["code"] == "CODE_EXISTS" && again["category"]?["path"] == "code")
    #expect(again["category"]?["explanation"]?.string?.contains("K-000001") == true)
    #expect(try await server.run("categories", "new", "--code", "V", "--name", "vases").exit == .code(1))
    #expect(try await server.json("categories", "list")["count"] == 1)
    // Branches share a tax id.
    try await server.json("parties", "new", "--name", "head office", "--tax-id", "GB1")
    try await server.json("parties", "new", "--name", "branch", "--tax-id", "GB1")
  }

  @Test("A contract number is signed once; it is free again when its contract is cancelled, and drafts may share it until then")
  func numbers() async throws {
    let desk = try await FieldDesk()
    let first = try await desk.draft("K-1")
    let second = try await desk.draft("K-1")
    try await desk.server.json("contracts", "sign", first)
    let refused = try await desk.server.document("contracts", "sign", second)
    #expect(refused["error"]?["code"] == "NUMBER_TAKEN")
    #expect(refused["error"]?["message"]?.string?.contains("\"K-1\" is that of V-000001") == true, "\(refused)")
    #expect(try await desk.server.run("contracts", "sign", second).exit == .code(1))
    // Who drafts it once more hears of it at once.
    let third = try await desk.server.document(
      "contracts", "new", "--number", "K-1", "--party", desk.party, "--line", "B-8:1:1", "--currency", "EUR")
    #expect(third["error"]?["code"] == "NUMBER_TAKEN")
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "1")
    // Signing the first again still changes nothing.
    #expect(try await desk.server.json("contracts", "sign", first)["state"] == "signed")
    // With another number it is another contract, and a number of a contract that is no more is free.
    try await desk.server.json("contracts", "amend", second, "--number", "K-2", "--reason", "typed it wrong")
    #expect(try await desk.server.json("contracts", "sign", second)["state"] == "signed")
    let fourth = try await desk.server.document(
      "contracts", "new", "--number", "K-2", "--party", desk.party, "--line", "B-8:1:1", "--currency", "EUR")
    #expect(fourth["error"]?["code"] == "NUMBER_TAKEN")
    try await desk.server.json("contracts", "cancel", first, "--reason", "they are broke")
    #expect(try await desk.server.json("contracts", "sign", try await desk.draft("K-1"))["state"] == "signed")
  }
}
