import ForeignORB
import TesseraProcess
import Testing

/// Long names, bodies that are not whole, tokens that are wrong, and which commit it is.
@Suite("36 Traces of what is refused, and names of any length") struct F36TracesAndNames {
  /// Sends octets to the gateway, says that nothing more comes, and gives what came back.
  private func say(_ request: String, _ running: TesseraServer.Running, _ server: TesseraServer) async throws -> String {
    let port = running.http.split(separator: ":")[2].split(separator: "/")[0]
    let script = """
      import socket, sys
      peer = socket.create_connection(("127.0.0.1", \(port)), 20)
      peer.sendall(open(sys.argv[1], "rb").read())
      if len(sys.argv) > 2: peer.shutdown(socket.SHUT_WR)
      while octets := peer.recv(65536): sys.stdout.write(octets.decode())
      """
    let file = try server.write(request, to: "request.txt")
    let half = request.hasPrefix("GET") ? [] : ["half"]
    return try await ChildProcess.check("python3", ["-c", script, file] + half, folder: server.folder)
  }

  /// How many wrong tokens a log tells of: the first one by itself, those that follow in sums.
  private static func wrongTokens(in log: String) -> Int {
    log.split(separator: "\n").filter { $0.contains("a request with a wrong token was refused") }.reduce(0) { sum, line in
      sum + (line.split(separator: " ").first { $0.hasPrefix("times=") }.flatMap { Int($0.dropFirst(6)) } ?? 1)
    }
  }

  @Test func whatIsRefusedIsToldToItsSenderAndToTheLog() async throws {
    let server = try TesseraServer()
    let name = String(repeating: "n", count: 60)
    guard let token = try await server.json("partners", "add", name)["token"]?.string else { return }
    let running = try await server.serve()
    let head = "POST /eai HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
    let cut = try await say("\(head)Content-Length: 100\r\n\r\n<a>", running, server)
    #expect(cut.hasPrefix("HTTP/1.1 400") && cut.contains("BODY_CUT"), "\(cut)")
    let chunks = try await say("\(head)Transfer-Encoding: chunked\r\n\r\nzz\r\n<a>\r\n", running, server)
    #expect(chunks.hasPrefix("HTTP/1.1 400") && chunks.contains("BODY_INVALID"), "\(chunks)")
    let ended = try await say("\(head)Transfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n", running, server)
    #expect(ended.hasPrefix("HTTP/1.1 400") && ended.contains("BODY_CUT"), "\(ended)")
    for _ in 0..<20 { _ = try await say("GET /eai/receipts/1 HTTP/1.0\r\nAuthorization: Bearer \(name).wrong\r\n\r\n", running, server) }
    try await eventually("the log tells of all wrong tokens") { Self.wrongTokens(in: running.process.errorText) == 20 }
    let log = running.process.errorText
    #expect(log.contains("BODY_CUT") && log.contains("a request with a wrong token was refused"), "\(log)")
    #expect(!log.contains(token) && !log.contains("wrong\""))
    try await running.process.kill()
  }

  @Test("The longest names of partners and messages fit into a file's name")
  func longNamesFit() async throws {
    let server = try TesseraServer()
    let name = String(repeating: "n", count: 60)
    guard let token = try await server.json("partners", "add", name)["token"]?.string else { return }
    let running = try await server.serve()
    let comment = String(repeating: "x", count: 100_000)
    let file = try server.write(
      """
      <pushUnits xmlns="urn:tessera:interchange:1"><!--\(comment)--><message>M-1</message><batch><item><id>PC</id>\
      <changedAt>1767225600000000</changedAt><status>active</status><code>PC</code><name>piece</name>\
      <factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item></batch></pushUnits>
      """, to: "large.xml")
    let answer = try await ChildProcess.check(
      "curl",
      [
        "--silent", "-H", "Authorization: Bearer \(token)", "-H", "Message-Id: \(String(repeating: "m", count: 80))", "--data-binary",
        "@\(file)", "-w", "%{http_code}", running.http,
      ])
    #expect(answer.hasSuffix("200\n") || answer.hasSuffix("200"), "\(answer)")
    try await running.process.kill()
  }

  @Test("HTTP/1.0 connections close, and so do those that are asked to, in whatever case")
  func connectionsClose() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    // `say` returns when the connection has ended.
    let old = try await say("GET /eai HTTP/1.0\r\n\r\n", running, server)
    #expect(old.contains("ready") && old.lowercased().contains("connection: close"), "\(old)")
    let asked = try await say("GET /eai HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", running, server)
    #expect(asked.contains("ready"), "\(asked)")
    // An answer before the body is whole ends the connection, too.
    let early = try await say("POST /eai HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n<a>", running, server)
    #expect(early.hasPrefix("HTTP/1.1 401"), "\(early)")
    try await running.process.kill()
  }

  @Test func theVersionNamesTheCommit() async throws {
    let server = try TesseraServer()
    let version = try await server.run("--version").output
    #expect(version.contains(" (") && version.contains(")"), "\(version)")
  }
}
