import CosNamingService
import ORBCore
import Testing

/// Binding, resolving and unbinding, with the exceptions that the specification names for each mistake.
@Suite struct BindingTests {
  @Test func `a bound object is resolved`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("Login.object"), obj: world.object("a"))
    #expect(try await world.root.resolve(n: name("Login.object")) == world.object("a"))
    #expect(try await world.root.resolveStr(sn: "Login.object") == world.object("a"))
  }

  @Test func `id and kind are both part of the name`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("a.b"), obj: world.object("1"))
    try await world.root.bind(n: name("a"), obj: world.object("2"))
    try await world.root.bind(n: name(".b"), obj: world.object("3"))
    try await world.root.bind(n: name("."), obj: world.object("4"))
    #expect(try await world.root.resolve(n: name("a.b")) == world.object("1"))
    #expect(try await world.root.resolve(n: name("a")) == world.object("2"))
    #expect(try await world.root.resolve(n: name(".b")) == world.object("3"))
    #expect(try await world.root.resolve(n: name(".")) == world.object("4"))
  }

  @Test func `names are octets: composed and decomposed letters differ`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("Caf\u{E9}"), obj: world.object("composed"))
    try await world.root.bind(n: name("Cafe\u{301}"), obj: world.object("decomposed"))
    #expect(try await world.root.resolve(n: name("Caf\u{E9}")) == world.object("composed"))
  }

  @Test func `bind refuses a name that is taken, by an object or a context`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("a"), obj: world.object("1"))
    _ = try await world.root.bindNewContext(n: name("c"))
    for taken in ["a", "c"] {
      await #expect(throws: CosNaming.NamingContext.AlreadyBound()) { try await world.root.bind(n: name(taken), obj: world.object("2")) }
      await #expect(throws: CosNaming.NamingContext.AlreadyBound()) {
        try await world.root.bindContext(n: name(taken), nc: world.root.asNamingContext)
      }
      await #expect(throws: CosNaming.NamingContext.AlreadyBound()) { _ = try await world.root.bindNewContext(n: name(taken)) }
    }
    #expect(try await world.root.resolve(n: name("a")) == world.object("1"))
  }

  @Test func `rebind replaces an object and nothing else`() async throws {
    let world = try NamingWorld()
    try await world.root.rebind(n: name("a"), obj: world.object("1"))
    try await world.root.rebind(n: name("a"), obj: world.object("2"))
    #expect(try await world.root.resolve(n: name("a")) == world.object("2"))
    let context = try #require(try await world.root.bindNewContext(n: name("c")))
    await expectNotFound(.notObject, "c") { try await world.root.rebind(n: name("c"), obj: world.object("3")) }
    await expectNotFound(.notContext, "a") { try await world.root.rebindContext(n: name("a"), nc: context) }
    let other = try await world.root.newContext()
    try await world.root.rebindContext(n: name("c"), nc: other)
    #expect(try await world.root.resolve(n: name("c")) == other?.objectRef)
  }

  @Test func `unbind takes the name away, and the object stays`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.bindNewContext(n: name("c")))
    try await context.bind(n: name("a"), obj: world.object("1"))
    try await world.root.unbind(n: name("c"))
    await expectNotFound(.missingNode, "c") { _ = try await world.root.resolve(n: name("c")) }
    await expectNotFound(.missingNode, "c") { try await world.root.unbind(n: name("c")) }
    #expect(try await context.resolve(n: name("a")) == world.object("1"))
  }

  @Test func `the nil reference may be bound as an object, and not as a context`() async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("nothing"), obj: nil)
    #expect(try await world.root.resolve(n: name("nothing")) == nil)
    await expectRefused(.badParameter) { try await world.root.bindContext(n: name("c"), nc: nil) }
  }

  @Test(
    arguments: [
      ("x/b/c", .missingNode, "x/b/c"), ("a/x/c", .missingNode, "x/c"), ("a/b/x", .missingNode, "x"), ("a/b/o/c", .notContext, "o/c"),
      ("o/b/c", .notContext, "o/b/c"), ("a.kind/b", .missingNode, "a.kind/b"),
    ] as [(String, CosNaming.NamingContext.NotFoundReason, String)])
  func `the rest of the name begins where the way ends`(
    _ text: String, _ why: CosNaming.NamingContext.NotFoundReason, _ rest: String
  ) async throws {
    let world = try NamingWorld()
    try await world.root.bind(n: name("o"), obj: world.object("o"))
    _ = try await world.root.bindNewContext(n: name("a"))
    _ = try await world.root.bindNewContext(n: name("a/b"))
    try await world.root.bind(n: name("a/b/o"), obj: world.object("o"))
    await expectNotFound(why, rest) { _ = try await world.root.resolve(n: name(text)) }
    await expectNotFound(why, rest) { try await world.root.unbind(n: name(text)) }
    if rest.contains("/") {
      await expectNotFound(why, rest) { try await world.root.bind(n: name(text), obj: world.object("o")) }
      await expectNotFound(why, rest) { try await world.root.rebind(n: name(text), obj: world.object("o")) }
      await expectNotFound(why, rest) { _ = try await world.root.bindNewContext(n: name(text)) }
    }
  }

  @Test func `an object that happens to be a context does not take part in names`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.newContext())
    try await context.bind(n: name("a"), obj: world.object("1"))
    try await world.root.bind(n: name("plain"), obj: context.objectRef)
    await expectNotFound(.notContext, "plain/a") { _ = try await world.root.resolve(n: name("plain/a")) }
  }

  @Test func `a name has 1 to 32 components of at most 255 octets in id and kind`() async throws {
    let world = try NamingWorld()
    let long = String(repeating: "ü", count: 128)
    let wrong: [CosNaming.Name] = [
      [], Array(repeating: .init(id: "a", kind: ""), count: 33), [.init(id: long, kind: "")], [.init(id: "a", kind: long)],
    ]
    for name in wrong {
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { try await world.root.bind(n: name, obj: world.object("1")) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { try await world.root.rebind(n: name, obj: world.object("1")) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await world.root.resolve(n: name) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { try await world.root.unbind(n: name) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await world.root.bindNewContext(n: name) }
      await #expect(throws: CosNaming.NamingContext.InvalidName()) { _ = try await world.root.toString(n: name) }
    }
    let longest = CosNaming.NameComponent(id: String(repeating: "x", count: 255), kind: String(repeating: "y", count: 255))
    try await world.root.bind(n: [longest], obj: world.object("1"))
    #expect(try await world.root.resolve(n: [longest]) == world.object("1"))
  }

  @Test func `a context and the whole service have bounds`() async throws {
    var limits = NamingLimits()
    limits.bindings = 2
    limits.contexts = 4
    limits.referenceOctets = 1000
    let world = try NamingWorld(limits: limits)
    let context = try #require(try await world.root.newContext())
    try await context.bind(n: name("a"), obj: world.object("1"))
    try await context.bind(n: name("b"), obj: world.object("1"))
    await expectRefused(.implementationLimit) { try await context.bind(n: name("c"), obj: world.object("1")) }
    try await context.rebind(n: name("b"), obj: world.object("2"))
    _ = try await world.root.newContext()
    await expectRefused(.implementationLimit) { _ = try await world.root.newContext() }
    await expectRefused(.implementationLimit) { _ = try await world.root.bindNewContext(n: name("d")) }
    await expectRefused(.implementationLimit) {
      try await world.root.bind(n: name("e"), obj: world.object(String(repeating: "k", count: 2000)))
    }
  }

  @Test func `of many that bind one name at the same time one wins`() async throws {
    let world = try NamingWorld()
    let winners = await withTaskGroup(of: Int?.self) { group in
      for number in 0..<32 {
        group.addTask {
          do {
            try await world.root.bind(n: name("prize"), obj: world.object("\(number)"))
            return number
          } catch is CosNaming.NamingContext.AlreadyBound { return nil } catch { return -1 }
        }
      }
      return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
    }
    #expect(winners.count == 1)
    #expect(try await world.root.resolve(n: name("prize")) == world.object("\(winners[0])"))
  }
}
