import ForeignORB
import Testing

/// Changes and cancellations at an order desk of a foreign ORB, and what it says later.
@Suite("Changes at an order desk of a foreign ORB") struct OrderDeskChangeTests {
  /// A fixture whose desk has taken the order as SO-1.
  private func ordered(_ guarantee: Guarantee = .idempotentByKey) async throws -> (OrderDeskTests.Fixture, key: String) {
    let fixture = try await OrderDeskTests.Fixture(guarantee: guarantee.rawValue)
    try await fixture.desk.answer("create", .results([OrderDeskTests.verdict()]))
    try await fixture.sign()
    return (fixture, try await fixture.delivery(in: "ordered").key)
  }

  private func end(of action: String, _ fixture: OrderDeskTests.Fixture) async throws -> Installation.Delivery {
    try await eventually("the \(action) has an end", else: { "\(try fixture.tessera.deliveries()) \(fixture.tessera.log)" }) {
      try fixture.tessera.deliveries().last { $0.action == action && ["confirmed", "refused", "uncertain"].contains($0.state) }
    }
  }

  @Test("It is given the whole order under the key of its create and its own number, and a revision that counts on")
  func takesChanges() async throws {
    try await Seats.shared.taken {
      let (fixture, key) = try await ordered()
      try await fixture.desk.answer("change", .results([OrderDeskTests.verdict()]))
      try await fixture.desk.answer("cancel", .results([OrderDeskTests.verdict()]))
      try await fixture.tessera.tessera("contracts", "amend", fixture.contract, "--line", "1:4", "--reason", "fewer")
      #expect(try await end(of: "change", fixture).state == "confirmed")
      let change = try #require(try await fixture.calls("change").first)
      #expect(change.arguments[0].string == key && change.arguments[1] == "SO-1" && change.arguments[2] == 2)
      #expect(change.arguments[3]["lines"]?.array?.map { $0["quantity"] } == ["4.000000", "2.000000"])
      #expect(change.arguments[3]["lines"]?.array?.map { $0["product"] } == ["4711", "4712"])
      #expect(change.arguments[3]["orderType"] == "downsell" && change.arguments[3]["customerNumber"] == "D-1")
      try await fixture.tessera.tessera("contracts", "cancel", fixture.contract, "--reason", "sie wollen nicht mehr")
      #expect(try await end(of: "cancel", fixture).state == "confirmed")
      let cancel = try #require(try await fixture.calls("cancel").first)
      #expect(cancel.arguments == [.string(key), "SO-1", 3, "sie wollen nicht mehr"])
      #expect(try await fixture.tessera.tessera("contracts", "show", fixture.contract)["state"] == "cancelled")
    }
  }

  @Test("One that takes none, and one that refuses, leave the order as it was")
  func refuses() async throws {
    try await Seats.shared.taken {
      let (fixture, _) = try await ordered()
      try await fixture.desk.answer("change", .raiseSystem("CORBA::NO_IMPLEMENT", minor: 0, completed: "COMPLETED_NO"))
      try await fixture.desk.answer(
        "cancel", .raise("Interchange::V1::Refused", members: ["code": "TOO_LATE", "explanation": "schon verladen"]))
      try await fixture.tessera.tessera("contracts", "amend", fixture.contract, "--line", "1:4", "--reason", "fewer")
      #expect(try await end(of: "change", fixture).code == "CHANGE_NOT_OFFERED")
      try await fixture.tessera.tessera("contracts", "cancel", fixture.contract, "--reason", "none")
      #expect(try await end(of: "cancel", fixture).code == "TOO_LATE")
      let shown = try await fixture.tessera.tessera("contracts", "show", fixture.contract)
      #expect(shown["state"] == "ordered" && shown["record"]?["lines"]?[0]?["quantity"] == "10.000000")
      #expect(
        shown["orders"]?[2]?["words"] == "the cancellation of the order SO-1 was refused (schon verladen); the order stays as it was")
    }
  }

  @Test("A strong probe asks for the revision before it is sent again")
  func probes() async throws {
    try await Seats.shared.taken {
      let (fixture, key) = try await ordered(.strongProbe)
      try await fixture.desk.answer("change", .raiseSystem("CORBA::COMM_FAILURE", minor: 1, completed: "COMPLETED_MAYBE"))
      try await fixture.desk.answer("findChange", .results([OrderDeskTests.verdict()]))
      try await fixture.tessera.tessera("contracts", "amend", fixture.contract, "--line", "1:4", "--reason", "fewer")
      #expect(try await end(of: "change", fixture).state == "confirmed")
      #expect(try await fixture.calls("change").count == 1)
      #expect(try await fixture.calls("findChange").map(\.arguments) == [[.string(key), 2]])
    }
  }

  @Test("What it says later by a push settles what nobody heard the answer to")
  func saysLater() async throws {
    try await Seats.shared.taken {
      let fixture = try await OrderDeskTests.Fixture(guarantee: "none")
      try await fixture.desk.answer("create", .raiseSystem("CORBA::COMM_FAILURE", minor: 1, completed: "COMPLETED_MAYBE"))
      try await fixture.sign()
      let delivery = try await fixture.delivery(in: "uncertain")
      let peer = try await PythonPeer(idl: [OrderDeskTests.idl])
      let login = try await peer.call(
        try fixture.tessera.reference(), "Interchange::V1::Login", "open", ["desk", .string(fixture.secret)])
      let response: JSON = [
        "id": "OR-1", "changedAt": 1, "sourceVersion": [1], "status": "active", "attributes": [], "key": .string(delivery.key),
        "revision": 1, "outcome": "partial", "orderNumber": "SO-7", "customerNumber": "D-7", "code": "", "explanation": "",
        "lines": [
          ["number": 1, "outcome": "accepted", "code": "", "explanation": ""],
          ["number": 2, "outcome": "refused", "code": "SOLD_OUT", "explanation": "keine mehr da"],
        ], "bookedAt": [],
      ]
      let receipt = try await peer.call(
        try #require(login[0].string), "Interchange::V1::Inbound", "pushOrderResponses", ["later 1", [response]])
      #expect(receipt[0]["outcome"] == "accepted", "\(receipt)")
      let shown = try await fixture.tessera.tessera("contracts", "show", fixture.contract)
      #expect(shown["state"] == "ordered")
      #expect(shown["orders"]?[0]?["orderNumber"] == "SO-7" && shown["orders"]?[0]?["lines"]?[1]?["code"] == "SOLD_OUT")
      #expect(try fixture.tessera.links("customers", in: "desk") == ["D-7": fixture.party])
      #expect(try await fixture.calls("create").count == 1)
    }
  }
}
