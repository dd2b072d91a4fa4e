import CosNamingService
import ORBCore
import Testing

/// Listing, and the iterators that it leaves behind.
@Suite struct IteratorTests {
  private func world(bindings count: Int, limits: NamingLimits = NamingLimits()) async throws -> NamingWorld {
    let world = try NamingWorld(limits: limits)
    let object = world.object("1").stringified
    try await world.store.write { transaction in
      for number in 0..<count { try transaction.put(.object(object), for: Self.key(number), in: .root) }
    }
    return world
  }

  private static func key(_ number: Int) -> NameKey { NameKey(id: String(10_000 + number), kind: "k") }

  private func ids(_ list: CosNaming.BindingList) -> [String] { list.flatMap { $0.bindingName.map(\.id) } }

  @Test func `a list that holds everything has no iterator`() async throws {
    let world = try await world(bindings: 3)
    _ = try await world.root.bindNewContext(n: name("context"))
    for howMany in [4, 5, 1000, UInt32.max] {
      let (list, rest) = try await world.root.list(howMany: howMany)
      #expect(ids(list) == ["10000", "10001", "10002", "context"])
      #expect(list.map(\.bindingType) == [.nobject, .nobject, .nobject, .ncontext])
      #expect(rest == nil)
    }
  }

  @Test(arguments: [0, 1, 7, 99] as [UInt32], [1, 10, 1000] as [UInt32])
  func `list and iterator together give everything once`(_ first: UInt32, _ step: UInt32) async throws {
    let world = try await world(bindings: 100)
    let (list, rest) = try await world.root.list(howMany: first)
    #expect(list.count == Int(first))
    let iterator = try #require(rest)
    var all = list
    while true {
      let (isThere, more) = try await iterator.nextN(howMany: step)
      #expect(isThere == !more.isEmpty && more.count <= Int(step))
      if !isThere { break }
      all += more
    }
    #expect(ids(all) == (0..<100).map { Self.key($0).id })
    let (isThere, nothing) = try await iterator.nextOne()
    #expect(!isThere && nothing.bindingName.isEmpty)
    try await iterator.destroy()
    await expectRefused(.objectNotExist) { _ = try await iterator.nextOne() }
  }

  @Test func `an empty context has no iterator even for none`() async throws {
    let world = try NamingWorld()
    let (list, rest) = try await world.root.list(howMany: 0)
    #expect(list.isEmpty && rest == nil)
  }

  @Test func `one at a time`() async throws {
    let world = try await world(bindings: 3)
    let iterator = try #require(try await world.root.list(howMany: 1).bi)
    #expect(try await iterator.nextOne().b.bindingName == [.init(id: "10001", kind: "k")])
    #expect(try await iterator.nextOne().returnValue)
    #expect(try await iterator.nextOne().returnValue == false)
  }

  @Test func `next_n of none is a mistake`() async throws {
    let world = try await world(bindings: 3)
    let iterator = try #require(try await world.root.list(howMany: 1).bi)
    await expectRefused(.badParameter) { _ = try await iterator.nextN(howMany: 0) }
  }

  @Test func `no answer is larger than a page`() async throws {
    var limits = NamingLimits()
    limits.page = 10
    let world = try await world(bindings: 25, limits: limits)
    let (list, rest) = try await world.root.list(howMany: UInt32.max)
    #expect(list.count == 10)
    let iterator = try #require(rest)
    #expect(try await iterator.nextN(howMany: UInt32.max).bl.count == 10)
    #expect(try await iterator.nextN(howMany: UInt32.max).bl.count == 5)
  }

  @Test func `what is bound or unbound behind its place is seen, and nothing comes twice`() async throws {
    let world = try await world(bindings: 4)
    let iterator = try #require(try await world.root.list(howMany: 2).bi)
    try await world.root.unbind(n: [.init(id: "10002", kind: "k")])
    try await world.root.bind(n: name("09999"), obj: world.object("1"))
    try await world.root.bind(n: name("20000"), obj: world.object("1"))
    #expect(ids(try await iterator.nextN(howMany: 10).bl) == ["10003", "20000"])
  }

  @Test func `callers at the same time share the bindings`() async throws {
    let world = try await world(bindings: 200)
    let iterator = try #require(try await world.root.list(howMany: 0).bi)
    let all = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var mine: [String] = []
          while true {
            let (isThere, list) = try await iterator.nextN(howMany: 7)
            if !isThere { return mine }
            mine += list.map { $0.bindingName[0].id }
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(all.sorted() == (0..<200).map { Self.key($0).id })
  }

  @Test func `an iterator that nobody uses ends`() async throws {
    let world = try await world(bindings: 10)
    let used = try #require(try await world.root.list(howMany: 1).bi)
    let forgotten = try #require(try await world.root.list(howMany: 1).bi)
    world.clock.advance(by: .seconds(200))
    #expect(try await used.nextOne().returnValue)
    world.clock.advance(by: .seconds(200))
    world.service.expire()
    #expect(try await used.nextOne().returnValue)
    await expectRefused(.objectNotExist) { _ = try await forgotten.nextOne() }
  }

  @Test func `one more than the bound ends the one that was idle longest`() async throws {
    var limits = NamingLimits()
    limits.iterators = 3
    let world = try await world(bindings: 10, limits: limits)
    var open: [CosNaming.BindingIterator] = []
    for _ in 0..<3 {
      open.append(try #require(try await world.root.list(howMany: 1).bi))
      world.clock.advance(by: .seconds(1))
    }
    #expect(try await open[0].nextOne().returnValue)
    world.clock.advance(by: .seconds(1))
    open.append(try #require(try await world.root.list(howMany: 1).bi))
    await expectRefused(.objectNotExist) { _ = try await open[1].nextOne() }
    for iterator in [open[0], open[2], open[3]] { #expect(try await iterator.nextOne().returnValue) }
  }

  @Test func `the iterator of a context that was destroyed has nothing left`() async throws {
    let world = try NamingWorld()
    let context = try #require(try await world.root.newContext())
    try await context.bind(n: name("a"), obj: world.object("1"))
    let iterator = try #require(try await context.list(howMany: 0).bi)
    try await context.unbind(n: name("a"))
    try await context.destroy()
    #expect(try await iterator.nextOne().returnValue == false)
  }
}
