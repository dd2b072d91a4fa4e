import ForeignORB
import SQLite
import Testing

/// A foreign ERP that adopts our own model: a servant of omniORBpy made from our IDL.
@Suite("An order desk of a foreign ORB") struct OrderDeskTests {
  static let idl = repositoryPath("Sources/InterchangeIDL/interchange.idl")

  /// A broker that knows two products by the desk's ids, and a customer with a contract that is not signed yet.
  struct Fixture {
    let folder: TemporaryFolder
    let tessera: Installation
    let desk: PythonServant
    let party: String
    let contract: String
    let secret: String

    init(guarantee: String) async throws {
      folder = try TemporaryFolder()
      tessera = Installation(data: "\(folder.path)/data")
      desk = try await PythonPeer(idl: [OrderDeskTests.idl]).serve("Interchange::V1::OrderDesk")
      let added = try await tessera.tessera(
        "systems", "add", "desk", "--adapter", "order-desk", "--reference", desk.reference, "--guarantee", guarantee, "--orders")
      secret = try #require(added["secret"]?.string)
      let products = try folder.write(
        "code,name,currency,price\nM8,Sechskantschraube M8,EUR,1.25\nM10,螺栓 M10,EUR,0.5\n", to: "products.csv")
      try await tessera.tessera("products", "import", products)
      for (id, product) in [("4711", "P-000001"), ("4712", "P-000002")] {
        try await tessera.tessera("identity", "link", "Product", "desk:\(id)", "crm:\(product)", "--reason", "the same")
      }
      let customer = try await tessera.tessera(
        "parties", "new", "--name", "Müller Bau GmbH", "--street", "Hauptstraße 1", "--city", "Köln", "--country", "DE", "--contact",
        "Ana Núñez", "--email", "ana@example.com")
      party = try #require(customer["party"]?["id"]?.string)
      let draft = try await tessera.tessera(
        "contracts", "new", "--party", party, "--contact", try #require(customer["contact"]?["id"]?.string), "--currency", "EUR", "--line",
        "P-000001:10:1.25", "--line", "P-000002:2:0.5:10")
      contract = try #require(draft["id"]?.string)
      try await tessera.start()
    }

    func sign() async throws { try await tessera.tessera("contracts", "sign", contract) }

    func delivery(in states: String...) async throws -> Installation.Delivery {
      try await eventually("the delivery is \(states)", else: { "\(try tessera.deliveries()) \(tessera.log)" }) {
        try tessera.deliveries().first { states.contains($0.state) }
      }
    }

    func calls(_ operation: String) async throws -> [PythonServant.Call] { try await desk.calls().filter { $0.operation == operation } }
  }

  static func verdict(_ outcome: String = "accepted", lines: JSON = []) -> JSON {
    [
      "outcome": .string(outcome), "orderNumber": "SO-1", "customerNumber": "D-1", "code": "", "explanation": "", "lines": lines,
      "bookedAt": [],
    ]
  }

