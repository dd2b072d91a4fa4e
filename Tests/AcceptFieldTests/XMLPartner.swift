import ForeignORB
import TesseraProcess
import XMLStream

/// A partner that POSTs documents with curl.
struct XMLPartner: Sendable {
  let server: TesseraServer
  let running: TesseraServer.Running
  let token: String

  /// What curl got.
  struct Answer: Sendable {
    var status: Int
    var body: String
    /// The numbers in the headers Location and Tessera-Duplicate-Of.
    var receipt: Int?
    var duplicateOf: Int?

    var root: XMLElement { get throws { try XMLDocument(parsing: Array(body.utf8), file: "the answer").root } }
    /// `key succeed dsc` of each item of a `ufinterface` return.
    var items: [String] {
      get throws { try root.elements("item").map { "\($0["key"] ?? "") \($0["succeed"] ?? "") \($0["dsc"] ?? "")" } }
    }
    /// `key outcome code` of each result of a canonical receipt.
    var results: [String] {
      get throws {
        let results = try root.element(Self.name("results"))?.elements ?? []
        return results.map { item in
          ["key", "outcome", "code"].compactMap { item.element(Self.name($0))?.text }.filter { !$0.isEmpty }.joined(separator: " ")
        }
      }
    }
    /// A count of a canonical receipt.
    func count(_ name: String) throws -> Int? { try root[XMLName(name)].flatMap { Int($0) } }

    private static func name(_ local: String) -> XMLName { XMLName(local, namespace: "urn:tessera:interchange:1") }
  }

  /// Agrees with a partner; the broker serves already.
  init(_ name: String, of server: TesseraServer, _ running: TesseraServer.Running, _ options: [String]) async throws {
    let added = try JSON(parsing: try await server.run(arguments: ["partners", "add", name, "--json"] + options).output)
    guard let token = added["token"]?.string else { throw ForeignORBError.unexpectedAnswer("partners add gave no token: \(added)") }
    (self.server, self.running, self.token) = (server, running, token)
  }

  func post(_ text: String, file: String = "request.xml") async throws -> Answer {
    try await post(file: try server.write(text, to: file))
  }

  func post(file: String) async throws -> Answer { try await curl(["--data-binary", "@\(file)"], to: "") }

  func receipt(_ number: Int) async throws -> Answer { try await curl([], to: "/receipts/\(number)") }

  private func curl(_ options: [String], to path: String) async throws -> Answer {
    let told = "\n%{http_code} %header{location} %header{tessera-duplicate-of}"
    let result = try await ChildProcess.run(
      "curl",
      ["--silent", "--show-error", "--max-time", "120", "-w", told, "-H", "Authorization: Bearer \(token)"] + options
        + [running.http + path],
      folder: server.folder)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let words = (lines.last ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, let status = Int(words[0]) else {
      throw ForeignORBError.unexpectedAnswer("curl said \(result.output) \(result.errors)")
    }
    return Answer(
      status: status, body: lines.dropLast().joined(separator: "\n"), receipt: words[1].split(separator: "/").last.flatMap { Int($0) },
      duplicateOf: Int(words[2]))
  }
}

/// Documents of the dialect `ufinterface`.
enum UFDocument {
  static func customers(_ proc: String, _ items: String, docid: String = "1") -> String {
    "<ufinterface roottag=\"customer\" docid=\"\(docid)\" receiver=\"u8\" sender=\"001\" proc=\"\(proc)\">\(items)</ufinterface>"
  }

  static func customer(_ code: String, _ name: String) -> String { "<customer><code>\(code)</code><name>\(name)</name></customer>" }
}
