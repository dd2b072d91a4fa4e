import ForeignORB
import TesseraProcess
import Testing

/// Strangers who log in wrongly without end do not keep those waiting who are known.
@Suite("29 Log-ins of strangers, 31 their names, 32 their connections") struct F29LogInsOfStrangers {
  /// Pipelines wrong log-ins over one connection that is kept open, as GIOP 1.0 oneways and calls; prints a line once they are sent.
  private static let attack = """
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

  @Test("A name forges no line, steers no terminal and hides nothing in the log")
  func namesAreSpelledOut() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let name = #"x\n2026-01-01T00:00:00 notice tessera: all is well\x1b[2J\u009b1m\u202e\U000e0041 peer=1"#
    let attacker = try ChildProcess("python3", ["-c", Self.attack, "\(running.port)", name, "1"], folder: server.folder)
    #expect(try await attacker.readLine() == "sent")
    try await eventually("the refusal is told") { running.process.errorText.contains("a log-in was refused") }
    let log = running.process.errorText
    // Letters of any script may stand there; nothing that is not to be seen, or that turns what is.
    let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse]
    #expect(
      log.unicodeScalars.allSatisfy { $0 == "\n" || !hidden.contains($0.properties.generalCategory) }, "\(log.debugDescription)")
    #expect(!log.split(separator: "\n").contains { $0.hasPrefix("2026-01-01T00:00:00") })
    try await attacker.kill()
    try await running.process.kill()
  }

  @Test func idleStrangersShutNoDoor() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve(options: [], wrapper: ["prlimit", "--nofile=256:256"])
    let http = running.http.split(separator: ":")[2].split(separator: "/")[0]
    let script = """
      import socket, time
      kept = []
      for port in (\(running.port), \(http)):
          for _ in range(400): kept.append(socket.create_connection(("127.0.0.1", port)))
      print("open", flush=True)
      time.sleep(60)
      """
    let crowd = try ChildProcess("python3", ["-c", script], folder: server.folder)
    #expect(try await crowd.readLine() == "open")
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(try await sender.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    let answer = try await ChildProcess.check("curl", ["--silent", "--max-time", "20", running.http])
    #expect(answer.contains("ready"))
    try await crowd.kill()
    try await running.process.kill()
  }
}
