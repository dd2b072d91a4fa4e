import ForeignORB
import TesseraProcess

/// A data folder with the systems `erp` and `shop`, and a mapping of the test's own for their customers, which are recognised by tax ids.
struct CustomerDesk {
  let server: TesseraServer

  init(configuration: String = "") async throws {
    server = try TesseraServer()
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    try server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="customers" from="csv:customers">
        <column name="code"/><column name="tax"/><column name="country"/>
        <emit to="Party">
          <identity entity="Party" from="code" field="id"><match field="taxId" from="tax"/></identity>
          <set field="changedAt" from="now-of-document()"/>
          <set field="status" value="active"/>
          <set field="name" from="code"/>
          <set field="kind" value="customer"/>
          <set field="parent" value=""/>
          <set field="taxId" from="tax"/>
          <set field="paymentTerms" value=""/>
          <for-each field="addresses" in=".">
            <set field="kind" value="main"/><set field="line1" value=""/><set field="line2" value=""/><set field="city" value=""/>
            <set field="region" value=""/><set field="postalCode" value=""/><set field="country" from="country"/>
          </for-each>
        </emit>
      </mapping>
      """, to: "mappings/customers.xml")
    try server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="goods" from="csv:goods">
        <column name="id"/><column name="code"/>
        <emit to="Product">
          <identity entity="Product" from="id" field="id"><match field="code" from="code"/></identity>
          <set field="changedAt" from="now-of-document()"/><set field="status" value="active"/><set field="code" from="code"/>
          <set field="name" from="code"/><set field="description" value=""/><set field="specification" value=""/>
          <set field="category" value=""/><set field="unit" value=""/><set field="listPrice/amount" value="1"/>
          <set field="listPrice/currency" value="EUR"/><set field="priceIncludesTax" value="false"/><set field="serialised" value="false"/>
        </emit>
      </mapping>
      """, to: "mappings/goods.xml")
    for system in ["erp", "shop"] { _ = try await server.addSystem(system) }
    if !configuration.isEmpty { try configure(configuration) }
  }

  /// Writes what broker.xml says of identity.
  func configure(_ identity: String) throws {
    try server.write("<broker xmlns=\"urn:tessera:broker:1\"><identity>\(identity)</identity></broker>\n", to: "tessera-data/broker.xml")
  }

  /// Pushes one row, and gives what became of it: `applied`, `held NEAR_MISS`.
  func push(_ row: String, of system: String = "erp", as kind: String = "customers") async throws -> String {
    try server.write((kind == "goods" ? "id,code" : "code,tax,country") + "\n\(row)\n", to: "rows.csv")
    let said = try await server.run(
      arguments: ["push", "rows.csv", "--system", system, "--as", "csv:\(kind)", "--mappings", "mappings", "--json"])
    let item = try JSON(parsing: said.output)["results"]?.array?.first
    return [item?["outcome"]?.string, item?["code"]?.string].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// A command that gets the mappings of the test.
  func mapped(_ arguments: String...) async throws -> JSON {
    try JSON(parsing: try await server.run(arguments: arguments + ["--mappings", "mappings", "--json"]).output)
  }

  /// How many customers there are.
  var customers: Int { get async throws { try await server.json("parties", "list")["parties"]?.array?.count ?? -1 } }

  /// The ids that wait as near misses, with the words that say why.
  var held: [(id: String, number: String)] {
    get async throws {
      (try await server.json("held", "list")["held"]?.array ?? []).filter { $0["code"]?.string == "NEAR_MISS" }.map {
        ($0["id"]?.string ?? "", $0["held"]?.integer.map { "\($0)" } ?? "")
      }
    }
  }
}
