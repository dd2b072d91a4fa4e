import ForeignORB
import Foundation
import TesseraProcess
import Testing

/// A CRM whose orders go to the system `desk`, of which nobody answers: what credit control does shows in the rows alone. `desk` gives
/// the credit terms, too, as CSV files.
final class Desk: Sendable {
  let server: TesseraServer
  /// The CRM core's ids of the customers `D-1`, `D-2` and so on.
  let parties: [String]

  init(customers: Int = 1) async throws {
    server = try TesseraServer()
    try await server.json(
      "systems", "add", "desk", "--adapter", "order-desk", "--reference", "corbaloc:iiop:127.0.0.1:9/nobody", "--orders")
    try server.write("code,name,currency,price\nA,Kran,EUR,1\n", to: "products.csv")
    try await server.json("products", "import", "products.csv")
    let rows = (1...customers).map { "D-\($0),1,active,Bauhof \($0),customer" }
    try await Self.push(["id,sourceVersion,status,name,kind"] + rows, as: "Party", server)
    var parties: [String] = []
    for number in 1...customers {
      parties.append(try #require(try await server.json("parties", "show", "desk:D-\(number)")["party"]?["id"]?.string))
    }
    self.parties = parties
  }

  /// Pushes a file with these lines and gives the receipt.
  @discardableResult
  func push(_ lines: [String], as type: String) async throws -> JSON { try await Self.push(lines, as: type, server) }

  @discardableResult
  private static func push(_ lines: [String], as type: String, _ server: TesseraServer) async throws -> JSON {
    let name = "\(UUID().uuidString).csv"
    try server.write(lines.joined(separator: "\r\n") + "\r\n", to: name)
    return try await server.json("push", name, "--system", "desk", "--as", type, "--fail-on", "none")
  }

  /// New terms of a customer.
  ///
  /// - Parameter age: seconds since the figures were true.
  func terms(
    _ customer: String = "D-1", version: Int, limit: String, currency: String = "EUR", open: String = "0", overdue: String = "0",
    onHold: Bool = false, age: Double = 0
  ) async throws {
    let asOf = Int64((Date().timeIntervalSince1970 - age) * 1_000_000)
    try await push(
      [
        "id,sourceVersion,status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,onHold,asOf",
        "\(customer)/1000,\(version),active,\(customer),1000,\(currency),\(limit),\(open),0,\(overdue),\(onHold),\(asOf)",
      ], as: "CreditTerms")
  }

  func draft(_ amount: String, party: Int = 0) async throws -> String {
    let drafted = try await server.json(
      "contracts", "new", "--party", parties[party], "--currency", "EUR", "--line", "P-000001:1:\(amount)")
    return try #require(drafted["id"]?.string)
  }

  /// Signs a contract and gives its state.
  @discardableResult
  func sign(_ contract: String) async throws -> String {
    try #require(try await server.json("contracts", "sign", contract)["state"]?.string)
  }

  func signed(_ amount: String) async throws -> (contract: String, state: String) {
    let contract = try await draft(amount)
    return (contract, try await sign(contract))
  }

  func state(_ contract: String) async throws -> String {
    try #require(try await server.json("contracts", "show", contract)["state"]?.string)
  }

  /// The codes for which a contract is on hold.
  func code(_ contract: String) async throws -> String? {
    try await server.json("contracts", "show", contract)["creditHolds"]?.array?.first { $0["state"] == "waiting" }?["code"]?.string
  }

  /// The store's rows, asked without any code of ours.
  func sqlite(_ query: String) async throws -> String { try await server.rows(query) }
}
