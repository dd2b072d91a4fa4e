import CosNamingService
import ForeignORB
import IIOPTransport
import ORBCore
import TesseraProcess
import Testing

/// Many bindings, many iterators, hostile names.
@Suite struct ManyNamesTests {
  private static let idl = [repositoryPath("Sources/CosNamingService/CosNaming.idl")]

  @Test func `ten thousand bindings are listed through iterators`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let service = "corbaloc:iiop:1.2@127.0.0.1:\(running.port)/NameService"
    try await bind(10_000, service)

    // omniORBpy, page by page.
    let python = try await PythonPeer(idl: Self.idl)
    let listed = try await python.call(service, "CosNaming::NamingContext", "list", [0])
    #expect(listed[0].array?.isEmpty == true)
    let iterator = try #require(listed[1].string)
    var ids: [String] = []
    while true {
      let page = try await python.call(iterator, "CosNaming::BindingIterator", "next_n", [999])
      guard page[0].bool == true else { break }
      ids += (page[1].array ?? []).compactMap { $0["binding_name"]?.array?.first?["id"]?.string }
    }
    try await python.call(iterator, "CosNaming::BindingIterator", "destroy")
    #expect(ids == ["Tessera"] + (0..<10_000).map(Self.id))
    #expect(try await NameClient(running).list().count == 10_001)
    let command = try await server.json("naming", "list", "--limit", "10000")
    #expect(command["bindings"]?.array?.count == 10_000 && command["complete"]?.bool == false)
    try await running.process.kill()
  }

  @Test func `iterators that nobody takes back do not pile up`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let service = "corbaloc:iiop:1.2@127.0.0.1:\(running.port)/NameService"
    try await bind(3, service)
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    let root = CosNaming.NamingContext(unchecked: try orb.reference(from: service))
    let first = try #require(try await root.list(howMany: 1).bi)
    var last = first
    for _ in 0..<1_000 { last = try #require(try await root.list(howMany: 1).bi) }
    #expect(try await last.nextOne().returnValue)
    let error = await #expect(throws: SystemException.self) { _ = try await first.nextOne() }
    #expect(error?.kind == .objectNotExist)
    await transport.shutDown()
    try await running.process.kill()
  }

  @Test func `hostile names are refused or kept as they are, and the broker goes on`() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let service = "corbaloc:iiop:1.2@127.0.0.1:\(running.port)/NameService"
    let python = try await PythonPeer(idl: Self.idl)
    let login = try #require(try await python.call(service, "CosNaming::NamingContextExt", "resolve_str", ["Tessera/Login"])[0].string)
    func bind(_ name: [JSON]) async throws {
      try await python.call(service, "CosNaming::NamingContext", "bind", [.array(name), .string(login)])
    }
    func component(_ id: String, _ kind: String = "") -> JSON { ["id": .string(id), "kind": .string(kind)] }

    let refused: [[JSON]] = [
      [], Array(repeating: component("a"), count: 33), Array(repeating: component("a"), count: 100_000),
      [component(String(repeating: "x", count: 256))], [component("a", String(repeating: "x", count: 1_000_000))],
    ]
    for name in refused {
      await #expect {
        try await bind(name)
      } throws: {
        if case ForeignORBError.raised("IDL:omg.org/CosNaming/NamingContext/InvalidName:1.0", _) = $0 { true } else { false }
      }
    }
    let odd = [
      "\u{1B}[2J", "\u{202E}txt.exe", "../../etc/passwd", "'; DROP TABLE naming_binding; --", "a\nb", "", ".", "/", "\\", "%00",
      "ü\u{301}☃😀",
    ]
    for id in odd { try await bind([component(id, id)]) }
    for id in odd {
      let found = try await python.call(service, "CosNaming::NamingContext", "resolve", [[component(id, id)]])
      #expect(found[0].string == login)
      // Through their text, too.
      let text = try await python.call(service, "CosNaming::NamingContextExt", "to_string", [[component(id, id)]])[0]
      #expect(try await python.call(service, "CosNaming::NamingContextExt", "resolve_str", [text])[0].string == login)
    }
    let listed = try await server.json("naming", "list")["bindings"]?.array ?? []
    #expect(Set(listed.compactMap { $0["id"]?.string }.map { Array($0.utf8) }) == Set((odd + ["Tessera"]).map { Array($0.utf8) }))
    // Nothing of it steers a terminal.
    let shown = try await server.run("naming", "list").output
    #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
    // A reference without end, and nil.
    await #expect {
      try await python.call(
        service, "CosNaming::NamingContext", "bind",
        [[component("huge")], .string("corbaloc::127.0.0.1:1/" + String(repeating: "k", count: 100_000))])
    } throws: {
      if case ForeignORBError.refused("CORBA.IMP_LIMIT", _) = $0 { true } else { false }
    }
    await #expect {
      try await python.call(service, "CosNaming::NamingContext", "bind_context", [[component("nil")], .null])
    } throws: {
      if case ForeignORBError.refused("CORBA.BAD_PARAM", _) = $0 { true } else { false }
    }
    #expect(try await NameClient(running).list("Tessera") == ["Login"])
    try await running.process.kill()
  }

  private static func id(_ number: Int) -> String { "name-\(10_000 + number)" }

  /// Binds names from this process, many at a time, so that they share their flushes to disk.
  private func bind(_ count: Int, _ service: String) async throws {
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    let root = CosNaming.NamingContext(unchecked: try orb.reference(from: service))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<64 {
        group.addTask {
          for number in stride(from: worker, to: count, by: 64) {
            try await root.bind(n: [.init(id: Self.id(number), kind: "")], obj: root.objectRef)
          }
        }
      }
      try await group.waitForAll()
    }
    await transport.shutDown()
  }
}
