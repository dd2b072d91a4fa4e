import ForeignORB
import TesseraProcess

/// A data folder with the system `ledger`, and a mapping of the test's own for its products.
struct ValueDesk {
  let server: TesseraServer

  /// - Parameters:
  ///   - price: what sets the list price: attributes of `<set>`.
  ///   - more: further `<set>` elements.
  init(price: String, more: String = "") async throws {
    server = try TesseraServer()
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    try server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="articles" from="csv:articles">
        <column name="code"/><column name="price"/><column name="word"/><column name="day"/>
        <emit to="Product">
          <identity entity="Product" from="code" field="id"/>
          <set field="changedAt" from="now-of-document()"/>
          <set field="status" value="active"/>
          <set field="code" from="code"/>
          <set field="name" from="code"/>
          <set field="description" value=""/>
          <set field="specification" from="day"/>
          <set field="category" value=""/>
          <set field="unit" value=""/>
          <set field="listPrice/amount" \(price)/>
          <set field="listPrice/currency" value="EUR"/>
          <set field="priceIncludesTax" value="false"/>
          <set field="serialised" value="false"/>
          \(more)
        </emit>
      </mapping>
      """, to: "mappings/articles.xml")
    _ = try await server.addSystem("ledger")
  }

  /// Pushes rows of `code;price;word;day`, and gives what became of each: `A applied`, `B rejected NOT_A_NUMBER`.
  func push(_ rows: String...) async throws -> [String] {
    try server.write((["code;price;word;day"] + rows).joined(separator: "\n") + "\n", to: "articles.csv")
    let said = try await server.run(
      arguments: [
        "push", "articles.csv", "--system", "ledger", "--as", "csv:articles", "--mappings", "mappings", "--separator", "semicolon",
        "--json",
      ])
    return try JSON(parsing: said.output).results
  }

  /// What the CRM core has of a product: `1234.5000 EUR`.
  func price(_ code: String) async throws -> String {
    let record = try await server.json("products", "show", "ledger:\(code)")["product"]?["record"]
    return "\(record?["listPrice"]?["amount"]?.string ?? "-") \(record?["listPrice"]?["currency"]?.string ?? "-")"
  }

  func field(_ name: String, _ code: String) async throws -> JSON? {
    try await server.json("products", "show", "ledger:\(code)")["product"]?["record"]?[name]
  }
}
