import ForeignORB
import TesseraProcess
import Testing

@Suite("32 Room for who is known") struct F32RoomForWhoIsKnown {
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

  @Test("650 half-sent messages of strangers close no honest sender") func halfSent() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    let script = """
      import socket, struct, time
      kept = []
      for number in range(650):
          peer = socket.create_connection(("127.0.0.1", \(running.port)))
          peer.settimeout(2)
          try: peer.sendall(b"GIOP" + bytes([1, 2, 0, 0]) + struct.pack(">I", 1 << 20) + bytes(200000))
          except OSError: pass
          kept.append(peer)
      print("open", flush=True)
      time.sleep(60)
      """
    let crowd = try ChildProcess("python3", ["-c", script], folder: server.folder)
    #expect(try await crowd.readLine(within: .seconds(300)) == "open")
    // The session that was there before, and one that comes now.
    #expect(try await sender.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    let late = try await PythonSender(running.login, system: "erp", secret: secret)
    #expect(try await late.push("pushUnits", "m-2", [Document.unit("KG")]).outcome == "accepted")
    try await crowd.kill()
    try await running.process.kill()
  }

  @Test("Neighbour: one system cannot take the sessions of others") func sessions() async throws {
    let server = try TesseraServer()
    let (greedy, honest) = (try await server.addSystem("greedy"), try await server.addSystem("honest"))
    try server.write("<broker xmlns=\"urn:tessera:broker:1\"><limits sessions-per-system=\"3\"/></broker>", to: "tessera-data/broker.xml")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "greedy", secret: greedy)
    var refused = 0
    for _ in 1...6 {
      do { _ = try await PythonSender.open(running.login, system: "greedy", secret: greedy, sender.peer) } catch { refused += 1 }
    }
    #expect(refused == 4)
    let other = try await PythonSender(running.login, system: "honest", secret: honest)
    #expect(try await other.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    #expect(try await sender.push("pushUnits", "m-1", [Document.unit("PC")]).outcome == "accepted")
    try await running.process.kill()
  }

  @Test("Neighbour: a body that dribbles is ended, though its sender has a token, and others are served beside it") func dribbling()
    async throws
  {
    let server = try TesseraServer()
    try server.write(
      "<broker xmlns=\"urn:tessera:broker:1\"><limits body-octets=\"1000\" body-time=\"2s\"/></broker>", to: "tessera-data/broker.xml")
    let running = try await server.serve()
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    let http = running.http.split(separator: ":")[2].split(separator: "/")[0]
    let script = """
      import socket, time
      peer = socket.create_connection(("127.0.0.1", \(http)))
      peer.sendall(b"POST /eai HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer \(shop.token)\\r\\nContent-Length: 100000\\r\\n\\r\\n")
      print("begun", flush=True)
      peer.settimeout(0.2)
      try:
          for _ in range(300):
              peer.sendall(b" ")
              try:
                  answer = peer.recv(1000)
                  print("ended" if not answer or b" 408 " in answer else answer, flush=True)
                  break
              except TimeoutError: pass
      except OSError: print("ended", flush=True)
      """
    let slow = try ChildProcess("python3", ["-c", script], folder: server.folder)
    #expect(try await slow.readLine() == "begun")
    let answer = try await shop.post("<pushUnits xmlns=\"urn:tessera:interchange:1\"><message>1</message><batch/></pushUnits>")
    #expect(answer.status != 503)
    #expect(try await slow.readLine(within: .seconds(60)) == "ended")
    try await running.process.kill()
  }
}
