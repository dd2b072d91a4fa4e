/// What answers the calls on an object.
///
/// Each generated interface has a protocol `X.Servant` that refines this one and implements everything here; an application
/// conforms to that with a class, struct or actor and writes only the operations.
public protocol Servant: Sendable {
  /// The interfaces that the object has, most derived first.
  var repositoryIDs: [String] { get }

  /// Answers one request.
  ///
  /// - Returns: made by ``IncomingRequest/reply(_:)`` or ``IncomingRequest/raise(_:)``.
  /// - Throws: ``CORBA/SystemException`` reaches the caller as it is; other errors as the ORB's rules say.
  nonisolated(nonsending) func dispatch(_ request: IncomingRequest) async throws -> Reply

  /// Answers one request at once, for operations that `#pragma tessera sync` declares never to block.
  ///
  /// - Returns: nil where the operation needs ``dispatch(_:)``.
  func dispatchSynchronously(_ request: IncomingRequest) throws -> Reply?
}

extension Servant {
  public func dispatchSynchronously(_ request: IncomingRequest) throws -> Reply? { nil }
}
