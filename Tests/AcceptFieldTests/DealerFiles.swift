import ForeignORB
import TesseraProcess

/// CSV files of dealers, which a mapping file of an integrator makes parties of.
struct DealerFiles {
  let server: TesseraServer

  /// A data folder with the system `ledger` and a mapping for its dealers.
  ///
  /// - Parameters:
  ///   - condition: which dealers are taken.
  ///   - attributes: of the mapping.
  init(taking condition: String = "", attributes: String = "") async throws {
    server = try TesseraServer()
    try await ChildProcess.check("cp", ["-r", repositoryPath("Mappings"), "\(server.folder)/mappings"])
    try map(taking: condition, attributes: attributes)
    _ = try await server.addSystem("ledger")
  }

  /// Writes the mapping anew.
  func map(taking condition: String = "", kind: String = "from=\"kind\"", attributes: String = "", emit: String = "") throws {
    try server.write(
      """
      <mapping xmlns="urn:tessera:mapping:1" name="dealers" from="csv:dealers"\(attributes)>
        <column name="code"/><column name="name"/><column name="kind"/>
        <emit to="Party"\(emit)\(condition.isEmpty ? "" : " when=\"\(condition)\"")>
          <identity entity="Party" from="code" field="id"/>
          <set field="changedAt" from="now-of-document()"/>
          <set field="status" value="active"/>
          <set field="name" from="name"/>
          <set field="kind" \(kind)/>
          <set field="parent" value=""/>
          <set field="taxId" value=""/>
          <set field="paymentTerms" value=""/>
        </emit>
      </mapping>
      """, to: "mappings/dealers.xml")
  }

  /// Writes a file of `code,name,kind` rows.
  func write(_ file: String, _ rows: String...) throws { try write(file, rows: rows) }

  func write(_ file: String, rows: [String]) throws {
    try server.write((["code,name,kind"] + rows).joined(separator: "\n") + "\n", to: file)
  }

  func push(_ file: String, _ options: String...) async throws -> ChildProcess.Result {
    try await server.run(
      arguments: ["push", file, "--system", "ledger", "--as", "csv:dealers", "--mappings", "mappings"] + options)
  }

  func pushed(_ file: String) async throws -> JSON { try JSON(parsing: try await push(file, "--json").output) }

  /// The names of all parties.
  var names: [String] {
    get async throws { try await server.json("parties", "list")["parties"]?.array?.compactMap { $0["name"]?.string } ?? [] }
  }
}

extension JSON {
  /// `key outcome code` of each result of a receipt.
  var results: [String] {
    (self["results"]?.array ?? []).map { item in
      ["id", "outcome", "code"].compactMap { item[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// `received=2 applied=2` of the counts that are not 0.
  var counted: String {
    ["received", "applied", "unchanged", "held", "rejected", "repeated", "leftOut", "stale"]
      .compactMap { name in self["counts"]?[name]?.integer.flatMap { $0 == 0 ? nil : "\(name)=\($0)" } }.joined(separator: " ")
  }
}
