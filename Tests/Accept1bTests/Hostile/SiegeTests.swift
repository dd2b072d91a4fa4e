import Glibc
import Testing

/// Clients that break the rules over several messages, or by what they do not do.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `Hostile clients` {
  private static let transient = Answer.refused("TRANSIENT", omg | 1)

  // MARK: - Requests

  @Test(arguments: Form.all) func `are answered up to the message that cannot be read`(form: Form) async throws {
    try await GateServer.shared.value.survives { server in
      let socket = try server.connect()
      let answers = try Case.answers(2, after: form.request("nop", id: 1) + form.request("open", id: 2) + Array("GIOQ".utf8), socket)
      #expect(answers == [1: .nothing, 2: .refused("BAD_OPERATION", omg | 2)])
      #expect(try socket.message()?.type == 6)
      #expect(socket.closes())
    }
  }

  @Test(arguments: Form.all) func `cannot use a request id twice at once`(form: Form) async throws {
    try await GateServer.shared.value.survives { server in
      let socket = try server.connect()
      for _ in 0..<2 { #expect(try Case.answers(1, after: form.request("nop", id: 7), socket) == [7: .nothing]) }
      let hold = form.request("hold", id: 7, key: "Pool") { $0.string("twice") }
      try socket.send(hold + hold)
      #expect(try socket.message()?.type == 6)
      #expect(socket.closes())
      try server.wait { try $0.holding() == 0 }
    }
  }

  @Test(arguments: Form.all) func `can take back what they called`(form: Form) async throws {
    try await GateServer.shared.value.survives { server in
      let socket = try server.connect()
      try socket.send(form.request("hold", id: 3, key: "Pool") { $0.string("cancelled") })
      try server.wait { try $0.holding() == 1 }
      #expect(try Case.answers(1, after: form.cancelRequest(3), socket) == [3: .systemException("TRANSIENT", omg | 3, 2)])
      #expect(try Case.answers(1, after: form.request("nop", id: 4), socket) == [4: .nothing])
    }
  }

  /// Beyond 256 requests under way a connection is not read from any more.
  @Test(arguments: [1, 250, 300]) func `who leave are not worked for any longer`(requests: Int) async throws {
    try await GateServer.shared.value.survives { server in
      let form = Form.giop12[0]
      for ends in [false, true] {
        let socket = try server.connect()
        for id in 1...requests { try socket.send(form.request("hold", id: UInt32(id), key: "Pool") { $0.string("left") }) }
        try server.wait { try $0.holding() == min(requests, 256) }
        if ends { socket.endSending() } else { socket.hangUp() }
        try server.wait { try $0.holding() == 0 }
      }
    }
  }

  @Test func `who leave have their oneway calls carried out`() async throws {
    try await GateServer.shared.value.survives { server in
      let form = Form.giop12[1]
      let before = try server.noted()
      let socket = try server.connect()
      for id in 1...1000 { try socket.send(form.request("note", id: UInt32(id), key: "Pool", response: 0) { $0.long(1) }) }
      socket.hangUp()
      try server.wait { try $0.noted() == before + 1000 }
    }
  }

  @Test func `get an answer to each of many requests at once`() async throws {
    try await GateServer.shared.value.survives { server in
      let form = Form.giop12[1]
      let socket = try server.connect()
      try socket.send(Array((1...20_000).map { form.request("nop", id: $0) }.joined()))
      for id in 1...20_000 {
        let answer = try #require(try socket.message()).answer()
        guard answer.id == id, answer.answer == .nothing else { throw RawSocket.Failure(what: "\(id) was answered by \(answer)") }
      }
    }
  }

  @Test func `get TRANSIENT for requests beyond the limit`() async throws {
    let server = try await GateServer(["--requests", "100"])
    try await server.survives { server in
      let form = Form.giop12[0]
      let sockets = try (0..<25).map { _ in try server.connect() }
      for socket in sockets {
        try socket.send(Array((1...200).map { form.request("hold", id: $0, key: "Pool") { $0.string("many") } }.joined()))
      }
      // All but a hundred of five thousand are turned away at once; the others wait.
      try server.wait { try $0.holding() == 100 }
      _ = try server.call("letPass") { $0.string("many") }
      var answers: [Answer: Int] = [:]
      for socket in sockets {
        for (_, answer) in try Case.answers(200, socket) { answers[answer, default: 0] += 1 }
      }
      #expect(answers.keys.allSatisfy { $0 == .nothing || $0 == Self.transient })
      #expect(answers[.nothing] == 100 && answers[Self.transient] == 4900)
      #expect(try server.call("nop", key: "Pool") == .nothing)
    }
  }

  @Test func `are turned away beyond the limit of connections`() async throws {
    let server = try await GateServer(["--connections", "50"])
    try await server.survives { server in
      var served = 0
      var sockets: [RawSocket] = []
      for _ in 0..<500 {
        guard let socket = try? server.connect() else { continue }
        sockets.append(socket)
        if (try? Case.answers(1, after: Form.giop12[0].request("nop"), socket)) != nil { served += 1 }
      }
      // One is the connection that calls all the time.
      #expect(served == 49)
      sockets = []
      try server.wait { (try? $0.call("nop")) == .nothing }
      // Those that come and go at once leave nothing behind.
      for _ in 0..<2000 { _ = try? server.connect() }
      try server.wait { (try? $0.call("nop")) == .nothing }
    }
  }

  // MARK: - Time

  @Test(arguments: Form.all) func `are answered though they send octet by octet`(form: Form) async throws {
    try await GateServer.shared.value.survives { server in
      let socket = try server.connect()
      let text: [UInt8] = Array("dribbled".utf8)
      var requests = [form.request("say", id: 1) { $0.string(text) }, form.locateRequest(id: 2)]
      if form.minor > 0 { requests += form.fragments(of: form.request("say", id: 3) { $0.string(text) }, id: 3, first: 24, each: 8) }
      for octet in requests.joined() { try socket.send([octet]) }
      var result = Octets(isLittle: form.isLittle)
      result.string(text)
      let answers = try Case.answers(form.minor > 0 ? 3 : 2, socket)
      #expect(answers == [1: .result(result.all), 2: .located(1)].merging(form.minor > 0 ? [3: .result(result.all)] : [:]) { $1 })
    }
  }

  @Test func `who never finish a message are closed, others are not`() async throws {
    let server = try await GateServer(["--message-timeout", "300"])
    try await server.survives { server in
      let idle = try server.connect()
      var late: [(String, RawSocket)] = []
      for form in Form.all {
        let whole = form.request("say") { $0.string("never") }
        for count in [1, 4, 11, 12, 13, 20, whole.count - 1] {
          let socket = try server.connect()
          try socket.send(Array(whole[..<count]))
          late.append(("\(count) octets, \(form)", socket))
        }
        if form.minor > 0 {
          let socket = try server.connect()
          try socket.send(form.fragments(of: whole)[0])
          late.append(("a first part, \(form)", socket))
        }
      }
      for (what, socket) in late { #expect(socket.closes(), "\(what)") }
      #expect(try Case.answers(1, after: Form.giop10[0].request("nop"), idle) == [1: .nothing])
    }
  }

  /// Each octet comes in time, the message does not. Fragments are sent so that each arrives together with a half of the next one.
  @Test func `who send for ever are closed`() async throws {
    let server = try await GateServer(["--message-timeout", "300"])
    try await server.survives { server in
      for form in [Form.giop10[0], Form.giop11[1], Form.giop12[0]] {
        let socket = try server.connect()
        #expect(Self.sendsSlowly(Array(form.request("say") { $0.string([UInt8](repeating: 0x61, count: 10_000)) }), socket) < 5000)
      }
      for form in [Form.giop11[0], Form.giop12[1]] {
        let socket = try server.connect()
        let fragment = form.fragment(1, more: true, [])
        try socket.send(form.fragments(of: form.request("nop"))[0] + fragment[..<5])
        let turned = Array(fragment[5...] + fragment[..<5])
        var sent = 0
        while sent < 5000, socket.sendWhatFits(turned[...]) != nil {
          sent += 1
          usleep(1000)
        }
        #expect(sent < 5000, "fragments without end, \(form)")
      }
    }
  }

  private static func sendsSlowly(_ octets: [UInt8], _ socket: RawSocket) -> Int {
    for (index, octet) in octets.enumerated() {
      if socket.sendWhatFits([octet]) == nil { return index }
      usleep(1000)
    }
    return octets.count
  }

  // MARK: - Memory

  @Test func `take no memory by announcing messages`() async throws {
    try await GateServer.shared.value.survives { server in
      let form = Form.giop12[1]
      let announcement = form.message(0, size: 15_000_000) { $0.raw([UInt8](repeating: 1, count: 100)) }
      let announcing = try (0..<500).map { _ in try server.connect() }
      for socket in announcing { try socket.send(announcement) }
      // Twelve of them go on: together they send more than all connections may keep.
      let half = [UInt8](repeating: 1, count: 7_500_000)
      for socket in announcing.prefix(12) { try? socket.send(half) }
      // The greedy have to go, not a modest one.
      #expect(try server.copies(1 << 20))
    }
  }

  @Test func `take no memory by fragments`() async throws {
    try await GateServer.shared.value.survives { server in
      for form in [Form.giop11[0], Form.giop12[1], Form.giop12[0]] {
        let start = form.fragments(of: form.request("nop"))[0]
        let fragment = form.fragment(1, more: true, [UInt8](repeating: 1, count: 64 << 10))
        let sockets = try (0..<12).map { _ in try server.connect() }
        for socket in sockets { try? socket.send(start + repeated(fragment, 110)) }
        #expect(try server.copies(1 << 20))
      }
      // What they held has been given back.
      #expect(try server.copies(4 << 20))
    }
  }

  @Test(arguments: Form.recent) func `cannot make a message too large by fragments`(form: Form) async throws {
    try await GateServer.shared.value.survives { server in
      let socket = try server.connect()
      let fragment = form.fragment(1, more: true, [UInt8](repeating: 1, count: 64 << 10))
      try? socket.send(form.fragments(of: form.request("nop"))[0] + repeated(fragment, 260))
      let message = try socket.message()
      #expect(message?.type == 6 && message?.form.minor == form.minor)
      #expect(socket.closes())
    }
  }

  @Test(arguments: [1, 2, 4]) func `take no memory by not reading their replies`(megabytes: Int) async throws {
    try await GateServer.shared.value.survives { server in
      let form = Form.giop12[1]
      let copy = form.request("copy") { $0.blob([UInt8](repeating: 1, count: megabytes << 20)) }
      let all = repeated(copy, 4)
      var sockets: [RawSocket] = []
      for _ in 0..<40 {
        let socket = try server.connect(room: 4096)
        sockets.append(socket)
        var rest = all[...]
        var idle = 0
        while !rest.isEmpty, idle < 20, let count = socket.sendWhatFits(rest) {
          rest = rest.dropFirst(count)
          idle = count == 0 ? idle + 1 : 0
          if count == 0 { usleep(1000) }
        }
      }
      #expect(try server.copies(1 << 20))
    }
  }

  @Test func `may mix the fragments of their requests`() async throws {
    try await GateServer.shared.value.survives { server in
      for form in Form.giop12 {
        let socket = try server.connect()
        let texts = (1...40).map { "text \($0) of those that are mixed" }
        let parts = texts.enumerated().map { index, text in
          form.fragments(of: form.request("say", id: UInt32(index + 1)) { $0.string(text) }, id: UInt32(index + 1), first: 16, each: 8)
        }
        for turn in 0..<parts[0].count { try socket.send(Array(parts.compactMap { turn < $0.count ? $0[turn] : nil }.joined())) }
        for part in parts where part.count > parts[0].count { try socket.send(Array(part[parts[0].count...].joined())) }
        let answers = try Case.answers(40, socket)
        for (index, text) in texts.enumerated() {
          var result = Octets(isLittle: form.isLittle)
          result.string(text)
          #expect(answers[UInt32(index + 1)] == .result(result.all))
        }
      }
    }
  }

  // MARK: - Anything

  /// Whatever is made of good messages by chance: no answer is expected, but everybody else's is.
  @Test(arguments: 0..<8) func `who send rubbish harm nobody`(seed: UInt64) async throws {
    try await GateServer.shared.value.survives { server in
      var random = Rubbish(state: seed)
      for _ in 0..<150 {
        let socket = try server.connect()
        for _ in 0..<Int.random(in: 1...20, using: &random) {
          guard socket.sendWhatFits(random.message()[...]) != nil else { break }
        }
      }
    }
  }
}

/// Appending is fast without optimisation, too.
private func repeated(_ octets: [UInt8], _ count: Int) -> [UInt8] {
  var all: [UInt8] = []
  all.reserveCapacity(octets.count * count)
  for _ in 0..<count { all += octets }
  return all
}

/// Good messages that went bad, the same ones for every seed.
private struct Rubbish: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func message() -> [UInt8] {
    let rows = Row.targets + Row.arguments + Row.texts + Row.messages + Row.addresses + Row.fragments
    let row = rows[Int.random(in: 0..<rows.count, using: &self)]
    let form = row.forms[Int.random(in: 0..<row.forms.count, using: &self)]
    var octets = Array(row.octets(form).prefix(4096))
    for _ in 0..<Int.random(in: 0...3, using: &self) where octets.count > 12 {
      let index = Int.random(in: 0..<octets.count, using: &self)
      switch Int.random(in: 0..<5, using: &self) {
      case 0: octets[index] ^= 1 << UInt8.random(in: 0...7, using: &self)
      case 1: octets[index] = .random(in: 0...255, using: &self)
      case 2: octets.removeSubrange(index...)
      case 3: octets.insert(contentsOf: octets[index..<min(index + 16, octets.count)], at: index)
      default: octets = form.sized(octets)
      }
    }
    return octets
  }
}
