import CDR
import IIOPTransport
import InterchangeIDL
import ORBCore
import Testing

/// A system that signs contracts itself and submits them over IIOP.
final class Shop: Sendable {
  private let world: World
  private let orb: ORB
  private let transport: IIOPTransport

  init(_ world: World) throws {
    self.world = world
    var options = ORB.Options()
    options.callTimeout = .seconds(20)
    orb = ORB(options: options)
    transport = try IIOPTransport(orb: orb)
  }

  /// A log-in at the broker that runs now.
  struct Session: Sendable {
    fileprivate let inbound: Interchange.V1.Inbound
    fileprivate let contracts: Interchange.V1.ContractDesk

    /// Tells of a customer, under the shop's id of it.
    func push(party: String) async throws {
      let receipt = try await inbound.pushParties(
        message: "party \(party)",
        batch: [
          Interchange.V1.Party(
            id: party, changedAt: 1, sourceVersion: 1, status: "active", attributes: [], name: "Customer \(party)", kind: "customer",
            parent: "", taxId: "", paymentTerms: "",
            addresses: [
              Interchange.V1.Address(
                kind: "main", line1: "Tor 3", line2: "", city: "Bonn", region: "", postalCode: "53111", country: "DE")
            ])
        ])
      #expect(receipt.results.map(\.outcome) == ["applied"], "\(receipt)")
    }

    /// Submits a contract; the same contract again is the same message.
    func submit(_ contract: Interchange.V1.Contract) async throws -> Interchange.V1.ContractStatus {
      try await contracts.submit(message: "contract \(contract.id)", item: contract)
    }

    func amend(_ message: String, _ contract: Interchange.V1.Contract) async throws -> Interchange.V1.ContractStatus {
      try await contracts.amend(message: message, item: contract)
    }

    func cancel(_ message: String, _ contract: String) async throws -> Interchange.V1.ContractStatus {
      try await contracts.cancel(message: message, key: contract)
    }

    /// - Parameter quantities: of the first lines.
    @discardableResult
    func callOff(_ message: String, _ contract: String, _ quantities: [String]) async throws -> Interchange.V1.ContractStatus {
      let lines = try quantities.enumerated().map { index, quantity in
        Interchange.V1.CallOffLine(number: Int32(index + 1), quantity: try #require(Interchange.V1.QuantityAmount(quantity)))
      }
      return try await contracts.callOff(message: message, key: contract, lines: lines, deliveryDate: "")
    }

    func status(_ contract: String) async throws -> Interchange.V1.ContractStatus { try await contracts.status(key: contract) }
  }

  func logIn() async throws -> Session {
    let login = Interchange.V1.Login(unchecked: try ObjectRef(stringified: try world.tessera.reference(), orb: orb))
    let inbound = try #require(try await login.open(system: "shop", secret: world.shopSecret))
    return Session(inbound: inbound, contracts: try #require(try await inbound.contracts()))
  }

  /// A contract with a line of each of the first goods.
  func contract(_ id: String, party: String, lines: Int = 1) throws -> Interchange.V1.Contract {
    let total = try Interchange.V1.MoneyAmount(unscaled: Int128(lines * 250_000))
    return Interchange.V1.Contract(
      id: id, changedAt: 1, sourceVersion: 1, status: "signed", attributes: [], number: id, party: party, contactPerson: "",
      signDate: "2026-03-31", currency: "EUR", priceIncludesTax: false,
      lines: try world.goods.prefix(lines).enumerated().map { index, good in
        Interchange.V1.ContractLine(
          number: Int32(index + 1), product: good.item, packaging: "", quantity: try Interchange.V1.QuantityAmount(unscaled: 2_000_000),
          unit: good.unit, unitPrice: try Interchange.V1.UnitPriceAmount(unscaled: 1_250_000_000),
          discount: try Interchange.V1.PercentAmount(unscaled: 0), taxCode: "", deliveryDate: "")
      },
      paymentTerms: "30 days net",
      deliveryAddress: Interchange.V1.Address(kind: "", line1: "", line2: "", city: "", region: "", postalCode: "", country: ""),
      netTotal: total, taxTotal: try Interchange.V1.MoneyAmount(unscaled: 0), grossTotal: total,
      orderType: "", renews: "", calledOff: false)
  }
}
