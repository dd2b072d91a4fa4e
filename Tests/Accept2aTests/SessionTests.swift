import CDR
import ForeignORB
import GIOPCore
import TesseraProcess
import Testing

/// Who may push: only who knows a secret, only in a session, only as long as it lasts.
@Suite struct SessionTests {
  @Test(arguments: ORBKind.allCases)
  func aWrongSecretAndAnUnknownSystemAreToldTheSame(orb: ORBKind) async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let other = try await server.addSystem("shop")
    let running = try await server.serve()
    var answers: Set<Raised> = []
    for (system, wrong) in [("erp", other), ("erp", ""), ("erp", secret.lowercased()), ("nobody", secret), ("", "")] {
      do {
        _ = try await orb.open(running.login, system: system, secret: wrong)
        Issue.record("\(system) is let in")
      } catch let raised as Raised { answers.insert(raised) }
    }
    #expect(answers.count == 1 && answers.first?.name == "NotAuthenticated")
    // A secret that was rotated, or a system that was revoked, opens nothing any more; and what is open learns of it.
    let sender = try await orb.open(running.login, system: "erp", secret: secret)
    try await server.json("systems", "rotate", "erp")
    await #expect(throws: answers.first ?? Raised(name: "")) { try await orb.open(running.login, system: "erp", secret: secret) }
    #expect(try await sender.push("m-1", [Item("A")]).outcome == "accepted")
    try await server.json("systems", "revoke", "erp")
    let refused = try await #require(throws: Raised.self) { try await sender.push("m-2", [Item("A", version: 2)]) }
    #expect(refused.name == "NO_PERMISSION")
    // Not a word of any secret is in the log.
    #expect(!running.process.errorText.contains(secret) && !running.process.errorText.contains(other))
    try await running.process.kill()
  }

  @Test func theKeyOfASessionCannotBeGuessed() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    let key = try objectKey(of: sender.session)
    #expect(key.count >= 16, "a key of \(key.count) octets can be guessed")
    let keys = try await (0..<8).asyncMap { _ in
      try objectKey(of: try await PythonSender.open(running.login, system: "erp", secret: secret, sender.peer))
    }
    #expect(Set(keys + [key]).count == 9)
    // Keys near a real one, and keys at random.
    var random = SplitMix64(seed: 7)
    var guesses: [[UInt8]] = (0..<64).map { bit in
      var guess = key
      guess[key.count - 1 - bit / 8] ^= 1 << UInt8(bit % 8)
      return guess
    }
    guesses += (0..<64).map { _ in key.prefix(key.count - 16) + (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    for guess in guesses {
      let reference = "corbaloc:iiop:1.2@127.0.0.1:\(running.port)/\(guess.map(escaped).joined())"
      await #expect {
        try await sender.peer.call(reference, "Interchange::V1::Inbound", "pushProducts", ["m", [Document.product("A")]])
      } throws: {
        if case ForeignORBError.refused("CORBA.OBJECT_NOT_EXIST", _) = $0 { true } else { false }
      }
    }
    // The session itself is none the worse, and nothing came in.
    #expect(try await sender.push("pushProducts", "m", []).outcome == "accepted")
    #expect(try await server.json("messages", "list")["messages"]?.array?.count == 1)
    try await running.process.kill()
  }

  @Test func aSessionEndsByItselfByItsOwnerAndWithTheProcess() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    var running = try await server.serve(port: 0, "--session-idle", "15s")
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    let desk = try await sender.peer.call(sender.session, "Interchange::V1::Inbound", "contracts")[0].string ?? ""
    // As long as it is used it lasts, also beyond the limit. On a busy machine each use may take seconds.
    for number in 1...33 {
      #expect(try await sender.push("pushProducts", "m-\(number)", [Document.product("A", version: number)]).outcome == "accepted")
      try await Task.sleep(for: .milliseconds(500))
    }
    // Idleness is time in which nothing happens; there is nothing else to wait for.
    try await Task.sleep(for: .milliseconds(15_500))
    try await expectGone(sender.peer, sender.session)
    await #expect(throws: ForeignORBError.self) {
      try await sender.peer.call(desk, "Interchange::V1::ContractDesk", "status", ["K-1"])
    }

    let second = try await PythonSender(running.login, system: "erp", secret: secret, peer: sender.peer)
    try await second.peer.call(second.session, "Interchange::V1::Inbound", "close")
    try await expectGone(second.peer, second.session)

    // A new process knows no session of the old one; the well-known address is the same.
    try await running.process.kill()
    running = try await server.serve(port: running.port)
    // A process that holds no connection to the old one.
    let third = try await PythonSender(running.login, system: "erp", secret: secret)
    try await expectGone(third.peer, second.session)
    #expect(try await third.push("pushProducts", "m-last", [Document.product("A", version: 100)]).outcome == "accepted")
    try await running.process.kill()
  }

  private func expectGone(_ peer: PythonPeer, _ session: String) async throws {
    await #expect {
      try await peer.call(session, "Interchange::V1::Inbound", "pushProducts", ["late", []])
    } throws: {
      if case ForeignORBError.refused("CORBA.OBJECT_NOT_EXIST", _) = $0 { true } else { false }
    }
  }

  private func objectKey(of reference: String) throws -> [UInt8] {
    guard case .reference(let ior) = try StringifiedReference(reference) else { throw Raised(name: "no IOR") }
    return try #require(ior.iiopProfiles.first).profile.objectKey
  }

  private func escaped(_ octet: UInt8) -> String { "%" + [octet].hexadecimal }
}

extension Sequence {
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
