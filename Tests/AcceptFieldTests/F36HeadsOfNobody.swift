import ForeignORB
import TesseraProcess
import Testing

/// What is neither HTTP nor GIOP ended without a word: in the log nothing, in the answer an empty body.
@Suite("36 Heads that are none") struct F36HeadsOfNobody {
  /// Sends each message, in escapes, over a connection of its own, and prints the answers, one a line.
  private static let sender = """
    import socket, sys
    for text in sys.argv[2:]:
        octets = text.encode("latin-1").decode("unicode_escape").encode("latin-1")
        peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
        answer = b""
        try:
            peer.sendall(octets)
            peer.shutdown(socket.SHUT_WR)
            while more := peer.recv(65536): answer += more
        except OSError: pass
        print(ascii(answer.decode("latin-1")), flush=True)
    """

  private func say(_ messages: [String], to port: String, _ server: TesseraServer) async throws -> [String] {
    let said = try await ChildProcess.check("python3", ["-c", Self.sender, port] + messages, folder: server.folder)
    return said.split(separator: "\n").map(String.init)
  }

  @Test("Every head that is none is answered 400 with a body that says why, and told in the log, summed up")
  func headsAreAnsweredAndTold() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let port = String(running.http.split(separator: ":")[2].split(separator: "/")[0])
    let head = #"POST /eai HTTP/1.1\r\nHost: x\r\n"#
    let cases: [(message: String, code: String, words: String)] = [
      (#"GARBAGE\x1b[2J\r\n\r\n"#, "HEAD_INVALID", "its method is unknown"),
      (#"\x16\x03\x01\x02\x00\x01\x00"#, "HEAD_INVALID", "without TLS"),
      (#"GET /eai HTTP/3.7\r\n\r\n"#, "HEAD_INVALID", "version of HTTP"),
      ("\(head)X: \(String(repeating: "a", count: 90_000))\\r\\n\\r\\n", "HEAD_TOO_LARGE", "80 KiB"),
      ("\(head)\(String(repeating: #"X: a\r\n"#, count: 1_100))\\r\\n", "HEAD_TOO_LARGE", "too many fields"),
      (#"\#(head)Content-Length: abc\r\n\r\n"#, "HEAD_INVALID", "Content-Length"),
      (#"\#(head)Content-Length: -5\r\n\r\n"#, "HEAD_INVALID", "Content-Length"),
      (#"\#(head)Content-Length: 5\r\nContent-Length: 6\r\n\r\n"#, "HEAD_INVALID", "Content-Length"),
      (#"\#(head)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"#, "HEAD_INVALID", "beside a Content-Length"),
      (#"\#(head)X y\r\n\r\n"#, "HEAD_INVALID", "a field of its head"),
      (#"\#(head)X: a\x00b\r\n\r\n"#, "HEAD_INVALID", "a field of its head"),
      (#"GET /eai HTTP/1.1\r\nHos"#, "HEAD_INVALID", "ended before"),
      // The request before it is answered all the same.
      (#"GET /eai HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n"#, "HEAD_INVALID", "its method is unknown"),
    ]
    let answers = try await say(cases.map(\.message), to: port, server)
    #expect(answers.count == cases.count)
    for (answer, expected) in zip(answers, cases) {
      #expect(answer.contains("HTTP/1.1 400 "), "\(expected.message.prefix(60)): \(answer)")
      #expect(answer.contains("<code>\(expected.code)</code>") && answer.contains(expected.words), "\(expected): \(answer)")
      #expect(answer.lowercased().contains("connection: close"))
    }
    #expect(answers.last?.hasPrefix("'HTTP/1.1 200") == true)
    running.process.signal(15)
    try await running.process.wait()
    // The first is told at once, all others in sums.
    let told = running.process.errorText.split(separator: "\n").filter { $0.contains("a request was refused") }
    let count = told.reduce(0) { sum, line in
      sum + (line.split(separator: " ").first { $0.hasPrefix("times=") }.flatMap { Int($0.dropFirst(6)) } ?? 1)
    }
    #expect(count == cases.count && told.first?.contains("from=127.0.0.1") == true, "\(told)")
    #expect(!running.process.errorText.contains("\u{1B}"))
  }

  @Test("A partner's Transfer-Encoding that nobody knows is refused as well")
  func unknownTransferEncoding() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let port = String(running.http.split(separator: ":")[2].split(separator: "/")[0])
    let answers = try await say(
      [#"POST /eai HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \#(shop.token)\r\nTransfer-Encoding: foo\r\n\r\n<a/>"#], to: port, server)
    #expect(answers[0].contains("HTTP/1.1 400 ") && answers[0].contains("HEAD_INVALID"), "\(answers)")
    try await running.process.kill()
  }

  @Test("Neighbours: what is no GIOP, is too large, or goes the wrong way is told in the log; who leaves in order is not")
  func giopIsTold() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    _ = try await say([#"GIOP\x01\x02\x00\x05\x00\x00\x00\x00"#, ""], to: "\(running.port)", server)
    #expect(!running.process.errorText.contains("as GIOP says"))
    let cases = [
      (#"GET / HTTP/1.1\r\n\r\n"#, "giop.bad-magic"), (#"GIOP\x09\x09\x00\x00\x00\x00\x00\x00"#, "giop.unsupported-version"),
      (#"GIOP\x01\x02\x00\x00\xff\xff\xff\xff"#, "giop.message-too-large"),
      (#"GIOP\x01\x02\x00\x01\x00\x00\x00\x04abcd"#, "giop.unexpected-message"),
    ]
    _ = try await say(cases.map(\.0), to: "\(running.port)", server)
    running.process.signal(15)
    try await running.process.wait()
    // One at once, three in a sum.
    for (_, code) in cases { #expect(running.process.errorText.contains(code), "\(code): \(running.process.errorText)") }
  }
}
