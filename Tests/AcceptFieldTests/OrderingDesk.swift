import ForeignORB
import TesseraProcess
import Testing

/// A broker whose orders go to the order desk of a foreign ORB (omniORBpy), which answers as a test says. One product, and customers that
/// are made as they are needed; two failures park an order.
final class OrderingDesk: Sendable {
  static let idl = repositoryPath("Sources/InterchangeIDL/interchange.idl")
  /// What is written in broker.xml.
  static func configuration(_ inside: String = "<deliveries attempts=\"2\"/>") -> String {
    "<broker xmlns=\"urn:tessera:broker:1\">\(inside)</broker>\n"
  }

  let server: TesseraServer
  let desk: PythonServant
  let running: TesseraServer.Running

  /// - Parameters:
  ///   - key: the desk's key in its process, where it is called by a `corbaloc:`.
  ///   - options: more of `systems add`.
  ///   - serving: options of `serve`.
  ///   - reference: how the desk is called, made of its full reference.
  ///   - before: is done before the broker serves.
  init(
    guarantee: String, configuration: String = OrderingDesk.configuration(), codes: String = "B-8,螺栓 M8,EUR,0.35", key: String? = nil,
    options: [String] = [], serving: [String] = [], wrapper: [String] = [], reference: ((String) throws -> String)? = nil,
    before: (TesseraServer) async throws -> Void = { _ in }
  ) async throws {
    server = try TesseraServer()
    desk = try await PythonPeer(idl: [Self.idl]).serve("Interchange::V1::OrderDesk", key: key)
    try server.write("code,name,currency,listPrice\n\(codes)\n", to: "products.csv")
    try await server.json("products", "import", "products.csv")
    try server.write(configuration, to: "tessera-data/broker.xml")
    let added = try await server.run(
      arguments: [
        "systems", "add", "desk", "--adapter", "order-desk", "--reference", try reference?(desk.reference) ?? desk.reference, "--guarantee",
        guarantee,
        "--orders",
      ] + options)
    try #require(added.exit == .code(0), "\(added.errors)")
    try await server.json("identity", "link", "Product", "desk:X-8", "crm:P-000001", "--reason", "the same")
    try await before(server)
    running = try await server.serve(port: 0, options: serving, wrapper: wrapper)
  }

  static func verdict(_ number: String, _ outcome: String = "accepted", customer: String = "") -> JSON {
    [
      "outcome": .string(outcome), "orderNumber": .string(number), "customerNumber": .string(customer), "code": "", "explanation": "",
      "lines": [], "bookedAt": [],
    ]
  }

  // MARK: - What people do

  /// A contract of a new customer.
  ///
  /// - Returns: its id.
  func draft(_ customer: String, name: String? = nil) async throws -> String {
    let made = try await server.json("parties", "new", "--name", name ?? customer, "--tax-id", customer, "--country", "GB")
    return try await draft(party: try #require(made["party"]?["id"]?.string))
  }

  func draft(party: String) async throws -> String {
    try #require(try await server.json("contracts", "new", "--party", party, "--line", "P-000001:10:1", "--currency", "EUR")["id"]?.string)
  }

  /// Signs a contract of a new customer, whose order is answered like this.
  func sign(_ customer: String, name: String? = nil, _ answer: PythonServant.Answer) async throws -> String {
    try await desk.answer("create", answer)
    let contract = try await draft(customer, name: name)
    try await server.json("contracts", "sign", contract)
    return contract
  }

  /// The refusal's code and words.
  func refusal(_ arguments: String...) async throws -> (code: String, message: String) {
    let result = try await server.run(arguments: arguments + ["--json"])
    #expect(result.exit == .code(1), "\(result.output)")
    let error = try JSON(parsing: result.output)["error"]
    return (error?["code"]?.string ?? "", error?["message"]?.string ?? "")
  }

  // MARK: - Looking

  /// The newest delivery of a contract.
  func delivery(_ contract: String) async throws -> JSON {
    try await server.json("contracts", "show", contract)["orders"]?.array?.last ?? nil
  }

  /// The newest delivery of a contract, once it is in that state.
  @discardableResult
  func delivery(_ contract: String, in state: String, within seconds: Int = 60) async throws -> JSON {
    var last: JSON = nil
    do {
      try await eventually("\(contract) is \(state)", within: seconds) {
        last = try await delivery(contract)
        return last["state"]?.string == state
      }
    } catch { throw ForeignORBError.unexpectedAnswer("\(contract) is not \(state): \(last) \(running.process.errorText)") }
    return last
  }

  func state(_ contract: String) async throws -> String? { try await server.json("contracts", "show", contract)["state"]?.string }

  /// The findings of `tessera doctor` on a subject.
  func doctor(_ subject: String) async throws -> [String] {
    let checks = try await server.document("doctor", "--listen", "127.0.0.1:0")["checks"]?.array ?? []
    return checks.filter { $0["what"]?.string == subject }.map { "\($0["state"]?.string ?? ""): \($0["found"]?.string ?? "")" }
  }

  /// Lines of the log that have all these parts.
  func log(_ parts: String...) -> [String] {
    running.process.errorText.split(separator: "\n").map(String.init).filter { line in parts.allSatisfy { line.contains($0) } }
  }
}
