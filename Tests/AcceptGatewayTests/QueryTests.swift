import ForeignORB
import TesseraProcess
import Testing
import XMLStream

/// Documents with `proc="Query"` ask the CRM core: conditions as such an interface writes them, answered from what is linked.
@Suite struct QueryTests {
  private static func query(_ roottag: String, _ fields: [String]) -> String {
    Gateway.document(roottag, "<\(roottag)>\(fields.joined())</\(roottag)>", proc: "Query")
  }

  /// `NAME OPERATION VALUE` and `and`, `or` between.
  private static func fields(_ conditions: String) -> [String] {
    let words = conditions.split(separator: " ").map(String.init)
    return stride(from: 0, to: words.count, by: 4).map { index in
      let operation = words[index + 1].replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      let logic = index + 3 < words.count ? " \(words[index + 3]) " : ""
      return "<field display=\"\" name=\"\(words[index])\" operation=\"\(operation)\" value=\"\(words[index + 2])\" logic=\"\(logic)\"/>"
    }
  }

  static let customers: [(conditions: String, codes: [String])] = [
    ("", ["A-1", "A-2", "B-1", "B-2"]),
    ("cCusCode = A-2", ["A-2"]), ("CCUSCODE = A-2", ["A-2"]), ("cCusCode = a-2", []),
    ("cCusCode <> A-2", ["A-1", "B-1", "B-2"]), ("cCusCode < B-1", ["A-1", "A-2"]), ("cCusCode <= B-1", ["A-1", "A-2", "B-1"]),
    ("cCusCode > A-2", ["B-1", "B-2"]), ("cCusCode >= A-2", ["A-2", "B-1", "B-2"]),
    ("cCusName like %机械%", ["A-1", "B-1"]), ("cCusName like 东方%", ["A-1", "A-2"]), ("cCusName like %厂", ["A-2"]),
    ("cCusName like 东方_具厂", ["A-2"]), ("cCusName like 机械", []), ("cCusName like %", ["A-1", "A-2", "B-1", "B-2"]),
    ("cCusAbbName = 西机", ["B-1"]),
    ("cCusName like %机械% and cCusCode > A-9", ["B-1"]),
    ("cCusCode = A-1 or cCusCode = B-2", ["A-1", "B-2"]),
    // And binds closer than or.
    ("cCusCode = B-2 or cCusName like %机械% and cCusCode < B", ["A-1", "B-2"]),
    ("cCusCode < B and cCusName like %机械% OR cCusCode = B-2", ["A-1", "B-2"]),
  ]

  @Test func customersAreFoundByTheirConditions() async throws {
    let gateway = try await Gateway()
    let cards = [("A-1", "东方机械公司", "东机"), ("A-2", "东方工具厂", "东工"), ("B-1", "西方机械公司", "西机"), ("B-2", "西方贸易行", "西贸")]
    let items = cards.map { "<customer><code>\($0.0)</code><name>\($0.1)</name><abbrname>\($0.2)</abbrname></customer>" }
    #expect(try await gateway.post(Gateway.document("customer", items.joined())).status == 200)
    // Nobody is asked about whom the asking system has no id.
    try await gateway.server.json("parties", "new", "--name", "机械 of the CRM alone")
    for (conditions, codes) in Self.customers {
      let answer = try await gateway.post(Self.query("customer", Self.fields(conditions)))
      #expect(answer.status == 200, "\(answer.body)")
      #expect(try answer.root.elements("customer").compactMap { $0.element("code")?.text } == codes, "\(conditions)")
      #expect(try answer.root["maxdataitems"] == nil)
    }
  }

  @Test func itemsAreFoundByTheirConditions() async throws {
    let gateway = try await Gateway(agreed: ["--documents", "ufinterface:*", "--documents", "Unit", "--documents", "Category"])
    #expect(try await gateway.pushMasterData().status == 200)
    let items = [("V-1", "gate valve", "DN100", "01"), ("V-2", "ball valve", "DN150", "01"), ("P-1", "pipe", "DN100", "")].map {
      "<inventory><header><code>\($0.0)</code><name>\($0.1)</name><specs>\($0.2)</specs><sort_code>\($0.3)</sort_code></header></inventory>"
    }
    let added = try await gateway.post(Gateway.document("inventory", items.joined()))
    #expect(try added.items.map { $0.split(separator: " ")[1] } == ["0", "0", "0"], "\(added.body)")
    let expected = [
      ("cInvCode = V-2", ["V-2"]), ("cInvName like %valve", ["V-1", "V-2"]), ("cInvStd = DN100", ["P-1", "V-1"]),
      ("cInvCCode = 01", ["V-1", "V-2"]), ("cInvCCode <> 01", ["P-1"]), ("cInvStd = DN100 and cInvName like %valve", ["V-1"]),
    ]
    for (conditions, codes) in expected {
      let answer = try await gateway.post(Self.query("inventory", Self.fields(conditions)))
      let found = try answer.root.elements("inventory").compactMap { $0.element("header")?.element("code")?.text }
      #expect(found.sorted() == codes, "\(conditions): \(answer.body)")
    }
  }

  @Test(
    arguments: [
      ("cCusName contains x", "OPERATION_UNKNOWN"), ("cPassword = x", "COLUMN_UNKNOWN"), ("1=1;-- = x", "COLUMN_UNKNOWN"),
      ("cCusName = \(String(repeating: "x", count: 201))", "VALUE_TOO_LONG"),
    ])
  func whatCannotBeComparedIsRefused(conditions: String, code: String) async throws {
    let gateway = try await Gateway()
    let answer = try await gateway.post(Self.query("customer", Self.fields(conditions)))
    #expect(answer.status == 422)
    #expect(try answer.reasons[0].hasPrefix(code), "\(answer.body)")
  }

  @Test func anAnswerHasABoundAndSaysThatItWasReached() async throws {
    let gateway = try await Gateway()
    func ask() async throws -> XMLElement { try await gateway.post(Self.query("customer", [])).root }
    let thousand = (1...1_000).map { Gateway.customer("C-\($0)") }.joined()
    #expect(try await gateway.post(Gateway.document("customer", thousand)).status == 200)
    let whole = try await ask()
    #expect(whole.elements("customer").count == 1_000 && whole["maxdataitems"] == nil)
    #expect(try await gateway.post(Gateway.document("customer", Gateway.customer("D-1"), docid: "2")).status == 200)
    let cut = try await ask()
    #expect(cut.elements("customer").count == 1_000 && cut["maxdataitems"] == "1000")
  }
}
