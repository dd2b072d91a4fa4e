// catalogue-bench-client REFERENCE SYSTEM SECRET [--count N] [--batch N] [--rounds N]
//
// Logs in at a running broker, pushes one unit and forty categories, then the products in rounds: all new, then all changed.
// Prints a line of JSON for each round; its clock runs from the first push to the last receipt.

import CDR
import Glibc
import IIOPTransport
import InterchangeIDL
import ORBCore

typealias V1 = Interchange.V1

struct Failure: Error { let message: String }

func fail(_ message: String, code: Int32) -> Never {
  var line = "catalogue-bench-client: \(message)\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
  exit(code)
}

var values: [String] = []
var numbers = ["--count": 100_000, "--batch": 1_000, "--rounds": 2]
var rest = CommandLine.arguments.dropFirst()
while let argument = rest.popFirst() {
  if numbers[argument] != nil, let value = rest.popFirst().flatMap({ Int($0) }), value > 0 {
    numbers[argument] = value
  } else {
    values.append(argument)
  }
}
guard values.count == 3 else {
  fail("usage: catalogue-bench-client REFERENCE SYSTEM SECRET [--count N] [--batch N] [--rounds N]", code: 2)
}
let (reference, system, secret) = (values[0], values[1], values[2])
let (count, batchSize, rounds) = (numbers["--count"]!, numbers["--batch"]!, numbers["--rounds"]!)

func product(_ number: Int, round: Int) throws -> V1.Product {
  let digits = String(number)
  let id = "P" + String(repeating: "0", count: 9 - digits.count) + digits
  return V1.Product(
    id: id, changedAt: 1_700_000_000_000_000 + Int64(round), sourceVersion: Int64(round + 1), status: "active", attributes: [], code: id,
    name: "Hydraulic excavator bucket tooth, forged steel", description: "Forged and quenched; fits buckets from 1.2 to 1.8 cubic metres",
    specification: "30CrMnSi, HRC 48-52", category: "K\(number % 40)", unit: "EA",
    packagings: [V1.Packaging(code: "CT", name: "Carton", unitsPerPackage: try V1.QuantityAmount(unscaled: 12_000_000))],
    listPrice: V1.Money(amount: try V1.MoneyAmount(unscaled: Int128(1_234_500 + number % 1000 * 100 + round * 10_000)), currency: "CNY"),
    priceIncludesTax: false, serialised: false)
}

func check(_ receipt: V1.Receipt) throws {
  guard receipt.outcome == "accepted" else {
    throw Failure(message: "\(receipt.message): \(receipt.outcome), \(receipt.results.first { $0.code != "" }.map { "\($0)" } ?? "")")
  }
}

func run(_ orb: ORB) async throws {
  let login = V1.Login(unchecked: try ObjectRef(stringified: reference, orb: orb))
  guard let inbound = try await login.open(system: system, secret: secret) else { throw Failure(message: "the broker gave no session") }
  let unit = V1.Unit(
    id: "EA", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], code: "EA", name: "piece", rec20: "H87", baseUnit: "",
    factorNumerator: 1, factorDenominator: 1)
  try check(try await inbound.pushUnits(message: "units", batch: [unit]))
  let categories = (0..<40).map { number in
    V1.Category(
      id: "K\(number)", changedAt: 1, sourceVersion: 1, status: "active", attributes: [], code: "K\(number)",
      name: "Wear parts, group \(number)",
      parent: "")
  }
  try check(try await inbound.pushCategories(message: "categories", batch: categories))
  for round in 0..<rounds {
    // What a sender has at hand before it calls is not part of the time.
    let batches = try stride(from: 0, to: count, by: batchSize).map { start in
      try (start..<min(start + batchSize, count)).map { try product($0, round: round) }
    }
    let clock = ContinuousClock()
    let started = clock.now
    for (index, batch) in batches.enumerated() {
      try check(try await inbound.pushProducts(message: "round \(round) batch \(index)", batch: batch))
    }
    let (seconds, attoseconds) = (clock.now - started).components
    let time = Double(seconds) + Double(attoseconds) * 1e-18
    print("{\"round\":\(round),\"products\":\(count),\"seconds\":\(time),\"products_per_s\":\(Double(count) / time)}")
  }
  try await inbound.close()
}

let orb = ORB()
let transport = try IIOPTransport(orb: orb)
do {
  try await withTaskExecutorPreference(transport.executor) { try await run(orb) }
  await transport.shutDown()
} catch {
  fail("\(error)", code: 1)
}
