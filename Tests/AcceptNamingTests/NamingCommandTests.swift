import ForeignORB
import TesseraProcess
import Testing

/// `tessera naming`, over the broker of the data folder and over others.
@Suite struct NamingCommandTests {
  @Test func `names are bound, listed, resolved and unbound`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let login = try #require(try await server.json("naming", "resolve", "Tessera/Login")["reference"]?.string)
    try await server.json("naming", "bind", "shop/a/login.object", login, "--parents")
    let shown = try await server.json("naming", "list", "shop/a")
    #expect(shown["bindings"]?.array?.first == ["name": "login.object", "id": "login", "kind": "object", "type": "object"])
    #expect(shown["complete"]?.bool == true)
    let found = try await server.json("naming", "resolve", "corbaname::127.0.0.1:\(running.port)#shop/a/login.object")
    #expect(found["reference"]?.string == login)
    #expect(found["interface"]?.string == "IDL:tessera/Interchange/V1/Login:1.0")
    #expect(found["addresses"]?.array == [.string("127.0.0.1:\(running.port)")])
    try await server.json("naming", "bind", "shop/a/login.object", "corbaloc::127.0.0.1:1/Other", "--replace")
    try server.write("corbaloc::127.0.0.1:1/FromFile\n", to: "reference.txt")
    try await server.json("naming", "bind", "shop/file", "@reference.txt")
    #expect(try await server.json("naming", "resolve", "shop/file")["key"]?.string == "FromFile")
    try await server.json("naming", "new-context", "shop/b")
    try await server.json("naming", "unbind", "shop/b", "--destroy")
    try await server.json("naming", "unbind", "shop/a/login.object")
    try await server.json("naming", "unbind", "shop/a", "--destroy")
    #expect(try await server.json("naming", "list", "shop")["bindings"]?.array?.count == 1)
    // A context by its reference.
    let shop = try #require(try await server.json("naming", "resolve", "shop")["reference"]?.string)
    #expect(try await server.json("naming", "list", "--service", shop)["bindings"]?.array?.count == 1)
    try await running.process.kill()
  }

  @Test func `what is refused is said in words, with a stable code`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    try await server.json("naming", "new-context", "shop")
    try await server.json("naming", "bind", "shop/a", "corbaloc::127.0.0.1:1/A")
    let refused: [(arguments: [String], code: String, exit: Int32)] = [
      (["resolve", "nothing/x"], "NAME_NOT_FOUND", 1), (["resolve", "shop/a/x"], "NAME_NOT_FOUND", 1),
      (["list", "shop/a"], "NAMING_FAILED", 3),
      (["bind", "shop/a", "corbaloc::127.0.0.1:1/B"], "NAME_TAKEN", 1),
      (["bind", "shop", "corbaloc::h/B", "--replace"], "NAME_NOT_FOUND", 1),
      (["unbind", "shop", "--destroy"], "CONTEXT_NOT_EMPTY", 1), (["unbind", "Tessera"], "NAMING_NOT_PERMITTED", 1),
      (["bind", "Tessera/X", "corbaloc::h/B"], "NAMING_NOT_PERMITTED", 1), (["bind", "b", "nonsense"], "REFERENCE_INVALID", 1),
      (["list", "corbaname::127.0.0.1:1"], "NAMING_FAILED", 3), (["resolve", "a//b"], "COMMAND_LINE", 2),
      (["resolve", ""], "COMMAND_LINE", 2),
      (["list", "--data", "nowhere"], "DATA_FOLDER_MISSING", 1),
    ]
    for (arguments, code, exit) in refused {
      let result = try await ChildProcess.run(builtExecutable("tessera"), ["naming"] + arguments + ["--json"], folder: server.folder)
      #expect(result.exit == .code(exit), "\(arguments): \(result.errors)")
      #expect(try JSON(parsing: result.output)["error"]?["code"]?.string == code, "\(arguments): \(result.output)")
    }
    try await running.process.kill()
    let result = try await server.run("naming", "list", "--json")
    #expect(result.exit == .code(3))
  }
}
