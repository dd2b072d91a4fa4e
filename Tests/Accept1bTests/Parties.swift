import CDR
import ForeignORB
import IIOPTransport
import ORBCore
import ParleyIDL
import WireValues

let parleyIDL = [repositoryPath("Tests/Support/Parley/parley.idl")]

/// Our ORB and omniORBpy, in two processes on one wire.
final class Parties: Sendable {
  let orb = ORB()
  let transport: IIOPTransport
  let adapter: ObjectAdapter
  let servant = DeskServant()
  /// Our desk, for Python.
  let reference: String
  let python: PythonPeer

  /// - Parameter options: omniORB's own.
  init(options: [String] = []) async throws {
    transport = try IIOPTransport(orb: orb)
    try transport.listen()
    adapter = orb.adapter(named: "Desks")
    reference = try adapter.activate(servant).stringified
    python = try await PythonPeer(idl: parleyIDL, options: options)
  }

  /// For all tests that need nothing special.
  static let shared = Task { try await Parties() }

  /// Lets Python call our desk.
  @discardableResult func call(_ operation: String, _ arguments: [JSON] = []) async throws -> [JSON] {
    try await python.call(reference, "Parley::Desk", operation, arguments)
  }

  /// A new desk in Python, and our stub for it.
  func serveDesk() async throws -> (stub: Parley.Desk, servant: PythonServant) {
    let servant = try await python.serve("Parley::Desk")
    return (Parley.Desk(unchecked: try orb.reference(from: servant.reference)), servant)
  }

  /// An object of ours that is called through the network even by ourselves, as another ORB would.
  func serve(_ servant: any Servant) throws -> String { try adapter.activate(servant).stringified }
}

/// A system exception as omniORBpy reports it: its name, and whether the call was completed.
struct ForeignException: Hashable {
  var name: String
  var minor: UInt32
  var completed: String

  /// Nil for any other error.
  init?(_ error: any Error) {
    guard case ForeignORBError.refused(let name, let message) = error else { return nil }
    let words = message.split(separator: " ")
    guard let number = words.first(where: { $0.hasPrefix("0x") }), let minor = UInt32(number.dropFirst(2), radix: 16) else { return nil }
    self.name = String(name.dropFirst("CORBA.".count))
    self.minor = minor
    completed = words.first { $0.hasPrefix("COMPLETED_") }.map(String.init) ?? ""
  }

  init(_ name: String, minor: UInt32, _ completed: String) {
    self.name = name
    self.minor = minor
    self.completed = completed
  }
}

/// The system exception that Python gets; nil if it gets none.
func foreignException(_ body: () async throws -> Void) async -> ForeignException? {
  do { try await body() } catch { return ForeignException(error) }
  return nil
}

/// The system exception that we get; nil if we get none.
func ownException(_ body: () async throws -> Void) async -> SystemException? {
  do { try await body() } catch { return error as? SystemException }
  return nil
}
