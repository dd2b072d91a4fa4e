public import CDR
public import GIOPCore

/// What a transport must know of a call beside its arguments.
public struct OutgoingCall: Sendable {
  public var route: Route
  public var operation: String
  public var responseExpected: Bool
  /// How long to wait for the reply.
  public var timeout: Duration?
  /// How the request names its object.
  public var target: TargetAddress

  public init(route: Route, operation: String, responseExpected: Bool, timeout: Duration?) {
    self.route = route
    self.operation = operation
    self.responseExpected = responseExpected
    self.timeout = timeout
    target = .key(route.objectKey.octets)
  }
}

/// Carries calls to other processes.
public protocol ClientTransport: AnyObject, Sendable {
  /// Sends a request and waits for its reply; a oneway request has been accepted for sending when this returns.
  ///
  /// - Returns: nil for a oneway request.
  /// - Throws: ``CORBA/SystemException`` with the completion status that is known, or `CancellationError`.
  nonisolated(nonsending) func exchange(
    _ call: OutgoingCall, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply?

  /// Asks a server whether it has the object.
  nonisolated(nonsending) func locate(_ route: Route, timeout: Duration?) async throws -> LocateAnswer
}

/// A reply as it came from a transport, still encoded.
public struct IncomingReply: Sendable {
  public let status: ReplyStatus
  public let body: MessageBody

  public init(status: ReplyStatus, body: MessageBody) {
    self.status = status
    self.body = body
  }
}