  @Test("It takes an order in its own ids, with the customer and the contact, and gives its numbers")
  func takesAnOrder() async throws {
    try await Seats.shared.taken {
      let fixture = try await Fixture(guarantee: "idempotent-by-key")
      try await fixture.desk.answer(
        "create",
        .results([
          Self.verdict("partial", lines: [["number": 2, "outcome": "refused", "code": "SOLD_OUT", "explanation": "keine mehr da"]])
        ]))
      try await fixture.sign()
      let delivery = try await fixture.delivery(in: "ordered")
      let calls = try await fixture.calls("create")
      let call = try #require(calls.first)
      #expect(calls.count == 1)
      #expect(call.arguments[0].string == delivery.key)
      let order = call.arguments[1]
      #expect(order["number"]?.string == fixture.contract && order["contractKey"]?.string == fixture.contract)
      #expect(order["customerNumber"] == "" && order["customerKey"]?.string == delivery.customerKey)
      #expect(order["customer"]?["name"] == "Müller Bau GmbH")
      #expect(order["customer"]?["addresses"]?[0]?["city"] == "Köln")
      #expect(order["contactPerson"]?[0]?["name"] == "Ana Núñez")
      #expect(order["lines"]?.array?.map { $0["product"] } == ["4711", "4712"])
      #expect(order["lines"]?.array?.map { $0["quantity"] } == ["10.000000", "2.000000"])
      #expect(order["netTotal"] == "13.4000")

      let shown = try await fixture.tessera.tessera("contracts", "show", fixture.contract)
      #expect(shown["state"] == "ordered")
      #expect(shown["orders"]?[0]?["words"]?.string?.hasPrefix("ordered as SO-1, customer D-1") == true, "\(shown)")
      #expect(shown["orders"]?[0]?["lines"]?[0]?["explanation"] == "keine mehr da")
      #expect(try fixture.tessera.links("customers", in: "desk") == ["D-1": fixture.party])
      let links = try fixture.tessera.rows("SELECT foreign_id, common_id FROM links WHERE system = 'desk' AND entity = 'Order'") {
        [$0.text(0), $0.text(1)]
      }
      #expect(links == [["SO-1", delivery.key]])
    }
  }

  @Test("What it refuses is refused, with its words, and not sent again")
  func refuses() async throws {
    try await Seats.shared.taken {
      let fixture = try await Fixture(guarantee: "none")
      try await fixture.desk.answer(
        "create", .raise("Interchange::V1::Refused", members: ["code": "CREDIT_LIMIT", "explanation": "der Kreditrahmen ist erschöpft"]))
      try await fixture.sign()
      _ = try await fixture.delivery(in: "refused")
      let shown = try await fixture.tessera.tessera("contracts", "show", fixture.contract)
      #expect(shown["state"] == "refused")
      #expect(shown["orders"]?[0]?["words"] == "the order was refused (der Kreditrahmen ist erschöpft)")
      #expect(try await fixture.calls("create").count == 1)
    }
  }

  /// CORBA 3.3, 4.12: COMPLETED_NO says that the operation was never begun; COMPLETED_MAYBE says nothing.
  @Test(
    "A system exception is an answer only where it says that nothing was done",
    arguments: [
      ("CORBA::TRANSIENT", "COMPLETED_NO", Guarantee.none), ("CORBA::COMM_FAILURE", "COMPLETED_MAYBE", .idempotentByKey),
      ("CORBA::UNKNOWN", "COMPLETED_MAYBE", .strongProbe), ("CORBA::INTERNAL", "COMPLETED_YES", .none),
    ])
  func systemExceptions(exception: String, completed: String, guarantee: Guarantee) async throws {
    try await Seats.shared.taken {
      let fixture = try await Fixture(guarantee: guarantee.rawValue)
      try await fixture.desk.answer("create", .raiseSystem(exception, minor: 1, completed: completed), once: true)
      try await fixture.desk.answer("create", .results([Self.verdict()]))
      try await fixture.desk.answer("find", .raise("Interchange::V1::NotFound", members: ["key": "", "explanation": "no such key"]))
      try await fixture.sign()
      if guarantee == .none && completed != "COMPLETED_NO" {
        let uncertain = try await fixture.delivery(in: "uncertain")
        #expect(uncertain.attempts == 1)
        let settled = try await fixture.tessera.tessera(
          "contracts", "settle", fixture.contract, "--ordered", "SO-9", "--customer", "D-9", "--reason", "I asked them")
        #expect(settled["state"] == "ordered")
        #expect(try await fixture.calls("create").count == 1)
        return
      }
      let delivery = try await fixture.delivery(in: "ordered")
      #expect(delivery.attempts == 2)
      #expect(try await fixture.calls("create").map { $0.arguments[0] } == [.string(delivery.key), .string(delivery.key)])
      #expect(try await fixture.calls("find").count == (guarantee == .strongProbe ? 1 : 0))
    }
  }
}
