import ForeignORB
import TesseraProcess
import Testing

/// Bodies in chunks of an octet: each chunk was a turn of the threads that serve everybody.
@Suite("32 Bodies in pieces") struct F32BodiesInPieces {
  /// Posts a body in pieces and prints the answers' first lines; `loop` for ever, over so many connections.
  private static let sender = """
    import socket, sys, threading
    port, token, how, count, text = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
    head = f"POST /eai HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nAuthorization: Bearer {token}\\r\\n".encode()
    chunked = head + b"Transfer-Encoding: chunked\\r\\n\\r\\n"
    def chunks(octets, size, extension=b""):
        parts = [octets[at:at + size] for at in range(0, len(octets), size)]
        return b"".join(b"%x%s\\r\\n%s\\r\\n" % (len(part), extension, part) for part in parts)
    def post(octets):
        peer = socket.create_connection(("127.0.0.1", port), 60)
        try: peer.sendall(octets)
        except OSError: pass
        answer = b""
        try:
            while more := peer.recv(65536): answer += more
        except OSError: pass
        return answer.decode()
    body = text.encode() + b" " * count
    if how == "loop":
        def attack():
            while True: post(chunked + chunks(b" " * 1000000, 1))
        for _ in range(count): threading.Thread(target=attack, daemon=True).start()
        print("begun", flush=True)
        threading.Event().wait(60)
    elif how == "extensions":
        print(post(chunked + b"1;" + b"x" * count + b"\\r\\n<\\r\\n"))
    elif how == "packets":
        peer = socket.create_connection(("127.0.0.1", port), 60)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(head + b"Content-Length: %d\\r\\n\\r\\n" % len(body))
        for at in range(0, len(body), 1): peer.sendall(body[at:at + 1])
        print(peer.recv(65536).decode())
    else:
        print(post(chunked + chunks(body, int(how)) + b"0\\r\\n\\r\\n"))
    """

  private static func unit(_ message: String) -> String {
    """
    <pushUnits xmlns="urn:tessera:interchange:1"><message>\(message)</message><batch><item><id>PC</id>\
    <changedAt>1767225600000000</changedAt><status>active</status><code>PC</code><name>piece</name>\
    <factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item></batch></pushUnits>
    """
  }

  @Test("Bodies in tiny chunks are refused with a code, in few and in larger ones they are taken")
  func tinyChunksAreRefused() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let port = String(running.http.split(separator: ":")[2].split(separator: "/")[0])
    func post(_ how: String, _ count: Int, _ message: String) async throws -> String {
      try await ChildProcess.check(
        "python3", ["-c", Self.sender, port, shop.token, how, String(count), Self.unit(message)], folder: server.folder)
    }
    let few = try await post("1", 1_000, "few")
    #expect(few.hasPrefix("HTTP/1.1 200") && few.contains("applied"), "\(few)")
    let large = try await post("64", 1_000_000, "large")
    #expect(large.hasPrefix("HTTP/1.1 200"), "\(large)")
    // A body of declared length that comes octet by octet is read as it comes: more of it at once where it comes quickly.
    let packets = try await post("packets", 1_000, "packets")
    #expect(packets.hasPrefix("HTTP/1.1 200"), "\(packets)")
    for (how, count) in [("1", 20_000), ("8", 200_000), ("extensions", 3_000_000)] {
      let refused = try await post(how, count, "tiny")
      #expect(refused.hasPrefix("HTTP/1.1 400") && refused.contains("BODY_IN_PIECES"), "\(how): \(refused)")
      #expect(refused.lowercased().contains("connection: close"))
    }
    #expect(running.process.errorText.contains("BODY_IN_PIECES"))
    // The same message as a whole is taken.
    #expect(try await shop.post(Self.unit("tiny")).status == 200)
    try await running.process.kill()
  }

  @Test("Beside partners and strangers that send such bodies without end, others are served")
  func othersAreServed() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let bad = try await XMLPartner("bad", of: server, running, [])
    let port = String(running.http.split(separator: ":")[2].split(separator: "/")[0])
    for token in [bad.token, "nobody.wrong"] {
      let attacker = try ChildProcess("python3", ["-c", Self.sender, port, token, "loop", "16", ""], folder: server.folder)
      #expect(try await attacker.readLine() == "begun")
      for number in 0..<5 { #expect(try await shop.post(Self.unit("\(token) \(number)")).status == 200) }
      try await attacker.kill()
    }
    #expect(try await shop.post(Self.unit("after")).status == 200)
    try await running.process.kill()
  }
}
