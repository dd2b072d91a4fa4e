public import CDR

/// What a transport must know of a call beside its arguments.
public struct OutgoingCall: Sendable {
  public var endpoint: Endpoint
  public var objectKey: ObjectKey
  public var operation: String
  public var responseExpected: Bool
  /// How long to wait for the reply.
  public var timeout: Duration?
  /// The GIOP version and transmission code set that the reference allows.
  public var format: WireFormat

  public init(
    endpoint: Endpoint, objectKey: ObjectKey, operation: String, responseExpected: Bool, timeout: Duration?, format: WireFormat
  ) {
    self.endpoint = endpoint
    self.objectKey = objectKey
    self.operation = operation
    self.responseExpected = responseExpected
    self.timeout = timeout
    self.format = format
  }
}

/// Carries calls to other processes.
public protocol ClientTransport: AnyObject, Sendable {
  /// Sends a request and waits for its reply; a oneway request has been accepted by the system when this returns.
  ///
  /// - Returns: nil for a oneway request.
  /// - Throws: ``CORBA/SystemException`` with the completion status that is known, or `CancellationError`.
  nonisolated(nonsending) func exchange(
    _ call: OutgoingCall, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply?
}

/// A reply as it came from a transport, still encoded.
public struct IncomingReply: Sendable {
  public let status: Reply.Status
  public let body: MessageBody

  public init(status: Reply.Status, body: MessageBody) {
    self.status = status
    self.body = body
  }
}
