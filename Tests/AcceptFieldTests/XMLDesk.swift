import ForeignORB
import Glibc
import TesseraProcess

/// A broker with a dialect and mapping files of the test's own, and a partner that sends its documents.
final class XMLDesk {
  let server = try! TesseraServer()
  let token: String
  private var running: TesseraServer.Running?

  /// - Parameters:
  ///   - dialect: the `<document>` elements of the dialect `shop`.
  ///   - samples: by the names of their files.
  ///   - mappings: by the names of their files.
  init(dialect: String, samples: [String: String], mappings: [String: String], agreed: [String] = ["--documents", "shop:*"]) async throws {
    try Self.write(dialect, samples, mappings, to: server)
    let added = try await Self.document(["partners", "add", "shop", "--type", "shop", "--identity", "body"] + agreed, server)
    guard let token = added["token"]?.string else { throw ForeignORBError.unexpectedAnswer("partners add gave no token") }
    self.token = token
  }

  static func write(_ dialect: String?, _ samples: [String: String], _ mappings: [String: String], to server: TesseraServer) throws {
    if let dialect { try server.write("<dialect xmlns=\"urn:tessera:dialect:1\" name=\"shop\">\(dialect)</dialect>", to: "shop.xml") }
    for (name, text) in samples { try server.write(text, to: name) }
    for (name, text) in mappings { try server.write(text, to: "maps/\(name).xml") }
  }

  /// Of every command on documents and mappings.
  static let files = ["--dialect", "shop.xml", "--mappings", "maps"]

  func serve(_ options: [String] = files) async throws { running = try await server.serve(options: options) }

  func stop() async throws {
    guard let running else { return }
    running.process.signal(SIGTERM)
    _ = try await running.process.wait(within: .seconds(30))
    self.running = nil
  }

  /// POSTs a document, and gives status and body.
  ///
  /// - Parameter other: the token of another partner.
  func post(_ document: String, as other: String? = nil) async throws -> (status: Int, body: String) {
    guard let running else { throw ForeignORBError.unexpectedAnswer("nobody serves") }
    try server.write(document, to: "request.xml")
    let result = try await ChildProcess.run(
      "curl",
      [
        "--silent", "--show-error", "--max-time", "60", "-w", "\n%{http_code}", "-H", "Authorization: Bearer \(other ?? token)",
        "--data-binary",
        "@request.xml", running.http,
      ], folder: server.folder)
    let lines = result.output.split(whereSeparator: \.isNewline)
    guard let status = lines.last.flatMap({ Int($0) }) else { throw ForeignORBError.unexpectedAnswer(result.output + result.errors) }
    return (status, lines.dropLast().joined(separator: "\n"))
  }

  /// `id outcome CODE` of each item of an answer.
  func items(_ document: String, as other: String? = nil) async throws -> [String] {
    let (status, body) = try await post(document, as: other)
    guard status == 200 else { throw ForeignORBError.unexpectedAnswer("\(status) \(body)") }
    return body.split(separator: "<item>\n").dropFirst().map { item in
      ["key", "outcome", "code"].compactMap { name in
        item.firstMatch(of: try! Regex("<\(name)>([^<]*)</\(name)>")).flatMap { $0.output[1].substring.map(String.init) }
      }.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// Pushes rows of CSV through the desk's mappings.
  @discardableResult func push(_ type: String, _ rows: String...) async throws -> JSON {
    let file = try server.write(rows.joined(separator: "\n") + "\n", to: "rows.csv")
    return try await Self.document(["push", file, "--system", "shop", "--as", "csv:\(type)"] + Self.files, server)
  }

  /// The document of a command on the desk's files.
  func document(_ arguments: String...) async throws -> JSON { try await Self.document(arguments + Self.files, server) }

  private static func document(_ arguments: [String], _ server: TesseraServer) async throws -> JSON {
    try JSON(parsing: try await server.run(arguments: arguments + ["--json"]).output)
  }

  func rows(_ query: String) async throws -> String { try await server.rows(query) }

  /// What `tessera doctor` found of a subject.
  func doctor(_ subject: String) async throws -> [String] {
    try await document("doctor", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0")["checks"]?.array?.filter {
      $0["what"]?.string == subject
    }
    .map { "\($0["state"]?.string ?? "") \($0["found"]?.string ?? "")" } ?? []
  }
}
