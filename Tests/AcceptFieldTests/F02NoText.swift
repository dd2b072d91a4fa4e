import ForeignORB
import TesseraProcess
import Testing

/// The character U+0000 is that of no text: files with it ended in "UNEXPECTED". And a code that stands twice is told as one.
@Suite("2 Characters that no text holds") struct F02NoText {
  @Test("NUL in a cell is refused in words, with row and column, at every door for CSV")
  func zeros() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try server.write("code,name,currency\nA\u{0}B,x,EUR\nC,\"a\"\"\u{0}\",EUR\n", to: "a.csv")
    for arguments in [["products", "import", "a.csv"], ["push", "a.csv", "--system", "erp", "--as", "Product"]] {
      let said = try await server.run(arguments: arguments)
      let text = said.output + said.errors
      #expect(said.exit == .code(1) && text.contains("FILE_INVALID"), "\(said)")
      #expect(text.contains("a.csv:2:2: a character U+0000") && text.contains("a.csv:3:7:"), "\(said)")
    }
    // Many of them are another encoding.
    try server.write("code,name,currency\n".map { "\($0)\u{0}" }.joined() + String(repeating: "A\u{0}", count: 200), to: "wide.csv")
    let wide = try await server.run("products", "import", "wide.csv")
    #expect(wide.exit == .code(1) && wide.errors.contains("wide.csv:1:2:") && wide.errors.contains("UTF-16"), "\(wide)")
    // Nor by an escape within a cell.
    let escaped =
      "id,changedAt,status,code,name,attributes\nP,1767225600000000,active,P,x,\"[{\"\"name\"\":\"\"a\\u0000\"\",\"\"value\"\":\"\"b\"\"}]\"\n"
    try server.write(escaped, to: "escaped.csv")
    let said = try await server.run("push", "escaped.csv", "--system", "erp", "--as", "Product")
    #expect(said.exit != .code(0) && said.exit != .code(3) && !(said.output + said.errors).contains("UNEXPECTED"), "\(said)")
  }

  @Test("A code that stands twice is told as a code where no row writes an id")
  func repeatedCodes() async throws {
    let server = try TesseraServer()
    try server.write("code,name,currency\nA,x,EUR\n", to: "first.csv")
    try server.write("code,name,currency\nA,x,EUR\nA,y,EUR\n", to: "twice.csv")
    try server.write("id,code,name,currency\nP-000001,A,x,EUR\nP-000001,A,y,EUR\n", to: "ids.csv")
    let first = try await server.run("products", "import", "first.csv")
    #expect(first.exit == .code(0), "\(first)")
    for more in [[], ["--allow-repeated-codes"]] {
      let twice = try await server.run(arguments: ["products", "import", "twice.csv"] + more)
      #expect(twice.exit == .code(1) && twice.errors.contains("twice.csv:3: code: \"A\""), "\(twice)")
      #expect(!twice.errors.contains("id: "), "\(twice)")
    }
    let ids = try await server.run("products", "import", "ids.csv")
    #expect(ids.exit == .code(1) && ids.errors.contains("ids.csv:3: id: \"P-000001\" stands on line 2"), "\(ids)")
  }
}
