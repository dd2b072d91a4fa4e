import CosNamingService
import IIOPTransport
import ORBCore
import Testing

/// A server of names that others reach over the loopback.
private struct NamingServer {
  let orb = ORB()
  let transport: IIOPTransport
  let service: NamingService
  let endpoint: Endpoint

  init(access: NamingAccess = NamingAccess()) throws {
    transport = try IIOPTransport(orb: orb)
    endpoint = try transport.listen()
    service = try NamingService(orb: orb, store: MemoryNamingStore(), access: access, published: "Tessera")
  }

  func object(_ key: String) -> ObjectRef { orb.reference(key: ObjectKey(key), typeID: "IDL:acme.example/Thing:1.0") }

  /// Its root context as another ORB sees it.
  func root(for other: ORB) throws -> CosNaming.NamingContext {
    CosNaming.NamingContext(unchecked: try ObjectRef(stringified: service.root.objectRef.stringified, orb: other))
  }
}

/// Names that lead through several servers, and callers in other processes.
@Suite struct FederationTests {
  @Test func `every operation goes on at the server of a foreign context`() async throws {
    let (near, far) = (try NamingServer(), try NamingServer())
    let root = near.service.root
    try await root.bindContext(n: name("far"), nc: far.root(for: near.orb))
    try await root.bind(n: name("far/a"), obj: far.object("1"))
    #expect(try await root.resolve(n: name("far/a"))?.ior == far.object("1").ior)
    try await root.rebind(n: name("far/a"), obj: far.object("2"))
    #expect(try await far.service.root.resolve(n: name("a")) == far.object("2"))
    let made = try #require(try await root.bindNewContext(n: name("far/c")))
    #expect(made.objectRef.ior == (try await far.service.root.resolve(n: name("c")))?.ior)
    try await root.bindContext(n: name("far/c/near"), nc: root.asNamingContext)
    // There and back and there again.
    #expect(try await root.resolve(n: name("far/c/near/far/a"))?.ior == far.object("2").ior)
    try await root.rebindContext(n: name("far/c/near"), nc: made)
    try await root.unbind(n: name("far/a"))
    await expectNotFound(.missingNode, "a") { _ = try await root.resolve(n: name("far/a")) }
    await expectNotFound(.missingNode, "x/y") { try await root.bind(n: name("far/x/y"), obj: far.object("1")) }
    await #expect(throws: CosNaming.NamingContext.AlreadyBound()) { _ = try await root.bindNewContext(n: name("far/c")) }
    await near.transport.shutDown()
    await far.transport.shutDown()
  }

  @Test func `a server that is down cannot proceed, and says where the name goes on`() async throws {
    let (near, far) = (try NamingServer(), try NamingServer())
    let root = near.service.root
    try await root.bindContext(n: name("far"), nc: far.root(for: near.orb))
    await far.transport.shutDown()
    for operation in [
      { _ = try await root.resolve(n: name("far/a/b")) }, { try await root.bind(n: name("far/a/b"), obj: near.object("1")) },
      { try await root.unbind(n: name("far/a/b")) }, { _ = try await root.bindNewContext(n: name("far/a/b")) },
    ] as [@Sendable () async throws -> Void] {
      let error = await #expect(throws: CosNaming.NamingContext.CannotProceed.self) { try await operation() }
      #expect(error?.restOfName == name("a/b"))
      #expect(error?.cxt?.objectRef.ior == far.service.root.objectRef.ior)
    }
    // The binding itself is ours.
    #expect(try await root.resolve(n: name("far"))?.ior == far.service.root.objectRef.ior)
    try await root.unbind(n: name("far"))
    await near.transport.shutDown()
  }

  @Test func `who may not change names here cannot change them elsewhere through us`() async throws {
    let (near, far) = (try NamingServer(access: NamingAccess(loopback: false)), try NamingServer())
    try await near.service.root.bindContext(n: name("far"), nc: far.root(for: near.orb))
    let caller = ORB()
    let transport = try IIOPTransport(orb: caller)
    let root = try near.root(for: caller)
    let thing = near.object("1").bound(to: caller)
    await expectRefused(.noPermission) { try await root.bind(n: name("far/a"), obj: thing) }
    await expectRefused(.noPermission) { try await root.bind(n: name("a"), obj: thing) }
    await expectRefused(.noPermission) { try await root.rebind(n: name("a"), obj: thing) }
    await expectRefused(.noPermission) { try await root.bindContext(n: name("a"), nc: root) }
    await expectRefused(.noPermission) { try await root.rebindContext(n: name("far"), nc: root) }
    await expectRefused(.noPermission) { try await root.unbind(n: name("far")) }
    await expectRefused(.noPermission) { _ = try await root.newContext() }
    await expectRefused(.noPermission) { _ = try await root.bindNewContext(n: name("a")) }
    await expectRefused(.noPermission) { try await root.destroy() }
    // Reading is for everybody.
    #expect(try await root.list(howMany: 10).bl.map(\.bindingName) == [name("far")])
    #expect(try await root.resolve(n: name("far"))?.ior == far.service.root.objectRef.ior)
    await transport.shutDown()
    await near.transport.shutDown()
    await far.transport.shutDown()
  }

  @Test func `a corbaname is resolved, through foreign contexts too`() async throws {
    let (near, far) = (try NamingServer(), try NamingServer())
    try await near.service.root.bindContext(n: name("far away"), nc: far.root(for: near.orb))
    try await far.service.root.bind(n: name("a.b"), obj: far.object("1"))
    try await far.service.root.bind(n: name("nothing"), obj: nil)
    let caller = ORB()
    let transport = try IIOPTransport(orb: caller)
    let address = "\(near.endpoint)"
    #expect(try await caller.object(from: "corbaname::\(address)#far%20away/a.b")?.ior == far.object("1").ior)
    #expect(try await caller.object(from: "corbaloc::\(address)/NameService#far%20away/a.b")?.ior == far.object("1").ior)
    #expect(try await caller.object(from: "corbaname::\(address)#far%20away/nothing") == nil)
    let root = try #require(try await caller.object(from: "corbaname::\(address)"))
    #expect(try await root.isA(CosNaming.NamingContextExt.repositoryID))
    #expect(try await caller.object(from: far.object("1").stringified)?.ior == far.object("1").ior)
    await expectNotFound(.missingNode, "x") { _ = try await caller.object(from: "corbaname::\(address)#far%20away/x") }
    await expectRefused(.badParameter) { _ = try await caller.object(from: "corbaname::\(address)#far away") }
    await transport.shutDown()
    await near.transport.shutDown()
    await far.transport.shutDown()
  }
}
