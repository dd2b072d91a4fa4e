/// What one connection may make us keep. Every number that a peer sends is compared with these before memory is taken.
public struct GIOPLimits: Sendable, Hashable {
  /// Octets of one message after its 12-octet header, fragments counted together.
  public var messageSize: Int
  /// Messages that may be under reassembly at once.
  public var partialMessages: Int
  /// Octets of all messages under reassembly together.
  public var partialBytes: Int
  /// Service contexts of one message.
  public var serviceContexts: Int
  /// Octets of all service contexts of one message.
  public var serviceContextBytes: Int
  /// Requests that a server executes at once for one connection; one more is answered with TRANSIENT.
  public var requestsInFlight: Int
  /// Requests that a client may have unanswered on one connection; at most 65,535.
  public var pendingRequests: Int

  public init(
    messageSize: Int = 64 << 20, partialMessages: Int = 64, partialBytes: Int = 64 << 20, serviceContexts: Int = 64,
    serviceContextBytes: Int = 64 << 10, requestsInFlight: Int = 4096, pendingRequests: Int = 16384
  ) {
    precondition(pendingRequests <= 65_535, "a request id has 16 bits for its slot, one slot serves the oneway calls")
    self.messageSize = messageSize
    self.partialMessages = partialMessages
    self.partialBytes = partialBytes
    self.serviceContexts = serviceContexts
    self.serviceContextBytes = serviceContextBytes
    self.requestsInFlight = requestsInFlight
    self.pendingRequests = pendingRequests
  }
}
