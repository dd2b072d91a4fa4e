import TesseraProcess
import Testing

/// Whatever the interface does wrong: nothing is doubled, nothing is lost, and how it stands is said in words.
@Suite("The channel outward, against every fault") struct OutFaultTests {
  /// A fault with what comes of it where nothing is promised of a create.
  struct Expectation: Sendable, CustomStringConvertible {
    var fault: String
    var state: String
    /// Orders in U8, and documents that came in, until then.
    var orders: Int
    var sends: Int
    /// What `contracts show` says.
    var words: String
    var description: String { fault }
  }

  static let unsure = "nobody knows whether the order was taken"
  static let expectations = [
    Expectation(fault: "commit-then-drop", state: "uncertain", orders: 1, sends: 1, words: unsure),
    Expectation(fault: "late-commit", state: "uncertain", orders: 1, sends: 1, words: unsure),
    Expectation(fault: "html-error", state: "uncertain", orders: 1, sends: 1, words: unsure),
    Expectation(fault: "html-page", state: "uncertain", orders: 0, sends: 1, words: unsure),
    Expectation(fault: "cut-off", state: "uncertain", orders: 1, sends: 1, words: unsure),
    Expectation(fault: "endless", state: "uncertain", orders: 1, sends: 1, words: "longer than its bound"),
    Expectation(fault: "wrong-encoding", state: "uncertain", orders: 1, sends: 1, words: "not valid UTF-8"),
    Expectation(fault: "other-message", state: "uncertain", orders: 1, sends: 1, words: "about another message"),
    Expectation(fault: "redirect", state: "uncertain", orders: 0, sends: 1, words: "points at"),
    Expectation(fault: "slow", state: "uncertain", orders: 1, sends: 1, words: "did not answer within 1 s"),
    Expectation(fault: "refuse", state: "refused", orders: 0, sends: 1, words: "the order was refused (存货 VAL-0100 不存在)"),
    Expectation(fault: "busy", state: "ordered", orders: 1, sends: 2, words: "ordered as O-000001"),
    Expectation(fault: "succeed0-empty-key", state: "ordered", orders: 1, sends: 2, words: "ordered as O-000001"),
  ]

  private static func world(_ fault: String, _ guarantee: OutWorld.Guarantee) async throws -> OutWorld {
    try await OutWorld(
      guarantee, options: ["--fault", fault, "--delay", fault == "slow" ? "3" : "0.4"],
      settings: fault == "slow" ? "&timeout=1" : "&timeout=20")
  }

  @Test("Nothing is promised: what is not known is settled by a person, and sent once", arguments: expectations)
  func withoutGuarantee(expected: Expectation) async throws {
    let world = try await Self.world(expected.fault, .none)
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "uncertain", "refused", "ordered")
    #expect(delivery.state == expected.state, "\(delivery)")
    let shown = try await world.words(contract)
    #expect(shown.contains(expected.words), "\(shown)")
    try await soon("U8 has \(expected.orders) orders") { try world.orders().count == expected.orders ? true : nil }
    #expect(try world.sends() == expected.sends)
    guard expected.state == "uncertain" else { return }
    // A person looks into U8 and says what is there; only what is not there is sent again.
    if expected.orders == 1 {
      try await world.tessera.json("contracts", "settle", contract, "--ordered", "O-000001", "--reason", "it is in U8")
    } else {
      try await world.tessera.json("contracts", "settle", contract, "--not-ordered", "--reason", "it is not in U8")
    }
    _ = try await world.delivery(of: contract, in: "ordered")
    #expect(try world.orders().map(\.key) == [delivery.key])
    #expect(try world.sends() == (expected.orders == 1 ? 1 : 2))
  }

  @Test("Orders can be asked for by our key and keep our number: each becomes one order, without anybody's help", arguments: expectations)
  func withStrongProbe(expected: Expectation) async throws {
    let world = try await Self.world(expected.fault, .strongProbe)
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "ordered", "refused", "uncertain")
    #expect(delivery.state == (expected.fault == "refuse" ? "refused" : "ordered"), "\(delivery)")
    // What comes late is refused by its number.
    if expected.fault == "late-commit" { try await Task.sleep(for: .milliseconds(600)) }
    #expect(try world.orders().map(\.key) == (expected.fault == "refuse" ? [] : [delivery.key]))
    #expect(try world.queries() >= (expected.sends == 1 ? 1 : 0))
  }

  @Test("Nobody there: nothing was sent, it is tried again until somebody is")
  func down() async throws {
    let world = try await OutWorld(options: ["--fault", "down"])
    try await world.serve()
    let contract = try await world.sign()
    let delivery = try await world.delivery(of: contract, in: "ready", code: "NOT_CONNECTED")
    #expect(try await world.words(contract).contains("the order is tried again after"))
    try await world.stopInterface()
    try await world.startInterface()
    _ = try await world.delivery(of: contract, in: "ordered")
    #expect(try world.orders().map(\.key) == [delivery.key])
    #expect(try world.sends() == 1)
  }

  @Test("Twenty contracts, every answer lost: twenty orders, none twice")
  func twenty() async throws {
    let world = try await OutWorld(.strongProbe, options: ["--fault", "commit-then-drop"])
    try await world.serve()
    for number in 1...20 { try await world.sign(lines: ["P-000001:\(number):680"], number: "HT-\(number)") }
    try await soon("all are ordered", else: { "\(try world.deliveries())" }) {
      try world.deliveries().allSatisfy { $0.state == "ordered" } ? true : nil
    }
    let orders = try world.orders()
    #expect(orders.count == 20 && Set(orders.map(\.key)).count == 20)
    #expect(try world.sends() == 20)
  }

  /// The two places of an order between its reservation and its confirmation, and the time in which the interface works on it.
  @Test(
    "The broker is killed while an order is on its way",
    arguments: ["after-reserve", "before-confirm", "on its way"], OutWorld.Guarantee.allCases)
  func killed(place: String, guarantee: OutWorld.Guarantee) async throws {
    let isOnItsWay = place == "on its way"
    let world = try await OutWorld(guarantee, options: isOnItsWay ? ["--fault", "slow", "--delay", "2"] : [])
    try await world.serve(crashAt: isOnItsWay ? nil : place)
    let contract = try await world.sign()
    if isOnItsWay {
      try await soon("the order is in U8") { try world.orders().isEmpty ? nil : true }
      try await world.killBroker()
    } else {
      try await world.brokerKilled()
    }
    let before = try world.orders().count
    #expect(before == (place == "after-reserve" ? 0 : 1))
    try await world.serve()
    let delivery = try await world.delivery(of: contract, in: "ordered", "uncertain")
    #expect(delivery.state == (guarantee == .none ? "uncertain" : "ordered"))
    #expect(try world.sends() == (guarantee == .strongProbe ? 1 : before))
    #expect(try world.orders().count == (guarantee == .strongProbe ? 1 : before))
    if guarantee == .none { #expect(try await world.words(contract).contains("the broker stopped while the order was being sent")) }
  }
}
