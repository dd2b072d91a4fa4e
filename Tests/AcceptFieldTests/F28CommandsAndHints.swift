import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("28 Commands that were missing, lists that stopped, hints that could not be written") struct F28CommandsAndHints {
  @Test("A system is changed without a new secret, and its session goes on") func change() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(try await sender.push("pushCategories", "m-1", [Document.category("G1", code: "G1", name: "Bolts")]).outcome == "accepted")
    let changed = try await server.json(
      "systems", "change", "erp", "--adapter", "order-desk", "--reference", "corbaloc:iiop:1.2@127.0.0.1:9/Desk", "--code-set", "utf-8",
      "--orders", "--guarantee", "idempotent-by-key", "--reason", "it takes orders now")
    #expect(changed["system"]?["adapter"] == "order-desk" && changed["system"]?["orders"] == true && changed["changed"] == true)
    #expect(changed["system"]?["reference"]?.string?.hasPrefix("IOR:") == true)
    // The session that was open, and a new one with the old secret.
    #expect(try await sender.push("pushCategories", "m-2", [Document.category("G2", code: "G2", name: "Nuts")]).outcome == "accepted")
    _ = try await PythonSender(running.login, system: "erp", secret: secret)
    // One thing alone; the rest stays.
    let fewer = try await server.json("systems", "change", "erp", "--no-orders")
    #expect(fewer["system"]?["orders"] == false && fewer["system"]?["guarantee"] == "idempotent-by-key")
    #expect(try await server.json("systems", "change", "erp", "--no-orders")["changed"] == false)
    let audit = try await server.rows("SELECT subject FROM audit_trail WHERE action = 'change-system' ORDER BY id")
    #expect(audit.contains("adapter inbound -> order-desk") && audit.hasSuffix("erp: orders yes -> no"), "\(audit)")
    let inbound = try await server.json("systems", "change", "erp", "--adapter", "inbound")
    #expect(inbound["system"]?["reference"] == .null)
    for (arguments, said) in [
      (["--orders"], "ADAPTER_NOT_CALLED"), (["--adapter", "order-desk"], "REFERENCE_NEEDED"),
      (["--code-set", "utf-8"], "ADAPTER_NOT_CALLED"),
      (["--adapter", "order-desk", "--reference", "nonsense"], "REFERENCE_INVALID"), ([], "Say what changes"),
    ] as [([String], String)] {
      let refused = try await server.run(arguments: ["systems", "change", "erp"] + arguments)
      #expect(refused.exit != .code(0) && refused.errors.contains(said), "\(refused.errors)")
    }
    #expect(try await server.run("systems", "change", "nobody", "--no-orders").errors.contains("SYSTEM_UNKNOWN"))
    #expect(try await server.run("audit", "list").output.contains("it takes orders now"))
    try await running.process.kill()
  }

  @Test("A unit of the CRM's own is made, with what it counts in another") func units() async throws {
    let server = try TesseraServer()
    #expect(try await server.json("units", "new", "--code", "KG", "--name", "kilogram", "--rec20", "KGM")["unit"]?["outcome"] == "applied")
    for (code, factor) in [("T", "1000"), ("LB", "0.45359237"), ("DRITTEL", "1/3")] {
      #expect(try await server.run("units", "new", "--code", code, "--name", code, "--base", "KG", "--factor", factor).exit == .code(0))
    }
    let counts = try await server.run("units", "show", "KG").output
    #expect(counts.contains("1 T = 1000 KG") && counts.contains("1 LB = 0.45359237 KG"), "\(counts)")
    #expect(try await server.run("units", "new", "--code", "KG", "--name", "again").exit == .code(1))
    for (factor, said) in [
      ("0", "is no factor above 0"), ("-1", "factor"), ("1,5", "is no factor above 0"), ("1/0", "is no factor above 0"),
    ] {
      let refused = try await server.run("units", "new", "--code", "X", "--name", "X", "--base", "KG", "--factor=\(factor)")
      #expect(refused.exit == .code(2) && refused.errors.contains(said), "\(refused.errors)")
    }
    #expect(
      try await server.run("units", "new", "--code", "X", "--name", "X", "--base", "KG").errors.contains("--base and --factor go together"))
  }

  @Test("No list stops without a word") func lists() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let rows = (1...105).map { "active,C\($0),Category \($0),,C\($0),1" }
    try server.write((["status,code,name,parent,id,changedAt"] + rows).joined(separator: "\n") + "\n", to: "c.csv")
    #expect(try await server.run("push", "c.csv", "--system", "erp", "--as", "Category").exit == .code(0))
    let first = try await server.run("categories", "list")
    #expect(
      first.output.contains("100 of 105 categories") && first.output.contains("more follow: --after K-000100"),
      "\(first.output.suffix(300))")
    let second = try await server.run("categories", "list", "--after", "K-000100")
    #expect(!second.output.contains("more follow"))
    let all = try await server.json("categories", "list", "--limit", "all")
    #expect(all["categories"]?.array?.count == 105 && all["next"] == .null)
    // A page that ends with the last one has no next.
    #expect(try await server.json("categories", "list", "--limit", "105")["next"] == .null)
    #expect(try await server.json("categories", "list", "--limit", "104")["next"]?.string != nil)
    // Neighbours: other lists, by number, newest first, and by reason.
    for number in 1...3 {
      try server.write("status,code,name,parent,id,changedAt\nactive,D\(number),D,NOBODY,D\(number),1\n", to: "d.csv")
      #expect(try await server.run("push", "d.csv", "--system", "erp", "--as", "Category").exit == .code(4))
    }
    let held = try await server.run("held", "list", "--limit", "2")
    #expect(held.output.contains("2 shown, and more follow: --after 2 "), "\(held.output)")
    let messages = try await server.run("messages", "list", "--limit", "2")
    #expect(messages.output.contains("more follow: --before 3 "), "\(messages.output)")
    #expect(try await server.json("messages", "list", "--limit", "2", "--before", "3")["next"] == .null)
    for word in ["0", "10001", "some"] {
      #expect(
        try await server.run("orders", "list", "--limit", word).errors.contains(
          "--limit takes a number from 1 to 10000, or all, not '\(word)'"))
    }
    #expect(try await server.run("orders", "list", "--limit", "all").exit == .code(0))
  }

  @Test("A contract is named by its number, wherever one is named") func numbers() async throws {
    let sale = try await FieldSale()
    let (contract, order) = try await sale.order([2, 1], number: "2026/117")
    for name in [contract, "2026/117", "crm:\(contract)"] {
      #expect(try await sale.server.json("contracts", "show", name)["id"]?.string == contract, "\(name)")
    }
    #expect(try await sale.server.run("credit", "check", "2026/117").exit == .code(0))
    #expect(try await sale.tell(order, version: 1, [(1, "2", "1", "0"), (2, "1", "0", "0")]) == "applied")
    #expect(try await sale.server.json("orders", "show", order)["order"]?["number"]?.string == order)
    #expect(try await sale.server.run("contracts", "show", "2026/118").errors.contains("there is no contract \"2026/118\""))
    // Two drafts may have one number; then it names none.
    for _ in 1...2 {
      try await sale.server.json(
        "contracts", "new", "--number", "DRAFT", "--party", "C-000001", "--currency", "EUR", "--line", "\(FieldSale.codes[0]):1:1")
    }
    let ambiguous = try await sale.server.run("contracts", "cancel", "DRAFT", "--reason", "x")
    #expect(ambiguous.errors.contains("CONTRACT_AMBIGUOUS") && ambiguous.errors.contains("V-000002, V-000003"), "\(ambiguous.errors)")
    #expect(try await sale.server.run("contracts", "cancel", "2026/117", "--reason", "x").exit == .code(0))
  }

  // MARK: - Hints

  /// A command as the program describes itself.
  private struct Described: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { let kind: String, name: String }
      let names: [Name]?
      let kind: String
      let isOptional: Bool
    }
    let commandName: String
    let subcommands: [Described]?
    let arguments: [Argument]?

    var options: Set<String> { Set((arguments ?? []).flatMap { ($0.names ?? []).map(\.name) }) }
  }

  private struct Dump: Decodable { let command: Described }

  /// What is wrong with `tessera WORD … --option …` as a text writes it; nil where it can be written.
  private static func fault(_ line: String, _ root: Described) -> String? {
    var command = root
    var words = line.split(separator: " ").map(String.init)[...]
    while let word = words.first, let next = command.subcommands?.first(where: { $0.commandName == word }) {
      command = next
      words.removeFirst()
    }
    if command.commandName == root.commandName, let word = words.first, word.first?.isLowercase == true { return "no command \(word)" }
    if let word = words.first, !(command.subcommands ?? []).isEmpty, word.allSatisfy({ $0.isLowercase || $0 == "-" }), !word.hasPrefix("-"),
      !["help"].contains(word)
    {
      return "\(command.commandName) has no command \(word)"
    }
    // What is written out can be typed as it stands: it names what is needed.
    if !words.isEmpty, !words.contains(where: { $0.hasPrefix("…") }) || line.contains("--reason") {
      let needed = (command.arguments ?? []).filter { !$0.isOptional && $0.kind == "option" }
      for option in needed where !(option.names ?? []).contains(where: { line.contains("--\($0.name)") }) && !line.contains("--help") {
        return "\(command.commandName) needs --\(option.names?.first?.name ?? "")"
      }
    }
    for word in words where word.hasPrefix("--") {
      let name = String(word.dropFirst(2).prefix { $0.isLowercase || $0.isNumber || $0 == "-" })
      if !name.isEmpty, !command.options.contains(name), !["version", "help"].contains(name) {
        return "\(command.commandName) has no --\(name)"
      }
    }
    return nil
  }

  @Test("A line of a contract names its product as everything else does: by id, code or SYSTEM:ID") func linesNameProducts() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try server.write("code,name,currency,listPrice\nerp,Bolt,EUR,1\nB-9,Nut,EUR,1\n", to: "products.csv")
    try await server.json("products", "import", "products.csv")
    try await server.json("identity", "link", "Product", "erp:4711", "crm:P-000002", "--reason", "the same")
    try await server.json("identity", "link", "Product", "erp:M 8", "crm:P-000001", "--reason", "the same")
    try await server.json("parties", "new", "--name", "Miller", "--tax-id", "GB1", "--country", "GB")
    func drafted(_ line: String) async throws -> String {
      let made = try await server.document("contracts", "new", "--party", "C-000001", "--line", line, "--currency", "EUR")
      let said = made["lines"]?[0]
      return ["product", "quantity", "unitPrice"].compactMap { said?[$0]?.string }.joined(separator: " ")
    }
    #expect(try await drafted("B-9:10:1.5:5") == "P-000002 10.000000 1.50000000")
    #expect(try await drafted("erp:M 8:10:1.5") == "P-000001 10.000000 1.50000000")
    // A product whose code is the name of a system goes first; with a part more it cannot be meant.
    #expect(try await drafted("erp:4711:10:1.5") == "P-000001 4711.000000 10.00000000")
    #expect(try await drafted("erp:4711:10:1.5:5:CT") == "P-000002 10.000000 1.50000000")
    #expect(try await drafted("P-000002:3:1:0:") == "P-000002 3.000000 1.00000000")
    let unknown = try await server.run("contracts", "new", "--party", "C-000001", "--line", "erp:none:1:1", "--currency", "EUR")
    #expect(unknown.errors.contains("PRODUCT_UNKNOWN") && unknown.errors.contains("erp:none"), "\(unknown.errors)")
  }

  @Test("Every command and option that a hint, a help or a page names can be written") func hints() async throws {
    let dump = try await ChildProcess.run(builtExecutable("tessera"), ["--experimental-dump-help"]).output
    let root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
    #expect(
      Self.fault("orders lst", root) != nil && Self.fault("push x.csv --sytem erp", root) != nil && Self.fault("oders list", root) != nil)
    #expect(Self.fault("deliveries retry 7", root) != nil && Self.fault("deliveries retry 7 --reason …", root) == nil)
    #expect(Self.fault("orders list --limit all", root) == nil)
    let home = URL(filePath: repositoryPath("."))
    var (checked, faults): (Int, [String]) = (0, [])
    for folder in ["Sources", "Docs", "Adapters", "README.md"] {
      let place = home.appending(path: folder)
      let files =
        folder.hasSuffix(".md")
        ? [place] : FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
      for file in files where ["swift", "md", "xml"].contains(file.pathExtension) {
        for (number, line) in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
          .enumerated()
        {
          var found = line.matches(of: /`tessera ([^`]*)`/).map { String($0.1) }
          if file.pathExtension == "md", let whole = line.wholeMatch(of: /(?:    |\$ )?tessera ([a-z].*)/) {
            found.append(String(whole.1.prefix { !"|>&#;".contains($0) }))
          }
          for text in found {
            checked += 1
            if let fault = Self.fault(text, root) { faults.append("\(file.lastPathComponent):\(number + 1): `tessera \(text)`: \(fault)") }
          }
        }
      }
    }
    #expect(checked > 200)
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }
}
