public import GIOPCore

/// What is known about a call beside its arguments; the last parameter of every servant operation.
public final class ServerContext: Sendable {
  /// The caller's address as `host:port`; `in-process` for calls that never left this process.
  public let peer: String
  public let objectKey: ObjectKey
  public let operation: String
  /// What the caller's ORB sent along.
  public let serviceContexts: [ServiceContext]
  /// The encoded arguments as they came, with byte order, GIOP version, code set and alignment, for archives.
  public let body: MessageBody
  /// The ORB that received the call; references among the arguments belong to it.
  public let orb: ORB
  /// False for oneway operations: nobody hears of the result.
  public let responseExpected: Bool
  /// What is known of the peer; nil for calls that never left this process.
  public let standing: PeerStanding?

  public init(
    orb: ORB, peer: String, objectKey: ObjectKey, operation: String, serviceContexts: [ServiceContext] = [], body: MessageBody,
    responseExpected: Bool = true, standing: PeerStanding? = nil
  ) {
    self.orb = orb
    self.peer = peer
    self.objectKey = objectKey
    self.operation = operation
    self.serviceContexts = serviceContexts
    self.body = body
    self.responseExpected = responseExpected
    self.standing = standing
  }
}
