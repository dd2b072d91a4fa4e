import ForeignORB
import TesseraProcess
import Testing

/// A broker that serves, and a partner of a U8 EAI interface who posts documents to it with curl.
final class FieldPartner: Sendable {
  let server: TesseraServer
  private let running: TesseraServer.Running
  private let token: String

  init(_ server: TesseraServer? = nil, serving options: [String] = []) async throws {
    let server = try server ?? TesseraServer()
    let added = try await server.json(
      "partners", "add", "u8", "--type", "ufinterface", "--sender", "001", "--identity", "body", "--documents", "*")
    token = try #require(added["token"]?.string)
    running = try await server.serve(options: ["--log", "error"] + options)
    self.server = server
  }

  /// Posts a document and gives the answer's body.
  func post(_ document: String) async throws -> String {
    let file = try server.write(document, to: "document.xml")
    return try await ChildProcess.check(
      "curl",
      [
        "--silent", "--show-error", "--max-time", "60", "--data-binary", "@\(file)", "-H", "Content-Type: text/xml", "-H",
        "Authorization: Bearer \(token)", running.http,
      ], folder: server.folder)
  }

  /// Posts a `ufinterface` document with these items and gives what became of each: `C-01 0 ok`.
  func say(_ proc: String, _ roottag: String, _ items: String) async throws -> [String] {
    let answer = try await post(
      "<ufinterface roottag=\"\(roottag)\" docid=\"1\" sender=\"001\" receiver=\"u8\" proc=\"\(proc)\">\(items)</ufinterface>")
    return answer.split(separator: "<item ").dropFirst().map { item in
      let parts = item.split(separator: "\"", omittingEmptySubsequences: false)
      return parts.count > 5 ? [parts[1], parts[3], parts[5]].joined(separator: " ") : String(item)
    }
  }

  /// Posts a document of the canonical model.
  func push(_ operation: String, _ message: String, _ items: String) async throws -> String {
    try await post("<\(operation) xmlns=\"urn:tessera:interchange:1\"><message>\(message)</message><batch>\(items)</batch></\(operation)>")
  }

  /// The record of an object by its id in the partner's system.
  func record(_ command: String, _ id: String) async throws -> JSON? {
    let shown = try await server.json(command, "show", "u8:\(id)")
    return (shown["product"] ?? shown["party"])?["record"]
  }

  func end() async throws { try await running.process.kill() }
}
