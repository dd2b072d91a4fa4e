/// omniORBpy on the wire: calls any operation of any interface, and serves any interface as it is told.
///
/// Interfaces are named as in IDL (`Bench::Echo`), values are JSON as Tests/Support/README.md says. Its string code set is
/// UTF-8 unless an option says otherwise; it listens on the loopback only.
public final class PythonPeer: Sendable {
  /// The process behind it, for its errors, and for tests that kill it.
  public let python: PythonORB

  /// Compiles the IDL files and starts the peer.
  ///
  /// - Parameter options: omniORB's own, such as `-ORBnativeCharCodeSet`, `ISO-8859-1`.
  public init(idl: [String], includes: [String] = [], options: [String] = []) async throws {
    python = try await PythonORB("orb_peer.py", idl: idl, includes: includes, arguments: options)
  }

  /// Calls an operation and gives its results: the return value first, then out and inout parameters in their order.
  ///
  /// An attribute is the operation `_get_NAME` or `_set_NAME`. The reference is an `IOR:` or a `corbaloc:`.
  ///
  /// - Parameter limit: How long omniORB waits for the reply; then it raises `CORBA.TIMEOUT` or `CORBA.TRANSIENT`.
  /// - Throws: ``ForeignORBError/raised(exception:members:)`` for a user exception,
  ///   ``ForeignORBError/refused(exception:message:)`` for a system exception, with minor code and completion in the message.
  @discardableResult public func call(
    _ reference: String, _ interface: String, _ operation: String, _ arguments: [JSON] = [], within limit: Duration = .seconds(30)
  ) async throws -> [JSON] {
    let results = try await python.request(
      [
        "op": "call", "reference": .string(reference), "interface": .string(interface), "operation": .string(operation),
        "arguments": .array(arguments), "milliseconds": .integer(Int(limit / .milliseconds(1))),
      ], within: limit + .seconds(30))
    return results.array ?? []
  }

  /// What the object answers to `_is_a` for the repository id.
  public func isA(_ reference: String, _ repositoryID: String) async throws -> Bool {
    try await python.request(["op": "is_a", "reference": .string(reference), "id": .string(repositoryID)]).bool ?? false
  }

  /// The contrary of what the object answers to `_non_existent`.
  public func exists(_ reference: String) async throws -> Bool {
    try await python.request(["op": "exists", "reference": .string(reference)]).bool ?? false
  }

  /// Serves an interface; at first every operation gives back its arguments, for each result the first of its type.
  ///
  /// - Parameter key: The object key, for `corbaloc:iiop:HOST:PORT/KEY`; omniORB makes one up if nil.
  public func serve(_ interface: String, key: String? = nil) async throws -> PythonServant {
    var request: JSON = ["op": "serve", "interface": .string(interface)]
    if let key, case .object(var members) = request {
      members["key"] = .string(key)
      request = .object(members)
    }
    guard let reference = try await python.request(request).string else { throw ForeignORBError.unexpectedAnswer("no reference") }
    return PythonServant(peer: self, reference: reference)
  }
}

/// A servant in a ``PythonPeer``.
public struct PythonServant: Sendable {
  /// What a servant does when it is called.
  public enum Answer: Sendable {
    /// Gives these results: the return value first, then out and inout parameters.
    case results([JSON])
    /// Waits, then gives these results.
    case resultsLater(Duration, [JSON])
    /// Raises a user exception, `Module::Name`.
    case raise(String, members: JSON)
    /// Raises a system exception, `CORBA::OBJECT_NOT_EXIST`; completion as in `COMPLETED_MAYBE`.
    case raiseSystem(String, minor: Int, completed: String)
    /// Waits, then gives back the arguments.
    case wait(Duration)
    /// Ends the process without an answer.
    case die
  }

  /// A call that the servant got.
  public struct Call: Hashable, Sendable {
    /// The operation's name; `_get_NAME` for an attribute.
    public let operation: String
    /// Its in and inout arguments.
    public let arguments: [JSON]

    /// A call to compare with.
    public init(_ operation: String, _ arguments: [JSON] = []) {
      self.operation = operation
      self.arguments = arguments
    }
  }

  private let peer: PythonPeer
  /// The object's reference, an `IOR:`.
  public let reference: String

  init(peer: PythonPeer, reference: String) {
    self.peer = peer
    self.reference = reference
  }

  /// Says what the operation does from now on; with `once` in its next call only, after those said before for one call.
  public func answer(_ operation: String, _ answer: Answer, once: Bool = false) async throws {
    let members: [String: JSON] =
      switch answer {
      case .results(let results): ["results": .array(results)]
      case .resultsLater(let time, let results):
        ["milliseconds": .integer(Int(time / .milliseconds(1))), "results": .array(results)]
      case .raise(let name, let members): ["exception": .string(name), "members": members]
      case .raiseSystem(let name, let minor, let completed):
        ["exception": .string(name), "minor": .integer(minor), "completed": .string(completed)]
      case .wait(let time): ["milliseconds": .integer(Int(time / .milliseconds(1)))]
      case .die: ["die": true]
      }
    let told = JSON.object(members.merging(["once": .bool(once)]) { first, _ in first })
    try await peer.python.request([
      "op": "answer", "reference": .string(reference), "operation": .string(operation), "answer": told,
    ])
  }

  /// All calls until now, in the order in which they came.
  public func calls() async throws -> [Call] {
    let calls = try await peer.python.request(["op": "calls", "reference": .string(reference)])
    return (calls.array ?? []).map { Call($0["operation"]?.string ?? "", $0["arguments"]?.array ?? []) }
  }
}
