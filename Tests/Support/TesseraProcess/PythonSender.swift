public import ForeignORB

/// A system whose ORB is omniORBpy: logs in and pushes batches.
public final class PythonSender: Sendable {
  public static let idl = [repositoryPath("Sources/InterchangeIDL/interchange.idl")]

  public let peer: PythonPeer
  /// The reference of the session's `Inbound`.
  public let session: String

  /// - Throws: ``ForeignORBError/raised(exception:members:)`` where the log-in is refused.
  public init(_ login: String, system: String, secret: String, peer: PythonPeer? = nil) async throws {
    if let peer { self.peer = peer } else { self.peer = try await PythonPeer(idl: Self.idl) }
    session = try await Self.open(login, system: system, secret: secret, self.peer)
  }

  /// Logs in and gives the session's reference.
  public static func open(_ login: String, system: String, secret: String, _ peer: PythonPeer) async throws -> String {
    guard let session = try await peer.call(login, "Interchange::V1::Login", "open", [.string(system), .string(secret)])[0].string else {
      throw ForeignORBError.unexpectedAnswer("the session is nil")
    }
    return session
  }

  /// Pushes a batch, `pushProducts` for example, and gives the receipt.
  public func push(_ operation: String, _ message: String, _ batch: [JSON], within limit: Duration = .seconds(30)) async throws
    -> PushReceipt
  {
    let results = try await peer.call(
      session, "Interchange::V1::Inbound", operation, [.string(message), .array(batch)], within: limit)
    return try PushReceipt(results[0])
  }
}

/// A receipt, whichever ORB brought it.
public struct PushReceipt: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public var key: String
    public var outcome: String
    public var code: String
    public var path: String
    /// `applied`, or `rejected CODE path`.
    public var words: String { [outcome, code, path].filter { !$0.isEmpty }.joined(separator: " ") }

    public init(key: String, outcome: String, code: String, path: String) {
      (self.key, self.outcome, self.code, self.path) = (key, outcome, code, path)
    }
  }

  public var message: String
  /// Microseconds since 1970 UTC, decimal.
  public var receivedAt: String
  public var outcome: String
  public var items: [Item]

  public init(message: String, receivedAt: String, outcome: String, items: [Item]) {
    (self.message, self.receivedAt, self.outcome, self.items) = (message, receivedAt, outcome, items)
  }

  init(_ json: JSON) throws {
    guard let message = json["message"]?.string, let receivedAt = json["receivedAt"]?.string, let outcome = json["outcome"]?.string,
      let results = json["results"]?.array
    else { throw ForeignORBError.unexpectedAnswer("no receipt: \(json)") }
    self.init(
      message: message, receivedAt: receivedAt, outcome: outcome,
      items: results.map { result in
        Item(
          key: result["key"]?.string ?? "", outcome: result["outcome"]?.string ?? "", code: result["code"]?.string ?? "",
          path: result["path"]?.string ?? "")
      })
  }
}
