import ForeignORB
import TesseraProcess
import Testing

/// Files of a configuration that are links, pipes or whole systems.
@Suite("34 Regular files only") struct F34RegularFilesOnly {
  private func shell(_ command: String, _ server: TesseraServer) async throws {
    try await ChildProcess.check("sh", ["-c", command], folder: server.folder)
  }

  private static func configuration(_ inside: String) -> String {
    "<broker xmlns=\"urn:tessera:broker:1\"><files>\(inside)</files></broker>"
  }

  @Test("A link planted as broker.xml is followed by no command, as by serve")
  func linksAreNotFollowed() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try server.write(Self.configuration(""), to: "elsewhere.xml")
    try await shell("ln -s ../elsewhere.xml tessera-data/broker.xml", server)
    for arguments in [
      ["config", "check"], ["mapping", "check"], ["documents", "check", "elsewhere.xml"], ["systems", "list"], ["doctor"],
      ["serve", "--listen", "127.0.0.1:0"],
    ] {
      let said = try await server.run(arguments: arguments)
      #expect(said.exit == .code(1), "\(arguments): \(said)")
      #expect((said.output + said.errors).contains("is a link, which is not followed"), "\(arguments): \(said)")
    }
    // Who names a file means it.
    #expect(try await server.run("config", "check", "tessera-data/broker.xml").exit == .code(0))
  }

  @Test("A pipe or a folder as broker.xml is refused in words, and nobody waits for it", arguments: ["mkfifo", "mkdir"])
  func pipes(command: String) async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try await shell("\(command) tessera-data/broker.xml", server)
    for arguments in [["config", "check"], ["mapping", "check"], ["config", "check", "tessera-data/broker.xml"]] {
      let said = try await server.run(arguments: arguments)
      #expect(said.exit == .code(1) && (said.output + said.errors).contains("it is no regular file"), "\(arguments): \(said)")
    }
  }

  @Test("Paths that are none of mappings are told where they stand", arguments: ["/proc", "/dev/null", "pipe", "texts"])
  func paths(path: String) async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try await shell("mkfifo tessera-data/pipe; mkdir tessera-data/texts; echo x >tessera-data/texts/a.txt; mkdir tessera-data/none", server)
    for element in ["mappings", "dialects"] {
      try server.write(Self.configuration("<\(element) path='\(path)'/>"), to: "tessera-data/broker.xml")
      let said = try await server.run("config", "check")
      #expect(said.exit == .code(1) && said.output.contains("broker.xml:1:") && said.output.contains("CONFIGURATION_PATH_UNFIT"), "\(said)")
    }
    // A folder in which nothing is yet is none of those.
    try server.write(Self.configuration("<mappings path='none'/>"), to: "tessera-data/broker.xml")
    #expect(try await server.run("config", "check").exit == .code(0))
  }

  @Test("Pipes among mappings, dialects and schemas are told, and nobody waits for them")
  func pipesInside() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try await shell("mkdir own dialects && mkfifo own/map.xml dialects/shop.xml goods.xsd", server)
    let mapping = try await server.run("mapping", "check", "own")
    #expect(mapping.exit == .code(1) && mapping.output.contains("own/map.xml"), "\(mapping)")
    #expect(mapping.output.contains("it is no regular file") && !mapping.output.contains("NSError"), "\(mapping)")
    let alone = try await server.run("mapping", "check", "own/map.xml")
    #expect(alone.exit == .code(1) && alone.output.contains("neither a regular file nor a folder"), "\(alone)")
    try server.write("<goods><good><no>1</no></good></goods>", to: "a.xml")
    let dialect = try await server.run("documents", "check", "a.xml", "--dialect", "dialects/shop.xml")
    #expect(dialect.exit == .code(1) && (dialect.output + dialect.errors).contains("it is no regular file"), "\(dialect)")
    try server.write(
      """
      <dialect xmlns="urn:tessera:dialect:1" name="shop" protocol="receipt">
        <schemas folder="."/>
        <document type="good" root="goods" items="good" key="no" schema="goods.xsd"><sample file="a.xml"/></document>
      </dialect>
      """, to: "shop.xml")
    let schema = try await server.run("documents", "check", "a.xml", "--dialect", "shop.xml")
    #expect(schema.exit == .code(1) && (schema.output + schema.errors).contains("it is no regular file"), "\(schema)")
  }
}
