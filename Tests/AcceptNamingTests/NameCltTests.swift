import ForeignORB
import TesseraProcess
import Testing

/// The naming service as omniORB's own tool sees it.
@Suite struct NameCltTests {
  @Test func `nameclt lists, binds, rebinds, makes contexts, resolves and unbinds`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let client = NameClient(running)
    #expect(try await client.list() == ["Tessera/"])
    #expect(try await client.list("Tessera") == ["Login"])
    let login = try await client.says("resolve", "Tessera/Login")
    #expect(login.hasPrefix("IOR:"))

    #expect(try await client.says("bind_new_context", "shop.site").hasPrefix("IOR:"))
    try await client.says("bind", "shop.site/login.object", login)
    #expect(try await client.list("shop.site") == ["login.object"])
    #expect(try await client.says("resolve", "shop.site/login.object") == login)
    #expect(try await client.complains("bind", "shop.site/login.object", login).contains("AlreadyBound"))
    try await client.says("rebind", "shop.site/login.object", login)
    #expect(try await client.complains("rebind", "shop.site", login).contains("NotFound"))
    #expect(try await client.complains("bind_new_context", "shop.site").contains("AlreadyBound"))

    // A second name for the context, and another context in its place.
    let context = try await client.says("resolve", "shop.site")
    try await client.says("bind_context", "alias", context)
    #expect(try await client.list("alias") == ["login.object"])
    let other = try await client.says("new_context")
    try await client.says("rebind_context", "alias", other)
    #expect(try await client.list("alias") == [])

    #expect(try await client.complains("resolve", "nowhere/at/all").contains("missing node"))
    #expect(try await client.complains("resolve", "shop.site/login.object/x").contains("not context"))
    #expect(try await client.complains("remove_context", "shop.site").contains("NotEmpty"))
    try await client.says("unbind", "shop.site/login.object")
    try await client.says("remove_context", "shop.site")
    try await client.says("remove_context", "alias")
    #expect(try await client.list() == ["Tessera/"])
    try await running.process.kill()
  }

  @Test func `what was answered is there after a kill`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let client = NameClient(running)
    let login = try await client.says("resolve", "Tessera/Login")
    try await client.says("bind_new_context", "shop")
    try await client.says("bind", "shop/a", login)
    try await client.says("bind", "shop/b.kind", login)
    try await client.says("unbind", "shop/a")
    try await client.says("bind_new_context", "gone")
    try await client.says("remove_context", "gone")
    try await running.process.kill()

    let again = try await server.serve()
    let next = NameClient(again)
    #expect(try await next.list() == ["Tessera/", "shop/"])
    #expect(try await next.list("shop") == ["b.kind"])
    #expect(try await next.says("resolve", "shop/b.kind") == login)
    // What the broker publishes follows its address.
    #expect(try await next.says("resolve", "Tessera/Login") != login)
    // A context that is made now is none of those before.
    try await next.says("bind_new_context", "new")
    #expect(try await next.list("new") == [])
    try await again.process.kill()
  }

  @Test func `the broker's own names stay, whoever calls`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let client = NameClient(running)
    let login = try await client.says("resolve", "Tessera/Login")
    let changes = [
      ["unbind", "Tessera/Login"], ["rebind", "Tessera/Login", login], ["bind", "Tessera/Other", login], ["unbind", "Tessera"],
    ]
    for arguments in changes {
      let result = try await ChildProcess.run("nameclt", ["-ORBInitRef", "NameService=\(client.service)", "-advanced"] + arguments)
      #expect(result.exit != .code(0) && result.errors.contains("NO_PERMISSION"), "\(arguments): \(result.errors)")
    }
    #expect(try await client.says("resolve", "Tessera/Login") == login)
    try await running.process.kill()
  }

  @Test func `callers that may not change names may read them`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve("--naming-writers", "none")
    let client = NameClient(running)
    let login = try await client.says("resolve", "Tessera/Login")
    for operation in ["bind", "rebind"] { #expect(try await client.complains(operation, "a", login).contains("NO_PERMISSION")) }
    #expect(try await client.complains("bind_new_context", "a").contains("NO_PERMISSION"))
    #expect(try await client.complains("new_context").contains("NO_PERMISSION"))
    #expect(try await client.complains("unbind", "Tessera").contains("NO_PERMISSION"))
    #expect(try await client.list() == ["Tessera/"])
    try await running.process.kill()
  }

  @Test func `of many programs that bind one name one wins`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let client = NameClient(running)
    let login = try await client.says("resolve", "Tessera/Login")
    for name in ["first", "second.round"] {
      let results = try await withThrowingTaskGroup(of: ChildProcess.Result.self) { group in
        for _ in 0..<8 {
          group.addTask { try await ChildProcess.run("nameclt", ["-ORBInitRef", "NameService=\(client.service)", "bind", name, login]) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.count { $0.exit == .code(0) } == 1)
      #expect(results.count { $0.errors.contains("AlreadyBound") } == 7)
    }
    try await running.process.kill()
  }

  @Test func `names lead to omniNames and back`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let client = NameClient(running)
    let names = try await OmniNames()
    let login = try await client.says("resolve", "Tessera/Login")
    try await client.says("bind_context", "omni", names.root)
    try await client.says("bind_new_context", "omni/below")
    try await client.says("bind", "omni/below/login", login)
    #expect(try await client.list("omni/below") == ["login"])
    let root = try await client.says("new_context")
    try await client.says("bind_context", "omni/back", root)
    try await client.says("bind", "omni/back/again", login)
    #expect(try await client.says("resolve", "omni/back/again") == login)
    // The other way round: omniNames carries on here.
    let theirs = NameClient(service: names.service)
    #expect(try await theirs.says("resolve", "back/again") == login)
    #expect(try await theirs.complains("resolve", "back/nothing").contains("missing node"))
    #expect(try await client.complains("resolve", "omni/below/nothing/x").contains("missing node"))
    try await names.process.kill()
    #expect(try await client.complains("resolve", "omni/below/login").contains("CannotProceed"))
    try await client.says("unbind", "omni")
    try await running.process.kill()
  }
}
