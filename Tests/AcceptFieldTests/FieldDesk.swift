import ForeignORB
import TesseraProcess
import Testing

/// A CRM with one product, `B-8`, and one customer, whose orders go to `desk`, of which nobody answers.
final class FieldDesk: Sendable {
  let server: TesseraServer
  /// The customer's id.
  let party: String

  /// - Parameter withDesk: whether orders go anywhere yet.
  init(withDesk: Bool = true) async throws {
    server = try TesseraServer()
    try server.write("code,name,currency,listPrice\nB-8,Bolt M8,EUR,0.35\n", to: "products.csv")
    try await server.json("products", "import", "products.csv")
    party = try #require(
      try await server.json("parties", "new", "--name", "Miller", "--tax-id", "GB1", "--country", "GB")["party"]?["id"]?.string)
    if withDesk { try await addDesk() }
  }

  /// Orders go to `desk` from now on.
  func addDesk(_ name: String = "desk") async throws {
    try await server.json(
      "systems", "add", name, "--adapter", "order-desk", "--reference", "corbaloc:iiop:127.0.0.1:9/nobody", "--orders")
  }

  /// Drafts a contract of one line and gives its id.
  func draft(_ number: String, line: String = "B-8:10:1") async throws -> String {
    try #require(
      try await server.json("contracts", "new", "--number", number, "--party", party, "--line", line, "--currency", "EUR")["id"]?.string)
  }
}
