import ForeignORB
import TesseraProcess
import Testing

@Suite("Credit control when a contract is signed")
struct SigningTests {
  @Test("Of two contracts of 60 % of the limit one passes, and the other is held with the figures in words")
  func sixtyPercentTwice() async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "50000")
    let first = try await desk.signed("30000")
    let second = try await desk.signed("30000")
    #expect(first.state == "signed" && second.state == "credit-hold")
    #expect(try await desk.sqlite("SELECT contract FROM deliveries") == first.contract, "no delivery of the other exists")
    let shown = try await desk.server.run("contracts", "show", second.contract).output
    #expect(
      shown.contains(
        "credit       on credit hold: with this contract \(desk.parties[0]) would owe 60000.00 EUR in the credit area 1000 of desk, 10000.00 EUR above the limit of 50000.00 EUR: open receivable 0.00, ordered and not invoiced 0.00, signed and not ordered 30000.00, this contract 30000.00"
      ), "\(shown)")
    let listed = try await desk.server.json("credit", "list", "--holds")
    #expect(listed["holds"]?.array?.map { $0["contract"]?.string } == [second.contract])
    let terms = try await desk.server.json("credit", "list")["terms"]?[0]
    #expect(terms?["exposure"] == "30000.00" && terms?["free"] == "20000.00" && terms?["state"] == "ok")
    // Another contract of 20,000 still fits.
    #expect(try await desk.signed("20000").state == "signed")
  }

  @Test("Many processes that sign at once never exceed the limit together")
  func racers() async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "50000")
    var contracts: [String] = []
    for _ in 0..<10 { contracts.append(try await desk.draft("15000")) }
    let states = try await withThrowingTaskGroup(of: String.self) { group in
      for contract in contracts { group.addTask { try await desk.sign(contract) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states.count { $0 == "signed" } == 3)
    #expect(states.count { $0 == "credit-hold" } == 7)
    #expect(try await desk.sqlite("SELECT count(*), sum(amount) FROM commitments") == "3|45000.0")
    #expect(try await desk.sqlite("SELECT count(DISTINCT contract) FROM deliveries") == "3")
  }

  @Test("Two contracts of 60 % signed at the same time: whichever comes second is held", arguments: 1...3)
  func twoAtOnce(round: Int) async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "50000")
    let (first, second) = (try await desk.draft("30000"), try await desk.draft("30000"))
    async let one = desk.sign(first)
    async let other = desk.sign(second)
    #expect(try await [one, other].sorted() == ["credit-hold", "signed"])
  }

  struct Figures: Sendable, CustomTestStringConvertible {
    var code: String
    var currency = "EUR"
    var overdue = "0"
    var onHold = false
    var age = 0.0
    var testDescription: String { code }
  }

  @Test(
    "Stale, in another currency, on hold, overdue: held, and released by terms that allow it",
    arguments: [
      Figures(code: "CREDIT_TERMS_STALE", age: 49 * 3600), Figures(code: "CREDIT_CURRENCY", currency: "CNY"),
      Figures(code: "CREDIT_ON_HOLD", onHold: true), Figures(code: "CREDIT_OVERDUE", overdue: "10"),
    ])
  func held(figures: Figures) async throws {
    let desk = try await Desk()
    try await desk.terms(
      version: 1, limit: "50000", currency: figures.currency, open: figures.overdue, overdue: figures.overdue, onHold: figures.onHold,
      age: figures.age)
    let (contract, state) = try await desk.signed("30000")
    #expect(state == "credit-hold")
    #expect(try await desk.code(contract) == figures.code)
    let check = try await desk.server.run("credit", "check", contract, "--json")
    #expect(check.exit == .code(1))
    #expect(try JSON(parsing: check.output)["systems"]?[0]?["reasons"]?[0]?["code"]?.string == figures.code)
    #expect(try await desk.sqlite("SELECT count(*) FROM deliveries") == "0")
    // Older terms change nothing, newer ones release in their own transaction.
    try await desk.terms(version: 0, limit: "90000")
    #expect(try await desk.state(contract) == "credit-hold")
    try await desk.terms(version: 2, limit: "50000")
    #expect(try await desk.state(contract) == "signed")
    #expect(try await desk.sqlite("SELECT count(*) FROM deliveries") == "1")
    #expect(try await desk.sqlite("SELECT state, ended_by FROM credit_holds") == "released|broker")
  }

  @Test("How old terms may be and how long one may be late are a matter of configuration")
  func configuration() async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "50000", age: 3 * 3600)
    try await desk.push(
      ["id,sourceVersion,status,party,document,dueDate,amount,openAmount,currency", "R-1,1,active,D-1,R-1,2020-01-31,100,100,EUR"],
      as: "Receivable")
    let contract = try await desk.draft("1")
    func codes() async throws -> [String?] {
      let check = try await desk.server.run("credit", "check", contract, "--json")
      return try JSON(parsing: check.output)["systems"]?[0]?["reasons"]?.array?.map { $0["code"]?.string } ?? []
    }
    #expect(try await codes() == ["CREDIT_OVERDUE"])
    try await desk.server.json("credit", "policy", "set", "--system", "desk", "--grace", "1000d", "--stale-after", "2h")
    #expect(try await codes() == ["CREDIT_TERMS_STALE", "CREDIT_OVERDUE"])
    try await desk.server.json("credit", "policy", "set", "--system", "desk", "--area", "1000", "--stale-after", "never")
    #expect(try await codes() == ["CREDIT_OVERDUE"])
    try await desk.push(
      ["id,sourceVersion,status,party,document,dueDate,amount,openAmount,currency", "R-1,2,active,D-1,R-1,2020-01-31,100,0,EUR"],
      as: "Receivable")
    #expect(try await codes() == [])
    let policies = try await desk.server.json("credit", "policy", "show")["policies"]
    #expect(policies?.array?.map { $0["staleAfter"]?.string } == ["2h", "never"])
    #expect(try await desk.sqlite("SELECT count(*) FROM audit_trail WHERE action = 'credit-policy'") == "2")
  }

  @Test("Who has no terms is not controlled, unless it is told so; then nothing is sold without them")
  func withoutTerms() async throws {
    let desk = try await Desk(customers: 2)
    #expect(try await desk.signed("1000000").state == "signed")
    try await desk.server.json("credit", "policy", "set", "--system", "desk", "--control", "on", "--reason", "house rule", "--by", "ann")
    let (contract, state) = try await desk.signed("1")
    #expect(state == "credit-hold")
    #expect(try await desk.code(contract) == "CREDIT_TERMS_MISSING")
    #expect(
      try await desk.sqlite("SELECT who, subject, reason FROM audit_trail WHERE action = 'credit-policy'")
        == "ann|desk: control on, stale after 2 days, 5 days of grace, asks, else stored|house rule")
    // Those of another customer are of no help.
    try await desk.terms("D-2", version: 1, limit: "2000000")
    #expect(try await desk.state(contract) == "credit-hold")
    try await desk.server.json("credit", "policy", "set", "--system", "desk", "--control", "off")
    #expect(try await desk.state(contract) == "signed")
  }

  @Test("A named person releases with a reason, which the audit keeps")
  func person() async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "100")
    let (contract, _) = try await desk.signed("30000")
    #expect(try await desk.server.run("credit", "release", contract).exit == .code(2), "a reason is needed")
    let released = try await desk.server.json("credit", "release", contract, "--by", "bob", "--reason", "paid in advance")
    #expect(released["state"] == "signed")
    #expect(released["creditHolds"]?[0]?["endedBy"] == "bob")
    #expect(
      try await desk.sqlite("SELECT who, subject, reason FROM audit_trail WHERE action = 'credit-release'")
        == "bob|contract \(contract), CREDIT_LIMIT|paid in advance")
    #expect(try await desk.sqlite("SELECT contract FROM deliveries") == contract)
    let again = try await desk.server.run("credit", "release", contract, "--reason", "again", "--json")
    #expect(again.exit == .code(1))
    #expect(try JSON(parsing: again.output)["error"]?["code"] == "NOT_ON_CREDIT_HOLD")
  }

  @Test("What the system says and what its receivables show are compared")
  func compared() async throws {
    let desk = try await Desk()
    try await desk.terms(version: 1, limit: "50000", open: "700", overdue: "250")
    try await desk.push(
      [
        "id,sourceVersion,status,party,document,dueDate,amount,openAmount,currency", "R-1,1,active,D-1,R-1,2099-01-31,400,400,EUR",
        "R-2,1,active,D-1,R-2,2020-01-31,200,200,EUR", "R-3,1,active,D-1,R-3,2020-01-31,7,7,CNY",
      ], as: "Receivable")
    let terms = try await desk.server.json("credit", "show", "desk:D-1")["terms"]?[0]
    #expect(terms?["overdueSaid"] == "250.00" && terms?["overdueComputed"] == "200.00" && terms?["overdueDifference"] == "50.00")
    #expect(terms?["openComputed"] == "600.00" && terms?["openDifference"] == "100.00")
    #expect(terms?["ageing"]?.array?.map { $0["amount"]?.string } == ["400.00", "0.00", "0.00", "0.00", "200.00"])
    let words = try await desk.server.run("credit", "show", "desk:D-1").output
    #expect(words.contains("250.00 EUR says the system, 200.00 EUR say the receivables: a difference of 50.00 EUR"), "\(words)")
  }
}
