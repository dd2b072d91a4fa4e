import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("17 Exit codes, days, words and files") struct F17WordsAndExits {
  // MARK: - Exit codes

  @Test("What was rejected, held or stale is not 0, and --fail-on says what counts") func exits() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    func push(_ rows: [String], _ options: String...) async throws -> ChildProcess.Exit {
      try server.write((["status,name,kind,parent,id,sourceVersion,changedAt"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
      return try await server.run(arguments: ["push", "rows.csv", "--system", "erp", "--as", "Party"] + options).exit
    }
    #expect(try await push(["active,Miller,customer,,A,2,1"]) == .code(0))
    // The same again is no mistake, but somebody may want to know.
    #expect(try await push(["active,Miller,customer,,A,2,1"]) == .code(0))
    #expect(try await push(["active,Miller,customer,,A,2,1"], "--fail-on", "repeated") == .code(4))
    let rejected = ["active,Smith,customer,,B,1,1", "active,Jones,nonsense,,C,1,1"]
    #expect(try await push(rejected) == .code(4))
    // Its repeat is no better than it was.
    #expect(try await push(rejected) == .code(4))
    #expect(try await push(rejected, "--fail-on", "held,stale") == .code(0))
    #expect(try await push(["active,Ann,nonsense,,D,1,1"]) == .code(1))
    #expect(try await push(["active,Ann,nonsense,,D,1,1"], "--fail-on", "none") == .code(1))
    #expect(try await push(["active,Held,customer,NOBODY,E,1,1"]) == .code(4))
    #expect(try await push(["active,Held 2,customer,NOBODY,F,1,1"], "--fail-on", "none") == .code(0))
    #expect(try await push(["active,Old,customer,,A,1,1"]) == .code(4))
    #expect(try await push(["active,Old,customer,,A,1,1"], "--fail-on", "rejected") == .code(0))
    // What is run again and waits once more.
    let number = try #require(try await server.json("held", "list")["held"]?[0]?["held"]?.integer)
    let released = try await server.run("held", "release", "\(number)", "--reason", "test")
    #expect(released.exit == .code(4), "\(released.output)")
    // The products of the CRM's own.
    try server.write("code,name,price,currency\nP1,one,1,EUR\nP2,two,-1,EUR\n", to: "products.csv")
    let imported = try await server.run("products", "import", "products.csv")
    #expect(imported.exit == .code(4), "\(imported.output)")
    let wrong = try await server.run("push", "rows.csv", "--system", "erp", "--as", "Party", "--fail-on", "rejcted")
    #expect(wrong.exit == .code(2) && wrong.errors.contains("'rejcted' is no outcome; there are: rejected, held, stale"), "\(wrong.errors)")
  }

  @Test("A document all of whose items were refused is answered with 200 and says refused, again and again") func allRefused() async throws
  {
    let server = try TesseraServer()
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let item =
      "<item><id>U</id><changedAt>1767225600</changedAt><status>active</status><code>U</code><name>u</name><factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item>"
    let document = "<pushUnits xmlns=\"urn:tessera:interchange:1\"><message>1</message><batch>\(item)</batch></pushUnits>"
    for _ in 1...2 {
      let answer = try await shop.post(document)
      #expect(answer.status == 200 && answer.body.contains("<outcome>refused</outcome>"), "\(answer.body)")
      #expect(try answer.results == ["U rejected TIME_UNIT"])
    }
    try await running.process.kill()
  }

  // MARK: - Days

  private static func today(_ zone: String) throws -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    let parts = calendar.dateComponents([.year, .month, .day], from: Date())
    return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
  }

  @Test("Days begin where broker.xml says") func zones() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try await server.json("parties", "new", "--name", "Miller", "--tax-id", "GB1", "--country", "GB", "--city", "Leeds")
    try server.write("code,name,price,currency\nP1,one,1,EUR\n", to: "products.csv")
    try await server.json("products", "import", "products.csv")
    // Two zones whose days are never the same.
    let (early, late) = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    // Due on the last day that has begun everywhere: overdue in one zone, and not in the other.
    try server.write(
      "status,party,document,dueDate,amount,openAmount,currency,id,changedAt\nactive,D-1,R-1,\(try Self.today(late)),1,1,EUR,R-1,1\n",
      to: "open.csv")
    var overdue: [Bool] = []
    let now = Int(Date().timeIntervalSince1970 * 1_000_000)
    try server.write("status,name,kind,taxId,id,changedAt\nactive,Miller,customer,GB1,D-1,1\n", to: "party.csv")
    try server.write(
      "status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,id,asOf\nactive,D-1,A,EUR,500,1,0,0,T,\(now)\n",
      to: "terms.csv")
    for (file, type) in [("party", "Party"), ("terms", "CreditTerms"), ("open", "Receivable")] {
      #expect(try await server.run("push", "\(file).csv", "--system", "erp", "--as", type).exit == .code(0))
    }
    for zone in [early, late] {
      try server.write("<broker xmlns=\"urn:tessera:broker:1\"><days zone=\"\(zone)\"/></broker>", to: "tessera-data/broker.xml")
      let day = try Self.today(zone)
      let drafted = try await server.json("contracts", "new", "--party", "C-000001", "--currency", "EUR", "--line", "P1:1:1")
      #expect(drafted["record"]?["signDate"]?.string == day)
      let balance = try await server.json("balance", "--days", "1")
      #expect(balance["zone"]?.string == zone)
      #expect(Set(balance["balance"]?.array?.map { $0["day"]?.string ?? "" } ?? []) == [day], "\(balance)")
      #expect(try await server.run("balance").output.hasPrefix("DAY (\(zone.uppercased()))"))
      overdue.append(try await server.run("credit", "show", "C-000001").output.contains("oldest due"))
    }
    #expect(overdue == [true, false])
    // Neighbours: a name that is none, and one in another case.
    for (zone, said) in [("Asia/Shangai", "did you mean 'Asia/Shanghai'?"), ("CST", "'CST' is no zone"), ("+08:00", "is no zone")] {
      try server.write("<broker xmlns=\"urn:tessera:broker:1\">\n<days zone=\"\(zone)\"/></broker>", to: "tessera-data/broker.xml")
      let refused = try await server.run("balance")
      #expect(refused.exit == .code(1) && refused.errors.contains(said) && refused.errors.contains("broker.xml:2:13:"), "\(refused.errors)")
    }
  }

  // MARK: - Words

  @Test(
    "A line that is none says which part is wrong",
    arguments: [
      ("P1:1", "has 2 parts between colons; it is written PRODUCT:QUANTITY:PRICE"), (":1:2", "names no product"),
      ("P1:1,5:2", "'1,5' in 'P1:1,5:2' is no quantity: it takes up to twelve digits and six decimals; a point stands before the decimals"),
      ("P1:1:", "nothing in 'P1:1:' is no price"), ("P1:1:2:x", "'x' in 'P1:1:2:x' is no discount in percent"),
    ])
  func lines(_ line: String, _ said: String) async throws {
    let server = try TesseraServer()
    let refused = try await server.run("contracts", "new", "--party", "C-000001", "--currency", "EUR", "--line", line)
    #expect(refused.exit == .code(2) && refused.errors.contains(said), "\(refused.errors)")
    #expect(
      try await server.document("contracts", "new", "--party", "C-1", "--currency", "EUR", "--line", line)["error"]?["message"]?.string?
        .contains(said) == true)
  }

  @Test(
    "So do other words of that kind",
    arguments: [
      (["contracts", "amend", "V-000001", "--reason", "x", "--line", "one:2"], "'one' in 'one:2' is no number of a line"),
      (["prices", "find", "P1", "--on", "2026-02-30"], "'2026-02-30' is no day"),
      (["identity", "find", "Party", "4711"], "'4711' does not name the system whose id it is"),
      (["serve", "--listen", "localhost"], "'localhost' has no port"), (["serve", "--read-every", "5"], "'5' is no time"),
      (["credit", "policy", "set", "--system", "erp", "--stale-after", "1 day"], "'1 day' is no age"),
    ] as [([String], String)])
  func words(_ arguments: [String], _ said: String) async throws {
    let refused = try await TesseraServer().run(arguments: arguments)
    #expect(refused.exit == .code(2) && refused.errors.contains(said), "\(refused.errors)")
  }

  // MARK: - Files

  @Test("CSV files of spreadsheets are understood, or what is odd about them is named") func files() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    func push(_ text: String, _ options: String...) async throws -> ChildProcess.Result {
      try server.write(text, to: "file.csv")
      return try await server.run(arguments: ["push", "file.csv", "--system", "erp", "--as", "Party"] + options)
    }
    let head = "status;name;kind;id;changedAt"
    #expect(try await push("sep=;\r\n\(head)\r\nactive;A;customer;A;1\r\n").exit == .code(0))
    #expect(try await push("\u{FEFF}SEP=\t\n\(head.replacing(";", with: "\t"))\nactive\tA2\tcustomer\tA2\t1\n").exit == .code(0))
    let other = try await push("sep=;\n\(head)\nactive;B;customer;B;1\n", "--separator", "comma")
    #expect(other.output.contains("file.csv:1:1: the first line 'sep=;' says that semicolons stand between the fields"), "\(other.output)")
    #expect(try await push("sep=#\n\(head)\n").output.contains("names no separator that is known"))
    // Lines of an old Macintosh; a fault in the third is told as that.
    #expect(
      try await push("\(head)\ractive;C;customer;C;1\ractive;D;customer;D;1\r", "--separator", "semicolon").output.contains("2 applied"))
    let short = try await push("\(head)\ractive;E;customer;E;1\ractive;F\r", "--separator", "semicolon")
    #expect(short.output.contains("file.csv:3:1: there are 2 fields"), "\(short.output)")
    // Neighbour: one line that ends otherwise than the others was text within a name before.
    let mixed = try await push("\(head)\nactive;G;customer;G;1\ractive;H;customer;H;1\n", "--separator", "semicolon")
    #expect(mixed.output.contains("file.csv:2:22: a carriage return stands within a field"), "\(mixed.output)")
    // A file of an old Macintosh with breaks within cells, and the last line ended by an editor.
    let broken = try await push("\(head)\ractive;\"J\nK\";customer;J;1\ractive;L;customer;L;1\r\n", "--separator", "semicolon")
    #expect(broken.output.contains("2 applied"), "\(broken.output)")
    // Many odd returns in one line cost one fault.
    let many = try await push("\(head)\nactive;\(String(repeating: "x\r", count: 200_000));customer;M;1\n\n\n", "--separator", "semicolon")
    #expect(many.exit == .code(1))
    // Rows that were cleared.
    let cleared = try await push("\(head)\n;;;;\nactive;I;customer;I;1\n; ;;;\n;;;;\n", "--separator", "semicolon")
    #expect(cleared.exit == .code(0) && cleared.output.contains("1 rows: 1 applied"), "\(cleared.output)")
    #expect(cleared.output.contains("3 rows have empty fields alone, and were left out: line 2, 4, 5"), "\(cleared.output)")
    // Products of the CRM's own, the same way.
    try server.write("sep=;\ncode;name;price;currency\nP1;one;1;EUR\n;;;\n", to: "products.csv")
    let imported = try await server.run("products", "import", "products.csv")
    #expect(
      imported.exit == .code(0) && imported.output.contains("1 row has empty fields alone, and was left out: line 4"), "\(imported.output)")
  }

  @Test("Times in seconds or milliseconds are refused as such") func units() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    func push(_ head: String, _ row: String, as type: String) async throws -> JSON? {
      try server.write("\(head)\n\(row)\n", to: "rows.csv")
      return try await server.document("push", "rows.csv", "--system", "erp", "--as", type)["results"]?[0]
    }
    let now = Int(Date().timeIntervalSince1970)
    let terms = "status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,id,asOf"
    _ = try await push("status,name,kind,id,changedAt", "active,Miller,customer,D-1,1", as: "Party")
    let seconds = try await push(terms, "active,D-1,1000,EUR,500,0,0,0,T,\(now)", as: "CreditTerms")
    #expect(seconds?["code"] == "TIME_UNIT" && seconds?["path"] == "asOf")
    #expect(seconds?["explanation"]?.string?.contains("asOf is \(now), which counts seconds since 1970") == true)
    let milliseconds = try await push(terms, "active,D-1,1000,EUR,500,0,0,0,T,\(now)123", as: "CreditTerms")
    #expect(milliseconds?["explanation"]?.string?.contains("counts milliseconds") == true)
    #expect(try await push(terms, "active,D-1,1000,EUR,500,0,0,0,T,\(now)123456", as: "CreditTerms")?["outcome"] == "applied")
    #expect(try await push("status,name,kind,id,changedAt", "active,Smith,customer,D-2,\(now)", as: "Party")?["code"] == "TIME_UNIT")
    let stock = "status,product,site,quantity,asOf,changedAt"
    #expect(try await push(stock, "active,B-8,S,1,\(now),1", as: "Availability")?["path"] == "asOf")
  }
}
