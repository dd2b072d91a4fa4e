import CosNamingService
import ORBCore
import Testing

/// Names as text, and in URLs.
@Suite struct NameTextTests {
  @Test(
    arguments: [
      ("a", [("a", "")]), ("a.b", [("a", "b")]), (".b", [("", "b")]), (".", [("", "")]), ("a/b.c/d", [("a", ""), ("b", "c"), ("d", "")]),
      ("./.", [("", ""), ("", "")]), ("a\\/b", [("a/b", "")]), ("a\\.b.c\\.d", [("a.b", "c.d")]), ("a\\\\", [("a\\", "")]),
      ("a b/ü.☃", [("a b", ""), ("ü", "☃")]), ("\\.", [(".", "")]), ("\n", [("\n", "")]),
    ] as [(String, [(String, String)])])
  func `text and name are two forms of one thing`(_ text: String, _ parts: [(String, String)]) throws {
    let name = parts.map { CosNaming.NameComponent(id: $0.0, kind: $0.1) }
    #expect(try NameText.name(of: text) == name)
    #expect(NameText.text(of: name) == text)
  }

  @Test(
    arguments: [
      ("", 1, "empty"), ("/", 1, "component is empty"), ("/a", 1, "component is empty"), ("a/", 3, "component is empty"),
      ("a//b", 3, "component is empty"), ("a.", 2, "nothing follows the dot"), ("a./b", 2, "nothing follows the dot"),
      ("a.b.c", 4, "second dot"), ("..", 2, "second dot"), ("a\\", 2, "backslash"), ("a\\b", 2, "backslash"),
    ])
  func `a text that is no name says where`(_ text: String, _ position: Int, _ words: String) {
    let error = #expect(throws: NameTextError.self) { try NameText.name(of: text) }
    #expect(error?.position == position)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func `the service converts for its callers`() async throws {
    let root = try NamingWorld().root
    #expect(try await root.toString(n: [.init(id: "a.b", kind: "c/d"), .init(id: "", kind: "")]) == "a\\.b.c\\/d/.")
    #expect(try await root.toName(sn: "a\\.b.c\\/d/.") == [.init(id: "a.b", kind: "c/d"), .init(id: "", kind: "")])
    for wrong in ["", "a.", "a//b", String(repeating: "a/", count: 33) + "a", String(repeating: "x", count: 100_000)] {
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await root.toName(sn: wrong) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await root.resolveStr(sn: wrong) }
    }
  }

  @Test func `URLs of an address and a name`() async throws {
    let root = try NamingWorld().root
    #expect(try await root.toUrl(addr: ":acme.example:2809", sn: "a/b.c") == "corbaname::acme.example:2809#a/b.c")
    #expect(try await root.toUrl(addr: "rir:", sn: "a") == "corbaname:rir:#a")
    #expect(try await root.toUrl(addr: ":acme.example/x/y", sn: "a b/ü\\.v") == "corbaname::acme.example/x/y#a%20b/%c3%bc%5c.v")
    #expect(try await root.toUrl(addr: ":acme.example", sn: "") == "corbaname::acme.example")
    for wrong in ["", "acme.example", ":", ":acme.example:99999", ":a b", ":acme.example#x"] {
      await #expect(throws: CosNaming.NamingContextExt.InvalidAddress()) { _ = try await root.toUrl(addr: wrong, sn: "a") }
    }
    await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await root.toUrl(addr: "rir:", sn: "a//b") }
  }

  @Test(
    arguments: [
      ("corbaname::acme.example:2809#a/b.c", "corbaloc::acme.example:2809/NameService", "a/b.c"),
      ("corbaname:rir:#a", "corbaloc:rir:/NameService", "a"), ("CorbaName::h/Key#a%20b", "corbaloc::h/Key", "a b"),
      ("corbaname:iiop:1.2@h:1,:g:2/K#%c3%bc%5c.v", "corbaloc:iiop:1.2@h:1,:g:2/K", "ü\\.v"),
      ("corbaname::h", "corbaloc::h/NameService", ""),
      ("corbaname::h/#", "corbaloc::h/NameService", ""), ("corbaloc::h:1/NameService#a", "corbaloc::h:1/NameService", "a"),
      ("  corbaname::h#a\n", "corbaloc::h/NameService", "a"), ("corbaname::[::1]:2809#a", "corbaloc::[::1]:2809/NameService", "a"),
    ])
  func `a corbaname has a context and a name`(_ text: String, _ context: String, _ path: String) throws {
    #expect(NameURL.isNameURL(text))
    let url = try NameURL(text)
    #expect(url.context == context)
    #expect(url.name == (path.isEmpty ? [] : name(path)))
  }

  @Test(
    arguments: [
      "corbaname:", "corbaname:#a", "corbaname::h#a b", "corbaname::h#a%2", "corbaname::h#%zz", "corbaname::h#%ff", "corbaname::h#a//b",
      "corbaname::h#a.", "corbaname::h:0#a", "corbaname::h#a#b", "corbaname:foo:h#a", "corbaname", "ior:00",
    ])
  func `a broken one is BAD_PARAM`(_ text: String) {
    let error = #expect(throws: SystemException.self) { try NameURL(text) }
    #expect(error?.kind == .badParameter)
    #expect(error?.message.isEmpty == false)
  }
}
