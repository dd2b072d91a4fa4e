import ForeignORB
import TesseraProcess
import Testing

@Suite("31 Names from outside are spelled out") struct F31NamesFromOutside {
  /// Ends a line, clears a terminal, turns the direction, and holds a letter that nobody sees.
  private static let bad = "x\u{1B}[2J\u{9B}1m\u{202E}\u{E0041}\u{2028}y"

  private static func isVisible(_ text: String) -> Bool {
    // Letters of any script may stand there; nothing that is not to be seen, or that turns what is.
    let hidden: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse]
    return text.unicodeScalars.allSatisfy { $0 == "\n" || !hidden.contains($0.properties.generalCategory) }
  }

  @Test("A name forges no line, steers no terminal and hides nothing in the log")
  func namesAreSpelledOut() async throws {
    let server = try TesseraServer()
    let running = try await server.serve()
    let name = #"x\n2026-01-01T00:00:00 notice tessera: all is well\x1b[2J\u009b1m\u202e\U000e0041 peer=1"#
    let attacker = try ChildProcess("python3", ["-c", F29LogInsOfStrangers.attack, "\(running.port)", name, "1"], folder: server.folder)
    #expect(try await attacker.readLine() == "sent")
    try await eventually("the refusal is told") { running.process.errorText.contains("a log-in was refused") }
    let log = running.process.errorText
    #expect(Self.isVisible(log), "\(log.debugDescription)")
    #expect(!log.split(separator: "\n").contains { $0.hasPrefix("2026-01-01T00:00:00") })
    try await attacker.kill()
    try await running.process.kill()
  }

  /// How often a log tells of an event, by a detail of it: `system=a`, or in sums `system="a (2), none (1)" times=3`.
  private static func counts(of detail: String, _ event: String, in log: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in log.split(separator: "\n") where line.contains(event) {
      let times = line.firstMatch(of: /times=([0-9]+)/).flatMap { Int($0.1) } ?? 1
      guard let begin = line.firstRange(of: " \(detail)=") else {
        counts["none", default: 0] += times
        continue
      }
      let rest = line[begin.upperBound...]
      if rest.first != "\"" {
        counts[String(rest.prefix { $0 != " " }), default: 0] += times
      } else {
        for part in rest.dropFirst().prefix(while: { $0 != "\"" }).matches(of: /([^ ,]+) \(([0-9]+)\)/) {
          counts[String(part.1), default: 0] += Int(part.2) ?? 0
        }
      }
    }
    return counts
  }

  @Test("A sum in the log names a system alone where all of it was of that one, and how often it was which otherwise")
  func sumsNameWhoItWas() async throws {
    let server = try TesseraServer()
    guard let token = try await server.json("partners", "add", "shop")["token"]?.string else { return }
    let running = try await server.serve()
    // The first of each kind is told by itself.
    for name in ["first", "a", "b", "a"] {
      await #expect(throws: (any Error).self) { try await PythonSender(running.login, system: name, secret: "wrong") }
    }
    for wrong in ["nobody.x", "\(token)x", "nobody.x", "nobody.x"] {
      _ = try await ChildProcess.run(
        "curl", ["--silent", "-H", "Authorization: Bearer \(wrong)", "\(running.http)/receipts/1"], folder: server.folder)
    }
    running.process.signal(15)
    try await running.process.wait()
    let log = running.process.errorText
    // In however many sums they are told.
    #expect(Self.counts(of: "system", "a log-in was refused", in: log) == ["first": 1, "a": 2, "b": 1], "\(log)")
    #expect(Self.counts(of: "partner", "a request with a wrong token was refused", in: log) == ["shop": 1, "none": 3], "\(log)")
  }

  @Test("Neighbours: tables, sheets and JSON show what came in a file without obeying it; a program reads it as it was")
  func tablesAndJSON() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    let row = "status,name,kind,id,changedAt\nactive,\(Self.bad),customer,D-1,1\nactive,\(Self.bad),\(Self.bad),D-2,1\n"
    try server.write(row, to: "rows.csv")
    let pushed = try await server.run("push", "rows.csv", "--system", "erp", "--as", "Party")
    #expect(pushed.exit == .code(4) && Self.isVisible(pushed.output + pushed.errors), "\(pushed.output.debugDescription)")
    for arguments in [["parties", "list"], ["parties", "show", "erp:D-1"], ["messages", "show", "1"], ["balance"]] {
      for more in [[], ["--json"]] {
        let said = try await server.run(arguments: arguments + more)
        #expect(said.exit == .code(0) && Self.isVisible(said.output), "\(arguments): \(said.output.debugDescription)")
      }
    }
    #expect(try await server.json("parties", "show", "erp:D-1")["party"]?["record"]?["name"]?.string == Self.bad)
  }

  @Test("Neighbours: what a person types, and names of files, are quoted so as well") func arguments() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    try server.write("a,b\n\"\n", to: "\(Self.bad).csv")
    for arguments in [
      ["products", "show", Self.bad], ["push", "\(Self.bad).csv", "--system", "erp", "--as", "Party"],
      ["push", "none-\(Self.bad).csv", "--system", "erp", "--as", "Party"], ["contracts", "show", Self.bad],
      ["identity", "find", "Party", Self.bad], ["systems", "change", Self.bad, "--no-orders"],
    ] {
      for more in [[], ["--json"]] {
        let said = try await server.run(arguments: arguments + more)
        #expect(said.exit != .code(0))
        #expect(Self.isVisible(said.output + said.errors), "\(arguments): \((said.output + said.errors).debugDescription)")
      }
    }
  }

  @Test("Neighbours: headers and paths of requests are spelled out in the log") func requests() async throws {
    let server = try TesseraServer()
    let running = try await server.serve("--log", "debug")
    let shop = try await XMLPartner("shop", of: server, running, ["--documents", "*"])
    try server.write("<a/>", to: "a.xml")
    for header in ["Message-Id: m\u{202E}\u{9B}1m", "User-Agent: \u{202E}\u{E0041}", "Authorization: Bearer \u{202E}"] {
      _ = try await ChildProcess.run(
        "curl", ["-s", "-H", "Authorization: Bearer \(shop.token)", "-H", header, "--data-binary", "@a.xml", running.http],
        folder: server.folder)
    }
    _ = try await ChildProcess.run("curl", ["-s", "--path-as-is", "\(running.http)/%E2%80%AE%1B[2J"], folder: server.folder)
    try await running.process.kill()
    #expect(Self.isVisible(running.process.errorText), "\(running.process.errorText.debugDescription)")
  }
}
