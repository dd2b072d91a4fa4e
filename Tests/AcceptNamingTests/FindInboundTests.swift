import ForeignORB
import TesseraProcess
import Testing

/// A foreign system needs one name: from `Tessera/Login` it gets its `Inbound`.
@Suite struct FindInboundTests {
  @Test func `an omniORB client finds Inbound by corbaname and pushes a product`() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let finder = try await CxxPeer.build(
      "finder", sources: [repositoryPath("Tests/AcceptNamingTests/Peers/finder.cc")], idl: PythonSender.idl)
    let utf8 = ["-ORBnativeCharCodeSet", "UTF-8"]
    for address in [":127.0.0.1:\(running.port)", "iiop:1.2@127.0.0.1:\(running.port)/NameService"] {
      let receipt = try await ChildProcess.check(finder, ["url", "corbaname:\(address)#Tessera/Login", "erp", secret] + utf8)
      #expect(receipt == "accepted SKU-1 applied\n")
    }
    let service = "NameService=corbaloc::127.0.0.1:\(running.port)/NameService"
    let receipt = try await ChildProcess.check(finder, ["service", "Tessera/Login", "erp", secret, "-ORBInitRef", service] + utf8)
    #expect(receipt == "accepted SKU-1 applied\n")
    #expect(try await server.json("products", "list")["products"]?.array?.count == 1)
    try await running.process.kill()
  }

  @Test func `omniORBpy finds it as well`() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender("corbaname::127.0.0.1:\(running.port)#Tessera/Login", system: "erp", secret: secret)
    #expect(try await sender.push("pushProducts", "m-1", [Document.product("SKU-1")]).items.map(\.words) == ["applied"])
    try await running.process.kill()
  }
}
