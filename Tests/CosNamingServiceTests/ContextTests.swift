import CosNamingService
import ORBCore
import Testing

/// The life of contexts, and who may change them.
@Suite struct ContextTests {
  @Test func `the well-known key leads to the root context`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("a"), obj: world.object("1"))
    let found = CosNaming.NamingContextExt(unchecked: try world.orb.reference(from: "corbaloc:rir:/NameService"))
    #expect(try await found.resolve(n: name("a")) == world.object("1"))
    #expect(try await found.objectRef.isA("IDL:omg.org/CosNaming/NamingContext:1.0"))
    #expect(try await found.objectRef.isA("IDL:omg.org/CosNaming/NamingContextExt:1.0"))
    #expect(try await found.objectRef.isA("IDL:omg.org/CosNaming/BindingIterator:1.0") == false)
  }

  @Test func `an empty context is destroyed, a full one is not`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.bindNewContext(n: name("c")))
    try await context.bind(n: name("a"), obj: world.object("1"))
    await #expect(throws: CosNaming.NamingContext.NotEmpty()) { try await context.destroy() }
    try await context.unbind(n: name("a"))
    try await context.destroy()
    await expectRefused(.objectNotExist) { _ = try await context.resolve(n: name("a")) }
    await expectRefused(.objectNotExist) { try await context.bind(n: name("a"), obj: world.object("1")) }
    await expectRefused(.objectNotExist) { _ = try await context.list(howMany: 10) }
    await expectRefused(.objectNotExist) { _ = try await context.newContext() }
    await expectRefused(.objectNotExist) { try await context.destroy() }
  }

  @Test func `a name may still lead to a context that was destroyed, and cannot proceed there`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.bindNewContext(n: name("c")))
    try await context.destroy()
    let error = await #expect(throws: CosNaming.NamingContext.CannotProceed.self) { _ = try await world.root.resolve(n: name("c/a/b")) }
    #expect(error?.restOfName == name("a/b"))
    #expect(error?.cxt == context)
    // The binding itself is there until it is taken away.
    #expect(try await world.root.resolve(n: name("c")) == context.objectRef)
    try await world.root.unbind(n: name("c"))
  }

  @Test func `the number of a destroyed context is not used again`() async throws {
    let world = try NamingWorld()
    let first = try await world.root.newContext()
    try await first?.destroy()
    #expect(try await world.root.newContext() != first)
  }

  @Test func `contexts form a graph: one context has many names, and may contain itself`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.bindNewContext(n: name("c")))
    try await world.root.bindContext(n: name("alias"), nc: context)
    try await context.bindContext(n: name("up"), nc: world.root.asNamingContext)
    try await context.bind(n: name("a"), obj: world.object("1"))
    #expect(try await world.root.resolve(n: name("alias/up/c/up/alias/a")) == world.object("1"))
  }

  @Test func `what the program publishes cannot be changed by callers`() async throws {
    let world = try NamingWorld()
    try await world.service.publish([("Login", world.object("1")), ("Old", world.object("2"))])
    try await world.service.publish([("Login", world.object("3"))])
    #expect(try await world.root.resolve(n: name("Tessera/Login")) == world.object("3"))
    await expectNotFound(.missingNode, "Old") { _ = try await world.root.resolve(n: name("Tessera/Old")) }
    let published = CosNaming.NamingContext(unchecked: try #require(try await world.root.resolve(n: name("Tessera"))))
    await expectRefused(.noPermission) { try await world.root.rebind(n: name("Tessera/Login"), obj: world.object("4")) }
    await expectRefused(.noPermission) { try await published.rebind(n: name("Login"), obj: world.object("4")) }
    await expectRefused(.noPermission) { try await published.unbind(n: name("Login")) }
    await expectRefused(.noPermission) { try await published.bind(n: name("Other"), obj: world.object("4")) }
    await expectRefused(.noPermission) { try await published.destroy() }
    await expectRefused(.noPermission) { try await world.root.destroy() }
    await expectRefused(.noPermission) { try await world.root.unbind(n: name("Tessera")) }
    let other = try await world.root.newContext()
    await expectRefused(.noPermission) { try await world.root.rebindContext(n: name("Tessera"), nc: other) }
    await #expect(throws: CosNaming.NamingContext.AlreadyBound()) { try await world.root.bindContext(n: name("Tessera"), nc: other) }
    // Another name for it is the caller's own.
    try await world.root.bindContext(n: name("alias"), nc: published)
    await expectRefused(.noPermission) { try await world.root.unbind(n: name("alias/Login")) }
    try await world.root.unbind(n: name("alias"))
  }

  @Test(
    arguments: [
      ("in-process", true), ("127.0.0.1:4711", true), ("127.8.9.10:1", true), ("[::1]:4711", true), ("[::ffff:127.0.0.1]:4711", true),
      ("10.0.0.7:4711", false), ("127.0.0.1.example:1", false), ("1270.0.0.1:1", false), ("[::ffff:10.0.0.7]:1", false), ("[::2]:1", false),
      ("10.0.0.8:4711", true), ("[::ffff:10.0.0.8]:1", true), ("[2001:db8::1]:1", true), ("", false), ("localhost:1", false),
    ])
  func `callers on this machine and listed ones may change names`(_ peer: String, _ may: Bool) {
    #expect(NamingAccess(hosts: ["10.0.0.8", "2001:db8::1"]).mayChange(peer: peer) == may)
  }

  @Test func `without the loopback only listed callers may`() {
    #expect(!NamingAccess(loopback: false).mayChange(peer: "127.0.0.1:1"))
    #expect(NamingAccess(loopback: false, hosts: ["127.0.0.1"]).mayChange(peer: "127.0.0.1:1"))
  }
}
