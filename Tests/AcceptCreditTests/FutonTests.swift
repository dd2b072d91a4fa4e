import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("The customers of a maker of futons")
struct FutonTests {
  @Test("come in by CSV through a mapping, with their limits, once; and their contracts are measured against these", .needsCorpus)
  func customers() async throws {
    let desk = try await Desk()
    let server = desk.server
    let file = try Corpus.path("futon-manufacturing/Customer.csv")
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
    let (header, customers) = (lines[0], lines.dropFirst())
    let code = try #require(header.firstIndex(of: "CustomerCode"))
    let name = try #require(header.firstIndex(of: "CustomerName"))
    let limit = try #require(header.firstIndex(of: "CreditLimit"))
    #expect(customers.count == 8)

    // The mapping files that ship, and this one.
    let mappings = "\(server.folder)/mappings"
    try FileManager.default.copyItem(atPath: repositoryPath("Mappings"), toPath: mappings)
    for name in ["futon-customers.xml", "values-futon-countries.xml"] {
      try FileManager.default.copyItem(
        atPath: repositoryPath("Tests/AcceptCreditTests/Mappings/\(name)"), toPath: "\(mappings)/\(name)")
    }
    #expect(try await server.json("mapping", "test", "\(mappings)")["failed"] == 0)

    try await server.json("systems", "add", "futon", "--adapter", "inbound", "--type", "futon")
    let push = ["push", file, "--system", "futon", "--as", "csv:customers", "--mappings", mappings, "--json"]
    func pushed() async throws -> JSON {
      try JSON(parsing: try await ChildProcess.check(builtExecutable("tessera"), push, folder: server.folder))
    }
    let receipt = try await pushed()
    #expect(receipt["outcome"] == "accepted" && receipt["counts"]?["applied"] == 8)
    #expect(receipt["ignoredColumns"] == [])
    // Its mapping says that the figures are of the time when they come: later, the same file is news.
    let again = try await pushed()
    #expect(again["outcome"] == "accepted" && again["duplicateOf"] == .null && again["counts"]?["applied"] == 8)
    #expect(try await desk.sqlite("SELECT count(*) FROM messages WHERE system = 'futon'") == "2")

    var terms: [String: String] = [:]
    for position in try await server.json("credit", "list")["terms"]?.array ?? [] {
      terms[try #require(position["name"]?.string)] = position["limit"]?.string
    }
    for customer in customers {
      let name = String(customer[name])
      #expect(terms[name] == "\(customer[limit]).00", "\(name)")
    }
    #expect(terms.count == 8)
    #expect(try await desk.sqlite("SELECT count(*) FROM linked_contacts WHERE system = 'futon'") == "8")

    // Orders go to the desk; what the ledger of futon says rules them.
    try await server.json("credit", "policy", "set", "--system", "desk", "--control", "on", "--terms-from", "futon")
    for customer in customers.prefix(3) {
      let amount = try #require(Int(customer[limit])) * 6 / 10
      var states: [String?] = []
      for _ in 0..<2 {
        let draft = try await server.json(
          "contracts", "new", "--party", "futon:\(customer[code])", "--currency", "USD", "--line", "P-000001:1:\(amount)")
        states.append(try await server.json("contracts", "sign", try #require(draft["id"]?.string))["state"]?.string)
      }
      #expect(states == ["signed", "credit-hold"])
    }
  }
}
