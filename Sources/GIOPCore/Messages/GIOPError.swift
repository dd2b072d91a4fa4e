/// A breach of the protocol that ends a connection, with the words for the log.
///
/// The answer on the wire is always one of two: MessageError and close, or just close; the machines' actions say which.
public struct GIOPError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable name for tests, metrics and the error catalogue. Open: new codes may come.
  public struct Code: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The first octets are not `GIOP`.
    public static let badMagic = Code(rawValue: "giop.bad-magic")
    /// A GIOP version other than 1.0, 1.1, 1.2.
    public static let unsupportedVersion = Code(rawValue: "giop.unsupported-version")
    /// A message type that the version does not have.
    public static let unknownMessageType = Code(rawValue: "giop.unknown-message-type")
    /// A flags octet that the version does not have.
    public static let badFlags = Code(rawValue: "giop.bad-flags")
    /// A message above ``GIOPLimits/messageSize``.
    public static let messageTooLarge = Code(rawValue: "giop.message-too-large")
    /// A message whose header fields cannot be decoded.
    public static let malformedMessage = Code(rawValue: "giop.malformed-message")
    /// A message that this side of a connection never receives, or a fragment flag where none may be.
    public static let unexpectedMessage = Code(rawValue: "giop.unexpected-message")
    /// A reply to a request that was never sent, or that is answered already.
    public static let unknownRequestID = Code(rawValue: "giop.unknown-request-id")
    /// A request with the id of another one that is not answered yet.
    public static let duplicateRequestID = Code(rawValue: "giop.duplicate-request-id")
    /// A fragment of a message that never began.
    public static let fragmentWithoutBeginning = Code(rawValue: "giop.fragment-without-beginning")
    /// More messages in fragments at once than ``GIOPLimits/partialMessages``, or more octets than ``GIOPLimits/partialBytes``.
    public static let tooManyFragments = Code(rawValue: "giop.too-many-fragments")
    /// As many requests are unanswered as ``GIOPLimits/pendingRequests`` allows.
    public static let tooManyRequests = Code(rawValue: "giop.too-many-requests")
    /// The peer sent CloseConnection: an orderly end.
    public static let closedByPeer = Code(rawValue: "giop.closed-by-peer")
    /// The peer sent MessageError: it did not understand something of ours.
    public static let peerReportedError = Code(rawValue: "giop.peer-reported-error")
    /// The stream ended or failed below GIOP.
    public static let connectionLost = Code(rawValue: "giop.connection-lost")
  }

  public let code: Code
  /// What was wrong, quoting the value.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "\(code.rawValue): \(message)" }

  static func malformed(_ type: MessageType, _ error: any Error) -> GIOPError {
    GIOPError(.malformedMessage, "\(type): \(error)")
  }
}
