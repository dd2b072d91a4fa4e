import ForeignORB
import TesseraProcess
import Testing

/// Fields take room, however little stands in them: 20 million empty ones took 710 MB.
@Suite("32 Files of many cells") struct F32FilesOfManyCells {
  @Test("A row, a file and what was cleared in a spreadsheet have bounds, told with the line")
  func cellsAreBounded() async throws {
    let server = try TesseraServer()
    let columns = (0..<1_000).map { "c\($0)" }.joined(separator: ",")
    let row = "x" + String(repeating: ",", count: 999) + "\n"
    try server.write("\(columns)\n" + String(repeating: row, count: 5_010), to: "file.csv")
    let file = try await server.run("products", "import", "file.csv")
    #expect(file.exit == .code(1) && file.errors.contains("file.csv:5002:1: the file has more than 5000000 fields"), "\(file)")
    try server.write("code,name,currency\nA,b,EUR\nB\(String(repeating: ",", count: 2_000_000))\nC,d,EUR,x\n", to: "row.csv")
    let wide = try await server.run("products", "import", "row.csv")
    #expect(wide.exit == .code(1) && wide.errors.contains("row.csv:3:1: there are more than 1000 fields"), "\(wide)")
    // What follows is read as what it is.
    #expect(wide.errors.contains("row.csv:4:1: there are 4 fields"), "\(wide)")
    try server.write("code,name,currency\nA,b,EUR\n" + String(repeating: ",,\n", count: (1 << 20) + 2), to: "cleared.csv")
    let cleared = try await server.run("products", "import", "cleared.csv")
    #expect(cleared.exit == .code(1) && cleared.errors.contains("rows have empty fields alone"), "\(cleared)")
  }

  @Test("Neighbours: lines beyond counting are told of by their number, and empty ones take no room that counts")
  func linesAreFound() async throws {
    let server = try TesseraServer()
    try server.write("code,name,currency\n" + String(repeating: "\n", count: 200_000) + "A,\u{E4}\"b,EUR\n", to: "lines.csv")
    let said = try await server.run("products", "import", "lines.csv")
    #expect(said.exit == .code(1) && said.errors.contains("lines.csv:200002:4: a quote stands within a field"), "\(said)")
    try server.write("code,name,currency\nA,b,EUR\n" + String(repeating: ",,\n", count: 1_000), to: "few.csv")
    let few = try await server.run("products", "import", "few.csv")
    #expect(few.exit == .code(0) && few.output.contains("1000 rows have empty fields alone"), "\(few)")
  }
}
