// contract-bench-client [--count N] [--callers N]
//
// An order desk, and a sales office that signs contracts. Prints the desk's reference, reads REFERENCE SYSTEM SECRET from the standard
// input, logs in at the broker, pushes one unit, one category, a hundred products and a hundred parties, and submits contracts of
// three lines over one connection: each caller has the next one to submit as soon as its last one was answered. The broker orders every
// contract at the desk meanwhile. Prints a line of JSON; its clock runs from the first submit to the last answer.

import CDR
import Glibc
import IIOPTransport
import InterchangeIDL
import ORBCore

typealias V1 = Interchange.V1

struct Failure: Error { let message: String }

func fail(_ message: String, code: Int32) -> Never {
  var line = "contract-bench-client: \(message)\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
  exit(code)
}

var numbers = ["--count": 4_000, "--callers": 32]
var rest = CommandLine.arguments.dropFirst()
while let option = rest.popFirst() {
  guard numbers[option] != nil, let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else {
    fail("usage: contract-bench-client [--count N] [--callers N]", code: 2)
  }
  numbers[option] = value
}
let (count, callers) = (numbers["--count"]!, numbers["--callers"]!)

/// Takes every order.
struct Desk: V1.OrderDesk.Servant {
  func create(key: V1.CorrelationKey, item: V1.Order, context: ServerContext) async throws -> V1.OrderVerdict {
    V1.OrderVerdict(
      outcome: "accepted", orderNumber: "SO-\(key)", customerNumber: item.customerNumber, code: "", explanation: "", lines: [],
      bookedAt: nil)
  }

  func find(key: V1.CorrelationKey, context: ServerContext) async throws -> V1.OrderVerdict {
    throw V1.NotFound(key: key, explanation: "every order was answered")
  }

  func change(
    key: V1.CorrelationKey, placed: V1.OrderId, revision: Int32, item: V1.Order, context: ServerContext
  ) async throws -> V1.OrderVerdict { throw SystemException(.noImplement) }

  func cancel(
    key: V1.CorrelationKey, placed: V1.OrderId, revision: Int32, reason: String, context: ServerContext
  ) async throws -> V1.OrderVerdict { throw SystemException(.noImplement) }

  func findChange(key: V1.CorrelationKey, revision: Int32, context: ServerContext) async throws -> V1.OrderVerdict {
    throw V1.NotFound(key: key, explanation: "no order is changed here")
  }

  func checkCredit(key: V1.CorrelationKey, question: V1.CreditQuestion, context: ServerContext) async throws -> V1.CreditVerdict {
    throw SystemException(.noImplement)
  }
}

func address() -> V1.Address {
  V1.Address(kind: "delivery", line1: "8 Quay Street", line2: "", city: "Ningbo", region: "Zhejiang", postalCode: "315000", country: "CN")
}

func product(_ number: Int) throws -> V1.Product {
  V1.Product(
    id: "P\(number)", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], code: "P\(number)",
    name: "Gate valve DN\(number), flanged", description: "", specification: "PN16, grey cast iron", category: "K", unit: "EA",
    packagings: [],
    listPrice: V1.Money(amount: try V1.MoneyAmount(unscaled: 6_800_000), currency: "CNY"), priceIncludesTax: false, serialised: false)
}

func party(_ number: Int) -> V1.Party {
  V1.Party(
    id: "C\(number)", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], name: "Eastern Machines \(number)",
    kind: "customer",
    parent: "", taxId: "91330200\(1_000_000 + number)", paymentTerms: "net 30", addresses: [address()])
}

func contract(_ number: Int) throws -> V1.Contract {
  let lines = try (1...3).map { line in
    V1.ContractLine(
      number: Int32(line), product: "P\((number + line) % 100)", packaging: "", quantity: try V1.QuantityAmount(unscaled: 2_000_000),
      unit: "EA", unitPrice: try V1.UnitPriceAmount(unscaled: 68_000_000_000), discount: try V1.PercentAmount(unscaled: 0), taxCode: "",
      deliveryDate: "2026-12-31")
  }
  return V1.Contract(
    id: "SC-\(number)", changedAt: 1, sourceVersion: 1, status: "signed", attributes: [], number: "SC-\(number)", party: "C\(number % 100)",
    contactPerson: "", signDate: "2026-03-31", currency: "CNY", priceIncludesTax: false, lines: lines, paymentTerms: "net 30",
    deliveryAddress: address(), netTotal: try V1.MoneyAmount(unscaled: 40_800_000), taxTotal: try V1.MoneyAmount(unscaled: 0),
    grossTotal: try V1.MoneyAmount(unscaled: 40_800_000), orderType: "new", renews: "", calledOff: false)
}

func check(_ receipt: V1.Receipt) throws {
  guard receipt.outcome == "accepted" else {
    throw Failure(message: "\(receipt.message): \(receipt.outcome), \(receipt.results.first { $0.code != "" }.map { "\($0)" } ?? "")")
  }
}

func pushMasterData(_ inbound: V1.Inbound) async throws {
  let unit = V1.Unit(
    id: "EA", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], code: "EA", name: "piece", rec20: "H87", baseUnit: "",
    factorNumerator: 1, factorDenominator: 1)
  try check(try await inbound.pushUnits(message: "units", batch: [unit]))
  let category = V1.Category(
    id: "K", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], code: "K", name: "Valves", parent: "")
  try check(try await inbound.pushCategories(message: "categories", batch: [category]))
  try check(try await inbound.pushProducts(message: "products", batch: try (0..<100).map(product)))
  try check(try await inbound.pushParties(message: "parties", batch: (0..<100).map(party)))
}

func sign(_ orb: ORB, _ reference: String, _ system: String, _ secret: String) async throws {
  let login = V1.Login(unchecked: try ObjectRef(stringified: reference, orb: orb))
  guard let inbound = try await login.open(system: system, secret: secret) else { throw Failure(message: "the broker gave no session") }
  try await pushMasterData(inbound)
  guard let desk = try await inbound.contracts() else { throw Failure(message: "the broker gave no contract desk") }
  // What a sender has at hand before it calls is not part of the time.
  let contracts = try (0..<count).map(contract)
  let clock = ContinuousClock()
  let started = clock.now
  try await withThrowingTaskGroup { group in
    for caller in 0..<callers {
      group.addTask {
        for number in stride(from: caller, to: count, by: callers) {
          let status = try await desk.submit(message: "contract \(number)", item: contracts[number])
          guard status.state == "signed" || status.state == "ordered" else {
            throw Failure(message: "\(status.id) is \(status.state): \(status.explanation)")
          }
        }
      }
    }
    try await group.waitForAll()
  }
  let (seconds, attoseconds) = (clock.now - started).components
  let time = Double(seconds) + Double(attoseconds) * 1e-18
  print("{\"contracts\":\(count),\"callers\":\(callers),\"seconds\":\(time),\"contracts_per_s\":\(Double(count) / time)}")
  try await inbound.close()
}

let orb = ORB()
let transport = try IIOPTransport(orb: orb)
do {
  try transport.listen()
  print(try orb.adapter(named: "Bench").activate(Desk()).stringified)
  fflush(nil)
  guard let words = readLine()?.split(separator: " ").map(String.init), words.count == 3 else {
    fail("needs REFERENCE SYSTEM SECRET on the standard input", code: 2)
  }
  try await withTaskExecutorPreference(transport.executor) { try await sign(orb, words[0], words[1], words[2]) }
  await transport.shutDown()
} catch {
  fail("\(error)", code: 1)
}
