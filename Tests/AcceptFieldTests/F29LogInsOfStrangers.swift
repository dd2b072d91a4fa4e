import ForeignORB
import TesseraProcess
import Testing

/// Strangers who log in wrongly without end do not keep those waiting who are known.
@Suite("29 Log-ins of strangers") struct F29LogInsOfStrangers {
  /// Pipelines wrong log-ins over one connection that is kept open, as GIOP 1.0 oneways and calls; prints a line once they are sent.
  static let attack = """
    import socket, struct, sys, time
    def text(value):
        octets = value.encode() + bytes(1)
        return struct.pack(">I", len(octets)) + octets
    def pad(octets, size): return octets + bytes(-len(octets) % size)
    def call(number, name):
        body = struct.pack(">II", 0, number) + bytes([1, 0, 0, 0])
        key = b"tessera/Tessera/Login#object"
        body += struct.pack(">I", len(key)) + key
        body = pad(body, 4) + text("open")
        body = pad(body, 4) + struct.pack(">I", 0)
        body = pad(body + text(name), 4) + text("wrong")
        return b"GIOP" + bytes([1, 0, 0, 0]) + struct.pack(">I", len(body)) + body
    peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    name = sys.argv[2].encode().decode("unicode_escape")
    for number in range(int(sys.argv[3])): peer.sendall(call(number, name))
    print("sent", flush=True)
    peer.settimeout(60)
    octets = 0
    try:
        while octets < 100 * int(sys.argv[3]): octets += len(peer.recv(65536)) or sys.exit()
    except OSError: pass
    time.sleep(60)
    """

  @Test func whoIsKnownDoesNotWaitForWrongLogIns() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(try await sender.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    // About 100 s of hashing, if all of it were done.
    let attacker = try ChildProcess("python3", ["-c", Self.attack, "\(running.port)", "erp", "2000"], folder: server.folder)
    #expect(try await attacker.readLine() == "sent")
    // A push, and a log-in of a system that has logged in before.
    #expect(try await sender.push("pushUnits", "m-2", [Document.unit("KG")]).outcome == "accepted")
    _ = try await PythonSender.open(running.login, system: "erp", secret: secret, sender.peer)
    try await eventually("most were turned away at once") {
      running.process.errorText.contains("log-ins were turned away, since too many waited")
    }
    try await attacker.kill()
    try await running.process.kill()
  }

  @Test("Neighbour: other work of strangers, such as names that are looked up and objects that are not there, keeps nobody waiting either")
  func otherWork() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    let attacker = try ChildProcess("python3", ["-c", Self.attack, "\(running.port)", "nobody", "2000"], folder: server.folder)
    #expect(try await attacker.readLine() == "sent")
    // Documents with wrong tokens beside them, over HTTP.
    try server.write("<a/>", to: "a.xml")
    for _ in 1...20 {
      let answer = try await ChildProcess.run(
        "curl",
        ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Authorization: Bearer wrong", "--data-binary", "@a.xml", running.http],
        folder: server.folder)
      #expect(answer.output.hasPrefix("401") || answer.output.hasPrefix("429"), "\(answer.output)")
    }
    #expect(try await sender.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    try await attacker.kill()
    try await running.process.kill()
  }
}
