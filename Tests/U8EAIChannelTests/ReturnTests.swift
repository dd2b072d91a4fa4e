import BrokerRuntime
import CDR
import EAIChannel
import Testing

@testable import U8EAIChannel

@Suite("What a U8 EAI interface returns") struct ReturnTests {
  static func document(_ items: String, roottag: String = "return", docid: String = "K-1") -> String {
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><ufinterface roottag=\"\(roottag)\" docid=\"\(docid)\" proc=\"Add\">\(items)</ufinterface>"
  }

  static func item(_ text: String, status: Int = 200) throws -> ReturnItem {
    try ReturnDocument.item(of: ChannelAnswer(status: status, body: Array(text.utf8)), docid: "K-1", code: "O-1")
  }

  @Test(
    "An answer about our order is taken as it is",
    arguments: [
      (document("<item key=\"O-1\" succeed=\"0\" dsc=\"ok\" u8key=\"0000000123\"/>"), true),
      (document("<item key=\"O-1\" succeed=\"0\" dsc=\"ok\"/>", roottag: "voucheraddreturn", docid: ""), true),
      (document("<item key=\"O-0\" succeed=\"-1\"/><item key=\"O-1\" succeed=\" 00 \" dsc=\"\"/>".replacing(" 00 ", with: "00")), true),
      (document("<item key=\"\" succeed=\"0\" dsc=\"ok\"/>"), false), (document("<item key=\"O-1\" succeed=\"-1\" dsc=\"重复\"/>"), false),
    ])
  func taken(text: String, isSuccess: Bool) throws { #expect(try Self.item(text).isSuccess == isSuccess) }

  @Test("A failure in words counts with whatever status, a success only with one of success")
  func statuses() throws {
    #expect(try Self.item(Self.document("<item key=\"O-1\" succeed=\"-1\" dsc=\"格式\"/>"), status: 500).dsc == "格式")
    let failure = #expect(throws: AdapterFailure.self) {
      try Self.item(Self.document("<item key=\"O-1\" succeed=\"0\"/>"), status: 500)
    }
    #expect(failure?.execution == .unknown)
  }

  @Test(
    "What does not say what became of the order leaves it unknown",
    arguments: [
      ("", "ANSWER_NOT_UNDERSTOOD"), ("ok", "ANSWER_NOT_UNDERSTOOD"), ("<html><body>登录</body></html>", "ANSWER_NOT_UNDERSTOOD"),
      ("<html><br></html>", "ANSWER_NOT_UNDERSTOOD"), (document("", docid: "K-1"), "ANSWER_NOT_UNDERSTOOD"),
      (document("<item key=\"O-1\" succeed=\"0\"/>", docid: "K-2"), "ANSWER_NOT_UNDERSTOOD"),
      (document("<item key=\"O-1\"/>"), "ANSWER_NOT_UNDERSTOOD"),
      (document("<item key=\"O-1\" succeed=\"yes\"/>"), "ANSWER_NOT_UNDERSTOOD"),
      (document("<item key=\"O-8\" succeed=\"0\"/><item key=\"O-9\" succeed=\"0\"/>"), "ANSWER_NOT_UNDERSTOOD"),
      (document("<item key=\"O-1\" succeed=\"0\"/>", roottag: "saleorder"), "ANSWER_NOT_UNDERSTOOD"),
      ("<!DOCTYPE ufinterface [<!ENTITY a \"b\">]><ufinterface roottag=\"return\"/>", "ANSWER_NOT_UNDERSTOOD"),
      ("<ufinterface roottag=\"return\" docid=\"K-1\">" + String(repeating: "<item>", count: 100), "ANSWER_NOT_UNDERSTOOD"),
    ])
  func unknown(text: String, code: String) {
    let failure = #expect(throws: AdapterFailure.self) { try Self.item(text) }
    #expect(failure?.execution == .unknown && failure?.code == code, "\(String(describing: failure))")
  }

  @Test(
    "A status without a document is believed only where it says that nobody looked",
    arguments: [
      (401, AdapterFailure.Execution.notExecuted), (404, .notExecuted), (413, .notExecuted), (429, .notExecuted), (307, .notExecuted),
      (302, .unknown), (500, .unknown), (502, .unknown), (503, .unknown), (504, .unknown),
    ])
  func statusAlone(status: Int, execution: AdapterFailure.Execution) {
    let failure = #expect(throws: AdapterFailure.self) { try Self.item("<html><p>\u{1B}[31mError</p></html>", status: status) }
    #expect(failure?.execution == execution)
    #expect(failure?.description.contains("\u{1B}") == false)
  }

  @Test("A question is answered by the order of our key, by none, or not at all")
  func found() throws {
    func item(_ children: String, roottag: String = "saleorder") throws -> ReturnItem? {
      let text = "<ufinterface roottag=\"\(roottag)\" proc=\"Query\">\(children)</ufinterface>"
      return try FoundOrders.item(of: ChannelAnswer(status: 200, body: Array(text.utf8)), key: "aB-1", keyElement: "outid")
    }
    func order(_ key: String, _ code: String) -> String {
      "<saleorder><header><id>7</id><outid>\(key)</outid><code>\(code)</code></header></saleorder>"
    }
    #expect(try item("") == nil)
    #expect(try item(order("other", "O-9")) == nil)
    #expect(try item(order("other", "O-9") + order("AB-1", "O-1"))?.key == "O-1")
    #expect(throws: AdapterFailure.self) { try item(order("ab-1", "O-1") + order("ab-1", "O-2")) }
    #expect(throws: AdapterFailure.self) { try item("<item succeed=\"-1\" dsc=\"无权限\"/>", roottag: "return") }
  }
}
